import type { Distribution } from "./distribution.ts";
import { exp, log, pow } from "./portable-math.ts";
import { gammaLower, logGamma, normalDistribution } from "./special-function.ts";

/** A distribution fitted by maximum likelihood, with Akaike's criterion and the Kolmogorov–Smirnov distance to the data. */
export interface Candidate {
  readonly distribution: Distribution;
  readonly aic: number;
  readonly ks: number;
}

/** Lognormal, gamma and normal for positive durations, best first. Needs at least 5 values with spread; else no candidate. */
export function durationCandidates(values: readonly number[]): readonly Candidate[] {
  const data = values.filter((value) => value > 0);
  if (data.length < 5) return [];
  const n = data.length;
  const mean = data.reduce((sum, value) => sum + value, 0) / n;
  const variance = data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  if (!(variance > 1e-12 * mean * mean)) return [];
  const sorted = Float64Array.from(data).sort();
  const candidates = [lognormal(data, sorted), gamma(data, sorted, mean), normal(data, sorted, mean, variance)];
  return candidates.sort((a, b) => a.aic - b.aic);
}

function lognormal(data: readonly number[], sorted: Float64Array): Candidate {
  const n = data.length;
  const logs = data.map(log);
  const mu = logs.reduce((sum, value) => sum + value, 0) / n;
  const sigma2 = logs.reduce((sum, value) => sum + (value - mu) ** 2, 0) / n;
  const sigma = Math.sqrt(sigma2);
  const likelihood = -logs.reduce((sum, value) => sum + value, 0) - (n / 2) * (log(2 * Math.PI * sigma2) + 1);
  return {
    distribution: { kind: "lognormal", mean: exp(mu + sigma2 / 2), cv: Math.sqrt(exp(sigma2) - 1) },
    aic: 4 - 2 * likelihood,
    ks: kolmogorovDistance(sorted, (x) => normalDistribution((log(x) - mu) / sigma)),
  };
}

/** Shape by Newton on ln k − ψ(k) (Minka 2002), started at Thom's approximation. */
function gamma(data: readonly number[], sorted: Float64Array, mean: number): Candidate {
  const n = data.length;
  const s = log(mean) - data.reduce((sum, value) => sum + log(value), 0) / n;
  let shape = (3 - s + Math.sqrt((s - 3) ** 2 + 24 * s)) / (12 * s);
  for (let step = 0; step < 20; step++) {
    const next = shape - (log(shape) - digamma(shape) - s) / (1 / shape - trigamma(shape));
    if (!(next > 0) || Math.abs(next - shape) < 1e-10 * shape) break;
    shape = next;
  }
  const scale = mean / shape;
  const likelihood = data.reduce((sum, x) => sum + (shape - 1) * log(x) - x / scale, 0) - n * (shape * log(scale) + logGamma(shape));
  return {
    distribution: { kind: "gamma", mean, cv: 1 / Math.sqrt(shape) },
    aic: 4 - 2 * likelihood,
    ks: kolmogorovDistance(sorted, (x) => gammaLower(shape, x / scale)),
  };
}

function normal(data: readonly number[], sorted: Float64Array, mean: number, variance: number): Candidate {
  const sd = Math.sqrt(variance);
  return {
    distribution: { kind: "normal", mean, sd },
    aic: 4 + data.length * (log(2 * Math.PI * variance) + 1),
    ks: kolmogorovDistance(sorted, (x) => normalDistribution((x - mean) / sd)),
  };
}

/**
 * Exponential and Weibull for times to failure with right-censored times, best first. `events` uncensored; at least 3 for a Weibull,
 * at least 1 for the exponential.
 */
export function lifetimeCandidates(events: readonly number[], censored: readonly number[]): readonly Candidate[] {
  const failures = events.filter((value) => value > 0);
  if (failures.length === 0) return [];
  const exposure = [...failures, ...censored].reduce((sum, value) => sum + value, 0);
  const d = failures.length;
  const mean = exposure / d;
  const sorted = Float64Array.from(failures).sort();
  const exponential: Candidate = {
    distribution: { kind: "exponential", mean },
    aic: 2 - 2 * (-d * log(mean) - d),
    ks: kolmogorovDistance(sorted, (x) => 1 - exp(-x / mean)),
  };
  const weibull = d >= 3 ? fitWeibull(failures, censored, sorted) : undefined;
  return weibull && weibull.aic < exponential.aic ? [weibull, exponential] : weibull ? [exponential, weibull] : [exponential];
}

