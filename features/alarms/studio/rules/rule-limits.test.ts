import { expect, test } from "vitest";
import { limitsOf } from "./rule-limits.ts";

test("[AL14] limits lie where the condition turns: one above or below, two around a target, none beside another signal", () => {
  const of = (more: Partial<Parameters<typeof limitsOf>[0]>) =>
    limitsOf({ kind: "high", signal: "signal:a", limit: 5, ...more }, 2, "too high").map(({ value }) => value);
  expect(of({})).toEqual([5]);
  expect(of({ kind: "low" })).toEqual([5]);
  expect(of({ kind: "deviation", target: 20 })).toEqual([15, 25]);
  expect(of({ kind: "deviation" })).toEqual([]);
  expect(of({ limit: Number.NaN })).toEqual([]);
});
