type Values = ArrayLike<number | null | undefined>;

/** Buckets around the pointer in which a single value is still meant. */
const NEAR = 4;

/**
 * Index of the value that is meant at `index`: its own; between two samples (`undefined`) the last one before, which holds until the next; in a gap (`null`)
 * one close by. Undefined where nothing is known.
 */
export function readAt(values: Values, index: number): number | undefined {
  const isKnown = (at: number): boolean => typeof values[at] === "number";
  if (isKnown(index)) return index;
  if (values[index] === undefined && index < values.length) {
    let before = index - 1;
    while (before >= 0 && values[before] === undefined) before -= 1;
    return isKnown(before) ? before : undefined;
  }
  for (let away = 1; away <= NEAR; away += 1) {
    if (isKnown(index - away)) return index - away;
    if (isKnown(index + away)) return index + away;
  }
  return undefined;
}
