import { pairedDifference } from "../statistics/paired-difference.ts";
import type { PairedDifference } from "../statistics/paired-difference.ts";
import { predictionInterval, predictionQuantile, summarise } from "../statistics/summary.ts";
import type { KeptOutcome, Outcome } from "./replication.ts";

export type KpiKey = "throughput" | "oee" | "wip" | "leadTime" | "rework";

/** P1: both intervals, named. `confidence` is the half width of the 95 % interval of the mean; the prediction is for one shift, 90 %. */
export interface Estimate {
  readonly mean: number;
  readonly confidence: number;
  readonly predictionLow: number;
  readonly predictionHigh: number;
  /** Share of the prediction's variance that comes from few data rather than from chance (P2), 0–1. */
  readonly inputShare: number;
}

export interface KpiComparison<Key extends string = KpiKey> {
  readonly key: Key;
  readonly unit: string;
  readonly live: Estimate;
  readonly branch: Estimate;
  readonly difference: PairedDifference;
}

export interface KpiDefinition<Key extends string = KpiKey> {
  readonly key: Key;
  readonly unit: string;
  readonly better: "higher" | "lower";
  readonly value: (outcome: KeptOutcome) => number;
  /** What the quantity cannot be below; undefined = it may be anything. */
  readonly least?: number;
  /** What it is above only where the model says so: a prediction goes beyond it only where a replication did. */
  readonly usualMost?: number;
}

/** What a line is judged by, in the order in which it is shown. */
export const lineKpis: readonly KpiDefinition[] = [
  { key: "throughput", unit: "/shift", better: "higher", value: (outcome) => outcome.goodPerShift, least: 0 },
  { key: "oee", unit: "%", better: "higher", value: (outcome) => 100 * (outcome.oee ?? Number.NaN), least: 0, usualMost: 100 },
  { key: "leadTime", unit: "min", better: "lower", value: (outcome) => outcome.leadTimeS / 60, least: 0 },
  { key: "wip", unit: "parts", better: "lower", value: (outcome) => outcome.wip, least: 0 },
  { key: "rework", unit: "/100 units", better: "lower", value: reworkRate, least: 0 },
];

/** Rejections to rework per 100 units that left, good or scrapped: a line that makes more units does not rework more for that. */
export function reworkRate({ rework, good, scrap }: Pick<KeptOutcome, "rework" | "good" | "scrap">): number {
  return (100 * rework) / Math.max(1, good + scrap);
}

/**
 * P5: what a change must bring to matter, as a share of live's mean; the run may ask for another. Shifts of a line differ by some 8 %, so the
 * mean of a year of five hundred is known to about 0.4 %: half a per cent is the least that the plant itself could ever confirm.
 */
export const RELEVANT_SHARE = 0.005;

/**
 * Compares live and branch replication by replication. `fixedInput` are live outcomes with parameters at their best estimate: the part of
 * the spread that chance alone makes. `kpis` are those of a line where none are given.
 */
export function compareOutcomes<Key extends string = KpiKey>(
  live: readonly Outcome[],
  branch: readonly Outcome[],
  fixedInput: readonly Outcome[],
  relevantShare = RELEVANT_SHARE,
  kpis: readonly KpiDefinition<Key>[] = lineKpis as readonly KpiDefinition<never>[],
): readonly KpiComparison<Key>[] {
  return kpis.flatMap(({ key, unit, better, value, least, usualMost }) => {
    const first = live.map(value);
    const second = branch.map(value);
    if (first.some(Number.isNaN) || second.some(Number.isNaN)) return [];
    const inputShare = shareOfInput(first, fixedInput.map(value));
    const relevant = relevantShare * Math.abs(summarise(first).mean);
    return [
      {
        key,
        unit,
        live: estimate(key, live, first, { inputShare, least, usualMost }),
        branch: estimate(key, branch, second, { inputShare, least, usualMost }),
        difference: pairedDifference(first, second, better, relevant),
      },
    ];
  });
}

interface Bounds {
  readonly inputShare: number;
  readonly least: number | undefined;
  readonly usualMost: number | undefined;
}

/** The prediction is symmetric about the mean, and wide of few replications: it is cut at what the quantity cannot be. */
function estimate(
  key: string,
  outcomes: readonly Outcome[],
  values: readonly number[],
  { inputShare, least, usualMost }: Bounds,
): Estimate {
  const { mean, halfWidth } = summarise(values);
  // One shift is a shift's own count, not the mean of several.
  const single = key === "throughput" ? outcomes.flatMap((outcome) => outcome.shiftGood) : values;
  const { low, high } = predictionInterval(single, 0.9);
  const isWithin = usualMost !== undefined && single.every((each) => each <= usualMost);
  return {
    mean,
    confidence: halfWidth,
    predictionLow: least === undefined ? low : Math.max(least, low),
    predictionHigh: isWithin ? Math.min(usualMost, high) : high,
    inputShare,
  };
}

function shareOfInput(drawn: readonly number[], fixed: readonly number[]): number {
  const total = summarise(drawn).sd ** 2;
  const chance = summarise(fixed).sd ** 2;
  return total > 0 && chance >= 0 ? Math.min(1, Math.max(0, 1 - chance / total)) : 0;
}

/** Cumulative good output at the end of each step over replications: median, 50 % and 95 %. */
export function fanOf(outcomes: readonly Outcome[]): readonly {
  readonly offsetS: number;
  readonly p025: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p975: number;
}[] {
  const [first] = outcomes;
  if (!first) return [];
  return first.output.cumulative.map((_, step) => {
    const values = outcomes.map((outcome) => outcome.output.cumulative[step] ?? Number.NaN).filter((value) => !Number.isNaN(value));
    const at = (p: number) => predictionQuantile(values, p);
    return { offsetS: (step + 1) * first.output.stepS, p025: at(0.025), p25: at(0.25), p50: at(0.5), p75: at(0.75), p975: at(0.975) };
  });
}

/** Mean share of each state of each station, 0–1. */
export function meanShares(outcomes: readonly KeptOutcome[]): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const sums: Record<string, Record<string, number>> = {};
  for (const outcome of outcomes) {
    for (const [station, shares] of Object.entries(outcome.shares)) {
      const row = (sums[station] ??= {});
      for (const [state, share] of Object.entries(shares)) row[state] = (row[state] ?? 0) + share / outcomes.length;
    }
  }
  return sums;
}

/** Mean share of time in which each station was the bottleneck, greatest first. */
export function meanBottlenecks(outcomes: readonly KeptOutcome[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const outcome of outcomes)
    for (const [station, share] of Object.entries(outcome.bottlenecks))
      sums.set(station, (sums.get(station) ?? 0) + share / outcomes.length);
  return new Map([...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}
