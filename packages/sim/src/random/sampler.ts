import type { Distribution, DistributionKind } from "./distribution.ts";
import { exp, log, pow } from "./portable-math.ts";
import { gammaQuantile, gammaUpper, logGamma, normalDistribution, normalQuantile } from "./special-function.ts";

const kinds: readonly DistributionKind[] = [
  "constant",
  "uniform",
  "triangular",
  "exponential",
  "lognormal",
  "gamma",
  "erlang",
  "weibull",
  "normal",
  "empirical",
  "geometric",
];

/** A distribution made ready: parameters as numbers, the quantile function as one switch. Immutable, no state. */
export interface Sampler {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly mean: number;
  /** Sorted values of `empirical`; low, high and the normal distribution function at them for `normal`. */
  readonly values: readonly number[];
}

/** Makes a distribution ready. Throws on parameters that `distributionFault` names. */
export function samplerOf(distribution: Distribution): Sampler {
  const fault = distributionFault(distribution);
  if (fault !== undefined) throw new Error(`${distribution.kind} distribution: ${fault}`);
  const mean = meanOf(distribution);
  const [a, b, c] = parametersOf(distribution);
  const spread = distribution.kind === "lognormal" || distribution.kind === "gamma" || distribution.kind === "normal" ? b : 1;
  if (distribution.kind === "gamma" && distribution.cv > 0 && distribution.cv < NARROW_CV)
    return samplerOf({ ...distribution, kind: "lognormal" });
  if (spread === 0) return { kind: 0, a: mean, b: 0, c: 0, mean, values: [] };
  return { kind: kinds.indexOf(distribution.kind), a, b, c, mean, values: valuesOf(distribution) };
}

/** Beyond it nearly every draw is 0 and the mean comes from what never happens. */
const WIDEST_CV = 1000;
/** Narrower gammas are drawn as lognormals of the same mean and cv: the two differ by some millionths of the mean. */
const NARROW_CV = 1e-3;
const MAX_MEAN = 1e10;

/** Why a distribution cannot be sampled, or undefined. */
export function distributionFault(d: Distribution): string | undefined {
  const fault = parameterFault(d);
  if (fault !== undefined) return fault;
  const mean = meanOf(d);
  return mean <= MAX_MEAN ? undefined : `its mean is ${Number.isFinite(mean) ? mean.toPrecision(3) : "endless"}, more than ${MAX_MEAN}`;
}

function parameterFault(d: Distribution): string | undefined {
  const finite = (...numbers: readonly unknown[]): boolean => numbers.every((n) => typeof n === "number" && Number.isFinite(n));
  switch (d.kind) {
    case "constant":
      return finite(d.value) && d.value >= 0 ? undefined : "value must be ≥ 0";
    case "uniform":
      return finite(d.low, d.high) && d.low >= 0 && d.high >= d.low ? undefined : "needs 0 ≤ low ≤ high";
    case "triangular":
      return finite(d.low, d.mode, d.high) && d.low >= 0 && d.mode >= d.low && d.high >= d.mode ? undefined : "needs 0 ≤ low ≤ mode ≤ high";
    case "exponential":
      return finite(d.mean) && d.mean > 0 ? undefined : "mean must be > 0";
    case "lognormal":
    case "gamma":
      return finite(d.mean, d.cv) && d.mean > 0 && d.cv >= 0 && d.cv <= WIDEST_CV ? undefined : `needs mean > 0 and 0 ≤ cv ≤ ${WIDEST_CV}`;
    case "erlang":
      return finite(d.mean, d.shape) && d.mean > 0 && Number.isInteger(d.shape) && d.shape > 0
        ? undefined
        : "needs mean > 0 and a whole shape ≥ 1";
    case "weibull":
      return finite(d.scale, d.shape) && d.scale > 0 && d.shape > 0 ? undefined : "needs scale > 0 and shape > 0";
    case "normal": {
      if (!finite(d.mean, d.sd) || d.sd < 0) return "needs a mean and sd ≥ 0";
      const low = d.low ?? 0;
      const high = d.high ?? Infinity;
      if (!(low >= 0 && high > low)) return "needs 0 ≤ low < high";
      const below = high === Infinity ? 1 : normalDistribution((high - d.mean) / d.sd);
      const inside = d.sd === 0 ? 1 : below - normalDistribution((low - d.mean) / d.sd);
      return inside > 1e-9 ? undefined : `nothing of it lies between ${low} and ${high}`;
    }
    case "geometric": {
      const step = d.step ?? 1;
      return finite(d.mean, step) && step > 0 && d.mean >= step ? undefined : "needs step > 0 and mean ≥ step";
    }
    case "empirical":
      return Array.isArray(d.values) && d.values.length > 0 && finite(...d.values) && d.values.every((v) => v >= 0)
        ? undefined
        : "needs values ≥ 0";
    default:
      return `kind is not one of ${kinds.join(", ")}`;
  }
}

