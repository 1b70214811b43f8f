export type Range = readonly [low: number, high: number];

export function rangeOf(values: readonly number[]): Range {
  return [Math.min(...values), Math.max(...values)];
}

export function widened([low, high]: Range, room: number): Range {
  return [low - room, high + room];
}

/** The values at shares of a range: 0 is its low end, 1 its high end. */
export function valuesAt([low, high]: Range, shares: readonly number[]): readonly number[] {
  return shares.map((share) => low + share * (high - low));
}

/** Maps the values of a range onto pixels: its low end onto `from`, its high end onto `to`. */
export function linearScale([low, high]: Range, [from, to]: readonly [from: number, to: number]): (value: number) => number {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}
