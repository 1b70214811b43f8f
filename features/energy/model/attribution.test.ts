import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { addedCuts, cutAmounts, sumsByLabel } from "./attribution.ts";
import { balancesOf } from "./balance.ts";
import { countedEnergy } from "./counted-energy.ts";
import { baseUnitOf } from "./energy-units.ts";
import { meterSeries, readingIntervalS } from "./meter-series.ts";
import { groupOfState, standbyShare } from "./state-groups.ts";
import { quarters, timelineOf, type LabelledSpan } from "./timeline.ts";

const TOTAL = { type: "totaliser", width: 32 } as const;
const PLAIN = { counter: TOTAL, factor: 1 };
/** Read each ten minutes: 100, 101, 103, 106 … */
const rising = (steps: readonly number[], every = 10 * MINUTE) => {
  let value = 100;
  return [{ time: 0, value }, ...steps.map((step, n) => ({ time: (n + 1) * every, value: (value += step) }))];
};

test("[EG5] a timeline is cut wherever one of its columns changes; of two spans at once the first that began has the time", () => {
  const states: LabelledSpan[] = [
    { from: 0, to: 20, label: 0 },
    { from: 20, to: 60, label: 1 },
  ];
  const orders: LabelledSpan[] = [
    { from: 10, to: 40, label: 0 },
    { from: 30, to: 50, label: 1 },
  ];
  const { bounds, labels } = timelineOf(5, 60, [states, orders]);
  expect([...bounds]).toEqual([5, 10, 20, 30, 40, 50, 60]);
  expect(labels.map((column) => [...column])).toEqual([
    [0, 0, 1, 1, 1, 1],
    [-1, 0, 0, 0, 1, -1],
  ]);
  expect(quarters(10 * MINUTE, 40 * MINUTE).map(({ from, to, label }) => [from / MINUTE, to / MINUTE, label])).toEqual([
    [10, 15, 0],
    [15, 30, 1],
    [30, 40, 2],
  ]);
});

test("[EG5] what a meter counted goes to states by the time that each lasted between two readings, and adds up to the meter", () => {
  const series = meterSeries(rising([1, 2, 3, 4]), PLAIN);
  // working to 15 min, starved to 25, working again
  const { bounds, labels } = timelineOf(0, 40 * MINUTE, [
    [
      { from: 0, to: 15 * MINUTE, label: 0 },
      { from: 15 * MINUTE, to: 25 * MINUTE, label: 1 },
      { from: 25 * MINUTE, to: 40 * MINUTE, label: 0 },
    ],
  ]);
  const { amounts, unknownUs, untimed } = cutAmounts(series, bounds);
  // by hand: 1 + half of 2; half of 2 + half of 3; half of 3 + 4
  expect([...sumsByLabel(amounts, labels[0]!, 2)]).toEqual([1 + 1 + 1.5 + 4, 1 + 1.5]);
  expect([unknownUs, untimed]).toEqual([0, 0]);
  expect(readingIntervalS(series)).toBe(600);
});

test("[EG6] before the first and after the last reading nothing is known, never zero; a gap inside is known in sum but not in time, one over an end not at all", () => {
  const { bounds } = timelineOf(0, 4 * HOUR, [quarters(0, 4 * HOUR)]);
  const late = cutAmounts(
    meterSeries(
      rising([4, 4]).map((each) => ({ ...each, time: each.time + HOUR })),
      PLAIN,
    ),
    bounds,
  );
  expect(late.unknownUs).toBe(4 * HOUR - 20 * MINUTE);
  expect(Array.from(late.unknown.slice(0, 5), (us) => us / MINUTE)).toEqual([15, 15, 15, 15, 0]);
  expect(late.amounts.reduce((sum, each) => sum + each, 0)).toBeCloseTo(8, 12);
  const gap = [
    { time: 0, value: 0 },
    { time: HOUR, value: 2 },
    { time: 3 * HOUR, value: 12 },
    { time: 4 * HOUR, value: 13 },
  ];
  const inside = cutAmounts(meterSeries(gap, PLAIN), bounds);
  expect([inside.untimed, inside.unknownUs]).toEqual([10, 0]);
  expect(inside.amounts.reduce((sum, each) => sum + each, 0)).toBeCloseTo(3, 12);
  const over = cutAmounts(meterSeries(gap, PLAIN), timelineOf(2 * HOUR, 4 * HOUR, []).bounds);
  expect([over.untimed, over.unknownUs]).toEqual([0, HOUR]);
  // a meter that shows the same number over a gap used nothing, and that is known
  const still = cutAmounts(
    meterSeries(
      [
        { time: 0, value: 7 },
        { time: 4 * HOUR, value: 7 },
      ],
      PLAIN,
    ),
    bounds,
  );
  expect([still.untimed, still.unknownUs]).toEqual([0, 0]);
  expect(cutAmounts(meterSeries([], PLAIN), bounds).unknownUs).toBe(4 * HOUR);
});

