import { expect, test } from "vitest";
import { keptCurve, pointsOf, PostedCurve, verdictOf } from "./curve.ts";
import { envelopeOf, isOutlier, onGrid, outsideShare, type Columns } from "./envelope.ts";

const UNITS = { angle: "deg", torque: "N.m" };
const posted = (more: object = {}) => ({
  time: "2026-11-27T06:00:00.000+01:00",
  station: "S080",
  serial: "WM5-1",
  attempt: 1,
  verdict: "OK",
  units: UNITS,
  screws: [
    {
      screw: 1,
      torque: 8,
      points: [
        [1, 0.5],
        [90.5, 8.125],
      ],
    },
    {
      screw: 2,
      torque: 8,
      points: [
        [2, 0.25],
        [91, 8],
      ],
    },
  ],
  ...more,
});

test("[TR20] a curve is taken as a bench sends it: the one list with points holds the channels, and every point comes back", () => {
  const parsed = PostedCurve.parse(posted());
  const kept = keptCurve("S080_WM5-1_1", parsed, (bytes) => Buffer.from(bytes).toString("base64"));
  expect(kept).toMatchObject({
    curve: "S080_WM5-1_1",
    station: "S080",
    serial: "WM5-1",
    verdict: "OK",
    axes: [
      { name: "angle", unit: "deg" },
      { name: "torque", unit: "N.m" },
    ],
  });
  expect(kept.channels.map(({ name }) => name)).toEqual(["1", "2"]);
  expect(pointsOf(Buffer.from(kept.channels[0]!.points, "base64"))).toEqual({ x: [1, 90.5], y: [0.5, 8.125] });
});

test.each<[string, object]>([
  ["without points", { screws: [] }],
  [
    "with two lists of points",
    {
      others: [
        {
          points: [
            [1, 1],
            [2, 2],
          ],
        },
      ],
    },
  ],
  ["with a point of one number", { screws: [{ points: [[1], [2]] }] }],
  [
    "with a word for a number",
    {
      screws: [
        {
          points: [
            ["1", 2],
            [2, 3],
          ],
        },
      ],
    },
  ],
  [
    "of more points than one holds",
    { screws: [{ points: Array.from({ length: 2_001 }, () => [1, 1]) }, { points: Array.from({ length: 2_001 }, () => [1, 1]) }] },
  ],
  ["with one axis", { units: { angle: "deg" } }],
  ["without a zone of its time", { time: "2026-11-27T06:00:00" }],
  ["without a station", { station: " " }],
])("[TR21] a curve %s is refused", (_, change) => {
  expect(PostedCurve.safeParse(posted(change)).success).toBe(false);
});

test("[TR22] words of benches are good, bad, or not known", () => {
  expect(["OK", "io", "passed", "1"].map(verdictOf)).toEqual(["good", "good", "good", "good"]);
  expect(["NOK", "n.i.O.", "rejected"].map(verdictOf)).toEqual(["bad", "bad", "bad"]);
  expect([undefined, "", "rework?"].map((word) => verdictOf(word))).toEqual(["unknown", "unknown", "unknown"]);
});

const line = (slope: number, shift = 0): Columns => {
  const x = Array.from({ length: 60 }, (_, at) => at * 2);
  return { x, y: x.map((value) => shift + slope * value) };
};

test("[TR22] the envelope holds 98 % of the good curves at each place; one that leaves it is marked, one within is not", () => {
  const good = Array.from({ length: 41 }, (_, at) => line(1 + (at - 20) / 400));
  const envelope = envelopeOf(good)!;
  expect(envelope.n.every((count) => count === 41)).toBe(true);
  const last = envelope.x.length - 1;
  expect(envelope.middle[last]).toBeCloseTo(118, 6);
  expect(envelope.high[last]! - envelope.low[last]!).toBeCloseTo(0.1 * 118 * 0.98, 1);
  expect(isOutlier(outsideShare(line(1), envelope))).toBe(false);
  expect(isOutlier(outsideShare(line(1, 30), envelope))).toBe(true);
  expect(outsideShare(line(2), envelope)).toBeGreaterThan(0.8);
  expect(envelopeOf(good.slice(0, 4))).toBeUndefined();
});

test("[TR22] a hole in a curve is not bridged, and of a spindle that runs back only its way forward counts", () => {
  const { x, y } = line(1);
  const holed = { x: [...x.slice(0, 20), ...x.slice(31)], y: [...y.slice(0, 20), ...y.slice(31)] };
  const row = onGrid(holed, [10, 50, 100]);
  expect([row[0], Number.isNaN(row[1]!), row[2]]).toEqual([10, true, 100]);
  const back = { x: [0, 2, 4, 3, 1, 6], y: [0, 2, 4, 99, 99, 6] };
  expect([...onGrid(back, [3, 5])]).toEqual([3, 5]);
});
