import { expect, test } from "vitest";
import { linearScale, rangeOf, valuesAt, widened } from "./scale.ts";

test("a scale maps the ends of a range onto the ends of the drawing, upside down too", () => {
  const y = linearScale([10, 20], [100, 0]);
  expect([10, 15, 20].map(y)).toEqual([100, 50, 0]);
});

test("a range is widened on either side, and read at shares of it", () => {
  const range = widened(rangeOf([4, 2, 3]), 1);
  expect(range).toEqual([1, 5]);
  expect(valuesAt(range, [0, 0.25, 1])).toEqual([1, 2, 5]);
});