/** Expected value. */
export function meanOf(d: Distribution): number {
  switch (d.kind) {
    case "constant":
      return d.value;
    case "uniform":
      return (d.low + d.high) / 2;
    case "triangular":
      return (d.low + d.mode + d.high) / 3;
    case "weibull":
      return d.scale * exp(logGamma(1 + 1 / d.shape));
    case "normal":
      return truncatedNormalMean(d.mean, d.sd, d.low ?? 0, d.high ?? Infinity);
    case "empirical":
      return empiricalMean(d.values, d.interpolate === true);
    default:
      return d.mean;
  }
}

/** Value below which a share `u` (in (0, 1)) lies: one uniform number gives one sample, increasing in it. */
export function quantile(sampler: Sampler, u: number): number {
  const { a, b, c } = sampler;
  switch (sampler.kind) {
    case 0:
      return a;
    case 1:
      return a + (b - a) * u;
    case 2: {
      const span = c - a;
      if (span === 0) return a;
      const cut = (b - a) / span;
      return u < cut ? a + Math.sqrt(u * span * (b - a)) : c - Math.sqrt((1 - u) * span * (c - b));
    }
    case 3:
      return -a * log(1 - u);
    case 4:
      return exp(a + b * normalQuantile(u));
    case 5:
    case 6:
      return b * gammaQuantile(a, u);
    case 7:
      return a * pow(-log(1 - u), 1 / b);
    case 8:
      return normalSample(sampler, u);
    case 10:
      return b === 0 ? a : a * Math.max(1, Math.ceil(log(1 - u) / b));
    default:
      return empiricalQuantile(sampler.values, u, a === 1);
  }
}

/** Share above `x`. */
export function survival(sampler: Sampler, x: number): number {
  const { a, b, c } = sampler;
  if (x <= 0) return sampler.kind === 0 && a === 0 && x === 0 ? 0 : 1;
  switch (sampler.kind) {
    case 0:
      return x < a ? 1 : 0;
    case 1:
      return x <= a ? 1 : x >= b ? 0 : (b - x) / (b - a);
    case 2:
      if (x <= a) return 1;
      if (x >= c) return 0;
      return x < b ? 1 - ((x - a) * (x - a)) / ((c - a) * (b - a)) : ((c - x) * (c - x)) / ((c - a) * (c - b));
    case 3:
      return exp(-x / a);
    case 4:
      return normalDistribution(-(log(x) - a) / b);
    case 5:
    case 6:
      return gammaUpper(a, x / b);
    case 7:
      return exp(-pow(x / a, b));
    case 8:
      return normalSurvival(sampler, x);
    case 10:
      return b === 0 ? (x < a ? 1 : 0) : exp(b * Math.floor(x / a));
    default:
      return sampler.values.filter((value) => value > x).length / sampler.values.length;
  }
}

