import type { Instant } from "@doppelwerk/world/instant";
import type { StationComponents } from "../line/component.ts";
import type { LineObserver } from "../line/line-event.ts";
import type { LineModel } from "../line/line-model.ts";
import { createLineRun } from "../line/line-run.ts";
import type { LineState } from "../line/line-state.ts";
import { createPlantRun } from "../plant/plant-run.ts";
import { isPlantExperiment, plantModelOf, plantOptionsOf, type AnyExperimentModel } from "./plant-replication.ts";
import { modelOf, type ReplicationOptions } from "./replication.ts";

/** One line of a replication that is carried out again: alone, or among the others that it ran with. */
export interface FollowedLine {
  readonly model: LineModel;
  readonly now: Instant;
  advanceTo(instant: Instant): void;
  /** Of everything that runs. */
  snapshot(): Uint8Array<ArrayBuffer>;
  restore(bytes: Uint8Array): void;
  state(): LineState;
  /** That of the replication. */
  traceHash(): string;
}

export interface FollowOptions {
  readonly line?: string | undefined;
  readonly observer?: LineObserver;
  readonly components?: StationComponents;
}

/** The replication at its start; `line` is the id of one of several, without it the first. The observer is told its events. Throws on a line that is not there. */
export function followLine(
  experiment: AnyExperimentModel,
  options: ReplicationOptions,
  { line, observer, components }: FollowOptions = {},
): FollowedLine {
  if (!isPlantExperiment(experiment)) {
    const model = modelOf(experiment, options);
    const run = createLineRun(model, {
      seed: options.seed,
      replication: options.replication,
      startInstant: options.start,
      warmUpS: options.warmUpS,
      outputStepS: options.outputStepS,
      ...(experiment.initialState !== undefined && options.kind === "forecast" ? { initialState: experiment.initialState } : {}),
      ...(observer && { observer }),
      ...(components && { components }),
    });
    return followed(
      run,
      model,
      () => run.state(),
      () => run.result().traceHash,
    );
  }
  const plant = plantModelOf(experiment, options);
  const at = line === undefined ? 0 : plant.lines.findIndex(({ id }) => id === line);
  const model = plant.lines[at];
  if (model === undefined) throw new Error(`the run has no line "${line}"`);
  const run = createPlantRun(plant, {
    ...plantOptionsOf(experiment, options),
    ...(components && { components }),
    ...(observer && { observer: (of, event) => of === model.id && observer(event) }),
  });
  return followed(
    run,
    model,
    () => run.states().lines[at]!,
    () => run.result().traceHash,
  );
}

function followed(
  run: Pick<FollowedLine, "now" | "advanceTo" | "snapshot" | "restore">,
  model: LineModel,
  state: () => LineState,
  traceHash: () => string,
): FollowedLine {
  return {
    model,
    get now() {
      return run.now;
    },
    advanceTo: (instant) => run.advanceTo(instant),
    snapshot: () => run.snapshot(),
    restore: (bytes) => run.restore(bytes),
    state,
    traceHash,
  };
}
