import {
  codeOfOrigin,
  LIVE,
  MINUTE,
  quality as qualities,
  type BranchId,
  type History,
  type Instant,
  type SampleBatch,
  type SampleColumns,
} from "@doppelwerk/world";
import type { WantedSignal } from "@doppelwerk/world";

/** Rows of one piece: few enough that reading them holds nobody up, enough that a worker has something to do. */
const ROWS_WANTED = 20_000;
const SPAN_FIRST: Instant = 10 * MINUTE;
const SPAN_MIN: Instant = MINUTE;
const SPAN_MAX: Instant = 12 * 60 * MINUTE;
/** Rows, and signals however few they have, that are read without letting others in. */
const ROWS_AT_ONCE = 2_000;
const SIGNALS_AT_ONCE = 8;

export interface PastPiece {
  /** Up to here, this excluded. */
  readonly to: Instant;
  /** One signal after the other; whoever folds it brings it into order. */
  readonly batch: SampleBatch;
}

/** Samples of [from, to) in pieces of like size, with the last sample before `from` of each signal in the first one. Others are answered in between. */
export async function* readPast(
  history: History,
  wanted: readonly WantedSignal[],
  from: Instant,
  to: Instant,
  branch: BranchId = LIVE,
): AsyncGenerator<PastPiece> {
  let span = SPAN_FIRST;
  /** Of each signal in the piece before. */
  let rows: readonly number[] = [];
  for (let start = from; start < to;) {
    const end = Math.min(start + span, to);
    const columns: SampleColumns[] = [];
    for (let at = 0; at < wanted.length;) {
      const part = wanted.slice(at, at + signalsAtOnce(rows, at)).map(({ id }) => ({ branch, signal: id }));
      const before = start === from ? await history.at(part, from - 1) : [];
      const read = await Promise.all(part.map((key) => history.raw(key, start, end)));
      columns.push(...read.map((column, i) => withBefore(column, before[i])));
      at += part.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    rows = columns.map(({ times }) => times.length);
    const batch = joined(wanted, columns);
    yield { to: end, batch };
    start = end;
    const factor = ROWS_WANTED / Math.max(1, batch.count);
    span = Math.min(SPAN_MAX, Math.max(SPAN_MIN, Math.floor(span * Math.min(2, Math.max(0.25, factor)))));
  }
}

/** How many signals from this one on are read together, by what they had in the piece before. */
function signalsAtOnce(rows: readonly number[], from: number): number {
  let signals = 1;
  let sum = rows[from] ?? 0;
  while (signals < SIGNALS_AT_ONCE && (sum += rows[from + signals] ?? 0) <= ROWS_AT_ONCE) signals++;
  return signals;
}

/** The buffers of a batch, to be handed over without a copy. */
export function transferable({ signals, values, qualities: grades, origins, sourceTimes }: SampleBatch): ArrayBuffer[] {
  return [signals, values, grades, sourceTimes, ...(origins ? [origins] : [])].map(({ buffer }) => buffer as ArrayBuffer);
}

function withBefore(column: SampleColumns, before: Awaited<ReturnType<History["at"]>>[number]): SampleColumns {
  if (before === undefined) return column;
  const texts = new Map([...column.texts].map(([row, text]) => [row + 1, text]));
  if (before.text !== undefined) texts.set(0, before.text);
  return {
    times: Float64Array.from([before.time, ...column.times]),
    values: Float64Array.from([before.value, ...column.values]),
    qualities: Uint8Array.from([before.quality, ...column.qualities]),
    origins: Uint8Array.from([codeOfOrigin(before.origin), ...column.origins]),
    texts,
  };
}

function joined(wanted: readonly WantedSignal[], columns: readonly SampleColumns[]): SampleBatch {
  const count = columns.reduce((sum, { times }) => sum + times.length, 0);
  const signals = new Uint32Array(count);
  const values = new Float64Array(count);
  const grades = new Uint8Array(count).fill(qualities.bad);
  const origins = new Uint8Array(count);
  const sourceTimes = new Float64Array(count);
  const texts = new Map<number, string>();
  let at = 0;
  for (const [position, column] of columns.entries()) {
    const own = codeOfOrigin(wanted[position]!.origin ?? "measured");
    signals.fill(position, at, at + column.times.length);
    values.set(column.values, at);
    grades.set(column.qualities, at);
    sourceTimes.set(column.times, at);
    for (let row = 0; row < column.times.length; row++) origins[at + row] = column.origins[row] || own;
    for (const [row, text] of column.texts) texts.set(at + row, text);
    at += column.times.length;
  }
  return { origin: "measured", origins, count, signals, values, qualities: grades, sourceTimes, serverTimes: sourceTimes, texts };
}

/** When the first sample of these signals was recorded; undefined where there is none. */
export async function firstRecorded(history: History, signals: readonly WantedSignal[]): Promise<Instant | undefined> {
  const extents = await Promise.all(signals.map(({ id }) => history.extent({ branch: LIVE, signal: id })));
  const firsts = extents.flatMap((extent) => (extent ? [extent.first] : []));
  return firsts.length === 0 ? undefined : Math.min(...firsts);
}

/**
 * How many samples of these signals are recorded, where all of them are from `begin` on; undefined where some are before it: of a part of a series nobody
 * knows the number without reading it.
 */
export async function recordedRows(history: History, signals: readonly WantedSignal[], begin: Instant): Promise<number | undefined> {
  let rows = 0;
  for (const extent of await Promise.all(signals.map(({ id }) => history.extent({ branch: LIVE, signal: id })))) {
    if (extent === undefined) continue;
    if (extent.first < begin) return undefined;
    rows += extent.count;
  }
  return rows;
}

/**
 * The share of a span that is folded, 0 to 1: by samples where their number is known, because the last hours of an archive can hold as many of them as weeks
 * before; else by time.
 */
export function foldedShare(
  { begin, end, rows }: { readonly begin: Instant; readonly end: Instant; readonly rows: number | undefined },
  folded: { readonly to: Instant; readonly rows: number },
): number {
  const share = rows === undefined || rows === 0 ? (folded.to - begin) / (end - begin) : folded.rows / rows;
  return Math.min(1, share);
}
