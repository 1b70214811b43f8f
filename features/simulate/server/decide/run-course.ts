import type { SimulatedCourse, SimulatedStates } from "@doppelwerk/ports";
import { createLineRun, modelOf, type ExperimentModel, type PlaceState, type ReplicationOptions } from "@doppelwerk/sim";
import { SECOND, type Instant } from "@doppelwerk/world";
import { statesOfPlaces } from "../../model/station-of-places.ts";

/** Simulated in one go: a few milliseconds, so that others are answered in between. */
const STRETCH: Instant = 600 * SECOND;
/** Changes of states that one course may have; a study of weeks ends there. */
const MAX_CHANGES = 500_000;
const OFF: PlaceState = "off";

/** One replication simulated again, event for event as the run had it (its hash says so), for the states of its stations. Undefined: it was given up. */
export async function courseOf(
  experiment: ExperimentModel,
  options: ReplicationOptions,
  signal: { readonly aborted: boolean },
): Promise<Pick<SimulatedCourse, "from" | "to" | "states" | "traceHash" | "isWhole"> | undefined> {
  const model = modelOf(experiment, options);
  const places = new Map(model.stations.map(({ id, places: count }) => [id, Array.from({ length: count ?? 1 }, () => OFF)]));
  const states: SimulatedStates[] = [];
  const changed = new Set<string>(places.keys());
  let at = options.start;
  const note = (): void => {
    for (const station of changed) states.push({ station, at, states: statesOfPlaces(places.get(station) ?? []) });
    changed.clear();
  };
  const run = createLineRun(model, {
    seed: options.seed,
    replication: options.replication,
    startInstant: options.start,
    warmUpS: options.warmUpS,
    outputStepS: options.outputStepS,
    ...(experiment.initialState !== undefined && options.kind === "forecast" ? { initialState: experiment.initialState } : {}),
    observer(event) {
      if (event.kind !== "placeState") return;
      // what passes within an instant is no state
      if (event.time > at) note();
      at = event.time;
      places.get(event.station)![event.place] = event.state;
      changed.add(event.station);
    },
  });
  const to = options.start + Math.round(options.horizonS * SECOND);
  while (run.now < to && states.length < MAX_CHANGES && !signal.aborted) {
    run.advanceTo(Math.min(to, run.now + STRETCH));
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (signal.aborted) return undefined;
  note();
  const isWhole = run.now >= to;
  return { from: options.start, to: run.now, states, isWhole, ...(isWhole && { traceHash: run.result().traceHash }) };
}
