import { expect, test } from "vitest";
import { amountText, isAtLimit, shareText } from "./blend-words.ts";

test("amounts have about three significant digits, shares are in percent", () => {
  expect([12_345, 123.4, 1.234, 0.01234].map(amountText)).toEqual(["12345", "123.4", "1.23", "0.0123"]);
  expect([0.00175, undefined].map(shareText)).toEqual(["0.175", ""]);
});

test("a share is at its limit as far as a solver is exact", () => {
  expect(isAtLimit(0.0018 + 1e-8, 0.0018)).toBe(true);
  expect(isAtLimit(0.00179, 0.0018)).toBe(false);
  expect(isAtLimit(0.0018, undefined)).toBe(false);
});
