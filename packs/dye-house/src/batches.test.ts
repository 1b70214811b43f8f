import { expect, test } from "vitest";
import { agreement, batchesToldBy, concludedOf, DAY, DyeHouse, START, toldBy } from "./dye-house.fixture.ts";
import batches from "./folds/batches.ts";
import { lotOf } from "./model/batch.ts";
import { count } from "./model/counter.ts";
import { phaseOfWord } from "./model/phase.ts";

const house = new DyeHouse(3, START);
house.advanceTo(START + 4 * DAY);
const truthOf = (machine: string) => house.batches.filter((batch) => batch.machine === machine);

test.each(["JET1", "JET2", "JET3"])(
  "[DH1] [DH2] batches of %s have the true phases, to the second, and their water and steam within 1 %%",
  (machine) => {
    const truths = truthOf(machine);
    const found = batchesToldBy(house, machine);
    expect(truths.length).toBeGreaterThan(8);
    expect(found.map(({ batch }) => batch)).toEqual(truths.map(({ batch }) => batch));
    for (const [at, truth] of truths.entries()) {
      const { from, to, waterL, steamKg, additions, phases, recipe, inferred } = found[at]!;
      expect([from, to, recipe, additions, inferred]).toEqual([truth.from, truth.to, truth.recipe, truth.additions, false]);
      expect(phases.map(({ phase, from: since, to: until }) => [phase, since, until])).toEqual(
        truth.phases.map(({ run, from: since, to: until }) => [run, since, until]),
      );
      expect(Math.abs(waterL / truth.waterL - 1)).toBeLessThan(0.01);
      expect(Math.abs(steamKg / truth.steamKg - 1)).toBeLessThan(0.01);
    }
  },
);

test("[DH3] of a controller that tells no function the phases are inferred: nine tenths of the time are right, and no addition is claimed", () => {
  const truths = truthOf("JET4");
  const found = batchesToldBy(house, "JET4");
  expect(found.map(({ batch }) => batch)).toEqual(truths.map(({ batch }) => batch));
  for (const [at, truth] of truths.entries()) {
    const batch = found[at]!;
    expect([batch.inferred, batch.additions]).toEqual([true, 0]);
    expect(agreement(batch, truth)).toBeGreaterThan(0.88);
    expect(Math.abs(batch.waterL / truth.waterL - 1)).toBeLessThan(0.01);
  }
  const mean = truths.reduce((sum, truth, at) => sum + agreement(found[at]!, truth), 0) / truths.length;
  expect(mean).toBeGreaterThan(0.93);
});

test("[DH4] a meter rolls over and is set to zero without counting backwards", () => {
  const counter = { last: undefined, sum: 0 };
  for (const value of [65_000, 65_500, 200, 300]) count(counter, value, 16);
  expect(counter.sum).toBe(500 + (200 + 65_536 - 65_500) + 100);
  for (const value of [5_000, 20, 30]) count(counter, value, 16);
  expect(counter.sum).toBe(836 + 4_700 + 30);
});

test("[DH1] a state that went through JSON concludes the same, wherever it was cut", () => {
  for (const machine of ["JET3", "JET4"]) {
    const { rows, fields } = toldBy(house, machine);
    const whole = concludedOf(batches, fields, rows);
    for (const part of [0.123, 0.5, 0.77]) expect(concludedOf(batches, fields, rows, Math.floor(rows.length * part))).toEqual(whole);
  }
});

test("[DH1] values that are bad, words that nobody explained and a batch without a load do no harm", () => {
  const fields = { nominalKg: 100, functions: { 0: "idle", 1: "load" }, waterBits: 32, steamBits: 32, energyBits: 32 };
  const outputs = concludedOf(batches, fields, [
    [1_000_000, "functionSignal", 77],
    [2_000_000, "waterSignal", Number.NaN],
    [2_000_000, "levelSignal", Number.POSITIVE_INFINITY],
    [3_000_000, "batchSignal", "A1"],
    [4_000_000, "functionSignal", 0],
  ]);
  expect(outputs.map(([type, value, from]) => [type, typeof value === "string" ? JSON.parse(value) : value, from])).toMatchObject([
    ["phase", { p: "unknown" }, 1_000_000],
    ["phase", { p: "end" }, 4_000_000],
    ["batch", { b: "A1", kg: 0, w: 0, f: 1_000_000 }, 4_000_000],
  ]);
  expect(phaseOfWord(3, { 3: "heat" })).toBe("heat");
  expect([lotOf("D12/R2"), lotOf("D12/x")]).toEqual([
    { lot: "D12", redye: 2 },
    { lot: "D12/x", redye: 0 },
  ]);
});

test("[DH2] the deviation from the programme is told while a programme is followed: minutes of lag where machines heat together", () => {
  const { rows, fields } = toldBy(house, "JET1");
  const told = concludedOf(batches, fields, rows).filter(([type]) => type === "deviation");
  expect(Math.min(...told.map(([, value]) => Number(value)))).toBeLessThan(-5);
  expect(batchesToldBy(house, "JET1").some(({ lateMinutes }) => lateMinutes > 10)).toBe(true);
});
