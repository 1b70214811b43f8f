import { BLOCK_ROWS } from "./block.ts";
import type { Columns } from "./columns.ts";

const HOUR = 3_600_000_000;
const ROWS_TO_JUDGE = 16;
const FACTOR = 50;

export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts ascending rows into ranges of at most `most` rows that bridge no gap: history that is still being read and live values often lie days apart,
 * and a block over both would overlap everything that comes between.
 */
export function* cutRows({ times, count }: Columns, most: number = BLOCK_ROWS): Generator<RowRange> {
  let start = 0;
  if (count > 0 && times[count - 1]! - times[0]! <= HOUR) {
    // no gap can be as long
    for (; start < count; start += most) yield { start, end: Math.min(start + most, count) };
    return;
  }
  for (let row = 1; row < count; row++) {
    const rows = row - start;
    if (rows < most && !bridgesGap({ first: times[start]!, last: times[row - 1]!, count: rows }, times[row]!)) continue;
    yield { start, end: row };
    start = row;
  }
  if (count > start) yield { start, end: count };
}

/** Whether a time lies so far behind some rows that a block over both would bridge a gap. */
export function bridgesGap(
  { first, last, count }: { readonly first: number; readonly last: number; readonly count: number },
  next: number,
): boolean {
  const gap = next - last;
  return gap > HOUR && count >= ROWS_TO_JUDGE && gap > ((last - first) / count) * FACTOR;
}
