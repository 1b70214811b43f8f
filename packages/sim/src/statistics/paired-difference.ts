import { summarise } from "./summary.ts";

/** P5: the only three verdicts. */
export type Verdict = "better" | "worse" | "no evidence";

/** Difference second − first on common random numbers: value i of both comes from the same replication. */
export interface PairedDifference {
  readonly n: number;
  readonly mean: number;
  /** Of the confidence interval of the mean difference. */
  readonly halfWidth: number;
  readonly verdict: Verdict;
}

/** `better` says which direction is good. No evidence when the interval holds zero, or when there are fewer than three pairs. */
export function pairedDifference(
  first: readonly number[],
  second: readonly number[],
  better: "higher" | "lower",
  confidence = 0.95,
): PairedDifference {
  if (first.length !== second.length) throw new Error(`paired values differ in number: ${first.length} and ${second.length}`);
  const { n, mean, halfWidth } = summarise(
    first.map((value, i) => second[i]! - value),
    confidence,
  );
  const clear = n >= 3 && Math.abs(mean) > halfWidth;
  const good = better === "higher" ? mean > 0 : mean < 0;
  return { n, mean, halfWidth, verdict: clear ? (good ? "better" : "worse") : "no evidence" };
}
