import { message, type Message } from "@doppelwerk/messages";
import type { Json } from "@doppelwerk/world";
import { canonicalJson } from "@doppelwerk/world/canonical-json";
import { RunError } from "../kernel/run-error.ts";
import { hashText, mixBytes } from "../kernel/trace-hash.ts";
import { littlesLawOfAll } from "../statistics/littles-law.ts";
import { mser5 } from "../statistics/mser.ts";
import { quantileInterval } from "../statistics/quantile-interval.ts";
import { quantileOfSorted, summarise } from "../statistics/summary.ts";
import type { FlowModel } from "./flow-model.ts";
import type { FlowResult } from "./flow-result.ts";
import { nearestWord } from "../json-shape.ts";
import { endlessSource } from "./validate-flow.ts";

/** What an experiment does, after file and command line are put together. */
export interface FlowPlan {
  readonly seed: number;
  readonly replications: number;
  readonly warmUpS: number | "auto";
  /** Undefined: until nothing more can happen. */
  readonly durationS: number | undefined;
  readonly confidence: number;
  readonly precision: { readonly kpi: string; readonly relativeHalfWidth: number; readonly maxReplications: number } | undefined;
}

/** Replications to be carried out, anywhere, in any order; the answer is in the order of the request. */
export interface FlowBatch {
  readonly seed: number;
  readonly replications: readonly number[];
  readonly warmUpS: number;
  readonly durationS: number | undefined;
  readonly seriesStepS: number | undefined;
}

export interface KpiSummary {
  readonly mean: number;
  /** Of the confidence interval of the mean (Student's t over replications); null below two replications. */
  readonly halfWidth: number | null;
  readonly sd: number | null;
  readonly min: number;
  readonly p05: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  /** Intervals of the quantiles over replications, by order statistics: [low, high]; null where there are too few replications. */
  readonly p05Interval: readonly [number, number] | null;
  readonly medianInterval: readonly [number, number] | null;
  readonly p95Interval: readonly [number, number] | null;
}

export interface FlowReport {
  readonly format: "doppelwerk-flow-result/1";
  readonly model: string;
  /** Of the file's content; spaces and the order of fields do not count. */
  readonly modelHash: string;
  readonly seed: number;
  readonly replications: number;
  readonly confidence: number;
  readonly warmUp: { readonly seconds: number; readonly method: "given" | "mser5" | "none"; readonly note?: string };
  /** What a reader should know before the figures: a warm-up that did not end, a deadlock. */
  readonly notes: readonly string[];
  readonly durationS: number | null;
  readonly kpis: Readonly<Record<string, KpiSummary>>;
  /** Station → share of replications in which it was the bottleneck. */
  readonly bottlenecks: Readonly<Record<string, number>>;
  readonly checks: {
    /** Sums over all replications. */
    readonly conservation: {
      readonly balanced: boolean;
      readonly entered: number;
      readonly made: number;
      readonly good: number;
      readonly scrapped: number;
      readonly lost: number;
      readonly joined: number;
      readonly inside: number;
    };
    readonly littlesLaw: { readonly holds: boolean; readonly largestRelativeError: number };
  };
  readonly precision?: { readonly kpi: string; readonly relativeHalfWidth: number; readonly reached: boolean };
  /** Over the hashes of all replications in order. */
  readonly traceHash: string;
  readonly events: number;
}

/** Pilot runs for the warm-up draw from replications that no experiment uses. */
const PILOT_FROM = 1_000_000_000;
const PILOTS = 5;
const PILOT_STEPS = 500;

/** File and overrides put together. Returns what is missing as a sentence. */
export function planFlow(
  model: FlowModel,
  given: { readonly seed?: number; readonly replications?: number; readonly warmUpS?: number | "auto"; readonly durationS?: number } = {},
): FlowPlan | Message {
  const run = model.run ?? {};
  const durationS = given.durationS ?? run.durationS;
  const warmUpS = given.warmUpS ?? run.warmUpS ?? 0;
  if (durationS === undefined) {
    const endless = endlessSource(model);
    if (endless !== undefined) return message("sim.durationRequired", { reason: endless });
    if (warmUpS !== 0) return message("sim.warmUpNeedsDuration");
  }
  const precision = run.precision;
  return {
    seed: given.seed ?? run.seed ?? 1,
    replications: given.replications ?? run.replications ?? 10,
    warmUpS,
    durationS,
    confidence: run.confidence ?? 0.95,
    precision: precision === undefined ? undefined : { ...precision, maxReplications: precision.maxReplications ?? 1000 },
  };
}

