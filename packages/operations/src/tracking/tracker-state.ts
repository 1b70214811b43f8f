import type { Instant } from "@doppelwerk/world";
import type { LineDefinition } from "../definition/line-definition.ts";
import type { TrackedPart, UnmatchedPart } from "./tracked-part.ts";

/** Plain JSON, changed in place by the tracker. */
export interface TrackerState {
  parts: Record<string, TrackedPart>;
  /** Station → serials in the order in which they wait. */
  queues: Record<string, string[]>;
  /** Station → serial by place, "" = free. */
  places: Record<string, string[]>;
  stations: Record<string, StationMemory>;
  unmatched: UnmatchedPart[];
  missedReads: number;
  inversions: number;
  anonymous: number;
  began?: Instant;
}

export interface StationMemory {
  product?: string;
  /** Counted parts minus parts read out; above the number of places a reading was lost. */
  drift: number;
  /** Rejects counted before the part was read out. */
  pendingRejects: Instant[];
  lastOut?: { serial: string; product?: string; at: Instant; rejected: boolean };
  readsComponents: boolean;
  /** Parts that came in before their component; the next ones to arrive are theirs. */
  owed: number;
}

/** Nobody was seen yet. */
export function freshTracker(definition: LineDefinition): TrackerState {
  const state: TrackerState = {
    parts: {},
    queues: {},
    places: {},
    stations: {},
    unmatched: [],
    missedReads: 0,
    inversions: 0,
    anonymous: 0,
  };
  for (const station of definition.stations) {
    state.queues[station.id] = [];
    state.places[station.id] = Array.from({ length: Math.max(1, station.places) }, () => "");
    state.stations[station.id] = { drift: 0, pendingRejects: [], readsComponents: false, owed: 0 };
  }
  return state;
}
