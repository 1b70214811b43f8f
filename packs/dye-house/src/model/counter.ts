/** A meter as it is read: its last value and what it has counted since the batch began. Plain JSON. */
export interface Counter {
  last: number | undefined;
  sum: number;
}

/**
 * Takes a reading of a totaliser of `bits`. A step back is a roll-over where the meter was in the last quarter of its range, else somebody has set it to
 * zero: then what it shows is what it has counted. Never counts backwards (P10).
 */
export function count(counter: Counter, value: number, bits: number): void {
  const { last } = counter;
  counter.last = value;
  if (last === undefined) return;
  const range = 2 ** bits;
  if (value >= last) counter.sum += value - last;
  else counter.sum += last > range * 0.75 ? value + range - last : value;
}
