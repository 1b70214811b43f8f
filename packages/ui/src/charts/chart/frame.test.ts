import { DAY, HOUR } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { zoneOf } from "../../time/zone.ts";
import type { XAxis } from "./axis.ts";
import { chartFrame, type ChartFrame } from "./frame.ts";
import { apart, placeLabels, textWidth } from "./labels.ts";
import type { ChartMark } from "./marks.ts";

const berlin = zoneOf("Europe/Berlin");

const frameOf = (x: XAxis, marks: readonly ChartMark[], width: number, language: "en" | "zh" = "en", height = 200): ChartFrame =>
  chartFrame({ x, y: { kind: "number", include: [0] }, marks, width, height, zone: berlin, language });

/** A small linear congruence: the same numbers for the same seed. */
function numbersOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

test("[U100] no label of an axis lies over another or leaves the drawing, at the width of a phone and of a wall, in both languages", () => {
  const seed = Date.now() % 100_000;
  const next = numbersOf(seed);
  for (let round = 0; round < 300; round += 1) {
    const width = 160 + next() * 1_500;
    const from = (1_700_000_000 + next() * 50_000_000) * 1e6;
    const to = from + next() ** 4 * 400 * DAY + HOUR / 10;
    const labels = Array.from({ length: 1 + Math.floor(next() * 40) }, (_, index) => (next() < 0.5 ? `S0${index}0 leak test` : "泄漏测试"));
    const values = labels.map(() => (next() - 0.5) * 10 ** (next() * 9 - 2));
    const axes: readonly XAxis[] = [{ kind: "time", from, to }, { kind: "category", labels }, { kind: "number" }];
    for (const x of axes) {
      const at = (index: number): number =>
        x.kind === "time" ? from + ((to - from) * index) / labels.length : x.kind === "category" ? index : values[index]!;
      const marks: readonly ChartMark[] = [
        { kind: "line", name: "", tone: "text", end: "612", points: values.map((y, index) => ({ x: at(index), y })) },
      ];
      const frame = frameOf(x, marks, width, round % 2 === 0 ? "en" : "zh", 70 + Math.floor(next() * 200));
      const edges = frame.xLabels.map(({ x: middle, text }) => [middle - textWidth(text) / 2, middle + textWidth(text) / 2] as const);
      expect(edges.length, `seed ${seed}, ${x.kind}`).toBeGreaterThan(0);
      expect(
        edges.every(([left, right]) => left >= -0.01 && right <= width + 0.01),
        `seed ${seed}, ${x.kind}, ${width} px`,
      ).toBe(true);
      expect(
        edges.slice(1).every(([left], index) => left > edges[index]![1]),
        `seed ${seed}, ${x.kind}, ${width} px`,
      ).toBe(true);
      const heights = frame.yLabels.map(({ y }) => y).toSorted((a, b) => a - b);
      expect(
        heights.slice(1).every((y, index) => y - heights[index]! >= 14),
        `seed ${seed}, heights`,
      ).toBe(true);
    }
  }
});

test("[U100] ticks of a time stand on round times of the plant, also on the day of 25 hours", () => {
  // 25 October 2026: summer time ends at 03:00
  const from = Date.UTC(2026, 9, 24, 22) * 1000;
  const frame = frameOf({ kind: "time", from, to: from + 25 * HOUR }, [], 800);
  expect(frame.x.ticks.map(({ text }) => text)).toEqual([
    "Sun 25",
    "03:00",
    "06:00",
    "09:00",
    "12:00",
    "15:00",
    "18:00",
    "21:00",
    "Mon 26",
  ]);
});

test("[U100] an axis of values has round ticks, and a limit stands at it with its value", () => {
  const marks: readonly ChartMark[] = [
    { kind: "span", name: "", tone: "text", width: "bar", points: [{ x: 0, low: 0, high: 473 }] },
    { kind: "rule", name: "limit", tone: "faint", y: 410, isLabelled: true },
  ];
  const { yLabels } = frameOf({ kind: "category", labels: ["S090"] }, marks, 400);
  expect(yLabels.map(({ text, isRule }) => (isRule ? `limit ${text}` : text))).toEqual(["0", "100", "200", "300", "500", "limit 410"]);
});

test("[U100] texts behind lines that end close together move apart, and stay in the drawing", () => {
  expect(apart([50, 52], 8, 100)).toEqual([50, 64]);
  expect(apart([98, 97], 8, 100)).toEqual([100, 86]);
  expect(apart([], 8, 100)).toEqual([]);
});

test("[U100] a text wider than the whole drawing is cut, and says that it is", () => {
  const [label] = placeLabels([{ at: 50, text: "a name that nobody can read on a phone" }], 100);
  expect(label!.text).toMatch(/…$/);
  expect(textWidth(label!.text)).toBeLessThanOrEqual(100);
});

test("[U100] where no value is negative the axis does not go below zero, nor above it where none is positive", () => {
  const endsOf = (...values: readonly number[]): readonly (number | undefined)[] => {
    const points = values.map((y, x) => ({ x, y }));
    const mark: ChartMark = { kind: "point", name: "", tone: "text", points };
    const frame = chartFrame({
      x: { kind: "number" },
      y: { kind: "number" },
      marks: [mark],
      width: 400,
      height: 200,
      zone: berlin,
      language: "en",
    });
    const shown = frame.yLabels.map(({ text }) => Number(text.replace("−", "-").replaceAll(",", "")));
    return [Math.min(...shown), Math.max(...shown)];
  };
  expect(endsOf(0, 400, 560)[0]).toBe(0);
  expect(endsOf(2, 400, 560)[0]).toBe(0);
  expect(endsOf(-560, -2)[1]).toBe(0);
  expect(endsOf(-30, 400)[0]).toBeLessThan(0);
  expect(endsOf(0, 0)[0]).toBe(0);
});