test("[EG6] a roll-over counts on, a reset counts since nothing, an exchange counts as its document says, another number is unknown", () => {
  const amounts = (values: readonly number[], options: Parameters<typeof meterSeries>[1] = PLAIN) => {
    const samples = values.map((value, n) => ({ time: n * 10 * MINUTE, value }));
    return cutAmounts(meterSeries(samples, options), timelineOf(0, (values.length - 1) * 10 * MINUTE, []).bounds);
  };
  expect(amounts([4_294_967_290, 4_294_967_295, 4]).amounts[0]).toBe(10);
  expect(amounts([100, 110, 3, 5]).amounts[0]).toBe(15);
  expect(amounts([100, 110, 60, 70])).toMatchObject({ unknownUs: 10 * MINUTE });
  // the old meter showed 112 last, the new one began at 58; both in the unit of the meter, here MWh
  const exchanges = [{ at: 15 * MINUTE, last: 112, first: 58 }];
  const exchanged = amounts([100, 110, 60, 70], { counter: TOTAL, factor: 1_000, exchanges });
  expect([exchanged.amounts[0], exchanged.unknownUs]).toEqual([10_000 + 2_000 + 2_000 + 10_000, 0]);
  expect(baseUnitOf("Nm3")).toEqual({ unit: "m3", factor: 1 });
  expect(baseUnitOf("MWh")).toEqual({ unit: "kWh", factor: 1_000 });
  expect(baseUnitOf("Cel")).toBeUndefined();
});

test("[EG5] cuts add up to what the whole span has, with any cuts and any readings (seed 7)", () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  for (let round = 0; round < 200; round++) {
    let [time, value] = [0, 0];
    const samples = Array.from({ length: 40 }, () => {
      time += Math.round(random() * 20 * MINUTE) + 1;
      value += random() < 0.2 ? 0 : random() * 5;
      return { time, value };
    });
    const [from, to] = [samples[0]!.time + Math.round(random() * HOUR), time - Math.round(random() * HOUR)];
    const edges = Array.from({ length: 30 }, () => Math.round(from + random() * (to - from))).toSorted((a, b) => a - b);
    const spans = edges.slice(1).map((end, n) => ({ from: edges[n]!, to: end, label: n % 3 }));
    const cuts = cutAmounts(meterSeries(samples, PLAIN), timelineOf(from, to, [spans]).bounds);
    const sum = cuts.amounts.reduce((all, each) => all + each, 0);
    expect(sum, `round ${round}`).toBeCloseTo(countedEnergy(samples, TOTAL, from, to)!, 8);
    expect(cuts.unknownUs).toBe(0);
  }
});

test("[EG7] what a meter counts beyond those inside is unallocated, also below zero; within 1 % it is even, over it a finding, and unknown where one of them is", () => {
  const place = (key: string, amount: number | undefined, above?: string) => ({ key, above, amount });
  const balances = (a: number | undefined) =>
    balancesOf([place("site", 200), place("line", 100, "site"), place("a", a, "line"), place("b", 60, "line")]).get("line");
  expect(balances(30)).toEqual({ allocated: 90, unallocated: 10, isOver: false, isEven: false });
  expect(balances(39.5)).toMatchObject({ unallocated: 0.5, isEven: true, isOver: false });
  expect(balances(40.9)).toMatchObject({ unallocated: expect.closeTo(-0.9, 9), isEven: true, isOver: false });
  expect(balances(42)).toMatchObject({ unallocated: -2, isOver: true, isEven: false });
  expect(balances(undefined)).toEqual({ allocated: 60, unallocated: undefined, isOver: false, isEven: false });
});

test("[EG5] states are groups; the standby share is of what is known of them", () => {
  expect(["working", "starved", "failed", "break", "unknown", "toString"].map(groupOfState)).toEqual([
    "producing",
    "waiting",
    "stopped",
    "off",
    "unknown",
    "unknown",
  ]);
  expect(standbyShare({ producing: 60, waiting: 20, stopped: 10, off: 10, unknown: 50 })).toBe(0.4);
  expect(standbyShare({ producing: 0, waiting: 0, stopped: 0, off: 0, unknown: 50 })).toBeUndefined();
});

test("[EG6] of several meters at a place what one does not know, the place does not know", () => {
  const bounds = timelineOf(0, 40 * MINUTE, []).bounds;
  const whole = cutAmounts(meterSeries(rising([1, 2, 3, 4]), PLAIN), bounds);
  const half = cutAmounts(meterSeries(rising([1, 2]), PLAIN), bounds);
  expect(addedCuts([whole, half])).toMatchObject({ unknownUs: 20 * MINUTE });
  expect(addedCuts([whole, whole]).amounts[0]).toBe(20);
});
