import type { ReactNode } from "react";
import { useAllAlarms } from "./use-lines.ts";

/** How many alarms of the world nobody has acknowledged, in the colour of the most urgent; diagnostics do not count. */
export default function AlarmCount(): ReactNode {
  const unacknowledged = useAllAlarms()?.filter((alarm) => alarm.state === "unacknowledged" && alarm.priority < 4) ?? [];
  if (unacknowledged.length === 0) return null;
  const priority = Math.min(4, ...unacknowledged.map((alarm) => alarm.priority));
  return <span className={`dw-count dw-p${priority}`}>{unacknowledged.length}</span>;
}
