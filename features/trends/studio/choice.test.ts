import { HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { formatChoice, parseChoice, sourceOf, type Choice } from "./choice.ts";
import { logTicks, nearest, rangesOf, roundTicks, type Figure } from "./plot/figure.ts";
import { frameOf } from "./plot/frame.ts";

test("[TR1] what the page shows is in its link, and what a link cannot mean falls back part by part", () => {
  const choice: Choice = {
    mode: "compare",
    sources: ["signal:a", "kpi:oee", "future:branch:b"],
    span: "1d",
    range: { from: HOUR, to: 2 * HOUR },
    compared: [{ from: 0, to: HOUR, label: "Early, 27 Nov ~ 1" }],
    showsUsual: true,
    limits: [{ signal: "signal:a", kind: "high", at: 12.5 }],
    hidesMarks: true,
    lagS: -30,
    lower: -1,
    upper: 2.5,
    window: "blackman",
    station: "S080",
    channel: "2",
    serial: "WM5-1",
  };
  expect(parseChoice(formatChoice(choice))).toEqual(choice);
  expect(formatChoice(parseChoice(""))).toBe("");
  const odd = parseChoice("m=none&w=5y&r=9-1&c=x&l=high~word~s&d=1e9&f=&lo=&s=a,,a");
  expect(odd).toMatchObject({ mode: "trend", span: "8h", compared: [], limits: [], lagS: 0, window: "hann", sources: ["a"] });
  expect([odd.range, odd.lower]).toEqual([undefined, undefined]);
  expect(["kpi:oee", "kpi:none", "future:b"].map((id) => sourceOf(id).kind)).toEqual(["kpi", "signal", "future"]);
});

const figure = (more: Partial<Figure> = {}): Figure => ({
  x: { from: 0, to: 10 },
  xKind: "number",
  parts: [
    { kind: "line", name: "a", unit: "bar", colour: "", x: [0, 5, 10, 20], y: [1, 3, Number.NaN, 99] },
    { kind: "line", name: "b", unit: "°C", colour: "", x: [0, 10], y: [20, 40], low: [10, 30], high: [30, 50] },
  ],
  ...more,
});

test("[TR2] each unit has an axis of what is shown of it; what is not known and what lies outside has no say", () => {
  const ranges = rangesOf(figure());
  expect(ranges.get("bar")).toEqual({ from: 1 - 0.12, to: 3 + 0.12 });
  expect(ranges.get("°C")).toEqual({ from: 10 - 2.4, to: 50 + 2.4 });
  const frame = frameOf(figure(), 600, 300);
  expect(frame.axes.map(({ unit, isLeft }) => [unit, isLeft])).toEqual([
    ["bar", true],
    ["°C", false],
  ]);
  expect(frame.xAt(frame.xOf(7))).toBeCloseTo(7, 9);
  expect(frame.yAt("bar", frame.yOf("bar", 2))).toBeCloseTo(2, 9);
  const log = frameOf(figure({ x: { from: 0.01, to: 1 }, xKind: "log" }), 600, 300);
  expect(log.xOf(0.1)).toBeCloseTo((log.left + log.right) / 2, 6);
});

test("[TR2] ticks are round, and the nearest value is found", () => {
  expect(roundTicks({ from: 0.13, to: 0.92 }, 4)).toEqual({ values: [0.2, 0.4, 0.6000000000000001, 0.8], digits: 1 });
  expect(logTicks({ from: 0.002, to: 30 })).toEqual([0.01, 0.1, 1, 10]);
  expect([nearest([0, 10, 20], 4), nearest([0, 10, 20], 16)]).toEqual([0, 2]);
});
