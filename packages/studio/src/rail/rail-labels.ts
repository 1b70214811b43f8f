/** Name and verdict of a lane, and where they would stand: under its own line, else before its fork. */
export interface LaneLabel {
  readonly row: number;
  readonly name: string;
  readonly verdict: string;
  /** Left edges in the order of preference. */
  readonly lefts: (width: number) => readonly number[];
}

export interface PlacedLabel {
  readonly left: number;
  readonly name: string;
  readonly verdict: string;
}

export interface LabelRoom {
  readonly from: number;
  readonly to: number;
  readonly nameWidth: (name: string) => number;
  readonly verdictWidth: (verdict: string) => number;
  readonly cut: (name: string, room: number) => string;
}

const GAP = 10;
/** A name that would be cut to less says nothing. */
const LEAST = 48;

/**
 * Where the names of lanes stand, so that none is over another: the first ones find their place first; a later one on the same row stands elsewhere, leaves out its
 * verdict, is cut, and at last is left out. The pointer and the table say all of it.
 */
export function placeLabels(labels: readonly LaneLabel[], room: LabelRoom): readonly (PlacedLabel | undefined)[] {
  const taken = new Map<number, { readonly left: number; readonly right: number }[]>();
  return labels.map((label) => {
    const boxes = taken.get(label.row) ?? [];
    const placed = placeLabel(label, boxes, room);
    if (placed === undefined) return undefined;
    const width = room.nameWidth(placed.name) + (placed.verdict === "" ? 0 : room.verdictWidth(placed.verdict));
    taken.set(label.row, [...boxes, { left: placed.left - GAP, right: placed.left + width + GAP }]);
    return placed;
  });
}

type Box = { readonly left: number; readonly right: number };

function placeLabel({ name, verdict, lefts }: LaneLabel, boxes: readonly Box[], room: LabelRoom): PlacedLabel | undefined {
  const isFree = (left: number, width: number): boolean => boxes.every((box) => left + width <= box.left || left >= box.right);
  for (const told of verdict === "" ? [""] : [verdict, ""]) {
    const width = room.nameWidth(name) + (told === "" ? 0 : room.verdictWidth(told));
    const left = lefts(width).find((each) => isFree(each, width));
    if (left !== undefined) return { left, name, verdict: told };
  }
  return freeGaps(boxes, room)
    .filter(({ left, right }) => right - left >= LEAST)
    .map(({ left, right }) => {
      const shown = room.cut(name, right - left);
      const width = room.nameWidth(shown);
      return { left: Math.max(left, Math.min(lefts(width)[0] ?? left, right - width)), name: shown, verdict: "" };
    })
    .toSorted((a, b) => room.nameWidth(b.name) - room.nameWidth(a.name) || distance(lefts, a.left) - distance(lefts, b.left))[0];
}

function distance(lefts: LaneLabel["lefts"], left: number): number {
  return Math.min(...lefts(0).map((each) => Math.abs(each - left)));
}

/** What of a row is between the labels that stand there. */
function freeGaps(boxes: readonly Box[], { from, to }: LabelRoom): readonly Box[] {
  const sorted = boxes.toSorted((a, b) => a.left - b.left);
  return [...sorted, { left: to, right: to }].map((box, at) => ({ left: at === 0 ? from : sorted[at - 1]!.right, right: box.left }));
}
