import { SECOND } from "@doppelwerk/world/instant";
import type { Instant } from "@doppelwerk/world";
import { applyParameters, transferEdits } from "../fit/apply-parameters.ts";
import type { ComponentCode, StationComponents } from "../line/component.ts";
import type { Parameter } from "../fit/parameter.ts";
import type { LineModel } from "../line/line-model.ts";
import { runLine } from "../line/line-run.ts";
import type { LineState } from "../line/line-state.ts";
import type { RunResult } from "../line/run.ts";

/** P3: a forecast starts from the live state and ends at a time; a study is steady state with the warm-up removed. */
export type ExperimentKind = "forecast" | "study";

/** Everything one side of an experiment needs, as plain data for a worker. */
export interface ExperimentModel {
  /** The engineering model as it stands on live. */
  readonly nominal: LineModel;
  /** The same read from the branch; equal to `nominal` for the live side. */
  readonly edited: LineModel;
  readonly parameters: readonly Parameter[];
  readonly initialState?: LineState;
  /** Code of the components that its stations name. */
  readonly components?: readonly ComponentCode[];
}

export interface ReplicationOptions {
  readonly kind: ExperimentKind;
  readonly seed: number;
  readonly replication: number;
  readonly start: Instant;
  /** Seconds from the start to the end, the warm-up among them. */
  readonly horizonS: number;
  readonly warmUpS: number;
  /** False: every parameter at its best estimate; tells chance from few data (P2). */
  readonly drawParameters: boolean;
  readonly outputStepS: number;
}

/** What is kept of a replication: its figures and its hash; the watched one is run again from its seed. */
export interface Outcome {
  readonly replication: number;
  readonly traceHash: string;
  /** Whether its books balanced: parts conserved, Little's law. */
  readonly conservation: boolean;
  readonly littlesLaw: boolean;
  readonly good: number;
  readonly goodPerShift: number;
  /** Complete shifts, in order: good parts each. */
  readonly shiftGood: readonly number[];
  readonly oee: number | undefined;
  readonly wip: number;
  readonly leadTimeS: number;
  readonly rework: number;
  readonly scrap: number;
  /** Station → state → share of planned place time. */
  readonly shares: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly bottlenecks: Readonly<Record<string, number>>;
  readonly output: { readonly stepS: number; readonly cumulative: readonly number[] };
  /** Of several lines in one run: each of them; the figures above are then those of all together. */
  readonly lines?: readonly { readonly line: string; readonly outcome: Outcome }[];
  /** Of several lines: parts in each shared buffer. */
  readonly buffers?: readonly { readonly buffer: string; readonly mean: number; readonly max: number; readonly end: number }[];
}

/** What is left of an outcome where its course over time is not looked at. */
export type KeptOutcome = Omit<Outcome, "output">;

/** The model of one replication: parameters drawn, then the branch's edits on top. */
export function modelOf(
  experiment: ExperimentModel,
  options: Pick<ReplicationOptions, "seed" | "replication" | "drawParameters"> & { readonly kind?: ExperimentKind },
): LineModel {
  const fitted = applyParameters(experiment.nominal, experiment.parameters, options.drawParameters ? options : undefined);
  const model = experiment.edited === experiment.nominal ? fitted : transferEdits(experiment.nominal, experiment.edited, fitted);
  return options.kind === "study" ? withoutPlan(model) : model;
}

/** P3: a steady state has no next orders. */
function withoutPlan(model: LineModel): LineModel {
  if (model.program?.kind !== "batches" || model.program.planned === undefined) return model;
  const { planned: _orders, ...program } = model.program;
  return { ...model, program };
}

/** Runs one replication. Same model, seed, replication: same outcome and hash, on any worker. */
export function runReplication(experiment: ExperimentModel, options: ReplicationOptions, components?: StationComponents): Outcome {
  const result = runLine(modelOf(experiment, options), {
    seed: options.seed,
    replication: options.replication,
    startInstant: options.start,
    endInstant: options.start + Math.round(options.horizonS * SECOND),
    warmUpS: options.warmUpS,
    outputStepS: options.outputStepS,
    ...(components && { components }),
    ...(experiment.initialState && options.kind === "forecast" ? { initialState: experiment.initialState } : {}),
  });
  return outcomeOf(result, options.replication);
}

/** What is kept of the figures of a line. */
export function outcomeOf(result: RunResult, replication: number): Outcome {
  const complete = result.shifts.filter((shift) => shift.complete);
  const counted = complete.length > 0 ? complete : result.shifts;
  return {
    replication,
    traceHash: result.traceHash,
    conservation: result.conservation.balanced,
    littlesLaw: result.littlesLaw.holds,
    good: result.good,
    goodPerShift: counted.length === 0 ? result.good : counted.reduce((sum, shift) => sum + shift.good, 0) / counted.length,
    shiftGood: counted.map((shift) => shift.good),
    oee: result.oee?.oee,
    wip: result.wip.mean,
    leadTimeS: result.leadTime.meanS,
    rework: result.rework,
    scrap: result.scrap,
    shares: Object.fromEntries(result.stations.map((station) => [station.station, station.shares])),
    bottlenecks: Object.fromEntries(result.bottlenecks.map(({ station, share }) => [station, share])),
    output: result.output,
  };
}
