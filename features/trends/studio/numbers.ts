/** A column as it travels, null where nothing is known, as numbers with NaN. */
export function numbersOf(column: readonly (number | null)[]): Float64Array {
  const numbers = new Float64Array(column.length);
  for (let at = 0; at < column.length; at++) numbers[at] = column[at] ?? Number.NaN;
  return numbers;
}

/** Middles of buckets, moved by so much. */
export function middlesOf(from: number, width: number, count: number, moved = 0): Float64Array {
  const middles = new Float64Array(count);
  for (let at = 0; at < count; at++) middles[at] = from + (at + 0.5) * width - moved;
  return middles;
}
