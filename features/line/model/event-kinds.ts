import type { EventKind } from "@doppelwerk/world";

/** What the line's fold concludes of parts, by kind of `PartEvent`. */
export const PART_EVENTS = ["entered", "placed", "left", "rejected", "completed", "joined", "scrapped", "unmatched"] as const;

/** A transition of an alarm (ISA-18.2), of its rule. */
export const ALARM_EVENT = "alarm.transition";

/** Types of events that the fold of a line records. */
export const lineEvents: readonly EventKind[] = [
  { type: ALARM_EVENT, version: 1, keys: ["rule", "station"] },
  ...PART_EVENTS.map((kind): EventKind => ({ type: `part.${kind}`, version: 1, keys: ["serial", "product", "station"] })),
];
