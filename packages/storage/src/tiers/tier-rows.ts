import { codeOfMask, quality, type Instant, type SampleColumns } from "@doppelwerk/world";

/** What stays of the samples of one bucket of a tier: [time, time + width). */
export interface TierRow {
  readonly time: Instant;
  readonly min: number;
  readonly max: number;
  /** Weighted by time over `known`; NaN when nothing was known. */
  readonly mean: number;
  /** Microseconds of the bucket in which a value held, the one that came in from before included. */
  readonly known: number;
  /** Value of the last known sample. */
  readonly last: number;
  /** The value holds on at the end of the bucket. */
  readonly holds: boolean;
  readonly count: number;
  readonly worstQuality: number;
  /** Code of the least certain origin of its samples. */
  readonly origin: number;
}

/** The value that holds before the first row, undefined when nothing is known. */
export type Held = number | undefined;

/** Rows of the buckets that have samples, ascending. Every bucket is given whole: samples of one bucket are never split over two calls. */
export function* tierRowsOf({ times, values, qualities, origins }: SampleColumns, width: Instant, before: Held): Generator<TierRow> {
  let held = before;
  for (let row = 0; row < times.length;) {
    const start = Math.floor(times[row]! / width) * width;
    const end = start + width;
    let [since, integral, known, count, worst, mask] = [start, 0, 0, 0, 0, 0];
    let [min, max, last] = [Number.NaN, Number.NaN, Number.NaN];
    const hold = (until: Instant): void => {
      if (held !== undefined) [integral, known] = [integral + held * (until - since), known + until - since];
      since = until;
    };
    for (; row < times.length && times[row]! < end; row++) {
      hold(times[row]!);
      const value = values[row]!;
      const own = qualities[row]!;
      count++;
      worst = Math.max(worst, own);
      mask |= 1 << origins[row]!;
      held = own === quality.bad || Number.isNaN(value) ? undefined : value;
      if (held === undefined) continue;
      if (!(min <= value)) min = value;
      if (!(max >= value)) max = value;
      last = value;
    }
    hold(end);
    const mean = known > 0 ? integral / known : last;
    yield { time: start, min, max, mean, known, last, holds: held !== undefined, count, worstQuality: worst, origin: codeOfMask(mask) };
  }
}
