import { HeldValues, StateFold, type Buckets, type Instant, type StateDurations } from "@doppelwerk/world";
import type { BlockSummary } from "./block.ts";
import { BAD, firstRowAtOrAfter, isKnown, QUALITY, type Columns } from "./columns.ts";
import type { SeriesReader } from "./series-reader.ts";

/**
 * Buckets of one series. A value holds until the next sample, also over bucket borders; nothing is known before the first sample or while a bad one
 * holds, and that time weighs nothing. Blocks that lie inside one bucket are taken from the index, undecoded.
 */
export function fillBuckets(reader: SeriesReader, from: Instant, to: Instant, count: number, percentiles: readonly number[]): Buckets {
  const width = Math.max(1, Math.floor((to - from) / count));
  const filling = new Filling(from, width, count, percentiles);
  filling.begin(reader.lastAt(from - 1));
  for (const stretch of reader.stretches(from, filling.end)) {
    const bucket = filling.bucketOf(stretch.first);
    const inOne = stretch.first >= from && stretch.last < filling.end && bucket === filling.bucketOf(stretch.last);
    const summary = inOne ? stretch.summary() : undefined;
    if (summary !== undefined && (percentiles.length === 0 || isConstant(summary))) filling.block(bucket, summary);
    // of blocks shorter than a bucket one in many is read, and the next look reads others
    else filling.rows(stretch.last - stretch.first < width ? stretch.passing() : stretch.rows());
  }
  return filling.finish();
}

/** How long each state held. Blocks in which the value never changes are taken from the index, undecoded. */
export function fillDurations(reader: SeriesReader, from: Instant, to: Instant, count: number): StateDurations {
  const fold = new StateFold(from, to, count);
  fold.begin(reader.lastAt(from - 1));
  for (const stretch of reader.stretches(from, fold.end)) {
    const summary = stretch.first >= from && stretch.last < fold.end ? stretch.summary() : undefined;
    if (summary !== undefined && isConstant(summary)) {
      fold.take(summary.first, summary.min, 0, undefined);
      continue;
    }
    const rows = stretch.rows();
    const { times, values, qualities, texts } = rows;
    const last = firstRowAtOrAfter(rows, fold.end);
    for (let row = firstRowAtOrAfter(rows, from); row < last; row++)
      fold.take(times[row]!, values[row]!, qualities[row]! & QUALITY, texts?.[row]);
  }
  return fold.finish();
}

/** Every sample of the block says the same number, none is bad or missing. */
function isConstant({ hasTexts, min, max, known, first, last, lastValue, lastQuality }: BlockSummary): boolean {
  return !hasTexts && min === max && known === last - first && isKnown(lastValue, lastQuality);
}

export class Filling {
  readonly end: Instant;
  readonly #buckets: Buckets;
  readonly #weighted: Float64Array;
  readonly #known: Float64Array;
  readonly #count: number;
  readonly #percents: readonly number[];
  readonly #percentiles: readonly Float64Array[];
  /** Of the bucket that is being filled. */
  readonly #heldValues = new HeldValues();
  #filled = 0;
  /** 1 while the hold of a sample of the period was not yet counted. */
  #said = 0;
  /** The sample that holds, and since when; undefined while nothing is known. */
  #value: number | undefined;
  #since = 0;

