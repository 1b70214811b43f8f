import type { AlarmItem } from "./message.ts";

const INACTIVE: ReadonlySet<AlarmItem["state"]> = new Set([
  "normal",
  "returnedUnacknowledged",
  "shelved",
  "suppressedByDesign",
  "outOfService",
]);

/**
 * What every number of *active alarms* counts: its condition holds (or it is latched), and it is not shelved, not suppressed by design, not out of service
 * (ISA-18.2). A returned one waits for its acknowledgement: what it warned of is over.
 */
export function isActiveAlarm({ state }: Pick<AlarmItem, "state">): boolean {
  return !INACTIVE.has(state);
}
