import type { Finding } from "@doppelwerk/aas";
import { resolutionOf } from "../../experiments/design.ts";
import { type Design, type DesignFactor, codedPoints, MAX_POINTS, pointsOf } from "../../experiments/design-points.ts";
import { factorEffects } from "../../experiments/factor-effects.ts";
import { selectBest } from "../../experiments/selection.ts";
import {
  type FlowBatch,
  type FlowPlan,
  type KpiSummary,
  kpiSummary,
  kpisOf,
  modelHashOf,
  traceHashOfAll,
  warmUpOf,
} from "../../components/flow-experiment.ts";
import type { FlowModel } from "../../components/flow-model.ts";
import type { FlowResult } from "../../components/flow-result.ts";
import { axisOf, CONFIRM_FROM, type FactorSearch, type FactorSearchReport, searchFactors, shownLevel } from "./factor-search.ts";
import { type JsonShape, jsonFindings } from "../../json-shape.ts";
import { validateFlowModel } from "../../components/validate-flow.ts";

/** What is varied, how, and what is looked at: the file of `doppelwerk simulate LINE.json --experiment FILE`. */
export interface FactorExperiment {
  readonly format: "doppelwerk-experiment/1";
  readonly kpi: string;
  /** "maximise" when absent. */
  readonly goal?: "maximise" | "minimise";
  readonly factors: readonly Factor[];
  /** "full" when absent. */
  readonly design?: Design;
  /** Looked for instead of tried out point by point. */
  readonly search?: FactorSearch;
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
  /** The place holds a list (orders of a source), whose order is searched. */
  readonly order?: boolean;
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
  /** Of a search: the points are the model as it stands and the winner. */
  readonly search?: FactorSearchReport;
  readonly balanced: boolean;
}

