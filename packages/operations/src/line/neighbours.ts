import type { NeighbourHint } from "../definition/state-mapping.ts";
import type { StateEngine } from "../states/state-engine.ts";
import type { StationState } from "../definition/station-state.ts";
import { createLineRoutes } from "../tracking/line-routes.ts";
import type { LineTracker } from "../tracking/line-tracker.ts";
import type { LineDefinition } from "../definition/line-definition.ts";

/** What the surroundings of a station say about its waiting, where its controller has no bit for it (P7). */
export interface Neighbours {
  hint(station: string): NeighbourHint;
  /** Parts have moved at this station: whoever concludes from it has to be read again. */
  moved(station: string): void;
  /** The states of a station and its places. */
  statesOf(station: string): readonly StationState[];
}

export function createNeighbours(definition: LineDefinition, engine: () => StateEngine, tracker: LineTracker): Neighbours {
  const routes = createLineRoutes(definition);
  const stationOf = new Map(definition.stations.map((station) => [station.id, station]));
  const unitsOf = new Map<string, number[]>();
  const concluding = new Map<string, number[]>();
  let prepared = false;

  function prepare(): void {
    prepared = true;
    engine().units.forEach((unit, index) => unitsOf.set(unit.station, [...(unitsOf.get(unit.station) ?? []), index]));
    const near = (station: string) =>
      new Set([
        station,
        ...definition.flows.flatMap((flow) => (flow.from === station ? [flow.to] : flow.to === station ? [flow.from] : [])),
      ]);
    engine().units.forEach((unit, index) => {
      const { mapping } = unit;
      const concludes = [mapping, ...(mapping.later ?? [])].some((each) => each.neighbours && !(each.blockedBit && each.starvedBit));
      if (unit.place !== undefined || !concludes) return;
      for (const station of near(unit.station)) concluding.set(station, [...(concluding.get(station) ?? []), index]);
    });
  }

  return {
    hint: (station) => {
      const occupied = tracker.occupied(station) > 0;
      if (!occupied) {
        const waits = tracker.buffered(station) > 0;
        const source = !definition.flows.some((flow) => flow.to === station);
        return waits || source ? undefined : "starved";
      }
      const next = routes.next(station);
      const after = next === undefined ? undefined : stationOf.get(next);
      return after && tracker.buffered(after.id) >= Math.max(1, after.buffer) ? "blocked" : undefined;
    },
    moved: (station) => {
      if (!prepared) prepare();
      for (const unit of concluding.get(station) ?? []) engine().touch(unit);
    },
    statesOf: (station) => {
      if (!prepared) prepare();
      return (unitsOf.get(station) ?? []).map((unit) => engine().current(unit).state);
    },
  };
}
