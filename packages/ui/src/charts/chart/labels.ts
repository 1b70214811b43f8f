/** Pixels of a letter of Inter at the 12 px of charts, rounded up, so that what is placed by it never overlaps. */
const [NARROW, USUAL, WIDE] = [4, 7.9, 12.2];
const GAP = 8;
const LINE = 14;

export interface PlacedLabel {
  /** Of its middle. */
  readonly x: number;
  readonly text: string;
}

export function textWidth(text: string): number {
  return [...text].reduce(
    (sum, letter) => sum + (/[\s.,:;'|!il\u202f]/.test(letter) ? NARROW : letter > "\u2e7f" || /[MWmw%]/.test(letter) ? WIDE : USUAL),
    0,
  );
}

/** Every label, or every second, every third …, so that none overlaps another and none leaves 0 to `width`. */
export function placeLabels(labels: readonly { readonly at: number; readonly text: string }[], width: number): readonly PlacedLabel[] {
  for (let every = 1; every < labels.length; every += 1) {
    const placed = labels.filter((_, index) => index % every === 0).map((label) => inside(label, width));
    const isFree = placed.every(
      ({ x, text }, index) => index === 0 || x - textWidth(text) / 2 >= placed[index - 1]!.x + textWidth(placed[index - 1]!.text) / 2 + GAP,
    );
    if (isFree) return placed;
  }
  return labels.slice(0, 1).map((label) => inside(label, width));
}

function inside({ at, text }: { readonly at: number; readonly text: string }, width: number): PlacedLabel {
  const shown = fitted(text, width);
  const half = textWidth(shown) / 2;
  return { x: Math.max(half, Math.min(width - half, at)), text: shown };
}

function fitted(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let end = text.length;
  while (end > 1 && textWidth(text.slice(0, end)) + WIDE > width) end -= 1;
  return `${text.slice(0, end)}…`;
}

/** Heights of lines of text moved apart, in the same order, within `top` to `bottom` where they fit. */
export function apart(heights: readonly number[], top: number, bottom: number): readonly number[] {
  const order = heights.map((_, index) => index).toSorted((a, b) => heights[a]! - heights[b]!);
  const moved = [...heights];
  order.forEach((index, rank) => {
    const least = rank === 0 ? top : moved[order[rank - 1]!]! + LINE;
    moved[index] = Math.max(least, heights[index]!);
  });
  order.toReversed().forEach((index, rank) => {
    const most = rank === 0 ? bottom : moved[order.at(-rank)!]! - LINE;
    moved[index] = Math.min(most, moved[index]!);
  });
  return moved;
}
