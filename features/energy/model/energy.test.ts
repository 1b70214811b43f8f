import { HOUR, MINUTE } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { countedEnergy, readSpan } from "./counted-energy.ts";
import { kWhOf } from "./energy-units.ts";
import { lineEnergy } from "./line-energy.ts";

const TOTAL = { type: "totaliser", width: 32 } as const;
/** A meter that is read every quarter hour and counts 4 an hour, from 100 on. */
const quarters = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => ({ time: (from + n) * 15 * MINUTE, value: 100 + from + n }));

test("[EG3] between readings a meter counts evenly; an end that no reading is near is unknown, until it comes", () => {
  // by hand: from 0:10 to 1:05 is 55 of 60 minutes of 4 an hour
  expect(countedEnergy(quarters(0, 8), TOTAL, 10 * MINUTE, 65 * MINUTE)).toBeCloseTo((55 / 60) * 4, 12);
  expect(countedEnergy(quarters(0, 8), TOTAL, 0, 2 * HOUR)).toBe(8);
  // the last quarter hours come late
  expect(countedEnergy(quarters(0, 3), TOTAL, 0, 2 * HOUR)).toBeUndefined();
  expect(countedEnergy(quarters(0, 6), TOTAL, 0, 2 * HOUR)).toBe(6);
  expect(countedEnergy([], TOTAL, 0, HOUR)).toBeUndefined();
  // a hole over an end: nobody knows what of it was inside
  expect(
    countedEnergy(
      [
        { time: 0, value: 0 },
        { time: 3 * HOUR, value: 30 },
      ],
      TOTAL,
      HOUR,
      3 * HOUR,
    ),
  ).toBeUndefined();
  expect(
    countedEnergy(
      [
        { time: 0, value: 7 },
        { time: 3 * HOUR, value: 7 },
      ],
      TOTAL,
      HOUR,
      3 * HOUR,
    ),
  ).toBe(0);
});

test("[EG1] the part of a period that readings lie around is cut at the first and last of them", () => {
  expect(readSpan(quarters(0, 8), 10 * MINUTE, 65 * MINUTE)).toEqual({ from: 10 * MINUTE, to: 65 * MINUTE });
  expect(readSpan(quarters(1, 3), 0, HOUR)).toEqual({ from: 15 * MINUTE, to: 45 * MINUTE });
  const { from, to } = readSpan([], 0, HOUR);
  expect(from < to).toBe(false);
});

test("[EG3] a meter that was set back has counted what it shows since, one that rolled over has counted on", () => {
  const at = (values: readonly number[]) => values.map((value, n) => ({ time: n * 10 * MINUTE, value }));
  expect(countedEnergy(at([100, 110, 3, 5]), TOTAL, 0, 30 * MINUTE)).toBe(15);
  // two readings of one instant
  expect(
    countedEnergy([...at([100, 110]), { time: 10 * MINUTE, value: 111 }, { time: 20 * MINUTE, value: 112 }], TOTAL, 0, 20 * MINUTE),
  ).toBe(12);
  // a meter that lost its last readings, and one that was set to another number
  expect(countedEnergy(at([100, 110, 109.5, 112]), TOTAL, 0, 30 * MINUTE)).toBe(12.5);
  expect(countedEnergy(at([100, 110, 50, 60]), TOTAL, 0, 30 * MINUTE)).toBeUndefined();
  expect(countedEnergy(at([4_294_967_290, 4_294_967_295, 4]), TOTAL, 0, 20 * MINUTE)).toBe(10);
});

test("[EG1] stations and what is unallocated add up to the meter of the line, whatever they count; an unknown one makes the rest unknown", () => {
  const meters = [
    { shell: "line", kWh: 100 },
    { shell: "a", kWh: 30 },
    { shell: "a", kWh: 10 },
    { shell: "b", kWh: 55 },
  ];
  const found = lineEnergy("line", ["a", "b", "c"], meters);
  expect(found).toMatchObject({ metered: 100, allocated: 95, unallocated: 5, isOver: false });
  expect([...found.stations]).toEqual([
    ["a", 40],
    ["b", 55],
  ]);
  expect(lineEnergy("line", ["a", "b"], [...meters, { shell: "b", kWh: 5.9 }]).isOver).toBe(false);
  expect(lineEnergy("line", ["a", "b"], [...meters, { shell: "b", kWh: 6.1 }])).toMatchObject({ isOver: true });
  expect(lineEnergy("line", ["a", "b"], [...meters, { shell: "b" }])).toMatchObject({ unallocated: undefined, allocated: 40 });
  expect(lineEnergy("line", ["a"], [])).toMatchObject({ metered: undefined, unallocated: undefined, allocated: 0 });
});

test("[EG2] units of energy are those of UCUM and of plants", () => {
  expect(["kW.h", "MWh", "Wh", "MJ", "m3", undefined, "constructor"].map(kWhOf)).toEqual([
    1,
    1_000,
    0.001,
    1 / 3.6,
    undefined,
    undefined,
    undefined,
  ]);
});
