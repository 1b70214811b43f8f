import type { Instant } from "@doppelwerk/world";
import type { StateInterval, StationState } from "../definition/station-state.ts";
import type { FlowReadings } from "./line-core.ts";

export interface EarlierState {
  readonly from: Instant;
  readonly state: StationState;
  readonly inferred: boolean;
}

/** By station, and by `station/place`: spans of a stop that goes on, before its present one. They are recorded when the stop ends, so history lacks them. */
export function earlierStates({ states, openIntervals }: FlowReadings): ReadonlyMap<string, readonly EarlierState[]> {
  const since = new Map(states().map((state) => [unitKey(state), state.since]));
  const earlier = new Map<string, EarlierState[]>();
  for (const interval of openIntervals()) {
    const key = unitKey(interval);
    const { from, state, inferred } = interval;
    if (from >= (since.get(key) ?? 0)) continue;
    earlier.set(
      key,
      [...(earlier.get(key) ?? []), { from, state, inferred }].toSorted((a, b) => a.from - b.from),
    );
  }
  return earlier;
}

function unitKey({ station, place }: Pick<StateInterval, "station" | "place">): string {
  return place === undefined ? station : `${station}/${place}`;
}