/** Carries an experiment out: pilots for the warm-up, replications, more of them until the half width is small enough. */
export async function runFlowExperiment(
  model: FlowModel,
  plan: FlowPlan,
  execute: (batch: FlowBatch) => Promise<readonly FlowResult[]>,
): Promise<{ readonly report: FlowReport; readonly results: readonly FlowResult[] }> {
  const warmUp = await warmUpOf(plan, execute);
  const batch = (from: number, count: number): FlowBatch => ({
    seed: plan.seed,
    replications: Array.from({ length: count }, (_, index) => from + index),
    warmUpS: warmUp.seconds,
    durationS: plan.durationS,
    seriesStepS: undefined,
  });
  const results = [...(await execute(batch(0, plan.replications)))];
  let precision: FlowReport["precision"];
  if (plan.precision !== undefined) {
    const { kpi, relativeHalfWidth, maxReplications } = plan.precision;
    for (;;) {
      const values = results.map((result) => kpisOf(result)[kpi]);
      if (values.some((value) => value === undefined)) throw new RunError(noKpi(kpi, kpisOf(results[0]!)));
      const { mean, halfWidth } = summarise(values as number[], plan.confidence);
      const reached = results.length >= 3 && halfWidth <= relativeHalfWidth * Math.abs(mean);
      precision = { kpi, relativeHalfWidth: Math.abs(halfWidth / mean), reached };
      if (reached || results.length >= maxReplications) break;
      results.push(...(await execute(batch(results.length, Math.min(Math.max(5, results.length), maxReplications - results.length)))));
    }
  }
  return { report: reportOf(model, plan, warmUp, results, precision), results };
}

/** Every number of a result by its path: `throughputPerS`, `components.desk.queues.buffer.stayMeanS`. */
export function kpisOf(result: FlowResult): Record<string, number> {
  const kpis: Record<string, number> = {};
  const skipped = new Set(["seed", "replication", "warmUpS", "conservation", "littlesLaw", "series", "events", "traceHash", "deadlock"]);
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "number") kpis[path] = value;
    else if (typeof value === "object" && value !== null)
      for (const [name, inner] of Object.entries(value))
        if (path !== "" || !skipped.has(name)) walk(inner, path === "" ? name : `${path}.${name}`);
  };
  walk(result, "");
  return kpis;
}

/** 16 hexadecimal digits over the content of a model. */
export function modelHashOf(model: unknown): string {
  const hash = { hashA: 0x6a09e667, hashB: 0xbb67ae85 | 0 };
  mixBytes(hash, new TextEncoder().encode(canonicalJson(model as Json)));
  return hashText(hash);
}

/** The warm-up that a plan asks for, in seconds; pilot runs where it is to be found. */
export async function warmUpOf(
  plan: FlowPlan,
  execute: (batch: FlowBatch) => Promise<readonly FlowResult[]>,
): Promise<FlowReport["warmUp"]> {
  if (plan.warmUpS !== "auto") return { seconds: plan.warmUpS, method: plan.warmUpS > 0 ? "given" : "none" };
  const stepS = plan.durationS! / PILOT_STEPS;
  const pilots = await execute({
    seed: plan.seed,
    replications: Array.from({ length: PILOTS }, (_, index) => PILOT_FROM + index),
    warmUpS: 0,
    durationS: plan.durationS,
    seriesStepS: stepS,
  });
  const length = Math.min(...pilots.map((pilot) => pilot.series.length));
  const means = Array.from({ length }, (_, step) => pilots.reduce((sum, pilot) => sum + pilot.series[step]!, 0) / pilots.length);
  const cut = mser5(means);
  return {
    seconds: cut * stepS,
    method: "mser5",
    ...(cut >= length / 2 - 5
      ? { note: "the items inside had not settled by half of the duration: it is too short, or more comes in than can leave" }
      : {}),
  };
}

