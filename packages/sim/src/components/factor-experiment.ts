import type { Finding } from "@doppelwerk/aas";
import { resolutionOf } from "../experiments/design.ts";
import { type Design, type DesignFactor, codedPoints, MOST_POINTS, pointsOf } from "../experiments/design-points.ts";
import { factorEffects } from "../experiments/factor-effects.ts";
import { selectBest } from "../experiments/selection.ts";
import {
  type FlowBatch,
  type FlowPlan,
  type KpiSummary,
  kpiSummary,
  kpisOf,
  modelHashOf,
  traceHashOfAll,
  warmUpOf,
} from "./flow-experiment.ts";
import type { FlowModel } from "./flow-model.ts";
import type { FlowResult } from "./flow-result.ts";
import { type JsonShape, jsonFindings } from "./json-shape.ts";
import { validateFlowModel } from "./validate-flow.ts";

/** What is varied, how, and what is looked at: the file of `doppelwerk simulate LINE.json --experiment FILE`. */
export interface FactorExperiment {
  readonly format: "doppelwerk-experiment/1";
  readonly kpi: string;
  /** "maximise" when absent. */
  readonly goal?: "maximise" | "minimise";
  readonly factors: readonly Factor[];
  /** "full" when absent. */
  readonly design?: Design;
  /** Of every point; those of the plan when absent. */
  readonly replications?: number;
  /** Replications go on until the best point is sure. */
  readonly select?: {
    readonly indifference: number;
    readonly confidence?: number;
    readonly firstReplications?: number;
    readonly maxReplications?: number;
  };
}

export interface Factor extends DesignFactor {
  /** Where in the model: `components.S2.buffer`, `operators.people.count`; lists by id or number. */
  readonly set: string | readonly string[];
}

export interface ExperimentPoint {
  readonly factors: Readonly<Record<string, number | string>>;
  readonly modelHash: string;
  readonly replications: number;
  readonly kpi: KpiSummary;
  readonly kpis: Readonly<Record<string, KpiSummary>>;
  readonly traceHash: string;
}

export interface FactorReport {
  readonly format: "doppelwerk-experiment-result/1";
  readonly modelHash: string;
  readonly kpi: string;
  readonly seed: number;
  readonly warmUpS: number;
  readonly durationS: number | null;
  readonly points: readonly ExperimentPoint[];
  /** From the low to the high end, the others averaged over, by common random numbers; factors of words have none. */
  readonly effects: readonly { readonly factor: string; readonly mean: number; readonly halfWidth: number | null }[];
  /** Of a fraction: the shortest product of factors that cannot be told from the mean. */
  readonly resolution?: number;
  readonly best: { readonly point: number; readonly certain: boolean; readonly indifference?: number; readonly confidence?: number };
  readonly balanced: boolean;
}

const text = (doc: string): JsonShape => ({ is: "text", doc });
const number = (doc: string): JsonShape => ({ is: "number", doc });
const count = (doc: string, min = 1, max = MOST_POINTS): JsonShape => ({ is: "number", doc, whole: true, min, max });
const level: JsonShape = {
  is: "either",
  doc: "a number or word",
  of: [number("a number"), text("a word")],
  pick: (value) => (typeof value === "number" ? number("a number") : typeof value === "string" ? text("a word") : undefined),
};
const list = (doc: string, of: JsonShape, least = 1, most = MOST_POINTS): JsonShape => ({ is: "list", doc, of, least, most });
const paths = list("places in the model", text("a place"));
const full: JsonShape = { is: "oneOf", doc: "every combination", values: ["full"] };
const design: JsonShape = {
  is: "object",
  doc: "one of the three",
  fields: {
    "fraction?": list("products of the first factors, in letters", text("as ABC"), 1, 20),
    "latinHypercube?": count("points", 2),
    "points?": list("points, a value a factor", list("values in the order of the factors", level)),
  },
};
const shape: JsonShape = {
  is: "object",
  doc: "an experiment",
  fields: {
    format: { is: "oneOf", doc: "always this", values: ["doppelwerk-experiment/1"] },
    kpi: text("name of a KPI of the output"),
    "goal?": { is: "oneOf", doc: "maximise (default) or minimise", values: ["maximise", "minimise"] },
    factors: list(
      "what is varied",
      {
        is: "object",
        doc: "a factor",
        fields: {
          id: text("unique"),
          set: {
            is: "either",
            doc: "a place in the model, or several that get the same value",
            of: [text("a place"), paths],
            pick: (value) => (typeof value === "string" ? text("a place") : Array.isArray(value) ? paths : undefined),
          },
          "values?": list("levels", level, 2, 1000),
          "low?": number("least"),
          "high?": number("most"),
          "whole?": { is: "flag", doc: "rounded to whole numbers" },
        },
      },
      1,
      20,
    ),
    "design?": {
      is: "either",
      doc: "full, {fraction}, {latinHypercube} or {points}",
      of: [full, design],
      pick: (value) => (typeof value === "string" ? full : typeof value === "object" && value !== null ? design : undefined),
    },
    "replications?": count("of every point", 2, 100_000),
    "select?": {
      is: "object",
      doc: "replications until the best is sure",
      fields: {
        indifference: { is: "number", doc: "smallest difference that matters", above: 0 },
        "confidence?": { is: "number", doc: "of the choice; 0.95 when absent", above: 0.5, max: 0.9999 },
        "firstReplications?": count("10 when absent", 2, 100_000),
        "maxReplications?": count("10 000 when absent", 2, 100_000),
      },
    },
  },
};

