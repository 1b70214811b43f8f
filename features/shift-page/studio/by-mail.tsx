import { Checkbox } from "@mantine/core";
import type { ReactNode } from "react";
import { answerOf, LIVE, useLoad, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";

/** Signed handovers of the line by mail, for who looks at the page. */
export function ByMail({ line }: { readonly line: string }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const loaded = useLoad(answerOf(calls.mail, { query: { line } }, { kinds: ["handoverMail"] }));
  const task = useTask((_, error) => studio.notifyFailure(error, t("shiftPage.mail.failed")));
  const own = loaded.value;
  if (own === undefined || branch !== LIVE) return null;
  return (
    <Checkbox
      className="dw-screen-only dw-shift-by-mail"
      size="xs"
      label={t("shiftPage.mail.get")}
      {...(!own.isReachable && { description: t("shiftPage.mail.unreachable") })}
      checked={own.isOn}
      disabled={task.busy || (!own.isReachable && !own.isOn)}
      onChange={({ currentTarget: { checked } }) =>
        task.run(async () => {
          await calls.setMail(studio.client, { body: { line, isOn: checked } });
          loaded.reload();
        })
      }
    />
  );
}
