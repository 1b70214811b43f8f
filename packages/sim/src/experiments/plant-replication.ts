import { SECOND } from "@doppelwerk/world/instant";
import type { PlantModel, SharedBufferModel, SharedBufferState } from "../plant/plant-model.ts";
import { runPlant, type PlantResult, type PlantRunOptions } from "../plant/plant-run.ts";
import type { ComponentCode, StationComponents } from "../line/component.ts";
import { reworkRate, type KpiDefinition } from "./comparison.ts";
import { modelOf, outcomeOf, runReplication, type ExperimentModel, type Outcome, type ReplicationOptions } from "./replication.ts";

/** One side of an experiment with several lines, as plain data for a worker. */
export interface PlantExperimentModel {
  readonly plant: string;
  readonly lines: readonly ExperimentModel[];
  readonly buffers: readonly SharedBufferModel[];
  readonly initialBuffers?: readonly SharedBufferState[];
}

/** A line, or several that run together. */
export type AnyExperimentModel = ExperimentModel | PlantExperimentModel;

export function isPlantExperiment(model: AnyExperimentModel): model is PlantExperimentModel {
  return "lines" in model;
}

/** Code of every component that a side of an experiment names, each once. */
export function componentsOf(model: AnyExperimentModel): readonly ComponentCode[] {
  const codes = isPlantExperiment(model) ? model.lines.flatMap(({ components = [] }) => components) : (model.components ?? []);
  return [...new Map(codes.map((code) => [code.id, code])).values()];
}

/** What several lines are judged by together: there is no OEE and no lead time of them (P6). */
export const plantKpis: readonly KpiDefinition<"good" | "wip" | "rework">[] = [
  { key: "good", unit: "parts", better: "higher", value: (outcome) => outcome.good },
  { key: "wip", unit: "parts", better: "lower", value: (outcome) => outcome.wip },
  { key: "rework", unit: "/100 units", better: "lower", value: reworkRate },
];

/** The plant of one replication: the parameters of each line drawn as in a run of that line alone. */
export function plantModelOf({ plant, lines, buffers }: PlantExperimentModel, options: Parameters<typeof modelOf>[1]): PlantModel {
  return { format: "doppelwerk-plant/1", id: plant, lines: lines.map((line) => modelOf(line, options)), buffers };
}

/** What one replication of a plant runs with. */
export function plantOptionsOf({ lines, initialBuffers }: PlantExperimentModel, options: ReplicationOptions): PlantRunOptions {
  return {
    seed: options.seed,
    replication: options.replication,
    startInstant: options.start,
    endInstant: options.start + Math.round(options.horizonS * SECOND),
    warmUpS: options.warmUpS,
    outputStepS: options.outputStepS,
    ...(options.kind === "forecast" && {
      initialStates: lines.map(({ initialState }) => initialState),
      ...(initialBuffers && { initialBuffers }),
    }),
  };
}

/** Runs one replication of a line or of several. Same model, seed, replication: same outcome and hash, on any worker. */
export function replicate(experiment: AnyExperimentModel, options: ReplicationOptions, components?: StationComponents): Outcome {
  if (!isPlantExperiment(experiment)) return runReplication(experiment, options, components);
  const model = plantModelOf(experiment, options);
  const result = runPlant(model, { ...plantOptionsOf(experiment, options), ...(components && { components }) });
  return plantOutcomeOf(result, model, options.replication);
}

function plantOutcomeOf(result: PlantResult, model: PlantModel, replication: number): Outcome {
  const lines = result.lines.map((line, index) => ({ line: model.lines[index]!.id, outcome: outcomeOf(line, replication) }));
  const { good, wip, rework, scrap, output } = result.total;
  return {
    replication,
    traceHash: result.traceHash,
    conservation: result.balanced,
    littlesLaw: lines.every(({ outcome }) => outcome.littlesLaw),
    good,
    goodPerShift: good,
    shiftGood: [good],
    oee: undefined,
    wip: wip.mean,
    leadTimeS: 0,
    rework,
    scrap,
    shares: Object.assign({}, ...lines.map(({ outcome }) => outcome.shares)) as Outcome["shares"],
    bottlenecks: Object.assign({}, ...lines.map(({ outcome }) => outcome.bottlenecks)) as Outcome["bottlenecks"],
    output,
    lines,
    buffers: result.buffers.map(({ buffer, mean, max, end }) => ({ buffer, mean, max, end })),
  };
}
