import { describe, expect, test } from "vitest";
import { isNear, placeScale } from "./place-scale.ts";

describe("scale of the place chart", () => {
  test("a bound counts as near up to one and a half spreads from the values", () => {
    expect(isNear([10, 12], 14.9)).toBe(true);
    expect(isNear([10, 12], 15.1)).toBe(false);
    expect(isNear([10, 12], 7.1)).toBe(true);
    expect(isNear([10, 12], undefined)).toBe(false);
    expect(isNear([], 1)).toBe(false);
  });

  test("both near bounds carry the axis, and everything lies between 6 and 92", () => {
    const { limits, axis, y } = placeScale([10, 12], [9, 13]);
    expect(limits).toEqual([9, 13]);
    expect(axis).toEqual([9, 13]);
    expect([y(9), y(13)].map(Math.round)).toEqual([85, 13]);
  });

  test("with one near bound the axis carries the least and the greatest value, and the bound still fits", () => {
    const { limits, axis, y } = placeScale([10, 12], [-100, 13]);
    expect(limits).toEqual([13]);
    expect(axis).toEqual([10, 12]);
    expect(y(13)).toBeGreaterThan(6);
  });

  test("equal values have a place in the chart", () => {
    const { y } = placeScale([5, 5], []);
    expect(y(5)).toBeCloseTo(49);
  });
});
