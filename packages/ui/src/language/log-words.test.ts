import { expect, test } from "vitest";
import { dateOfLog, periodOf } from "./log-words.ts";

test("[U76] moments of a log have their year, periods their unit", () => {
  expect(dateOfLog(Date.UTC(2012, 0, 30, 23, 30) * 1000, 60)).toBe("2012-01-31 00:30");
  expect([604_800, 28_800, 600].map(periodOf)).toEqual([
    { unit: "days", count: 7 },
    { unit: "hours", count: 8 },
    { unit: "minutes", count: 10 },
  ]);
});