function reportOf(
  model: FlowModel,
  plan: FlowPlan,
  warmUp: FlowReport["warmUp"],
  results: readonly FlowResult[],
  precision: FlowReport["precision"],
): FlowReport {
  const columns = new Map<string, number[]>();
  for (const result of results)
    for (const [kpi, value] of Object.entries(kpisOf(result))) {
      const column = columns.get(kpi);
      if (column) column.push(value);
      else columns.set(kpi, [value]);
    }
  const bottlenecks: Record<string, number> = {};
  for (const { bottleneck } of results)
    if (bottleneck !== undefined) bottlenecks[bottleneck] = (bottlenecks[bottleneck] ?? 0) + 1 / results.length;
  const sum = (pick: (result: FlowResult) => number): number => results.reduce((total, result) => total + pick(result), 0);
  return {
    format: "doppelwerk-flow-result/1",
    model: model.name ?? "",
    modelHash: modelHashOf(model),
    seed: plan.seed,
    replications: results.length,
    confidence: plan.confidence,
    warmUp,
    durationS: plan.durationS ?? null,
    notes: [...(warmUp.note === undefined ? [] : [warmUp.note]), ...deadlockNotes(results), ...emptyNotes(results)],
    kpis: Object.fromEntries([...columns].map(([kpi, values]) => [kpi, kpiSummary(values, plan.confidence)])),
    bottlenecks,
    checks: {
      conservation: {
        balanced: results.every((result) => result.conservation.balanced),
        entered: sum((result) => result.conservation.entered),
        made: sum((result) => result.conservation.made),
        good: sum((result) => result.conservation.good),
        scrapped: sum((result) => result.conservation.scrapped),
        lost: sum((result) => result.conservation.lost),
        joined: sum((result) => result.conservation.joined),
        inside: sum((result) => result.conservation.inside),
      },
      littlesLaw: littlesLawOfAll(results.map((result) => result.littlesLaw)),
    },
    ...(precision === undefined ? {} : { precision }),
    traceHash: traceHashOfAll(results),
    events: sum((result) => result.events),
  };
}

/** 16 hexadecimal digits over the hashes of results in order. */
export function traceHashOfAll(results: readonly { readonly traceHash: string }[]): string {
  const hash = { hashA: 0x510e527f, hashB: 0x9b05688c | 0 };
  mixBytes(hash, new TextEncoder().encode(results.map((result) => result.traceHash).join("")));
  return hashText(hash);
}

function deadlockNotes(results: readonly FlowResult[]): string[] {
  const stuck = results.filter((result) => result.deadlock.length > 0);
  if (stuck.length === 0) return [];
  return [
    `deadlock in ${stuck.length} of ${results.length} replications: ${circleText(stuck[0]!.deadlock)} (a rework loop that filled up); give it more room or a limit`,
  ];
}

/** A figure of nothing looks like any other. */
function emptyNotes(results: readonly FlowResult[]): string[] {
  const none = results.every(
    ({ conservation: { entered, made, good, scrapped, lost }, deadlock }) =>
      entered + made > 0 && good + scrapped + lost === 0 && deadlock.length === 0,
  );
  return none ? ["nothing left the model in any replication: it is shorter than its way, or something never begins"] : [];
}

function noKpi(kpi: string, known: Readonly<Record<string, number>>): Message {
  const near = nearestWord(kpi, Object.keys(known));
  const name = JSON.stringify(kpi.slice(0, 80));
  return near === undefined ? message("sim.precisionNoKpi", { name }) : message("sim.precisionNoKpiNear", { name, near });
}

function circleText(stuck: readonly string[]): string {
  return stuck.length === 1
    ? `${stuck[0]} waits for room in itself`
    : `${stuck.join(", ")} hold the room that the others wait for, round in a circle`;
}

/** Of the values of one KPI over replications. */
export function kpiSummary(values: readonly number[], confidence: number): KpiSummary {
  const { mean, sd, halfWidth } = summarise(values, confidence);
  const sorted = Float64Array.from(values).toSorted();
  const between = (p: number): readonly [number, number] | null => {
    const interval = quantileInterval(sorted, p, confidence);
    return interval === undefined ? null : [interval.low, interval.high];
  };
  return {
    mean,
    halfWidth: Number.isFinite(halfWidth) ? halfWidth : null,
    sd: Number.isFinite(sd) ? sd : null,
    min: sorted[0]!,
    p05: quantileOfSorted(sorted, 0.05),
    median: quantileOfSorted(sorted, 0.5),
    p95: quantileOfSorted(sorted, 0.95),
    max: sorted.at(-1)!,
    p05Interval: between(0.05),
    medianInterval: between(0.5),
    p95Interval: between(0.95),
  };
}
