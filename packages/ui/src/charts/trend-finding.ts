import type { Trend } from "@doppelwerk/client";
import { withGaps } from "../values/gaps.ts";

/** What a trend says in one line. */
export interface TrendFinding {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  /** Stretches between two values in which nothing is known. */
  readonly gaps: number;
}

/** Undefined where nothing is known at all. Buckets are of one width: the mean is that of their time-weighted means. */
export function findingOf({ min, max, mean, bad }: Pick<Trend, "min" | "max" | "mean" | "bad">): TrendFinding | undefined {
  const known = mean.filter((value) => value !== null);
  if (known.length === 0) return undefined;
  const least = (values: readonly (number | null)[]): number =>
    values.reduce<number>((low, value) => Math.min(low, value ?? low), Infinity);
  const most = (values: readonly (number | null)[]): number =>
    values.reduce<number>((high, value) => Math.max(high, value ?? high), -Infinity);
  return { low: least(min), high: most(max), mean: known.reduce((sum, value) => sum + value, 0) / known.length, gaps: gapsOf(mean, bad) };
}

function gapsOf(mean: Trend["mean"], bad: Trend["bad"]): number {
  const marked = withGaps(mean, bad);
  const [first, last] = [
    marked.findIndex((value) => typeof value === "number"),
    marked.findLastIndex((value) => typeof value === "number"),
  ];
  return marked.slice(first, last + 1).filter((value, at, all) => value === null && all[at - 1] !== null).length;
}
