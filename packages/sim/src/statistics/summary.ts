import { studentQuantile } from "./student.ts";

/** Mean with its confidence: `halfWidth` of the interval for the mean (Student's t), NaN below two values. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly halfWidth: number;
}

/** `confidence` 0.95 = 95 %. NaN in `values` is a bug of the caller. */
export function summarise(values: readonly number[], confidence = 0.95): Summary {
  const n = values.length;
  const mean = n === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { n, mean, sd: Number.NaN, halfWidth: Number.NaN };
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  return { n, mean, sd, halfWidth: (studentQuantile((1 + confidence) / 2, n - 1) * sd) / Math.sqrt(n) };
}

/** Quantile of a sample (linear between order statistics, Hyndman & Fan type 7). NaN for an empty one. */
export function sampleQuantile(values: readonly number[], p: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), p);
}

/**
 * Bound of an interval for one further value from the same source, from an ensemble alone: the next value lies below the k-th of n with
 * probability k ÷ (n + 1) (Hyndman & Fan type 6). The sample's own quantiles would hold it too seldom: with 20 members 81 times of 100 instead of 90.
 */
export function predictionQuantile(values: readonly number[], p: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = Math.min(Math.max(p * (sorted.length + 1) - 1, 0), sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * (sorted[Math.min(low + 1, sorted.length - 1)]! - sorted[low]!);
}

/** `sampleQuantile` for values that are in ascending order already. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = Math.min(Math.max(p, 0), 1) * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/**
 * Interval for one further value from the same source (P1: it does not shrink with replications). Student's prediction interval for few
 * values, widened to the sample's own quantiles when there are enough (≥ 40) to see its shape.
 */
export function predictionInterval(values: readonly number[], coverage = 0.9): { readonly low: number; readonly high: number } {
  const { n, mean, sd } = summarise(values);
  if (n < 2) return { low: Number.NaN, high: Number.NaN };
  if (n >= 40) return { low: predictionQuantile(values, (1 - coverage) / 2), high: predictionQuantile(values, (1 + coverage) / 2) };
  const half = studentQuantile((1 + coverage) / 2, n - 1) * sd * Math.sqrt(1 + 1 / n);
  return { low: mean - half, high: mean + half };
}
