import { type PairedDifference, pairedDifference } from "../statistics/paired-difference.ts";
import { quantileInterval } from "../statistics/quantile-interval.ts";
import { quantileOfSorted, summarise } from "../statistics/summary.ts";
import { type KpiKey, lineKpis, meanBottlenecks, meanShares, RELEVANT_SHARE } from "./comparison.ts";
import { type Design, codedPoints, type DesignFactor, pointsOf } from "./design-points.ts";
import { resolutionOf } from "./design.ts";
import { factorEffects } from "./factor-effects.ts";
import type { KeptOutcome } from "./replication.ts";
import { selectBest } from "./selection.ts";

/** How many replications the points of a study get. */
export type StudyReplications =
  | { readonly count: number }
  /** More of every point until the half width of its KPI is at most this share of its mean. */
  | { readonly relativeHalfWidth: number; readonly most: number }
  /** Ranking and selection: until the best point is sure, where a difference of so much matters. */
  | { readonly indifference: number; readonly confidence?: number; readonly most: number };

/** A designed experiment on a line: what is varied, how, and what is looked at. */
export interface FactorStudy {
  readonly seed: number;
  readonly kpi: KpiKey;
  readonly goal: "maximise" | "minimise";
  readonly factors: readonly DesignFactor[];
  readonly design: Design;
  /** Values of the line as it stands: the point that all others are compared with. */
  readonly asIs: readonly (number | string)[];
  readonly replications: StudyReplications;
  readonly relevantShare?: number;
}

/** One replication of one point. Replications from `FRESH_FROM` on serve only to look at the winner again. */
export interface StudyTask {
  readonly point: number;
  readonly replication: number;
}

export interface StudyPoints {
  readonly points: readonly (readonly (number | string)[])[];
  /** Index of the point that is the line as it stands. */
  readonly reference: number;
  /** Whether that point belongs to the design; if not it is its last, and effects leave it out. */
  readonly designed: number;
}

