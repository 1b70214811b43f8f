import type { KpiEstimate } from "@doppelwerk/client";
import type { Translate } from "../language/catalogues.ts";

/** `relevant` is the smallest difference that matters. */
export interface JudgedDifference {
  readonly mean: number;
  readonly halfWidth: number;
  readonly relevant?: number;
  readonly verdict: KpiEstimate["verdict"];
}

/**
 * What the interval beside it says (P5). Better and worse: all of it lies beyond the smallest difference that matters. Otherwise: all of it lies within;
 * it leaves out zero but not all that is too small; or it holds zero.
 */
export function shownVerdict({
  mean,
  halfWidth,
  relevant = 0,
  verdict,
}: JudgedDifference): KpiEstimate["verdict"] | "tooSmall" | "maybeTooSmall" {
  if (verdict !== "no evidence") return verdict;
  if (Math.abs(mean) + halfWidth < relevant) return "tooSmall";
  return Math.abs(mean) > halfWidth && relevant > 0 ? "maybeTooSmall" : "no evidence";
}

/** The same in words: every screen that tells a verdict tells this. */
export function verdictText(judged: JudgedDifference, t: Translate): string {
  return t(`verdict.${shownVerdict(judged)}`);
}
