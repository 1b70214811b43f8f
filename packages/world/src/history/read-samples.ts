import { LIVE, type BranchId } from "../change.ts";
import type { Instant } from "../instant.ts";
import type { History } from "../ports/history.ts";
import type { RecordId } from "../record.ts";
import { codeOfOrigin, type Origin } from "../signals/origin.ts";
import { quality, type SampleBatch } from "../signals/sample.ts";

/** A signal to read and the index its rows get in the batch. */
export interface WantedSignal {
  readonly id: RecordId;
  readonly index: number;
  /** Of its rows that say nothing of theirs; default measured. */
  readonly origin?: Origin;
}

/** Rows one answer may hold; a larger window must be asked in pieces. */
export const WINDOW_ROWS_MAX = 2_000_000;

/**
 * Every stored sample of the signals with from ≤ time < to as one batch in order of time (ties by index), unless `withBefore` is
 * false with the last sample before `from` of each signal first, so that a fold starts complete.
 */
export async function readWindow(
  history: History,
  wanted: readonly WantedSignal[],
  from: Instant,
  to: Instant,
  branch: BranchId = LIVE,
  withBefore = true,
): Promise<SampleBatch> {
  const keys = wanted.map(({ id }) => ({ branch, signal: id }));
  const before = withBefore ? await history.at(keys, from - 1) : [];
  const columns = await Promise.all(keys.map((key) => history.raw(key, from, to, WINDOW_ROWS_MAX)));
  const count = columns.reduce((sum, column) => sum + column.times.length, 0) + before.filter((sample) => sample !== undefined).length;
  const rows = new RowBuilder(count);
  for (const [position, sample] of before.entries())
    if (sample) rows.add(wanted[position]!, sample.time, sample.value, sample.quality, codeOfOrigin(sample.origin), sample.text);
  for (const [position, column] of columns.entries()) {
    for (let i = 0; i < column.times.length; i++)
      rows.add(wanted[position]!, column.times[i]!, column.values[i]!, column.qualities[i]!, column.origins[i]!, column.texts.get(i));
  }
  return rows.inOrderOfTime();
}

/** The last sample at or before the instant of each signal that has one. */
export async function readAt(
  history: History,
  wanted: readonly WantedSignal[],
  instant: Instant,
  branch: BranchId = LIVE,
): Promise<SampleBatch> {
  const samples = await history.at(
    wanted.map(({ id }) => ({ branch, signal: id })),
    instant,
  );
  const rows = new RowBuilder(samples.length);
  for (const [position, sample] of samples.entries()) {
    if (sample) rows.add(wanted[position]!, sample.time, sample.value, sample.quality, codeOfOrigin(sample.origin), sample.text);
    else rows.add(wanted[position]!, instant, Number.NaN, quality.bad, 0, undefined);
  }
  return rows.inOrderOfTime();
}

/** From when on the samples of all these signals are whole; undefined: none of them was thinned. */
export async function thinnedBefore(history: History, signals: readonly RecordId[]): Promise<Instant | undefined> {
  const times = (await history.thinnedBefore?.(signals.map((signal) => ({ branch: LIVE, signal })))) ?? [];
  const latest = Math.max(...times.map((time) => time ?? Number.NEGATIVE_INFINITY));
  return latest === Number.NEGATIVE_INFINITY ? undefined : latest;
}

/** Fills columns row by row without an object per sample. */
class RowBuilder {
  readonly #signals: Uint32Array;
  readonly #values: Float64Array;
  readonly #qualities: Uint8Array;
  readonly #origins: Uint8Array;
  readonly #times: Float64Array;
  readonly #texts = new Map<number, string>();
  #count = 0;

  constructor(capacity: number) {
    this.#signals = new Uint32Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#qualities = new Uint8Array(capacity);
    this.#origins = new Uint8Array(capacity);
    this.#times = new Float64Array(capacity);
  }

  // oxlint-disable-next-line max-params -- columns, without an object a sample
  add(signal: WantedSignal, time: Instant, value: number, sampleQuality: number, origin: number, text: string | undefined): void {
    const row = this.#count++;
    this.#signals[row] = signal.index;
    this.#origins[row] = origin === 0 ? codeOfOrigin(signal.origin ?? "measured") : origin;
    this.#times[row] = time;
    this.#values[row] = value;
    this.#qualities[row] = sampleQuality;
    if (text !== undefined) this.#texts.set(row, text);
  }

  inOrderOfTime(): SampleBatch {
    const count = this.#count;
    const order = Uint32Array.from({ length: count }, (_, row) => row);
    order.sort((a, b) => this.#times[a]! - this.#times[b]! || a - b);
    const signals = new Uint32Array(count);
    const values = new Float64Array(count);
    const qualities = new Uint8Array(count);
    const origins = new Uint8Array(count);
    const sourceTimes = new Float64Array(count);
    const texts = new Map<number, string>();
    for (let at = 0; at < count; at++) {
      const row = order[at]!;
      signals[at] = this.#signals[row]!;
      values[at] = this.#values[row]!;
      qualities[at] = this.#qualities[row]!;
      origins[at] = this.#origins[row]!;
      sourceTimes[at] = this.#times[row]!;
      const text = this.#texts.get(row);
      if (text !== undefined) texts.set(at, text);
    }
    return { origin: "measured", origins, count, signals, values, qualities, sourceTimes, serverTimes: sourceTimes, texts };
  }
}
