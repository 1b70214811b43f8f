import type { Rectangle } from "./map-shapes.ts";
import { isWithin, overlaps } from "./map-shapes.ts";

/** What a label has to stand in, all in the units of the plan. */
export interface LabelRoom {
  readonly id: string;
  /** The outline that it names. */
  readonly outline: Rectangle;
  readonly width: number;
  readonly height: number;
}

/** Spots tried along an edge of an outline. */
const STEPS = 12;

/**
 * Where the label of each outline stands: in the first free spot along its upper edge, else along its lower one, else anywhere within. It is inside of its own
 * outline, which it does not cover, and covers no machine and no other label; it crosses the outline of another only where there is no other spot. One
 * that finds no room is left out.
 * @param inset between an outline and its label
 */
export function labelSpots(labels: readonly LabelRoom[], parts: readonly Rectangle[], inset: number): ReadonlyMap<string, Rectangle> {
  const spots = new Map<string, Rectangle>();
  for (const { id, outline, width, height } of labels) {
    const room = {
      x: outline.x + inset,
      y: outline.y + inset,
      width: outline.width - 2 * inset,
      height: outline.height - 2 * inset,
    };
    const others = labels.filter((other) => other.id !== id && other.outline !== outline).map((other) => other.outline);
    const bottom = room.y + room.height - height;
    const free = [room.y, bottom, ...steps(room.y, bottom).slice(1, -1)]
      .flatMap((y) => steps(room.x, room.x + room.width - width).map((x) => ({ x, y, width, height })))
      .filter(
        (spot) =>
          isWithin(spot, { ...room, width: room.width + ROUNDING, height: room.height + ROUNDING }) &&
          !parts.some((part) => overlaps(part, spot)) &&
          ![...spots.values()].some((other) => overlaps(other, spot)),
      );
    const spot = free.find((each) => others.every((other) => isWithin(each, other) || !overlaps(each, other))) ?? free[0];
    if (spot !== undefined) spots.set(id, spot);
  }
  return spots;
}

const ROUNDING = 1e-9;

function steps(from: number, to: number): readonly number[] {
  if (to <= from) return [from];
  return Array.from({ length: STEPS + 1 }, (_, at) => from + ((to - from) * at) / STEPS);
}
