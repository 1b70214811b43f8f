import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { answerOf, momentText, useLoad, useStudio, useWords, writtenText } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";

const EVERY_MS = 15_000;

/** To who may confirm a command of somebody else: that it waits for him, and until when. */
export default function WaitingBanner(): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const waiting = useLoad(answerOf(calls.waiting, {}), { everyMs: EVERY_MS });
  const [first, ...more] = waiting.value ?? [];
  if (first === undefined) return null;
  const { name, value, unit, signal, requestedBy, requestedByName = requestedBy, expiresAt } = first;
  const what = signal === undefined ? String(value) : writtenText(value, unit, t);
  return (
    <div className="dw-banner" role="status">
      <IconPlayerPlay size={16} />
      <span>
        {t("commands.waitsForYou", { name, what, by: requestedByName, moment: momentText(expiresAt, zone, language), more: more.length })}
      </span>
      <Button size="compact-xs" variant="default" onClick={() => studio.address.go({ view: "connect", detail: "commands" })}>
        {t("commands.open")}
      </Button>
    </div>
  );
}
