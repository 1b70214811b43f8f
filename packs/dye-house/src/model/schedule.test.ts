import { expect, test } from "vitest";
import { recipes as plantRecipes } from "../../../../examples/dye-house-plant/src/truth/recipes.ts";
import type { RecipeDocument } from "./documents.ts";
import { programmeOf } from "./programme.ts";
import { runSchedule, type Bar, type DyeHouseModel } from "./schedule.ts";

const recipes = plantRecipes.map(({ code, en, zh, steps }): RecipeDocument => ({
  id: code,
  kind: "dyeHouse.recipe",
  code,
  title: { en, zh },
  steps: steps.map(({ run, ...step }) => ({ ...step, phase: run })),
}));
const model: DyeHouseModel = {
  machines: [
    { name: "J1", nominalKg: 500, freeIn: 0 },
    { name: "J2", nominalKg: 300, freeIn: 60 },
  ],
  lots: Array.from({ length: 8 }, (_, at) => ({ code: `L${at}`, recipe: recipes[at % 3]!.code, loadKg: 280 })),
  recipes,
  changeMinutes: 30,
  offShade: 0.2,
  dissolvers: 1,
  ranges: [
    { name: "WASH", kgPerMinute: 11 },
    { name: "STENTER", kgPerMinute: 7.7 },
  ],
};

test("[DH8] a recipe in a machine takes the minutes, temperatures and water that it says", () => {
  const { steps, minutes, waterL } = programmeOf(recipes[0]!.steps, 300, 300);
  expect(steps).toHaveLength(recipes[0]!.steps.length);
  expect(minutes / 60).toBeGreaterThan(5.5);
  expect(minutes / 60).toBeLessThan(7.5);
  expect(waterL / 300).toBeCloseTo(75, 0);
  expect(Math.max(...steps.map(({ endC }) => endC))).toBe(98);
});

test("[DH8] nothing overlaps at a machine or range, every lot passes all, and the same seed gives the same run", () => {
  for (const seed of [1, 2, 3]) {
    const run = runSchedule(model, seed);
    expect(run).toEqual(runSchedule(model, seed));
    for (const bars of Map.groupBy(run.bars, ({ at }) => at).values()) expect(overlaps(bars)).toBe(0);
    for (const { code } of model.lots) expect(run.bars.filter(({ lot }) => lot === code)).toHaveLength(3);
    expect(Math.max(...run.bars.map(({ to }) => to)) / 60).toBeCloseTo(run.makespanH, 6);
    expect(run.left).toEqual([]);
  }
});

test("[DH8] one more machine shortens the makespan and the waiting; a lot that fits nowhere is named", () => {
  const one = runSchedule(model, 7);
  const more = runSchedule({ ...model, machines: [...model.machines, { name: "J3", nominalKg: 300, freeIn: 0 }] }, 7);
  expect(more.makespanH).toBeLessThan(one.makespanH * 0.85);
  expect(more.waitsH.machine).toBeLessThan(one.waitsH.machine);
  const heavy = { code: "HEAVY", recipe: "PD130", loadKg: 2_000 };
  expect(runSchedule({ ...model, lots: [...model.lots, heavy] }, 7).left).toEqual(["HEAVY"]);
  expect(runSchedule({ ...model, lots: [] }, 1)).toMatchObject({ bars: [], makespanH: 0 });
});

test("[DH8] machines that need dyes at the same time wait for the kitchen, with a second dissolver they do not", () => {
  const machines = ["A", "B", "C"].map((name) => ({ name, nominalKg: 300, freeIn: 0 }));
  const lots = machines.map(({ name }) => ({ code: name, recipe: "PD130", loadKg: 300 }));
  const same = { ...model, machines, lots, offShade: 0 };
  expect(runSchedule(same, 1).waitsH.kitchen * 60 * 3).toBeCloseTo(15 + 30, 3);
  expect(runSchedule({ ...same, dissolvers: 3 }, 1).waitsH.kitchen).toBe(0);
});

function overlaps(bars: readonly Bar[]): number {
  const sorted = bars.toSorted((a, b) => a.from - b.from);
  return sorted.filter(({ from }, at) => at > 0 && from < sorted[at - 1]!.to - 1e-9).length;
}
