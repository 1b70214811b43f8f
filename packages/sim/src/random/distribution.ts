/**
 * A distribution of a non-negative quantity, as plain data. The unit is that of the field which holds it (seconds unless said).
 * Every kind is sampled by inversion from exactly one uniform number, so common random numbers stay synchronised.
 */
export type Distribution =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "triangular"; readonly low: number; readonly mode: number; readonly high: number }
  | { readonly kind: "exponential"; readonly mean: number }
  /** `mean` and coefficient of variation of the quantity itself, not of its logarithm. */
  | { readonly kind: "lognormal"; readonly mean: number; readonly cv: number }
  | { readonly kind: "gamma"; readonly mean: number; readonly cv: number }
  | { readonly kind: "erlang"; readonly mean: number; readonly shape: number }
  | { readonly kind: "weibull"; readonly scale: number; readonly shape: number }
  /** Normal of `mean` and `sd` before truncation to [low, high]; low is 0 and high is infinite when absent. */
  | { readonly kind: "normal"; readonly mean: number; readonly sd: number; readonly low?: number; readonly high?: number }
  /** Whole steps until the first success of probability 1/mean: 1, 2, 3 … times `step` (1 when absent). */
  | { readonly kind: "geometric"; readonly mean: number; readonly step?: number }
  /** Each value equally likely; `interpolate` draws from the piecewise linear distribution through the sorted values instead. */
  | { readonly kind: "empirical"; readonly values: readonly number[]; readonly interpolate?: boolean };

export type DistributionKind = Distribution["kind"];
