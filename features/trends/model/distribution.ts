import { normalShareBelow } from "./normal.ts";

/** Bins that quantiles are read from and shown bins are put together of: their width is the error of a quantile. */
const FINE = 4_096;
const MOST_SHOWN = 64;
/** Mean of the moving range of two values over the standard deviation (SPC, d₂ of 2). */
const D2 = 1.128379167;

/** Sums over samples as they come, without keeping any: of what was sent, and of the time that each value held. */
export class Moments {
  n = 0;
  bad = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  knownS = 0;
  unknownS = 0;
  #mean = 0;
  #squares = 0;
  #timeMean = 0;
  #timeSquares = 0;
  #ranges = 0;
  #rangeCount = 0;
  #before = Number.NaN;

  /** A sample that was sent; NaN where nothing is known. */
  sample(value: number): void {
    if (Number.isNaN(value)) {
      this.bad++;
      this.#before = Number.NaN;
      return;
    }
    this.n++;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const from = value - this.#mean;
    this.#mean += from / this.n;
    this.#squares += from * (value - this.#mean);
    if (!Number.isNaN(this.#before)) {
      this.#ranges += Math.abs(value - this.#before);
      this.#rangeCount++;
    }
    this.#before = value;
  }

  /** A value, or NaN, held so long. */
  held(value: number, seconds: number): void {
    if (seconds <= 0) return;
    if (Number.isNaN(value)) {
      this.unknownS += seconds;
      return;
    }
    this.knownS += seconds;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const from = value - this.#timeMean;
    // the share first: of one value it is 1, and the mean that value exactly
    this.#timeMean += from * (seconds / this.knownS);
    this.#timeSquares += seconds * from * (value - this.#timeMean);
  }

  get mean(): number | undefined {
    return this.n > 0 ? this.#mean : undefined;
  }
  get sd(): number | undefined {
    return this.n > 1 ? Math.sqrt(Math.max(0, this.#squares) / (this.n - 1)) : undefined;
  }
  get timeMean(): number | undefined {
    return this.knownS > 0 ? this.#timeMean : undefined;
  }
  get timeSd(): number | undefined {
    return this.knownS > 0 ? Math.sqrt(Math.max(0, this.#timeSquares) / this.knownS) : undefined;
  }
  /** What neighbours differ by: the spread without slow changes. */
  get withinSd(): number | undefined {
    return this.#rangeCount > 0 ? this.#ranges / this.#rangeCount / D2 : undefined;
  }
}

/** How often, and how long, values were where. */
export class FineBins {
  readonly min: number;
  readonly max: number;
  readonly counts = new Float64Array(FINE);
  readonly seconds = new Float64Array(FINE);
  /** Samples beyond limits. */
  below = 0;
  above = 0;
  readonly #lower: number;
  readonly #upper: number;

  constructor(min: number, max: number, { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY }: Limits) {
    this.min = min;
    this.max = max;
    this.#lower = lower;
    this.#upper = upper;
  }

  sample(value: number): void {
    if (Number.isNaN(value)) return;
    const bin = this.#binOf(value);
    this.counts[bin] = this.counts[bin]! + 1;
    if (value < this.#lower) this.below++;
    if (value > this.#upper) this.above++;
  }

  held(value: number, seconds: number): void {
    if (seconds <= 0 || Number.isNaN(value)) return;
    const bin = this.#binOf(value);
    this.seconds[bin] = this.seconds[bin]! + seconds;
  }

  #binOf(value: number): number {
    const at = Math.floor(((value - this.min) / (this.max - this.min || 1)) * FINE);
    return Math.min(FINE - 1, Math.max(0, at));
  }
}

export interface Limits {
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
}

export interface Quantiles {
  readonly p5: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p95: number;
}

/** Of samples; undefined without any. */
export function quantilesOf(bins: FineBins): Quantiles | undefined {
  const total = bins.counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const at = (share: number): number => quantile(bins, share * total);
  return { p5: at(0.05), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95) };
}

function quantile({ counts, min, max }: FineBins, rank: number): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const own = counts[bin]!;
    if (own > 0 && sum + own >= rank) return min + ((bin + (rank - sum) / own) / counts.length) * (max - min);
    sum += own;
  }
  return max;
}

export interface ShownBins {
  readonly from: number;
  readonly width: number;
  readonly counts: number[];
  readonly seconds: number[];
}

/** Bins as wide as Freedman and Diaconis recommend, or so many. */
export function shownBins(bins: FineBins, asked?: number): ShownBins {
  const count = asked === undefined ? recommended(bins) : 2 ** Math.round(Math.log2(asked));
  const each = FINE / count;
  const sumOf = (values: Float64Array, bin: number): number => values.subarray(bin * each, (bin + 1) * each).reduce((a, b) => a + b, 0);
  const list = (values: Float64Array): number[] => Array.from({ length: count }, (_, bin) => sumOf(values, bin));
  return { from: bins.min, width: (bins.max - bins.min) / count, counts: list(bins.counts), seconds: list(bins.seconds) };
}

function recommended(bins: FineBins): number {
  const quantiles = quantilesOf(bins);
  if (quantiles === undefined || bins.max === bins.min) return 1;
  const n = bins.counts.reduce((sum, count) => sum + count, 0);
  const width = (2 * (quantiles.p75 - quantiles.p25)) / Math.cbrt(n);
  const count = width > 0 ? (bins.max - bins.min) / width : MOST_SHOWN;
  return 2 ** Math.round(Math.log2(Math.min(MOST_SHOWN, Math.max(4, count))));
}

export interface Capability {
  /** Of the spread between neighbours (Cp, Cpk), and of the whole spread (Pp, Ppk); one limit alone gives the second of each. */
  readonly cp?: number;
  readonly cpk?: number;
  readonly pp?: number;
  readonly ppk?: number;
  readonly below: number;
  readonly above: number;
  /** Shares that a normal distribution of this mean and spread has beyond the limits. */
  readonly expectedBelow?: number;
  readonly expectedAbove?: number;
}

/** What a process reaches within its limits (ISO 22514-2); undefined without limits or spread. */
export function capabilityOf(moments: Moments, bins: FineBins, { lower, upper }: Limits): Capability | undefined {
  const { mean, sd, withinSd } = moments;
  if ((lower === undefined && upper === undefined) || mean === undefined || sd === undefined) return undefined;
  const wide = (spread: number | undefined): number | undefined =>
    spread === undefined || spread === 0 || lower === undefined || upper === undefined ? undefined : (upper - lower) / (6 * spread);
  const near = (spread: number | undefined): number | undefined =>
    spread === undefined || spread === 0
      ? undefined
      : Math.min(
          upper === undefined ? Number.POSITIVE_INFINITY : (upper - mean) / (3 * spread),
          lower === undefined ? Number.POSITIVE_INFINITY : (mean - lower) / (3 * spread),
        );
  const known = (name: string, value: number | undefined): object => (value === undefined ? {} : { [name]: value });
  return {
    ...known("cp", wide(withinSd)),
    ...known("cpk", near(withinSd)),
    ...known("pp", wide(sd)),
    ...known("ppk", near(sd)),
    below: bins.below,
    above: bins.above,
    ...(sd > 0 && lower !== undefined && { expectedBelow: normalShareBelow((lower - mean) / sd) }),
    ...(sd > 0 && upper !== undefined && { expectedAbove: 1 - normalShareBelow((upper - mean) / sd) }),
  };
}
