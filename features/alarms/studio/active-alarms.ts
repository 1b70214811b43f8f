import type { AlarmItem } from "@doppelwerk/sync";
import type { StateList } from "./alarm-choice.ts";

/** What asks for attention now: not returned and acknowledged, not shelved, not suppressed by design, not out of service. */
export function isActive(alarm: AlarmItem): boolean {
  return alarm.state !== "normal" && !isSuppressed(alarm);
}

/** Suppressed on purpose: shelved or out of service by a person, or by design. */
export function isSuppressed(alarm: AlarmItem): boolean {
  return alarm.state === "shelved" || alarm.state === "suppressedByDesign" || alarm.state === "outOfService";
}

/** The alarms of each list. Those that returned before anybody acknowledged them close the list of active ones, and have one of their own. */
export function listsOf(alarms: readonly AlarmItem[]): Readonly<Record<StateList, readonly AlarmItem[]>> {
  const of = (state: AlarmItem["state"]): readonly AlarmItem[] => alarms.filter((alarm) => alarm.state === state);
  const returned = of("returnedUnacknowledged");
  return {
    active: [...alarms.filter((alarm) => isActive(alarm) && alarm.state !== "returnedUnacknowledged"), ...returned],
    returned,
    shelved: of("shelved"),
    suppressed: of("suppressedByDesign"),
    outOfService: of("outOfService"),
  };
}
