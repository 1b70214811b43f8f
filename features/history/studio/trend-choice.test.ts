import { DAY, HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { earlierPeriod, formatChoice, parseChoice } from "./trend-choice.ts";
import type { TrendChoice } from "./trend-choice.ts";

test("[U74] what the trends show survives the way through its link; what a link cannot mean falls back field by field", () => {
  const whole: TrendChoice = {
    signals: ["signal:1", "signal:ä?&"],
    span: "7d",
    band: "percentiles",
    versus: "1d",
    range: { from: 1_790_000_000_000_000, to: 1_790_000_600_000_000 },
    table: true,
    overlaid: true,
  };
  expect(parseChoice(formatChoice(whole))).toEqual(whole);
  expect(parseChoice(formatChoice({ ...whole, versus: "3d" })).versus).toBe("3d");
  for (const text of ["v=0d", "v=15d", "v=-3d", "v=3"]) expect(parseChoice(text).versus).toBe("none");
  const plain: TrendChoice = { signals: [], span: "8h", band: "range", versus: "none", table: false };
  expect(formatChoice(plain)).toBe("");
  expect(parseChoice(undefined)).toEqual(plain);
  expect(parseChoice("w=constructor&b=x&v=toString&r=9-3&t=yes&s=,,")).toEqual(plain);
  expect(parseChoice(`s=${Array.from({ length: 40 }, (_, n) => n).join(",")}`).signals).toHaveLength(8);
});

test("[U74] the earlier period is as long: the one right before, or the same time a day or a week ago", () => {
  const period = { from: 10 * DAY, to: 10 * DAY + HOUR };
  expect(earlierPeriod(period, "none")).toBeUndefined();
  expect(earlierPeriod(period, "before")).toEqual({ from: 10 * DAY - HOUR, to: 10 * DAY });
  expect(earlierPeriod(period, "7d")).toEqual({ from: 3 * DAY, to: 3 * DAY + HOUR });
  expect(earlierPeriod(period, "3d")).toEqual({ from: 7 * DAY, to: 7 * DAY + HOUR });
});
