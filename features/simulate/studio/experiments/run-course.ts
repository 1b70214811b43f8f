import { createLineRun, modelOf } from "@doppelwerk/sim";
import type { ExperimentModel, LineEvent, ReplicationOptions, StationComponents } from "@doppelwerk/sim";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";

export interface Band {
  readonly from: Instant;
  readonly to: Instant;
  readonly state: string;
}

/** What happened in one replication, simulated again here: states of stations, parts inside, shifts. */
export interface RunCourse {
  readonly from: Instant;
  readonly to: Instant;
  readonly shifts: readonly { readonly from: Instant; readonly to: Instant }[];
  readonly stations: readonly { readonly station: string; readonly bands: readonly Band[] }[];
  /** Parts inside, as steps. */
  readonly inside: readonly { readonly at: Instant; readonly count: number }[];
  readonly good: readonly Instant[];
  readonly traceHash: string;
}

/** Simulates one replication and keeps its course; some hundredths of a second a shift. */
export function courseOf(experiment: ExperimentModel, options: ReplicationOptions, components?: StationComponents): RunCourse {
  const model = modelOf(experiment, options);
  const from = options.start;
  const to = options.start + Math.round(options.horizonS * SECOND);
  const places = new Map(model.stations.map(({ id, places: count }) => [id, Array.from<string>({ length: count }).fill("starved")]));
  const bands = new Map<string, Band[]>(model.stations.map(({ id }) => [id, []]));
  const since = new Map<string, { state: string; from: Instant }>(model.stations.map(({ id }) => [id, { state: "starved", from }]));
  const shifts: { from: Instant; to: Instant }[] = [];
  const inside: { at: Instant; count: number }[] = [{ at: from, count: 0 }];
  const good: Instant[] = [];
  const count = (at: Instant, change: number): void => void inside.push({ at, count: inside.at(-1)!.count + change });
  const hear = (event: LineEvent): void => {
    if (event.kind === "placeState") {
      const own = places.get(event.station)!;
      own[event.place] = event.state;
      const state = stateOf(own);
      const held = since.get(event.station)!;
      if (state === held.state) return;
      if (event.time > held.from) bands.get(event.station)!.push({ from: held.from, to: event.time, state: held.state });
      since.set(event.station, { state, from: event.time });
    } else if (event.kind === "shiftBegin") shifts.push({ from: event.time, to: event.end });
    else if (event.kind === "partCreated") count(event.time, 1);
    else if (event.kind === "partFinished") {
      good.push(event.time);
      count(event.time, -1);
    } else if (event.kind === "partScrapped" || event.kind === "partJoined") count(event.time, -1);
  };
  const run = createLineRun(model, {
    seed: options.seed,
    replication: options.replication,
    startInstant: options.start,
    warmUpS: options.warmUpS,
    outputStepS: options.outputStepS,
    ...(experiment.initialState !== undefined && options.kind === "forecast" ? { initialState: experiment.initialState } : {}),
    ...(components && { components }),
    observer: hear,
  });
  run.advanceTo(to);
  const { wip, traceHash } = run.result();
  for (const [station, held] of since) if (held.from < to) bands.get(station)!.push({ from: held.from, to, state: held.state });
  return {
    from,
    to,
    shifts,
    stations: [...bands].map(([station, own]) => ({ station, bands: own })),
    // parts that were inside at the start were never told as created
    inside: inside.map((step) => ({ at: step.at, count: step.count + wip.end - inside.at(-1)!.count })),
    good,
    traceHash,
  };
}

/** One place working is the station working; else what most places do. */
function stateOf(states: readonly string[]): string {
  if (states.includes("working")) return "working";
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? "unknown";
}
