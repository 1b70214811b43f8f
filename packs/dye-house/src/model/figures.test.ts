import { expect, test } from "vitest";
import { DAY, DyeHouse, START, batchesToldBy } from "../dye-house.fixture.ts";
import type { Batch } from "./batch.ts";
import { figuresOf } from "./figures.ts";

const HOUR = DAY / 24;
const base: Batch = {
  machine: "J1",
  batch: "A",
  lot: "A",
  redye: 0,
  recipe: "R",
  from: START,
  to: START + 6 * HOUR,
  loadKg: 100,
  waterL: 7_000,
  steamKg: 400,
  energyKWh: 60,
  liquorRatio: 6,
  additions: 0,
  worstDeviationK: 1,
  lateMinutes: 0,
  inferred: false,
  phases: [],
};

test("[DH5] figures are weighted by load, a lot with an addition or another dyeing is not right first time, and outside the period nothing counts", () => {
  const batches: Batch[] = [
    base,
    { ...base, batch: "B", lot: "B", loadKg: 300, waterL: 30_000, steamKg: 1_500, additions: 1, liquorRatio: 8 },
    { ...base, batch: "C", lot: "C", loadKg: 0, waterL: 0, steamKg: 0, to: START - 1 },
    { ...base, batch: "D/R1", lot: "D", redye: 1 },
    { ...base, batch: "E", lot: "E", inferred: true },
  ];
  const figures = figuresOf(batches, START, START + 12 * HOUR, 5);
  expect(figures).toMatchObject({ batches: 4, lots: 3, loadKg: 600, redyes: 1, additions: 1, durationH: 6 });
  expect(figures.rightFirstTime).toBeCloseTo(1 / 3, 3);
  expect(figures.waterLPerKg).toBeCloseTo((3 * 7_000 + 30_000) / 600, 2);
  expect(figures.liquorRatio).toBeCloseTo((3 * 600 + 2_400) / 600, 2);
  // four of five machines dye half of the time
  expect(figures.occupied).toBeCloseTo(0.4, 3);
});

test("[DH5] a period without batches has no figures but counts", () => {
  expect(figuresOf([], START, START + HOUR, 0)).toEqual({ batches: 0, loadKg: 0, lots: 0, redyes: 0, additions: 0 });
});

test("[DH5] of the demo plant they are what a hand count of its truth gives", () => {
  const house = new DyeHouse(5, START);
  house.advanceTo(START + 5 * DAY);
  const machines = ["JET1", "JET2", "JET3", "JET4"];
  const figures = figuresOf(
    machines.flatMap((id) => batchesToldBy(house, id)),
    START,
    START + 5 * DAY,
    4,
  );
  const sum = (of: "waterL" | "loadKg" | "steamKg") => house.batches.reduce((total, batch) => total + batch[of], 0);
  expect(figures.batches).toBe(house.batches.length);
  expect(figures.waterLPerKg! / (sum("waterL") / sum("loadKg"))).toBeCloseTo(1, 1);
  const judged = Map.groupBy(
    house.batches.filter(({ machine }) => machine !== "JET4"),
    ({ lot }) => lot,
  );
  const right = [...judged.values()].filter((of) => of.every(({ additions, batch, lot }) => additions === 0 && batch === lot)).length;
  expect(figures.rightFirstTime).toBeCloseTo(right / judged.size, 3);
});