/** Shape by bisection on the profile likelihood equation (Lawless 2003, §5.2). */
function fitWeibull(failures: readonly number[], censored: readonly number[], sorted: Float64Array): Candidate | undefined {
  const all = [...failures, ...censored.filter((value) => value > 0)];
  const d = failures.length;
  const meanLog = failures.reduce((sum, value) => sum + log(value), 0) / d;
  const largest = Math.max(...all);
  const equation = (shape: number) => {
    let weight = 0;
    let weighted = 0;
    for (const value of all) {
      const w = pow(value / largest, shape);
      weight += w;
      weighted += w * log(value);
    }
    return weighted / weight - 1 / shape - meanLog;
  };
  let low = 0.05;
  let high = 20;
  if (!(equation(low) < 0 && equation(high) > 0)) return undefined;
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (equation(middle) < 0) low = middle;
    else high = middle;
  }
  const shape = (low + high) / 2;
  const scale = largest * pow(all.reduce((sum, value) => sum + pow(value / largest, shape), 0) / d, 1 / shape);
  const likelihood = d * (log(shape) - shape * log(scale)) + (shape - 1) * d * meanLog - d;
  return {
    distribution: { kind: "weibull", scale, shape },
    aic: 4 - 2 * likelihood,
    ks: kolmogorovDistance(sorted, (x) => 1 - exp(-pow(x / scale, shape))),
  };
}

/**
 * Greatest distance between the empirical and a continuous distribution function. Between two places of a rising function the distance is bounded by
 * their values, so most of a long sample is never evaluated.
 */
export function kolmogorovDistance(sorted: Float64Array, distribution: (x: number) => number): number {
  const n = sorted.length;
  let distance = 0;
  const valueAt = (i: number): number => {
    const p = distribution(sorted[i]!);
    distance = Math.max(distance, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
    return p;
  };
  const search = (from: number, low: number, to: number, high: number): void => {
    if (to - from < 2 || Math.max(high - (from + 1) / n, to / n - low) <= distance) return;
    const middle = (from + to) >> 1;
    const p = valueAt(middle);
    search(from, low, middle, p);
    search(middle, p, to, high);
  };
  if (n > 0) search(0, valueAt(0), n - 1, valueAt(n - 1));
  return distance;
}

/** ψ(x), x > 0: recurrence to x ≥ 8, then the asymptotic series (Abramowitz & Stegun 6.3.18). */
function digamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 8) shift -= 1 / z++;
  const r = 1 / (z * z);
  return shift + log(z) - 0.5 / z - r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r / 240)));
}

/** ψ′(x), x > 0 (Abramowitz & Stegun 6.4.12). */
function trigamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 8) {
    shift += 1 / (z * z);
    z++;
  }
  const r = 1 / (z * z);
  return shift + 1 / z + r / 2 + (r / z) * (1 / 6 - r * (1 / 30 - r * (1 / 42 - r / 30)));
}

/** Kolmogorov–Smirnov distance × √n above which no family fits and the data themselves are used (1 % level, parameters estimated). */
const KS_REFUSED = 1.035;
const ENOUGH = 100;

/** Whether the best family does not describe so many values (F1). */
export function isRefused(best: Candidate, n: number): boolean {
  return best.ks * Math.sqrt(n) > KS_REFUSED && n >= ENOUGH;
}

/** What observed durations are drawn from: the family of the least AIC, or the values themselves where none fits or they are too few or all alike. */
export function fittedDuration(values: readonly number[]): Distribution {
  const [best] = durationCandidates(values);
  // a family of positive times would say nothing of those that took none
  if (best === undefined || values.some((value) => value <= 0) || isRefused(best, values.length))
    return { kind: "empirical", values: [...values], interpolate: values.length >= ENOUGH };
  return best.distribution;
}