/**
 * What remains after `elapsed`, given that it has lasted so long. 0 when the distribution says it should have ended:
 * then the distribution is wrong for this case and nothing better is known.
 */
export function residual(sampler: Sampler, elapsed: number, u: number): number {
  if (elapsed <= 0) return quantile(sampler, u);
  if (sampler.kind === 3) return quantile(sampler, u);
  const above = survival(sampler, elapsed);
  if (above < 1e-13) return 0;
  return Math.max(0, quantile(sampler, Math.min(1 - above * (1 - u), 1 - 2 ** -53)) - elapsed);
}

function parametersOf(d: Distribution): readonly [number, number, number] {
  switch (d.kind) {
    case "constant":
      return [d.value, 0, 0];
    case "uniform":
      return [d.low, d.high, 0];
    case "triangular":
      return [d.low, d.mode, d.high];
    case "exponential":
      return [d.mean, 0, 0];
    case "lognormal": {
      const variance = log(1 + d.cv * d.cv);
      return [log(d.mean) - variance / 2, Math.sqrt(variance), 0];
    }
    case "gamma":
      return [1 / (d.cv * d.cv), d.mean * d.cv * d.cv, 0];
    case "erlang":
      return [d.shape, d.mean / d.shape, 0];
    case "weibull":
      return [d.scale, d.shape, 0];
    case "normal":
      return [d.mean, d.sd, 0];
    case "geometric": {
      const step = d.step ?? 1;
      return [step, d.mean === step ? 0 : log(1 - step / d.mean), 0];
    }
    case "empirical":
      return [d.interpolate === true ? 1 : 0, 0, 0];
  }
}

function valuesOf(d: Distribution): readonly number[] {
  if (d.kind === "empirical") return d.values.toSorted((x, y) => x - y);
  if (d.kind !== "normal") return [];
  const low = d.low ?? 0;
  const high = d.high ?? Infinity;
  return [low, high, normalDistribution((low - d.mean) / d.sd), high === Infinity ? 1 : normalDistribution((high - d.mean) / d.sd)];
}

function normalSample(sampler: Sampler, u: number): number {
  const [low, high, below, upTo] = sampler.values as [number, number, number, number];
  const value = sampler.a + sampler.b * normalQuantile(below + u * (upTo - below));
  return value < low ? low : value > high ? high : value;
}

function normalSurvival(sampler: Sampler, x: number): number {
  const [low, high, below, upTo] = sampler.values as [number, number, number, number];
  if (x <= low) return 1;
  return x >= high ? 0 : (upTo - normalDistribution((x - sampler.a) / sampler.b)) / (upTo - below);
}

function truncatedNormalMean(mean: number, sd: number, low: number, high: number): number {
  if (sd === 0) return Math.min(high, Math.max(low, mean));
  const density = (z: number): number => (Number.isFinite(z) ? exp(-0.5 * z * z) * 0.3989422804014327 : 0);
  const alpha = (low - mean) / sd;
  const beta = (high - mean) / sd;
  return mean + (sd * (density(alpha) - density(beta))) / ((beta === Infinity ? 1 : normalDistribution(beta)) - normalDistribution(alpha));
}

function empiricalQuantile(values: readonly number[], u: number, interpolate: boolean): number {
  if (!interpolate) return values[Math.min(values.length - 1, Math.floor(u * values.length))]!;
  const at = u * (values.length - 1);
  const below = Math.floor(at);
  const low = values[below]!;
  return low + (at - below) * ((values[below + 1] ?? low) - low);
}

function empiricalMean(values: readonly number[], interpolate: boolean): number {
  const sorted = values.toSorted((x, y) => x - y);
  let sum = 0;
  for (const value of sorted) sum += value;
  if (!interpolate || sorted.length === 1) return sum / sorted.length;
  return (sum - (sorted[0]! + sorted.at(-1)!) / 2) / (sorted.length - 1);
}
