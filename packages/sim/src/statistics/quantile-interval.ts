import { betaRegularised } from "./student.ts";

/**
 * Interval for the quantile `p` of the source of a sample, from its order statistics alone (no shape assumed): the k-th smallest lies below
 * the quantile where fewer than k values do, and their number is binomial. Undefined where the sample is too small to bound it on both sides.
 */
export function quantileInterval(
  sorted: ArrayLike<number>,
  p: number,
  confidence = 0.95,
): { readonly low: number; readonly high: number } | undefined {
  const n = sorted.length;
  const tail = (1 - confidence) / 2;
  let low = 0;
  while (low < n && binomialAtMost(low, n, p) <= tail) low++;
  let high = low;
  while (high < n && binomialAtMost(high, n, p) < 1 - tail) high++;
  if (low === 0 || high >= n) return undefined;
  return { low: sorted[low - 1]!, high: sorted[high]! };
}

function binomialAtMost(k: number, n: number, p: number): number {
  return k >= n ? 1 : 1 - betaRegularised(p, k + 1, n - k);
}
