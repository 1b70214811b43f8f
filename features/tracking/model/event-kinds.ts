import type { EventKind } from "@doppelwerk/world";

/** What happened to things, as EPCIS 2.0 writes it, at the time of the event. */
export const THING_EVENT = "tracking.event";
/** That an event was wrong (EPCIS 2.0, 7.4.1.2), at the time when it was declared. */
export const ERROR_EVENT = "tracking.error";

export const trackingEvents: readonly EventKind[] = [THING_EVENT, ERROR_EVENT].map((type) => ({
  type,
  version: 1,
  keys: ["eventID"],
}));
