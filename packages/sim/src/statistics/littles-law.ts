const MICROSECONDS = 1_000_000;

/** Over a whole run, warm-up included: the integral of what was inside, and the sum of the times that each was inside, both in seconds. */
export interface LittlesLaw {
  readonly integralS: number;
  readonly sojournS: number;
  readonly holds: boolean;
}

/**
 * L = λW as an identity of one run (Little 1961; Stidham 1974): two sums of microseconds that were counted apart, by numbers inside and by
 * items, must be the same. Whole numbers below 2^53 are; above, to the last digit of a double.
 */
export function littlesLawOf(integral: number, sojourn: number): LittlesLaw {
  return {
    integralS: integral / MICROSECONDS,
    sojournS: sojourn / MICROSECONDS,
    holds: Math.abs(integral - sojourn) <= 1e-12 * Math.max(Math.abs(integral), 1),
  };
}

/** Of several runs: whether it held in all, and by how much of the integral it was missed at most. */
export function littlesLawOfAll(laws: readonly LittlesLaw[]): { readonly holds: boolean; readonly largestRelativeError: number } {
  return {
    holds: laws.every(({ holds }) => holds),
    largestRelativeError: Math.max(
      0,
      ...laws.map(({ integralS, sojournS }) => Math.abs(integralS - sojournS) / Math.max(Math.abs(integralS), 1e-6)),
    ),
  };
}