const text = (doc: string): JsonShape => ({ is: "text", doc });
const number = (doc: string): JsonShape => ({ is: "number", doc });
const count = (doc: string, min = 1, max = MAX_POINTS): JsonShape => ({ is: "number", doc, whole: true, min, max });
const level: JsonShape = {
  is: "either",
  doc: "a number or word",
  of: [number("a number"), text("a word")],
  pick: (value) => (typeof value === "number" ? number("a number") : typeof value === "string" ? text("a word") : undefined),
};
const list = (doc: string, of: JsonShape, least = 1, most = MAX_POINTS): JsonShape => ({ is: "list", doc, of, least, most });
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
          "order?": { is: "flag", doc: "the place holds a list, whose order is searched" },
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
    "search?": {
      is: "object",
      doc: "the best levels are looked for, instead of a design",
      fields: {
        "budget?": count("replications; 300 when absent", 20, 100_000),
        "keep?": list(
          "KPIs that may not get worse",
          {
            is: "object",
            doc: "a KPI",
            fields: {
              kpi: text("its name"),
              "goal?": { is: "oneOf", doc: "maximise (default) or minimise", values: ["maximise", "minimise"] },
            },
          },
          1,
          10,
        ),
        "confirm?": count("replications of the winner on fresh numbers; 20 when absent", 3, 10_000),
      },
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
    if (factor.order === true) {
      if (experiment.search === undefined) fail(path, "an order is only searched: give search");
      else if (factor.values !== undefined || factor.low !== undefined || factor.high !== undefined || Array.isArray(factor.set))
        fail(path, "an order has one place, and neither values nor low and high");
      else
        try {
          axisOf(factor, valueAt(model, factor.set as string));
        } catch (error) {
          fail(path, (error as Error).message);
        }
      return;
    }
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
  if (experiment.search !== undefined && (experiment.design !== undefined || experiment.select !== undefined))
    fail("search", "a search takes the place of design and select");
  if (findings.length > 0) return findings;
  if (experiment.search !== undefined) return searchFindings(model, experiment);
  try {
    const points = pointsOf(experiment, 1);
    if (points.length > MAX_POINTS) fail("design", `has ${points.length} points, more than ${MAX_POINTS}`);
    points.slice(0, MAX_POINTS).forEach((point, index) => {
      const [first] = validateFlowModel(modelWith(model, experiment, point)).filter(({ severity }) => severity === "error");
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
  if (experiment.search !== undefined) return searchReport(model, experiment, plan, execute);
  const points = pointsOf(experiment, plan.seed);
  const models = points.map((point) => modelWith(model, experiment, point));
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

/** Every level of every factor alone must be a model that can be run; what they do together is found while searching. */
function searchFindings(model: FlowModel, experiment: FactorExperiment): Finding[] {
  const axes = axesOf(model, experiment);
  const present = axes.map(({ present: numbers, valueOf }) => valueOf(numbers));
  const findings: Finding[] = [];
  for (const [index, { dimensions, valueOf }] of axes.entries()) {
    if (dimensions.length > 1) continue;
    const { lower, upper, step } = dimensions[0]!;
    for (let value = lower; value <= upper + 1e-9 * step; value += step) {
      const levels = present.with(index, valueOf([value]));
      const [first] = validateFlowModel(modelWith(model, experiment, levels)).filter(({ severity }) => severity === "error");
      if (first !== undefined) {
        findings.push({
          path: `factors[${index}] (${shownLevel(levels[index]!)})`,
          constraint: "value",
          severity: "error",
          message: `${first.path} ${first.message}`,
        });
        break;
      }
    }
  }
  return findings;
}

function axesOf(model: FlowModel, { factors }: FactorExperiment) {
  return factors.map((factor) => axisOf(factor, valueAt(model, [factor.set].flat()[0]!)));
}

async function searchReport(
  model: FlowModel,
  experiment: FactorExperiment,
  plan: FlowPlan,
  execute: (model: FlowModel, batch: FlowBatch) => Promise<readonly FlowResult[]>,
): Promise<FactorReport> {
  const axes = axesOf(model, experiment);
  const { keep = [] } = experiment.search!;
  const warmUpS = (await warmUpOf(plan, (batch) => execute(model, batch))).seconds;
  const run = (at: FlowModel, from: number, many: number): Promise<readonly FlowResult[]> =>
    execute(at, {
      seed: plan.seed,
      replications: Array.from({ length: many }, (_, index) => from + index),
      warmUpS,
      durationS: plan.durationS,
      seriesStepS: undefined,
    });
  let balanced = true;
  const check = (results: readonly FlowResult[]): void => {
    balanced &&= results.every((result) => result.conservation.balanced && result.littlesLaw.holds);
  };
  const { best, isPresent, report } = await searchFactors(experiment, plan.seed, {
    axes,
    modelAt: (levels) => modelWith(model, experiment, levels),
    async judge(at, from, count) {
      // levels that are good alone may not be so together
      if (validateFlowModel(at).some(({ severity }) => severity === "error"))
        return Array.from({ length: count }, () => Array.from({ length: 1 + keep.length }, () => Number.NaN));
      const results = await run(at, from, count);
      check(results);
      return results.map((result) => [kpiIn(result, experiment.kpi), ...keep.map(({ kpi }) => kpiIn(result, kpi))]);
    },
  });
  const confirm = experiment.search!.confirm ?? 20;
  const present = axes.map(({ present: numbers, valueOf }) => valueOf(numbers));
  const points: ExperimentPoint[] = [];
  for (const levels of isPresent ? [present] : [present, best]) {
    const at = modelWith(model, experiment, levels);
    points.push(pointReport(experiment, levels.map(shownLevel), at, await run(at, CONFIRM_FROM, confirm), plan.confidence));
  }
  return {
    format: "doppelwerk-experiment-result/1",
    modelHash: modelHashOf(model),
    kpi: experiment.kpi,
    seed: plan.seed,
    warmUpS,
    durationS: plan.durationS ?? null,
    points,
    effects: [],
    best: { point: points.length - 1, certain: false },
    search: report,
    balanced,
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

function modelWith(model: FlowModel, experiment: FactorExperiment, levels: readonly unknown[]): FlowModel {
  return experiment.factors.reduce(
    (changed, factor, index) => [factor.set].flat().reduce((inner, place) => setIn(inner, place, levels[index]), changed),
    model,
  );
}

/** What stands at a place of the model; undefined where nothing does. */
function valueAt(model: FlowModel, place: string): unknown {
  return place.split(".").reduce((at: unknown, name): unknown => {
    if (Array.isArray(at)) {
      const entry = at.find((each) => typeof each === "object" && each !== null && (each as { id?: unknown }).id === name) as unknown;
      return entry ?? (/^\d+$/.test(name) ? at[Number(name)] : undefined);
    }
    return typeof at === "object" && at !== null && Object.hasOwn(at, name) ? (at as Record<string, unknown>)[name] : undefined;
  }, model);
}

/** A copy with one place set. Throws where the model has no such place; the last name may be new. */
function setIn(model: FlowModel, place: string, value: unknown): FlowModel {
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
