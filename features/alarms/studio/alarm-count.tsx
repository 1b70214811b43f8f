import type { ReactNode } from "react";
import { useStore, useStudio, useWords, isActiveAlarm } from "@doppelwerk/kit/studio";
import { useAllAlarms } from "./use-lines.ts";

/**
 * How many alarms of the whole plant are active, in the colour of the most urgent that nobody acknowledged, without colour once all are. While it is not
 * known which earlier alarms are active the number is a lower bound, and none is a question.
 */
export default function AlarmCount(): ReactNode {
  const { t } = useWords();
  const isUnknown = useStore(useStudio().snapshot)?.alarmsUnknownBefore !== undefined;
  const active = useAllAlarms()?.filter(isActiveAlarm) ?? [];
  const unacknowledged = active.filter(({ state }) => state === "unacknowledged");
  const count = active.length;
  if (count === 0 && !isUnknown) return null;
  const look = unacknowledged.length === 0 ? "is-unknown" : `dw-p${Math.min(...unacknowledged.map(({ priority }) => priority))}`;
  const why = isUnknown ? t("alarms.countUnknown", { count }) : t("alarms.count", { count, unacknowledged: unacknowledged.length });
  return (
    <span className={`dw-count ${look}`} title={why} role="img" aria-label={why}>
      {!isUnknown ? count : count === 0 ? "?" : `${count}+`}
    </span>
  );
}
