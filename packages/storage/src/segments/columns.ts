import type { Instant } from "@doppelwerk/world";

/** Rows of one series as this room keeps them. `texts` is absent when no row has one. Only the first `count` entries count. */
export interface Columns {
  readonly count: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** Grades: quality in the lower two bits, the code of the origin above. */
  readonly qualities: Uint8Array;
  readonly serverTimes: Float64Array;
  readonly texts: readonly (string | undefined)[] | undefined;
}

export type NumberColumns = Pick<Columns, "times" | "values" | "qualities" | "serverTimes">;

/** Room for so many rows. */
export function numberColumns(rows: number): NumberColumns {
  return {
    times: new Float64Array(rows),
    values: new Float64Array(rows),
    qualities: new Uint8Array(rows),
    serverTimes: new Float64Array(rows),
  };
}

export const BAD = 2;

/** The bits of a grade that are its quality. */
export const QUALITY = 3;

/** A bad sample or one without a number is no value and holds none. */
export function isKnown(value: number, grade: number): boolean {
  return (grade & QUALITY) !== BAD && !Number.isNaN(value);
}

export function emptyColumns(): Columns {
  return {
    count: 0,
    times: new Float64Array(0),
    values: new Float64Array(0),
    qualities: new Uint8Array(0),
    serverTimes: new Float64Array(0),
    texts: undefined,
  };
}

/** Rows [from, to) without copying numbers. */
export function sliceColumns(columns: Columns, from: number, to: number): Columns {
  if (from === 0 && to === columns.count && columns.times.length === columns.count) return columns;
  return {
    count: to - from,
    times: columns.times.subarray(from, to),
    values: columns.values.subarray(from, to),
    qualities: columns.qualities.subarray(from, to),
    serverTimes: columns.serverTimes.subarray(from, to),
    texts: columns.texts?.slice(from, to),
  };
}

/** First row with a time ≥ `time`, `count` when there is none. Rows ascend. */
export function firstRowAtOrAfter(columns: Columns, time: Instant): number {
  const { times } = columns;
  let low = 0;
  let high = columns.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All rows in ascending time, equal times in the given order, the same sample once. The parts may overlap and be unsorted. */
export function mergeColumns(parts: readonly Columns[]): Columns {
  if (parts.length === 1 && isStrictlyAscending(parts[0]!)) return sliceColumns(parts[0]!, 0, parts[0]!.count);
  const joined = concatenate(parts);
  if (isStrictlyAscending(joined)) return joined;
  return withoutDuplicates(joined, ascendingOrder(joined));
}

function concatenate(parts: readonly Columns[]): Columns {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const joined = {
    count,
    times: new Float64Array(count),
    values: new Float64Array(count),
    qualities: new Uint8Array(count),
    serverTimes: new Float64Array(count),
  };
  let texts: (string | undefined)[] | undefined;
  let at = 0;
  for (const part of parts) {
    joined.times.set(part.times.subarray(0, part.count), at);
    joined.values.set(part.values.subarray(0, part.count), at);
    joined.qualities.set(part.qualities.subarray(0, part.count), at);
    joined.serverTimes.set(part.serverTimes.subarray(0, part.count), at);
    if (part.texts !== undefined) {
      texts ??= Array.from({ length: count });
      for (let row = 0; row < part.count; row++) texts[at + row] = part.texts[row];
    }
    at += part.count;
  }
  return { ...joined, texts };
}

function isStrictlyAscending({ times, count }: Columns): boolean {
  for (let row = 1; row < count; row++) if (!(times[row]! > times[row - 1]!)) return false;
  return true;
}

/** Stable order by time: a natural merge sort, because what comes late comes in long ascending runs. */
function ascendingOrder({ times, count }: Columns): Uint32Array {
  let order = Uint32Array.from({ length: count }, (_, row) => row);
  let runs: number[] = [0];
  for (let row = 1; row < count; row++) if (times[row]! < times[row - 1]!) runs.push(row);
  let spare = new Uint32Array(count);
  while (runs.length > 1) {
    const next: number[] = [];
    for (let run = 0; run < runs.length; run += 2) {
      const [start, middle, end] = [runs[run]!, runs[run + 1] ?? count, runs[run + 2] ?? count];
      mergeRuns(times, order, spare, start, middle, end);
      next.push(start);
    }
    [order, spare] = [spare, order];
    runs = next;
  }
  return order;
}

function mergeRuns(times: Float64Array, from: Uint32Array, into: Uint32Array, start: number, middle: number, end: number): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takeLeft = left < middle && (right >= end || times[from[left]!]! <= times[from[right]!]!);
    into[at] = takeLeft ? from[left++]! : from[right++]!;
  }
}

function withoutDuplicates(columns: Columns, order: Uint32Array): Columns {
  const { times, values, texts } = columns;
  let kept = 0;
  for (const row of order) {
    let known = false;
    for (let before = kept - 1; before >= 0 && times[order[before]!] === times[row] && !known; before--) {
      known = Object.is(values[order[before]!], values[row]) && texts?.[order[before]!] === texts?.[row];
    }
    if (!known) order[kept++] = row;
  }
  return pick(columns, order, kept);
}

function pick(columns: Columns, order: Uint32Array, count: number): Columns {
  const picked = {
    count,
    times: new Float64Array(count),
    values: new Float64Array(count),
    qualities: new Uint8Array(count),
    serverTimes: new Float64Array(count),
    texts: columns.texts === undefined ? undefined : Array.from({ length: count }, (_, row) => columns.texts![order[row]!]),
  };
  for (let row = 0; row < count; row++) {
    const from = order[row]!;
    picked.times[row] = columns.times[from]!;
    picked.values[row] = columns.values[from]!;
    picked.qualities[row] = columns.qualities[from]!;
    picked.serverTimes[row] = columns.serverTimes[from]!;
  }
  return picked;
}
