import type { AlarmItem } from "@doppelwerk/sync";

const order = {
  unacknowledged: 0,
  returnedUnacknowledged: 1,
  latched: 1,
  acknowledged: 2,
  shelved: 3,
  suppressedByDesign: 4,
  outOfService: 5,
  normal: 6,
} as const;

/** Unacknowledged before acknowledged, then priority, then the newest. */
export function mostUrgentFirst(a: AlarmItem, b: AlarmItem): number {
  return order[a.state] - order[b.state] || a.priority - b.priority || b.since - a.since;
}
