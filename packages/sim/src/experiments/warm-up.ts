import { mser5 } from "../statistics/mser.ts";
import type { Outcome } from "./replication.ts";

/** Replications that only find the warm-up. */
export const PILOT_REPLICATIONS = 5;

/** P3: seconds of a study's beginning that are left out, from pilot replications by MSER-5 on the mean output a step. */
export function warmUpSecondsOf(pilots: readonly Pick<Outcome, "output">[]): number {
  const { stepS, cumulative } = pilots[0]!.output;
  const perStep = cumulative.map(
    (_, step) =>
      pilots.reduce((sum, { output }) => sum + output.cumulative[step]! - (step === 0 ? 0 : output.cumulative[step - 1]!), 0) /
      pilots.length,
  );
  // Breaks and nights would drown the start-up: only steps in which the line produced count.
  const producing = perStep.map((value, step) => ({ value, step })).filter(({ value }) => value > 0);
  const cut = mser5(producing.map(({ value }) => value));
  return ((producing[cut]?.step ?? 0) + 1) * stepS;
}
