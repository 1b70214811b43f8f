import { DAY, type Instant } from "@doppelwerk/world";
import { signedQuantity, type StockLine } from "./stock.ts";

export const REACH_SPAN: Instant = 90 * DAY;
/** With less than this nothing is said of the future. */
export const MIN_WITHDRAWALS = 5;
export const MIN_DAYS = 14;

/** When the stock is used up: as likely before as after `days`; 80 % of outcomes lie from `low` to `high`. */
export interface Reach {
  readonly days: number;
  readonly low: number;
  readonly high: number;
}

export interface Use {
  /** Taken and not given back, over the days that are known. */
  readonly quantity: number;
  readonly withdrawals: number;
  readonly days: number;
}

/** What was used in the last 90 days before the instant, or since the first movement. */
export function useBefore(lines: readonly StockLine[], at: Instant): Use {
  const first = lines[0]?.fact.at;
  if (first === undefined) return { quantity: 0, withdrawals: 0, days: 0 };
  const from = Math.max(first, at - REACH_SPAN);
  const own = lines.filter(({ fact }) => fact.at >= from && fact.at <= at && (fact.kind === "taken" || fact.kind === "returned"));
  const quantity = own.reduce((sum, { fact }) => sum - signedQuantity(fact), 0);
  const taken = own.filter(({ fact }) => fact.kind === "taken").length;
  const returned = own.length - taken;
  return { quantity: Math.max(0, quantity), withdrawals: Math.max(0, taken - returned), days: (at - from) / DAY };
}

/**
 * Withdrawals are taken to come independently at a rate that only their number says: `k` of them in `T` days. The time until `n` more have come is then
 * distributed as T·n/k·F(2n, 2k), which holds the uncertainty of the rate and that of chance. Undefined where too little is known.
 */
export function reachOf(available: number, { quantity, withdrawals, days }: Use): Reach | undefined {
  if (withdrawals < MIN_WITHDRAWALS || days < MIN_DAYS || quantity <= 0) return undefined;
  if (available <= 0) return { days: 0, low: 0, high: 0 };
  const more = Math.max(1, Math.ceil(available / (quantity / withdrawals)));
  const at = (share: number): number => timeUntil(share, more, withdrawals, days);
  return { days: at(0.5), low: at(0.1), high: at(0.9) };
}

/** The time t with P(used up by t) = share: I_p(n, k) at p = t ÷ (t + T), which grows with p. */
function timeUntil(share: number, n: number, k: number, days: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(middle, n, k) < share) low = middle;
    else high = middle;
  }
  return (days * low) / (1 - low);
}

/** Regularised incomplete beta function by its continued fraction (Abramowitz & Stegun 26.5.8). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < 10_000; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d);
      c = 1 + term / c;
      value *= c * d;
    }
    if (Math.abs(c * d - 1) < 1e-12) break;
  }
  return front * value;
}

const LANCZOS = [
  76.18009172947146, -86.50532032941678, 24.01409824083091, -1.231739572450155, 0.001208650973866179, -0.000005395239384953,
] as const;

function logGamma(x: number): number {
  const base = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  const series = LANCZOS.reduce((sum, coefficient, at) => sum + coefficient / (x + 1 + at), 1.000000000190015);
  return Math.log((2.5066282746310007 * series) / x) - base;
}
