import { LIVE, quality } from "@doppelwerk/world";
import type { History, Instant, Origin, Quality, SampleColumns, SeriesKey, SignalRecord } from "@doppelwerk/world";

/** Rows of one signal, ascending; what an export writes at a time. */
export interface SampleRows extends SampleColumns {
  readonly signal: SignalRecord;
  /** Of rows that say nothing of theirs. */
  readonly origin: Origin;
}

const ROWS_AT_A_TIME = 50_000;

/** Every stored sample with from ≤ time < to, signal by signal, a bounded number at a time. */
export async function* samplesOf(
  history: History,
  signals: readonly SignalRecord[],
  from: Instant,
  to: Instant,
  originOf: (signal: SignalRecord) => Origin = () => "measured",
  most: number = ROWS_AT_A_TIME,
): AsyncGenerator<SampleRows> {
  for (const signal of signals) {
    const key: SeriesKey = { branch: LIVE, signal: signal.id };
    const named = { signal, origin: originOf(signal) };
    for (let start = from; start < to;) {
      const rows = await history.raw(key, start, to, most);
      const isLast = rows.times.length < most;
      // Several samples may share the last instant, and some of them may not have come along: they come with the next stretch.
      const end = isLast ? rows.times.length : firstOfLastInstant(rows.times);
      if (!isLast && end === 0) {
        // One instant alone is more than that: it is read whole.
        start = rows.times[0]! + 1;
        yield { ...named, ...(await history.raw(key, rows.times[0]!, start)) };
        continue;
      }
      if (end > 0) yield { ...named, ...firstRows(rows, end) };
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

function firstRows({ times, values, qualities, origins, texts }: SampleColumns, count: number): SampleColumns {
  return {
    times: times.subarray(0, count),
    values: values.subarray(0, count),
    qualities: qualities.subarray(0, count),
    origins: origins.subarray(0, count),
    texts: new Map([...texts].filter(([row]) => row < count)),
  };
}

export type Aggregate = "mean" | "last" | "min" | "max";

/** What one signal was in each step: numbers, NaN where nothing is known, or the words of a state. */
export type AlignedColumn = Float64Array | readonly (string | undefined)[];

/** One row a step, one column a signal. */
export interface AlignedRows {
  readonly times: Float64Array;
  readonly columns: readonly AlignedColumn[];
}

const STEPS_AT_A_TIME = 5_000;

/** Texts and enumerations have no mean. */
export function isState({ valueType }: SignalRecord): boolean {
  return valueType === "string" || valueType === "enumeration";
}

/**
 * Signals side by side on one grid of steps that begins at `from`: each step's time-weighted mean, last, lowest or highest value; of a state the one that
 * held at the end of the step.
 */
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
    const columns: AlignedColumn[] = [];
    for (const signal of signals)
      columns.push(
        isState(signal)
          ? await statesOf(history, signal, start, step, count)
          : (await history.buckets({ branch: LIVE, signal: signal.id }, start, start + step * count, count))[aggregate],
      );
    yield { times: Float64Array.from({ length: count }, (_, i) => start + i * step), columns };
  }
}

/** A state holds until the next sample; a bad one says that it is unknown. */
async function statesOf(
  history: History,
  signal: SignalRecord,
  start: Instant,
  step: Instant,
  count: number,
): Promise<readonly (string | undefined)[]> {
  const states = Array.from({ length: count }, (): string | undefined => undefined);
  const [before] = await history.at([{ branch: LIVE, signal: signal.id }], start - 1);
  let held = before === undefined || before.value === undefined ? undefined : String(before.value);
  let filled = 0;
  const holdUntil = (end: number): void => {
    while (filled < end) states[filled++] = held;
  };
  for await (const { times, values, qualities, texts } of samplesOf(history, [signal], start, start + step * count))
    for (let row = 0; row < times.length; row++) {
      holdUntil(Math.floor((times[row]! - start) / step));
      const known = qualities[row] !== quality.bad;
      held = known ? (texts.get(row) ?? (Number.isNaN(values[row]!) ? undefined : String(values[row]))) : undefined;
    }
  holdUntil(count);
  return states;
}

export const qualityNames: Readonly<Record<Quality, string>> = { 0: "good", 1: "uncertain", 2: "bad" };
