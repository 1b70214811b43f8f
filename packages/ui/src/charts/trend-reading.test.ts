import { expect, test } from "vitest";
import { drawUnits, overlayOptions } from "./overlay-plot.ts";
import { trendCsv } from "./trend-csv.ts";
import { findingOf } from "./trend-finding.ts";
import { paddedRange } from "./trend-limits.ts";
import { readAt } from "./trend-reading.ts";
import { timeTicks } from "./time-ticks.ts";
import { zoneOf } from "../time/zone.ts";

test("[U131] what is read at the pointer is the value there, the one that holds there, or one close by; a gap stays one", () => {
  const values = [null, 5, undefined, undefined, 6, null, null, null, null, null, null, 7];
  expect(values.map((_, index) => readAt(values, index))).toEqual([1, 1, 1, 1, 4, 4, 4, 4, 11, 11, 11, 11]);
  expect(readAt([1, null, null, null, null, null, null], 5)).toBeUndefined();
  expect(readAt([], 3)).toBeUndefined();
});

test("[U131] a flat line fills its axis by five percent on both sides; limits far from it do not widen the axis to themselves", () => {
  const near = ([low, high]: readonly [number, number]) => [low, high].map((value) => Number(value.toFixed(6)));
  expect(near(paddedRange(1, 1, [0, 2]))).toEqual([0.95, 1.05]);
  expect(near(paddedRange(0, 0, []))).toEqual([-0.5, 0.5]);
  expect(near(paddedRange(-40, -40, [-39]))).toEqual([-42, -38]);
  // values from 5 to 6: a limit within half of their range is shown, one farther is not
  expect(near(paddedRange(5, 6, [6.4, 6.8, 0]))).toEqual([4.902, 6.498]);
});

test("[U131] an axis of a week names its days in the plant's zone", () => {
  // Mon 23 Nov 2026, 00:00 in New York
  const from = Date.UTC(2026, 10, 23, 5) * 1_000;
  const ticks = timeTicks({ from, to: from + 7 * 86_400e6, width: 900, zone: zoneOf("America/New_York"), language: "en" });
  const days = ticks.filter(({ label }) => label.includes(" ")).map(({ label }) => label);
  expect(days).toEqual(["Mon 23", "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28", "Sun 29", "Mon 30"]);
});

test("[U131] the finding of a trend is its lowest, highest and mean value and how often nothing is known", () => {
  const silent = [null, null, null, null, null, null];
  const trend = { min: [1, 2, 2, ...silent, 3], max: [2, 4, 5, ...silent, 3], mean: [1.5, 3, 3, ...silent, 4.5] };
  expect(findingOf(trend)).toEqual({ low: 1, high: 5, mean: 3, gaps: 1 });
  expect(findingOf({ min: [null], max: [null], mean: [null] })).toBeUndefined();
});

test("[U132] signals in one chart share their time; those of one unit share an axis, the first unit on the left, and a line alone on its axis gives it its colour", () => {
  const lines = [
    { unit: "bar", colour: "a", isDashed: false },
    { unit: "°C", colour: "b", isDashed: false },
    { unit: "bar", colour: "c", isDashed: true },
  ];
  const look = { colours: { muted: "m", line: "l" } as never, language: "en", zone: zoneOf("UTC"), height: 300, lines } as const;
  const { axes, series, scales } = overlayOptions(800, look, { read: () => {}, zoom: () => {} });
  expect(axes!.slice(1).map(({ label, side, stroke }) => [label, side, stroke])).toEqual([
    [undefined, undefined, "m"],
    [undefined, 1, "b"],
  ]);
  expect(series.slice(1).map(({ scale }) => scale)).toEqual([axes![1]!.scale, axes![2]!.scale, axes![1]!.scale]);
  expect(Object.keys(scales!)).toHaveLength(3);
});

test("[U131] a file of a trend names station, signal, unit and zone, and has local time beside UTC", () => {
  const trend = {
    from: Date.UTC(2026, 10, 24, 23, 30) * 1_000,
    width: 60e6,
    mean: [1.5, null],
    min: [1, null],
    max: [2, null],
    quality: [0, 0],
  };
  const about = { name: "S090 Leak, rate", unit: "kPa", zone: zoneOf("Asia/Shanghai") };
  expect(trendCsv(trend as never, about).split("\n")).toEqual([
    'time (UTC),time (Asia/Shanghai),"S090 Leak, rate mean [kPa]","S090 Leak, rate min [kPa]","S090 Leak, rate max [kPa]",quality',
    "2026-11-24T23:30:00.000Z,2026-11-25 07:30:00.000,1.5,1,2,good",
    "2026-11-24T23:31:00.000Z,2026-11-25 07:31:00.000,,,,good",
  ]);
});

test("[U131] units stand upright above their axes, the first at the left of the drawing, the others at its right", () => {
  const drawn: unknown[] = [];
  const ctx = { save: () => {}, restore: () => {}, rotate: () => drawn.push("turned"), fillText: (...text: unknown[]) => drawn.push(text) };
  const bbox = { left: 60, top: 22, width: 600, height: 200 };
  const units = [
    { unit: "l", at: 0, colour: "b" },
    { unit: "°C", at: 1, colour: "m" },
  ];
  drawUnits({ ctx, bbox } as never, units);
  expect(drawn).toEqual([
    ["l", 52, 16],
    ["°C", 668, 16],
  ]);
});
