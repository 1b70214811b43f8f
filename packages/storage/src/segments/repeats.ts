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
