import { expect, test } from "vitest";
import { heldPoints } from "./held-values.ts";

test("[DH14] a value holds until the next one, and a gap is only where it was recorded that there is none", () => {
  const buckets = { from: 100, width: 10, mean: [null, 60, null, null, null, null, null, 62, null, null, 64, null] };
  expect(heldPoints(buckets, 220)).toEqual([
    { x: 110, y: 60 },
    { x: 170, y: 62 },
    { x: 200, y: 64 },
    { x: 220, y: 64 },
  ]);
  expect(heldPoints({ ...buckets, bad: [0, 8, 9, 11] }, 220)).toEqual([
    { x: 110, y: 60 },
    { x: 170, y: 62 },
    { x: 180, y: undefined },
    { x: 200, y: 64 },
    { x: 210, y: undefined },
  ]);
  expect(heldPoints({ from: 0, width: 10, mean: [null, null] }, 20)).toEqual([]);
});
