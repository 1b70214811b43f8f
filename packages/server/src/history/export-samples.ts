import { LIVE } from "@doppelwerk/world";
import type { Buckets, History, Instant, Quality, SampleColumns, SeriesKey, SignalRecord } from "@doppelwerk/world";

/** Rows of one signal, ascending; what an export writes at a time. */
export interface SampleRows extends SampleColumns {
  readonly signal: SignalRecord;
}

const ROWS_AT_A_TIME = 50_000;

/** Every stored sample with from ≤ time < to, signal by signal, a bounded number at a time. */
export async function* samplesOf(
  history: History,
  signals: readonly SignalRecord[],
  from: Instant,
  to: Instant,
  most: number = ROWS_AT_A_TIME,
): AsyncGenerator<SampleRows> {
  for (const signal of signals) {
    const key: SeriesKey = { branch: LIVE, signal: signal.id };
    for (let start = from; start < to;) {
      const rows = await history.raw(key, start, to, most);
      const isLast = rows.times.length < most;
      // Several samples may share the last instant, and some of them may not have come along: they come with the next stretch.
      const end = isLast ? rows.times.length : firstOfLastInstant(rows.times);
      if (!isLast && end === 0) {
        // One instant alone is more than that: it is read whole.
        start = rows.times[0]! + 1;
        yield { signal, ...(await history.raw(key, rows.times[0]!, start)) };
        continue;
      }
      if (end > 0) yield { signal, ...firstRows(rows, end) };
      if (isLast) break;
      start = rows.times[end]!;
    }
  }
}

function firstOfLastInstant(times: Float64Array): number {
  let at = times.length - 1;
  while (at > 0 && times[at - 1] === times[times.length - 1]) at--;
  return at;
}

function firstRows({ times, values, qualities, texts }: SampleColumns, count: number): SampleColumns {
  return {
    times: times.subarray(0, count),
    values: values.subarray(0, count),
    qualities: qualities.subarray(0, count),
    texts: new Map([...texts].filter(([row]) => row < count)),
  };
}

export type Aggregate = "mean" | "last" | "min" | "max";

/** One row a step, one column a signal; NaN where nothing is known. */
export interface AlignedRows {
  readonly times: Float64Array;
  readonly columns: readonly Float64Array[];
}

const STEPS_AT_A_TIME = 5_000;

/** Signals side by side on one grid of steps that begins at `from`: each step's time-weighted mean, last, lowest or highest value. */
export async function* alignedRows(
  history: History,
  signals: readonly SignalRecord[],
  from: Instant,
  to: Instant,
  step: Instant,
  aggregate: Aggregate,
): AsyncGenerator<AlignedRows> {
  for (let start = from; start < to; start += step * STEPS_AT_A_TIME) {
    const count = Math.min(STEPS_AT_A_TIME, Math.ceil((to - start) / step));
    const columns = await Promise.all(
      signals.map(async ({ id }) =>
        held(await history.buckets({ branch: LIVE, signal: id }, start, start + step * count, count), aggregate),
      ),
    );
    yield { times: Float64Array.from({ length: count }, (_, i) => start + i * step), columns };
  }
}

function held(buckets: Buckets, aggregate: Aggregate): Float64Array {
  return buckets[aggregate];
}

export const qualityNames: Readonly<Record<Quality, string>> = { 0: "good", 1: "uncertain", 2: "bad" };
