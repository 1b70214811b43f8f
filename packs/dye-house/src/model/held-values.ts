/** What is used of a trend: buckets of `width` µs from `from`, null where nothing was recorded. */
export interface Buckets {
  readonly from: number;
  readonly width: number;
  readonly mean: readonly (number | null)[];
  /** Buckets without a value in which it was recorded that there is none. */
  readonly bad?: readonly number[];
}

export interface HeldPoint {
  /** µs. */
  readonly x: number;
  readonly y: number | undefined;
}

/**
 * Points of a signal that is recorded when it changes: a value holds until the next one, until it is recorded that there is none, or until `to`. Empty
 * without any value.
 */
export function heldPoints({ from, width, mean, bad = [] }: Buckets, to: number): readonly HeldPoint[] {
  const ends = new Set(bad);
  const points: HeldPoint[] = [];
  mean.forEach((value, bucket) => {
    const x = from + bucket * width;
    if (value !== null) points.push({ x, y: value });
    else if (ends.has(bucket) && points.at(-1)?.y !== undefined) points.push({ x, y: undefined });
  });
  const last = points.at(-1);
  return last?.y === undefined || last.x >= to ? points : [...points, { x: to, y: last.y }];
}
