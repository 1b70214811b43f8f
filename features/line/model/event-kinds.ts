import { stateSignalId, type PartEvent } from "@doppelwerk/operations";
import { hashedId, type EventKind, type NewEvent } from "@doppelwerk/world";

/** What the line's fold concludes of parts, by kind of `PartEvent`. */
export const PART_EVENTS = ["entered", "placed", "left", "rejected", "completed", "joined", "scrapped", "unmatched"] as const;

/** Types of events that the fold of a line records. */
export const lineEvents: readonly EventKind[] = PART_EVENTS.map((kind) => ({
  type: `part.${kind}`,
  version: 1,
  keys: ["serial", "product", "station"],
}));

/** Concluded again it has the same id. */
export function eventOfPart(part: PartEvent): NewEvent {
  const { kind, at, ...payload } = part;
  return {
    id: hashedId("event", `part.${kind}`, `${part.station}\n${part.serial}`),
    subject: stateSignalId(part.station),
    type: `part.${kind}`,
    at,
    origin: "derived",
    payload,
  };
}
