interface Box {
  readonly left: number;
  readonly right: number;
}

/** Between two labels, and how far beside its tick a label may end. */
const [GAP, BESIDE] = [8, 12];

/**
 * Left edges of the labels of ticks in their order, right of each tick; undefined where there is no room. One that a pill would cover moves to the left of the pill, as
 * long as it still stands at its tick.
 */
export function tickLabels(
  ticks: readonly { readonly x: number; readonly width: number }[],
  pills: readonly Box[],
  width: number,
): readonly (number | undefined)[] {
  let before = Number.NEGATIVE_INFINITY;
  return ticks.map((tick) => {
    if (tick.x < -60 || tick.x + 4 + tick.width > width - 2) return undefined;
    const isFree = (left: number): boolean => pills.every((box) => left + tick.width + 3 <= box.left || left - 1 >= box.right);
    const moved = pills.map((box) => box.left - tick.width - 3).filter((left) => left <= tick.x && left + tick.width >= tick.x - BESIDE);
    const left = [tick.x + 1, ...moved].find(isFree);
    if (left === undefined || left < before + GAP) return undefined;
    before = left + tick.width;
    return left;
  });
}
