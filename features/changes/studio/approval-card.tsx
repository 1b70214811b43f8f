import { Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { Card, Failure, answerOf, useLoad, useStore, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";

/** Whether authors may approve their own merge requests in this world. */
export default function ApprovalCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const setting = useLoad(answerOf(calls.readApprovalSetting, {}), { again: commits });
  const task = useTask((_, error) => studio.notifyFailure(error, t("changes.solo.failed")));
  if (setting.value === undefined)
    return (
      <Card title={t("changes.solo.title")}>
        {setting.kind === "failed" ? (
          <Failure message={setting.message} code={setting.code} onRetry={setting.reload} />
        ) : (
          <p className="dw-quiet">{t("frame.loading")}</p>
        )}
      </Card>
    );
  return (
    <Card title={t("changes.solo.title")}>
      <Switch
        label={t("changes.solo.allow")}
        description={t("changes.solo.text")}
        checked={setting.value.solo}
        disabled={task.busy}
        onChange={(event) => {
          const solo = event.currentTarget.checked;
          task.run(async () => {
            await calls.changeApprovalSetting(studio.client, { body: { solo } });
            setting.reload();
          });
        }}
      />
    </Card>
  );
}
