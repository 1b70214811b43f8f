import type { Buckets, Instant } from "@doppelwerk/world";
import type { BlockSummary } from "./block.ts";
import { BAD, firstRowAtOrAfter, isKnown, type Columns } from "./columns.ts";
import type { SeriesReader } from "./series-reader.ts";

/**
 * Buckets of one series. A value holds until the next sample, also over bucket borders; nothing is known before the first sample or while a bad one
 * holds, and that time weighs nothing. Blocks that lie inside one bucket are taken from the index, undecoded.
 */
export function fillBuckets(reader: SeriesReader, from: Instant, to: Instant, count: number): Buckets {
  const width = Math.max(1, Math.floor((to - from) / count));
  const filling = new Filling(from, width, count);
  filling.begin(reader.lastAt(from - 1));
  for (const stretch of reader.stretches(from, filling.end)) {
    const bucket = filling.bucketOf(stretch.first);
    const inOne = stretch.first >= from && stretch.last < filling.end && bucket === filling.bucketOf(stretch.last);
    const summary = inOne ? stretch.summary() : undefined;
    if (summary !== undefined) filling.block(bucket, summary);
    else filling.rows(stretch.rows());
  }
  return filling.finish();
}

class Filling {
  readonly end: Instant;
  readonly #buckets: Buckets;
  readonly #weighted: Float64Array;
  readonly #known: Float64Array;
  readonly #count: number;
  /** The sample that holds, and since when; undefined while nothing is known. */
  #value: number | undefined;
  #since = 0;

  constructor(from: Instant, width: Instant, count: number) {
    this.end = from + width * count;
    this.#count = count;
    const empty = (): Float64Array => new Float64Array(count).fill(Number.NaN);
    this.#buckets = {
      from,
      width,
      min: empty(),
      max: empty(),
      mean: empty(),
      last: empty(),
      count: new Uint32Array(count),
      worstQuality: new Uint8Array(count).fill(BAD),
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
  }

  rows(rows: Columns): void {
    const { times, values, qualities } = rows;
    const buckets = this.#buckets;
    const last = firstRowAtOrAfter(rows, this.end);
    for (let row = firstRowAtOrAfter(rows, buckets.from); row < last; row++) {
      const time = times[row]!;
      const value = values[row]!;
      const quality = qualities[row]!;
      this.#hold(time);
      const bucket = this.bucketOf(time);
      this.#count1(bucket, 1, quality);
      const known = isKnown(value, quality);
      if (known) this.#extend(bucket, value, value, value);
      this.#value = known ? value : undefined;
      this.#since = time;
    }
  }

  block(bucket: number, summary: BlockSummary): void {
    this.#hold(summary.first);
    this.#weighted[bucket]! += summary.integral;
    this.#known[bucket]! += summary.known;
    this.#count1(bucket, summary.count, summary.worstQuality);
    if (!Number.isNaN(summary.lastKnown)) this.#extend(bucket, summary.min, summary.max, summary.lastKnown);
    this.#value = isKnown(summary.lastValue, summary.lastQuality) ? summary.lastValue : undefined;
    this.#since = summary.last;
  }

  finish(): Buckets {
    this.#hold(this.end);
    const { count, mean, last } = this.#buckets;
    for (let bucket = 0; bucket < this.#count; bucket++) {
      if (count[bucket] === 0) continue;
      mean[bucket] = this.#known[bucket]! > 0 ? this.#weighted[bucket]! / this.#known[bucket]! : last[bucket]!;
    }
    return this.#buckets;
  }

  #count1(bucket: number, count: number, quality: number): void {
    const { worstQuality } = this.#buckets;
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
    if (value === undefined || until <= this.#since) return;
    const { from, width } = this.#buckets;
    let at = this.#since;
    for (let bucket = this.bucketOf(at); at < until && bucket < this.#count; bucket++) {
      const end = Math.min(until, from + (bucket + 1) * width);
      this.#weighted[bucket]! += value * (end - at);
      this.#known[bucket]! += end - at;
      at = end;
    }
  }
}
