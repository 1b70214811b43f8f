import type { Instant } from "../instant.ts";

/** Columns that rows are put in order by: time, then slot. */
export interface OrderedColumns {
  readonly time: ArrayLike<Instant>;
  readonly slot: ArrayLike<number>;
}

/**
 * The rows 0 … count − 1 in order of time, then of slot, then as they came. Rows come as a few ascending runs, one a signal: merging them costs
 * rows × log2(runs) comparisons.
 */
export function orderOfRows(columns: OrderedColumns, count: number): Uint32Array {
  let from = new Uint32Array(count);
  let starts: number[] = [0];
  for (let row = 0; row < count; row++) {
    from[row] = row;
    if (row > 0 && isBefore(columns, row, row - 1)) starts.push(row);
  }
  let into = starts.length > 1 ? new Uint32Array(count) : from;
  while (starts.length > 1) {
    const merged: number[] = [];
    for (let run = 0; run < starts.length; run += 2) {
      const begin = starts[run]!;
      merged.push(begin);
      mergeRuns(columns, { from, into, begin, middle: starts[run + 1] ?? count, end: starts[run + 2] ?? count });
    }
    [from, into] = [into, from];
    starts = merged;
  }
  return from;
}

interface Runs {
  readonly from: Uint32Array;
  readonly into: Uint32Array;
  readonly begin: number;
  readonly middle: number;
  readonly end: number;
}

/** Merges [begin, middle) and [middle, end); of equal rows those of the first run come first. */
function mergeRuns(columns: OrderedColumns, { from, into, begin, middle, end }: Runs): void {
  let left = begin;
  let right = middle;
  for (let at = begin; at < end; at++) {
    const takesLeft = left < middle && (right >= end || !isBefore(columns, from[right]!, from[left]!));
    into[at] = from[takesLeft ? left++ : right++]!;
  }
}

function isBefore({ time, slot }: OrderedColumns, a: number, b: number): boolean {
  const [at, other] = [time[a]!, time[b]!];
  return at < other || (at === other && slot[a]! < slot[b]!);
}
