import type { EventKind } from "@doppelwerk/world";

/** What a condition of a plant (OPC UA Part 9) said; its subject is the signal of the condition's state. */
export const CONDITION_EVENT = "plant.condition";

export const connectEvents: readonly EventKind[] = [{ type: CONDITION_EVENT, version: 1, keys: ["eventId"] }];
