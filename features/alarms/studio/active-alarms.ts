import type { AlarmItem } from "@doppelwerk/sync";

/** What asks for attention now: not returned and acknowledged, not shelved, not suppressed by design, not out of service. */
export function isActive(alarm: AlarmItem): boolean {
  return alarm.state !== "normal" && !isSuppressed(alarm);
}

/** Suppressed on purpose: shelved or out of service by a person, or by design. */
export function isSuppressed(alarm: AlarmItem): boolean {
  return alarm.state === "shelved" || alarm.state === "suppressedByDesign" || alarm.state === "outOfService";
}
