import type { ReactNode } from "react";
import { useStore, useStudio } from "@doppelwerk/kit/studio";

/** How many alarms nobody has acknowledged, in the colour of the most urgent; diagnostics do not count. */
export default function AlarmCount(): ReactNode {
  const snapshot = useStore(useStudio().snapshot);
  const unacknowledged = snapshot?.alarms.filter((alarm) => alarm.state === "unacknowledged" && alarm.priority < 4) ?? [];
  if (unacknowledged.length === 0) return null;
  const priority = Math.min(4, ...unacknowledged.map((alarm) => alarm.priority));
  return <span className={`dw-count dw-p${priority}`}>{unacknowledged.length}</span>;
}
