import { expect, test } from "vitest";
import { labelSpots } from "./label-spots.ts";
import { isWithin, overlaps, type Rectangle } from "./map-shapes.ts";

const hall: Rectangle = { x: 2, y: 2, width: 60, height: 50 };
const line: Rectangle = { x: 6, y: 12, width: 50, height: 14 };
/** Machines side by side along the upper edge of the line, with room below them. */
const machines: readonly Rectangle[] = Array.from({ length: 10 }, (_, at) => ({ x: 6 + at * 5, y: 12, width: 4, height: 6 }));

test("[PT14] a label stands in the corner of its outline where nothing is, else where it covers no machine and no other label, always inside of it", () => {
  const labels = [
    { id: "hall", outline: hall, width: 20, height: 5 },
    { id: "line", outline: line, width: 24, height: 5 },
  ];
  const spots = labelSpots(labels, machines, 0);
  expect(spots.get("hall")).toEqual({ x: 2, y: 2, width: 20, height: 5 });
  const own = spots.get("line")!;
  expect(machines.filter((machine) => overlaps(machine, own))).toEqual([]);
  expect(own.y).toBe(line.y + line.height - 5);
  // two of one outline do not lie over each other
  const twice = labelSpots([labels[1]!, { ...labels[1]!, id: "again" }], machines, 0);
  expect(overlaps(twice.get("line")!, twice.get("again")!)).toBe(false);
});

test("[PT14] a label that finds no room is left out", () => {
  const full = [{ x: 0, y: 0, width: 100, height: 60 }];
  expect(labelSpots([{ id: "hall", outline: hall, width: 20, height: 5 }], full, 0).size).toBe(0);
  expect(labelSpots([{ id: "hall", outline: hall, width: 120, height: 5 }], [], 0).size).toBe(0);
});

test("[PT14] a label stands between the outlines of its own place: it crosses none where there is room, and two places beside each other keep theirs", () => {
  const labels = [
    { id: "hall", outline: hall, width: 20, height: 5 },
    { id: "utilities", outline: { x: 64, y: 2, width: 30, height: 10 }, width: 20, height: 5 },
    { id: "store", outline: { x: 64, y: 14, width: 34, height: 40 }, width: 12, height: 5 },
    { id: "line", outline: line, width: 24, height: 5 },
  ];
  // of the utilities nothing is free but the lower part of their own outline
  const parts = [...machines, { x: 64, y: 2, width: 30, height: 4 }];
  const spots = labelSpots(labels, parts, 0.5);
  expect(spots.size).toBe(4);
  for (const { id, outline } of labels) expect(isWithin(spots.get(id)!, outline), id).toBe(true);
  // the frame of the line begins at 12: the label of the hall is above it
  expect(overlaps(spots.get("hall")!, line)).toBe(false);
  // one whose outline is full has none, not one in another
  const full = [...parts, { x: 64, y: 2, width: 30, height: 10 }];
  expect(labelSpots(labels, full, 0.5).has("utilities")).toBe(false);
});
