import type { AlarmItem } from "@doppelwerk/sync";

/** What asks for attention now: not returned and acknowledged, not shelved, not suppressed by design, not out of service. */
export function isStanding(alarm: AlarmItem): boolean {
  return alarm.state !== "normal" && !isAside(alarm);
}

/** Put aside on purpose, by a person or by design. */
export function isAside(alarm: AlarmItem): boolean {
  return alarm.state === "shelved" || alarm.state === "suppressedByDesign" || alarm.state === "outOfService";
}