/** What is wrong with a value as an experiment on a model. Never throws; without errors it can be run. */
export function validateFactorExperiment(value: unknown, model: FlowModel): Finding[] {
  const findings = jsonFindings(value, shape, {});
  if (findings.length > 0) return findings;
  const experiment = value as FactorExperiment;
  const fail = (path: string, message: string): void => void findings.push({ path, constraint: "value", severity: "error", message });
  experiment.factors.forEach((factor, index) => {
    const path = `factors[${index}]`;
    const range = factor.low !== undefined && factor.high !== undefined;
    if (
      (factor.values !== undefined) === (factor.low !== undefined || factor.high !== undefined) ||
      (factor.values === undefined && !range)
    )
      fail(path, "needs values, or low and high");
    else if (range && !(factor.low! < factor.high!)) fail(path, "low must be less than high");
    if (experiment.factors.findIndex(({ id }) => id === factor.id) !== index) fail(`${path}.id`, `"${factor.id}" is there already`);
    for (const place of [factor.set].flat())
      try {
        setIn(model, place, factor.values?.[0] ?? factor.low!);
      } catch (error) {
        fail(`${path}.set`, (error as Error).message);
      }
  });
  if (findings.length > 0) return findings;
  try {
    const points = pointsOf(experiment, 1);
    if (points.length > MOST_POINTS) fail("design", `has ${points.length} points, more than ${MOST_POINTS}`);
    points.slice(0, MOST_POINTS).forEach((point, index) => {
      const [first] = validateFlowModel(modelAt(model, experiment, point)).filter(({ severity }) => severity === "error");
      if (first !== undefined && findings.length < 10)
        fail(`design (point ${index + 1}: ${point.join(", ")})`, `${first.path} ${first.message}`);
    });
  } catch (error) {
    fail("design", (error as Error).message);
  }
  return findings;
}

/** Runs every point of the design on the same random numbers, until the best is sure where that is asked for. */
export async function runFactorExperiment(
  model: FlowModel,
  experiment: FactorExperiment,
  plan: FlowPlan,
  execute: (model: FlowModel, batch: FlowBatch) => Promise<readonly FlowResult[]>,
): Promise<FactorReport> {
  const points = pointsOf(experiment, plan.seed);
  const models = points.map((point) => modelAt(model, experiment, point));
  let warmUpS = 0;
  for (const each of models) warmUpS = Math.max(warmUpS, (await warmUpOf(plan, (batch) => execute(each, batch))).seconds);
  const results: FlowResult[][] = models.map(() => []);
  const run = async (point: number, from: number, many: number): Promise<readonly number[]> => {
    const replications = Array.from({ length: many }, (_, index) => from + index);
    const batch = { seed: plan.seed, replications, warmUpS, durationS: plan.durationS, seriesStepS: undefined };
    const fresh = await execute(models[point]!, batch);
    results[point]!.push(...fresh);
    return fresh.map((result) => kpiIn(result, experiment.kpi));
  };
  const best = await bestOf(experiment, points.length, experiment.replications ?? plan.replications, run);
  const responses = results.map((row) => row.map((result) => kpiIn(result, experiment.kpi)));
  const { coded, numeric } = codedPoints(experiment.factors, points);
  const effects = factorEffects(coded, responses, plan.confidence);
  const { design } = experiment;
  return {
    format: "doppelwerk-experiment-result/1",
    modelHash: modelHashOf(model),
    kpi: experiment.kpi,
    seed: plan.seed,
    warmUpS,
    durationS: plan.durationS ?? null,
    points: points.map((point, index) => pointReport(experiment, point, models[index]!, results[index]!, plan.confidence)),
    effects: effects.map(({ factor, mean, halfWidth }) => ({
      factor: experiment.factors[numeric[factor]!]!.id,
      mean,
      halfWidth: Number.isFinite(halfWidth) ? halfWidth : null,
    })),
    ...(typeof design === "object" && "fraction" in design ? { resolution: resolutionOf(experiment.factors.length, design.fraction) } : {}),
    best,
    balanced: results.flat().every((result) => result.conservation.balanced && result.littlesLaw.holds),
  };
}

