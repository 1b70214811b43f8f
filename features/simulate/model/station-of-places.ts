import type { StationState } from "@doppelwerk/operations";
import type { PlaceState } from "@doppelwerk/sim";

/** What a simulated place is doing, in the words of a station (ISO 22400-2). Who waits for a repair or without power has failed, as far as a station tells. */
const WORDS: Readonly<Record<PlaceState, StationState>> = {
  working: "working",
  starved: "starved",
  blocked: "blocked",
  setUp: "setUp",
  failed: "failed",
  microStop: "microStop",
  waitingOperator: "idle",
  waitingMaterial: "starved",
  waitingRepair: "failed",
  outage: "failed",
  break: "break",
  off: "off",
};

/** The states of a station as a fold takes them: its own first, then those of its places. One place working is the station working; else what most do. */
export function statesOfPlaces(places: readonly PlaceState[]): readonly StationState[] {
  const states = places.map((place) => WORDS[place]);
  const counts = new Map<StationState, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  const most = [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? "unknown";
  return [states.includes("working") ? "working" : most, ...states];
}
