import type { SimulatedCourse, SimulatedStates } from "@doppelwerk/ports";
import {
  componentsOf,
  followLine,
  type AnyExperimentModel,
  type RunningComponents,
  type PlaceState,
  type ReplicationOptions,
} from "@doppelwerk/sim";
import { SECOND, type Instant } from "@doppelwerk/world";
import { statesOfPlaces } from "../../model/station-of-places.ts";

/** Simulated in one go: a few milliseconds, so that others are answered in between. */
const STRETCH: Instant = 600 * SECOND;
/** Changes of states that one course may have; a study of weeks ends there. */
const MAX_CHANGES = 500_000;
const OFF: PlaceState = "off";

/**
 * One replication simulated again, event for event as the run had it (its hash says so), for the states of the stations of a line; of several lines
 * the first where none is named. Undefined: it was given up.
 */
export async function courseOf(
  experiment: AnyExperimentModel,
  { line, ...options }: ReplicationOptions & { readonly line?: string | undefined },
  signal: { readonly aborted: boolean },
): Promise<Pick<SimulatedCourse, "from" | "to" | "states" | "traceHash" | "isWhole"> | undefined> {
  const states: SimulatedStates[] = [];
  const places = new Map<string, PlaceState[]>();
  const changed = new Set<string>();
  const placesOf = (station: string, count = 0): PlaceState[] => {
    const known = places.get(station) ?? [];
    for (let place = known.length; place < count; place++) known[place] = OFF;
    places.set(station, known);
    return known;
  };
  let at = options.start;
  const note = (): void => {
    for (const station of changed) states.push({ station, at, states: statesOfPlaces(places.get(station) ?? []) });
    changed.clear();
  };
  const components = await componentsFor(experiment);
  const run = followLine(experiment, options, {
    line,
    ...(components && { components }),
    observer(event) {
      if (event.kind !== "placeState") return;
      // what passes within an instant is no state
      if (event.time > at) note();
      at = event.time;
      placesOf(event.station)[event.place] = event.state;
      changed.add(event.station);
    },
  });
  // of every station from the beginning, in the order of the line
  changed.clear();
  for (const { id, places: count } of run.model.stations) {
    placesOf(id, count);
    changed.add(id);
  }
  const to = options.start + Math.round(options.horizonS * SECOND);
  while (run.now < to && states.length < MAX_CHANGES && !signal.aborted) {
    run.advanceTo(Math.min(to, run.now + STRETCH));
    await new Promise((resolve) => setImmediate(resolve));
  }
  components?.dispose();
  if (signal.aborted) return undefined;
  note();
  const isWhole = run.now >= to;
  return { from: options.start, to: run.now, states, isWhole, ...(isWhole && { traceHash: run.traceHash() }) };
}

/** Undefined where its stations name none. */
async function componentsFor(experiment: AnyExperimentModel): Promise<RunningComponents | undefined> {
  const codes = componentsOf(experiment);
  return codes.length === 0 ? undefined : (await import("@doppelwerk/engines/components")).openComponents(codes);
}
