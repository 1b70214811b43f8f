import { summarise } from "./summary.ts";

/** P5: the only three verdicts. */
export type Verdict = "better" | "worse" | "no evidence";

/** Difference second − first on common random numbers: value i of both comes from the same replication. */
export interface PairedDifference {
  readonly n: number;
  readonly mean: number;
  /** Of the confidence interval of the mean difference. */
  readonly halfWidth: number;
  /** The smallest difference that matters, in the same unit: one that is certain but smaller changes nothing worth doing. */
  readonly relevant: number;
  readonly verdict: Verdict;
}

/**
 * `better` says which direction is good. A verdict is evidence, from three pairs on, of a difference that matters: the whole interval lies
 * beyond `relevant`. A mean that alone lies beyond it would be called by the toss of a coin where the truth is just that large.
 */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  better: "higher" | "lower",
  relevant = 0,
  confidence = 0.95,
): PairedDifference {
  if (first.length !== second.length) throw new Error(`paired values differ in number: ${first.length} and ${second.length}`);
  const { n, mean, halfWidth } = summarise(
    first.map((value, i) => second[i]! - value),
    confidence,
  );
  const clear = n >= 3 && Math.abs(mean) - halfWidth > relevant;
  const good = better === "higher" ? mean > 0 : mean < 0;
  return { n, mean, halfWidth, relevant, verdict: clear ? (good ? "better" : "worse") : "no evidence" };
}
