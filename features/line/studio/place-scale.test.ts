import { expect, test } from "vitest";
import { isMeasured, isNear } from "./place-scale.ts";

test("a bound counts as near up to one and a half spreads from the values", () => {
  expect(isNear([10, 12], 14.9)).toBe(true);
  expect(isNear([10, 12], 15.1)).toBe(false);
  expect(isNear([10, 12], 7.1)).toBe(true);
  expect(isNear([10, 12], undefined)).toBe(false);
  expect(isNear([], 1)).toBe(false);
});

test("[LN54] of the process values of the constraint those that are numbers are drawn", () => {
  expect(["double", "integer", undefined].every(isMeasured)).toBe(true);
  expect(["string", "boolean", "enumeration"].some(isMeasured)).toBe(false);
});