/** A quantile over replications with its interval, which is absent where there are too few (X10). */
export interface QuantileEstimate {
  readonly p: number;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

export interface PointKpi {
  readonly mean: number;
  /** Of the 95 % interval of the mean. */
  readonly halfWidth: number;
  readonly sd: number;
  readonly quantiles: readonly QuantileEstimate[];
  /** Against the line as it stands, replication by replication on the same random numbers; absent for that line itself. */
  readonly difference?: PairedDifference;
}

export interface StudyPoint {
  readonly values: readonly (number | string)[];
  readonly replications: number;
  readonly kpis: Readonly<Partial<Record<KpiKey, PointKpi>>>;
  /** Station → state → share of planned time. */
  readonly shares: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly bottlenecks: Readonly<Record<string, number>>;
  readonly traceHashes: readonly string[];
}

export interface StudyEffect {
  /** One factor, or two whose joint effect this is. */
  readonly factors: readonly number[];
  readonly mean: number;
  readonly halfWidth: number;
}

export interface StudyReport {
  readonly points: readonly StudyPoint[];
  readonly reference: number;
  /** KPI → effects; from the low to the high end of a factor, the others averaged over. */
  readonly effects: Readonly<Partial<Record<KpiKey, readonly StudyEffect[]>>>;
  readonly resolution?: number;
  readonly best: {
    readonly point: number;
    /** Ranking and selection: whether its promise holds. */
    readonly certain?: boolean;
    /** P5: best against the line as it stands on random numbers that did not choose it. */
    readonly confirmed?: PairedDifference & { readonly best: number; readonly asIs: number };
  };
}

/** Replications of this number and above are drawn for the confirmation only. */
export const FRESH_FROM = 1_000_000;
const FIRST = 10;
const WAVE = 10;
const FRESH_LEAST = 20;
const QUANTILES = [0.05, 0.5, 0.95] as const;

/** The points of a design and the line as it stands. Throws on a design that cannot be. */
export function studyPoints(study: Pick<FactorStudy, "factors" | "design" | "asIs" | "seed">): StudyPoints {
  const points: (readonly (number | string)[])[] = [];
  // a design rounded to whole numbers may name a point twice
  for (const point of pointsOf(study, study.seed)) if (!points.some((known) => same(known, point))) points.push(point);
  const designed = points.length;
  const found = points.findIndex((point) => same(point, study.asIs));
  if (found < 0) points.push(study.asIs);
  return { points, reference: found < 0 ? designed : found, designed };
}

const same = (a: readonly (number | string)[], b: readonly (number | string)[]): boolean => a.every((value, i) => value === b[i]);

/**
 * Carries a study out: `run` gives the outcomes of tasks in their order. Which tasks come next follows from outcomes alone, so a study that
 * is begun again with the outcomes it had goes on to the same report.
 */
export async function runFactorStudy(
  study: FactorStudy,
  run: (tasks: readonly StudyTask[]) => Promise<readonly KeptOutcome[]>,
): Promise<StudyReport> {
  const { points, reference, designed } = studyPoints(study);
  const outcomes: KeptOutcome[][] = points.map(() => []);
  const kpi = lineKpis.find(({ key }) => key === study.kpi)!;
  const more = async (wanted: readonly { readonly point: number; readonly count: number }[]): Promise<void> => {
    const tasks = wanted.flatMap(({ point, count }) =>
      Array.from({ length: count }, (_, i): StudyTask => ({ point, replication: outcomes[point]!.length + i })),
    );
    const fresh = await run(tasks);
    tasks.forEach(({ point }, i) => outcomes[point]!.push(fresh[i]!));
  };
  const all = points.map((_, point) => point);
  const { replications, goal } = study;
  let selected: { readonly best: number; readonly certain: boolean } | undefined;
  if ("count" in replications) await more(all.map((point) => ({ point, count: replications.count })));
  else if ("indifference" in replications)
    selected = await selectBest(
      points.length,
      {
        indifference: replications.indifference,
        goal,
        firstReplications: FIRST,
        step: WAVE,
        maxReplications: replications.most,
        ...(replications.confidence === undefined ? {} : { confidence: replications.confidence }),
      },
      async (point, from, count) => {
        await more([{ point, count }]);
        return outcomes[point]!.slice(from, from + count).map(kpi.value);
      },
    );
  else {
    await more(all.map((point) => ({ point, count: Math.min(FIRST, replications.most) })));
    for (;;) {
      const wide = all.filter((point) => {
        const { mean, halfWidth } = summarise(outcomes[point]!.map(kpi.value));
        return outcomes[point]!.length < replications.most && halfWidth > replications.relativeHalfWidth * Math.abs(mean);
      });
      if (wide.length === 0) break;
      await more(wide.map((point) => ({ point, count: Math.min(WAVE, replications.most - outcomes[point]!.length) })));
    }
  }
  const means = outcomes.map((row) => summarise(row.map(kpi.value)).mean);
  const better = (a: number, b: number): boolean => (goal === "maximise" ? a > b : a < b);
  const best = selected?.best ?? means.reduce((at, mean, point) => (better(mean, means[at]!) ? point : at), reference);
  const confirmed = best === reference ? undefined : await confirm(study, best, reference, outcomes[best]!.length, kpi.value, run);
  const relevantShare = study.relevantShare ?? RELEVANT_SHARE;
  return {
    points: points.map((values, point) =>
      pointOf(values, outcomes[point]!, point === reference ? undefined : outcomes[reference]!, relevantShare),
    ),
    reference,
    effects: effectsOf(study, points.slice(0, designed), outcomes.slice(0, designed)),
    ...(typeof study.design === "object" && "fraction" in study.design
      ? { resolution: resolutionOf(study.factors.length, study.design.fraction) }
      : {}),
    best: { point: best, ...(selected && { certain: selected.certain }), ...(confirmed && { confirmed }) },
  };
}

async function confirm(
  study: FactorStudy,
  best: number,
  reference: number,
  used: number,
  value: (outcome: KeptOutcome) => number,
  run: (tasks: readonly StudyTask[]) => Promise<readonly KeptOutcome[]>,
): Promise<NonNullable<StudyReport["best"]["confirmed"]>> {
  const count = Math.max(FRESH_LEAST, used);
  const tasks = [best, reference].flatMap((point) =>
    Array.from({ length: count }, (_, i): StudyTask => ({ point, replication: FRESH_FROM + i })),
  );
  const values = (await run(tasks)).map(value);
  const asIs = values.slice(count);
  const relevant = (study.relevantShare ?? RELEVANT_SHARE) * Math.abs(summarise(asIs).mean);
  const difference = pairedDifference(asIs, values.slice(0, count), study.goal === "maximise" ? "higher" : "lower", relevant);
  return { ...difference, best: summarise(values.slice(0, count)).mean, asIs: summarise(asIs).mean };
}

function pointOf(
  values: readonly (number | string)[],
  outcomes: readonly KeptOutcome[],
  reference: readonly KeptOutcome[] | undefined,
  relevantShare: number,
): StudyPoint {
  const kpis = lineKpis.flatMap(({ key, better, value }): [KpiKey, PointKpi][] => {
    const row = outcomes.map(value);
    if (row.some(Number.isNaN)) return [];
    const { mean, halfWidth, sd } = summarise(row);
    const sorted = Float64Array.from(row).sort();
    const quantiles = QUANTILES.map((p): QuantileEstimate => ({ p, value: quantileOfSorted(sorted, p), ...quantileInterval(sorted, p) }));
    const n = Math.min(row.length, reference?.length ?? 0);
    const first = (reference ?? []).slice(0, n).map(value);
    const difference =
      n < 2 || first.some(Number.isNaN)
        ? undefined
        : pairedDifference(first, row.slice(0, n), better, relevantShare * Math.abs(summarise(first).mean));
    return [[key, { mean, halfWidth, sd, quantiles, ...(difference && { difference }) }]];
  });
  return {
    values,
    replications: outcomes.length,
    kpis: Object.fromEntries(kpis),
    shares: meanShares(outcomes),
    bottlenecks: Object.fromEntries(meanBottlenecks(outcomes)),
    traceHashes: outcomes.map(({ traceHash }) => traceHash),
  };
}

/** Main effects, and joint effects of pairs where the points can tell them. */
function effectsOf(
  study: FactorStudy,
  points: readonly (readonly (number | string)[])[],
  outcomes: readonly (readonly KeptOutcome[])[],
): StudyReport["effects"] {
  const { coded, numeric } = codedPoints(study.factors, points);
  const k = numeric.length;
  const pairs = numeric.flatMap((_, a) => numeric.slice(a + 1).map((__, b) => [a, a + 1 + b] as const));
  const joined = coded.map((row) => [...row, ...pairs.map(([a, b]) => row[a]! * row[b]!)]);
  const names = [...numeric.map((factor) => [factor]), ...pairs.map(([a, b]) => [numeric[a]!, numeric[b]!])];
  return Object.fromEntries(
    lineKpis.flatMap(({ key, value }) => {
      const responses = outcomes.map((row) => row.map(value));
      if (responses.flat().some(Number.isNaN)) return [];
      const withPairs = k > 1 && k <= 8 && points.length > joined[0]!.length ? factorEffects(joined, responses) : [];
      const found = withPairs.length > 0 ? withPairs : factorEffects(coded, responses);
      return [[key, found.map(({ factor, mean, halfWidth }) => ({ factors: names[factor]!, mean, halfWidth }))]];
    }),
  );
}