  constructor(from: Instant, width: Instant, count: number, percentiles: readonly number[]) {
    this.#percents = percentiles;
    this.end = from + width * count;
    this.#count = count;
    const empty = (): Float64Array => new Float64Array(count).fill(Number.NaN);
    this.#percentiles = percentiles.map(empty);
    this.#buckets = {
      from,
      width,
      min: empty(),
      max: empty(),
      mean: empty(),
      last: empty(),
      count: new Uint32Array(count),
      worstQuality: new Uint8Array(count).fill(BAD),
      origins: new Uint8Array(count),
    };
    this.#weighted = new Float64Array(count);
    this.#known = new Float64Array(count);
  }

  bucketOf(time: Instant): number {
    return Math.floor((time - this.#buckets.from) / this.#buckets.width);
  }

  begin(sample: { readonly value: number; readonly quality: number } | undefined): void {
    this.#value = sample !== undefined && isKnown(sample.value, sample.quality) ? sample.value : undefined;
    this.#since = this.#buckets.from;
    this.#said = 0;
  }

  rows(rows: Columns): void {
    const last = firstRowAtOrAfter(rows, this.end);
    for (let row = firstRowAtOrAfter(rows, this.#buckets.from); row < last;) {
      const time = rows.times[row]!;
      this.#hold(time);
      this.#since = time;
      row = this.#rowsOf(this.bucketOf(time), rows, row, last);
    }
  }

  /** Takes rows up to the first one behind the bucket; returns its index. Everything is summed up in variables: this is done for each row of a zoom. */
  #rowsOf(bucket: number, { times, values, qualities }: Columns, first: number, last: number): number {
    const buckets = this.#buckets;
    const end = buckets.from + (bucket + 1) * buckets.width;
    const keeps = this.#percents.length > 0;
    let [weighted, knownFor, since] = [this.#weighted[bucket]!, this.#known[bucket]!, this.#since];
    // what held before the first row is counted
    let [value, said] = [Number.NaN, 0];
    let [least, most, lastKnown] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    let [worst, origins] = [0, 0];
    let row = first;
    for (; row < last && times[row]! < end; row++) {
      const time = times[row]!;
      if (!Number.isNaN(value)) {
        weighted += value * (time - since);
        knownFor += time - since;
        if (keeps) this.#keep(bucket, value, time - since, said);
      }
      since = time;
      value = values[row]!;
      const quality = qualities[row]!;
      if ((quality & QUALITY) > worst) worst = quality & QUALITY;
      origins |= 1 << (quality >> 2);
      if (!isKnown(value, quality)) {
        value = Number.NaN;
        continue;
      }
      said = 1;
      if (value < least) least = value;
      if (value > most) most = value;
      lastKnown = value;
    }
    this.#weighted[bucket] = weighted;
    this.#known[bucket] = knownFor;
    this.#count1(bucket, row - first, worst, origins);
    if (!Number.isNaN(lastKnown)) this.#extend(bucket, least, most, lastKnown);
    this.#value = Number.isNaN(value) ? undefined : value;
    this.#said = this.#value === undefined ? 0 : 1;
    this.#since = since;
    return row;
  }

  block(bucket: number, summary: BlockSummary): void {
    this.#hold(summary.first);
    if (this.#percents.length > 0 && summary.count > 1) this.#keep(bucket, summary.min, summary.known, summary.count - 1);
    this.#weighted[bucket]! += summary.integral;
    this.#known[bucket]! += summary.known;
    this.#count1(bucket, summary.count, summary.worstQuality, summary.origins);
    if (!Number.isNaN(summary.lastKnown)) this.#extend(bucket, summary.min, summary.max, summary.lastKnown);
    this.#value = isKnown(summary.lastValue, summary.lastQuality) ? summary.lastValue : undefined;
    this.#since = summary.last;
    this.#said = this.#value === undefined ? 0 : 1;
  }

  finish(): Buckets {
    this.#hold(this.end);
    this.#takeFilled();
    const { count, mean, last } = this.#buckets;
    for (let bucket = 0; bucket < this.#count; bucket++) {
      if (count[bucket] === 0) continue;
      mean[bucket] = this.#known[bucket]! > 0 ? this.#weighted[bucket]! / this.#known[bucket]! : last[bucket]!;
    }
    return this.#percents.length === 0 ? this.#buckets : { ...this.#buckets, percentiles: this.#percentiles };
  }

  #keep(bucket: number, value: number, held: Instant, samples: number): void {
    if (bucket !== this.#filled) this.#takeFilled();
    this.#filled = bucket;
    this.#heldValues.add(value, held, samples);
  }

  /** An empty bucket has no percentiles, even where a value holds on. */
  #takeFilled(): void {
    if (this.#buckets.count[this.#filled] === 0) this.#heldValues.clear();
    else this.#heldValues.take(this.#percents, this.#percentiles, this.#filled);
  }

  #count1(bucket: number, count: number, quality: number, origins: number): void {
    const { worstQuality } = this.#buckets;
    this.#buckets.origins[bucket]! |= origins;
    if (this.#buckets.count[bucket] === 0 || quality > worstQuality[bucket]!) worstQuality[bucket] = quality;
    this.#buckets.count[bucket]! += count;
  }

  #extend(bucket: number, least: number, most: number, lastValue: number): void {
    const { min, max, last } = this.#buckets;
    if (!(min[bucket]! <= least)) min[bucket] = least;
    if (!(max[bucket]! >= most)) max[bucket] = most;
    last[bucket] = lastValue;
  }

  /** Spreads the value that holds from `#since` to `until` over the buckets between. */
  #hold(until: Instant): void {
    const value = this.#value;
    if (value === undefined) return;
    const { from, width } = this.#buckets;
    let at = this.#since;
    for (let bucket = this.bucketOf(at); (at < until || this.#said > 0) && bucket < this.#count; bucket++) {
      const end = Math.min(until, from + (bucket + 1) * width);
      this.#weighted[bucket]! += value * (end - at);
      this.#known[bucket]! += end - at;
      if (this.#percents.length > 0) this.#keep(bucket, value, end - at, this.#said);
      this.#said = 0;
      at = end;
    }
  }
}
