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
    const gap = times[row]! - times[row - 1]!;
    const bridges = gap > HOUR && rows >= ROWS_TO_JUDGE && gap > ((times[row - 1]! - times[start]!) / rows) * FACTOR;
    if (rows < most && !bridges) continue;
    yield { start, end: row };
    start = row;
  }
  if (count > start) yield { start, end: count };
}
