/** From this many bytes on a call of the engine's own comparison costs less than a loop. */
const WORTH_A_CALL = 4_096;

/** Whether each of the first `count` numbers is the one `period` places before it; a period of `count` always is. */
export function isPeriodic(column: Uint32Array | Uint8Array, count: number, period: number): boolean {
  const width = column.BYTES_PER_ELEMENT;
  if (count * width < WORTH_A_CALL) {
    for (let row = period; row < count; row++) if (column[row] !== column[row - period]) return false;
    return true;
  }
  const { buffer, byteOffset } = column;
  const rest = (count - period) * width;
  return Buffer.from(buffer, byteOffset, rest).equals(Buffer.from(buffer, byteOffset + period * width, rest));
}

export function isConstant(column: Uint8Array, count: number): boolean {
  return isPeriodic(column, count, 1);
}

/** Fewer turns are not worth it. */
const LEAST_TURNS = 8;

/** How many series report in turn, when they do for most of the rows: a poll names all of its signals each time. Undefined: they do not. */
export function turnOf(series: Uint32Array, count: number): number | undefined {
  const first = series[0]!;
  let turn = 1;
  // ascending, so that none comes twice in one turn
  while (turn < count && series[turn]! > series[turn - 1]!) turn++;
  if (turn * LEAST_TURNS > count || series[turn] !== first) return undefined;
  return isPeriodic(series, count, turn) ? turn : undefined;
}
