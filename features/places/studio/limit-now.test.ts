import { quality } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { limitNow } from "./limit-now.ts";

const air = { signal: "signal:air", name: "air", value: 6, low: 5.8, high: 7.5, state: "normal", isAlarmed: true } as const;

test("[PT17] a value of a row follows its signal and is judged by its alarm limits; a bad one is unknown, and a display band judges nothing", () => {
  const { good, bad, uncertain } = quality;
  expect(limitNow(air, undefined)).toBe(air);
  expect(limitNow(air, { value: 5.4, quality: good })).toEqual({ value: 5.4, state: "low" });
  expect(limitNow(air, { value: 7.6, quality: uncertain })).toEqual({ value: 7.6, state: "high" });
  expect(limitNow(air, { value: 5.8, quality: good })).toEqual({ value: 5.8, state: "normal" });
  expect(limitNow(air, { value: 5.4, quality: bad })).toEqual({ state: "unknown" });
  expect(limitNow(air, { value: "off", quality: good })).toEqual({ state: "unknown" });
  expect(limitNow({ ...air, isAlarmed: false }, { value: 5.4, quality: good })).toEqual({ value: 5.4, state: "normal" });
});