async function bestOf(
  experiment: FactorExperiment,
  points: number,
  replications: number,
  run: (point: number, from: number, count: number) => Promise<readonly number[]>,
): Promise<FactorReport["best"]> {
  const { select, goal = "maximise" } = experiment;
  if (select !== undefined) {
    const { best, certain } = await selectBest(points, { ...select, goal }, run);
    return { point: best, certain, indifference: select.indifference, confidence: select.confidence ?? 0.95 };
  }
  const means: number[] = [];
  for (let point = 0; point < points; point++) {
    const values = await run(point, 0, replications);
    means.push(values.reduce((sum, value) => sum + value, 0) / values.length);
  }
  const point = means.reduce((best, mean, index) => ((goal === "maximise" ? mean > means[best]! : mean < means[best]!) ? index : best), 0);
  return { point, certain: false };
}

function pointReport(
  experiment: FactorExperiment,
  point: readonly (number | string)[],
  model: FlowModel,
  results: readonly FlowResult[],
  confidence: number,
): ExperimentPoint {
  const rows = results.map(kpisOf);
  const kpis = Object.fromEntries(
    Object.keys(rows[0]!).map((kpi) => [
      kpi,
      kpiSummary(
        rows.map((row) => row[kpi]!).filter((value) => value !== undefined),
        confidence,
      ),
    ]),
  );
  return {
    factors: Object.fromEntries(experiment.factors.map((factor, index) => [factor.id, point[index]!])),
    modelHash: modelHashOf(model),
    replications: results.length,
    kpi: kpis[experiment.kpi]!,
    kpis,
    traceHash: traceHashOfAll(results),
  };
}

function modelAt(model: FlowModel, experiment: FactorExperiment, point: readonly (number | string)[]): FlowModel {
  return experiment.factors.reduce(
    (changed, factor, index) => [factor.set].flat().reduce((inner, place) => setIn(inner, place, point[index]!), changed),
    model,
  );
}

/** A copy with one place set. Throws where the model has no such place; the last name may be new. */
function setIn(model: FlowModel, place: string, value: number | string): FlowModel {
  const names = place.split(".");
  const step = (at: unknown, depth: number): unknown => {
    if (depth === names.length) return value;
    const name = names[depth]!;
    const there = names.slice(0, depth + 1).join(".");
    if (name === "__proto__") throw new Error(`the model has no ${there}`);
    if (Array.isArray(at)) {
      const found = at.findIndex((entry) => typeof entry === "object" && entry !== null && (entry as { id?: unknown }).id === name);
      const index = found >= 0 ? found : /^\d+$/.test(name) ? Number(name) : -1;
      if (index < 0 || index >= at.length) throw new Error(`the model has no ${there}`);
      return at.map((entry, each) => (each === index ? step(entry, depth + 1) : (entry as unknown)));
    }
    if (typeof at !== "object" || at === null || (depth < names.length - 1 && !Object.hasOwn(at, name)))
      throw new Error(`the model has no ${there}`);
    return { ...at, [name]: step((at as Record<string, unknown>)[name], depth + 1) };
  };
  return step(model, 0) as FlowModel;
}

function kpiIn(result: FlowResult, kpi: string): number {
  const value = kpisOf(result)[kpi];
  if (value === undefined) throw new Error(`there is no KPI "${kpi}" in the results`);
  return value;
}
