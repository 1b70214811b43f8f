import { isMessage, textOf } from "@doppelwerk/messages";
import { expect, test } from "vitest";
import { readEventLog, timesOfLog, type LogTime } from "./index.ts";

function timesOf(...lines: readonly string[]): Readonly<Record<string, LogTime>> {
  const log = readEventLog(lines.map((line) => line.split(",")));
  if (isMessage(log)) throw new Error(textOf(log));
  return Object.fromEntries(timesOfLog(log).map((time) => [time.activity, time]));
}

const hour = (at: number) => new Date(Date.UTC(2026, 0, 12) + at * 3_600_000).toISOString();

test("[L5] pieces of one visit are added without what lies between them, and each resource has its own visits", () => {
  const { Mill, Check } = timesOf(
    "case,activity,start,end,resource",
    `1,Mill,${hour(0)},${hour(2)},M1`,
    `1,Mill,${hour(5)},${hour(6)},M1`,
    `1,Check,${hour(7)},${hour(7)},Q`,
    `2,Mill,${hour(1)},${hour(2)},M2`,
    `2,Check,${hour(3)},${hour(4)},Q`,
    `2,Mill,${hour(5)},${hour(6)},M1`,
    `2,Mill,${hour(6)},${hour(8)},M2`,
  );
  // the last visit had two machines: it is a visit, and of neither machine alone
  expect(Mill).toMatchObject({ n: 3, meanS: (3 + 1 + 3) * 1_200, valuesS: [3_600, 10_800, 10_800], places: 2, isBound: false });
  expect(Mill!.resources.map(({ resource, n, pooled }) => [resource, n, pooled])).toEqual([
    ["M1", 1, true],
    ["M2", 1, true],
  ]);
  // a check within one minute takes none, and was measured
  expect(Check).toMatchObject({ n: 2, meanS: 1_800, valuesS: [0, 3_600], places: 1 });
});

test("[L5] a resource with few visits is drawn towards its activity, one with ten stands alone", () => {
  const rows = [
    ...Array.from({ length: 10 }, (_, i) => `a${i},Mill,${hour(10 * i)},${hour(10 * i + 1)},Slow`),
    `b,Mill,${hour(200)},${hour(212)},Rare`,
  ];
  const { Mill } = timesOf("case,activity,start,end,resource", ...rows);
  expect(Mill!.meanS).toBe(7_200);
  expect(Mill!.resources).toEqual([
    { resource: "Slow", n: 10, meanS: 3_600, pooled: false },
    { resource: "Rare", n: 1, meanS: (12 * 3_600 + 10 * 7_200) / 11, pooled: true },
  ]);
});

test("[L5] of one time a row the times are a bound, first steps are unknown, and an activity without any time has none", () => {
  const times = timesOf("case,activity,time", `1,Start,${hour(0)}`, `1,Mill,${hour(3)}`, `2,Start,${hour(4)}`, `2,Mill,${hour(5)}`);
  expect(times).toEqual({
    Mill: { activity: "Mill", n: 2, meanS: 7_200, valuesS: [3_600, 10_800], places: 1, isBound: true, resources: [] },
  });
});

test("[L5] a long log is thinned to quantiles between its shortest and longest time", () => {
  const rows = Array.from({ length: 1_000 }, (_, i) => `${i},Mill,${hour(24 * i)},${hour(24 * i + (i % 10) + 1)}`);
  const { Mill } = timesOf("case,activity,start,end", ...rows);
  expect(Mill!.n).toBe(1_000);
  expect(Mill!.valuesS).toHaveLength(101);
  expect([Mill!.valuesS[0], Mill!.valuesS.at(-1)]).toEqual([3_600, 36_000]);
  expect(Mill!.meanS).toBeCloseTo(5.5 * 3_600, 6);
});

test("[L5] the interval at which visits end is their median, so that a night between two shifts does not stretch it", () => {
  const ends = [0, 1, 2, 3, 4, 20, 21];
  const { Mill } = timesOf("case,activity,start,end", ...ends.map((end, i) => `${i},Mill,${hour(end)},${hour(end + 1)}`));
  expect(Mill!.intervalS).toBe(3_600);
});
