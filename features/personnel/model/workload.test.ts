import { expect, test } from "vitest";
import type { TaskFields } from "./task-kind.ts";
import { loadOf, stationLoad, type StationWork } from "./workload.ts";

const title = { en: "door", zh: "门" };
const niosh: TaskFields = {
  task: "door",
  station: "S10",
  title,
  method: "niosh",
  weightKg: 8,
  perPiece: 1,
  horizontalCm: 40,
  verticalCm: 75,
  distanceCm: 30,
  angleDeg: 30,
  coupling: "good",
  twisted: 0,
  away: 0,
  raised: 0,
  overhead: 0,
};
const work: StationWork = { pieces: 480, countedHours: 4, hours: 8, people: 2 };

test("[PE12] frequency comes from the pieces that were counted, shared by those on the roster, and the duration from the shift", () => {
  // 480 pieces in 4 hours by two people: 60 an hour, one a minute, over 8 hours: FM 0.75; HM 0.625 limits most
  // 23 × 0.625 × 1 × 0.97 × 0.904 × 0.75 × 1 = 9.4539 kg
  const load = loadOf(niosh, work);
  expect(load).toMatchObject({ isKnown: true, perHour: 60, range: 1, factor: "HM", factorValue: 0.625 });
  expect(load.isKnown && load.rwlKg).toBeCloseTo(9.4539, 4);
  expect(load.isKnown && load.value).toBeCloseTo(8 / 9.4539, 4);
  expect(loadOf({ ...niosh, weightKg: 20 }, work)).toMatchObject({ range: 3 });
  // four people share it: 0.5 a minute, FM 0.81
  const shared = loadOf(niosh, { ...work, people: 4 });
  expect(shared.isKnown && shared.value).toBeCloseTo(8 / ((9.4539 / 0.75) * 0.81), 4);
});

test("[PE12] a figure whose input is missing is unknown, and each missing input is named", () => {
  const { weightKg: _, coupling: __, ...less } = niosh;
  expect(loadOf(less, work)).toMatchObject({ isKnown: false, missing: ["weightKg", "coupling"] });
  expect(loadOf(niosh, { countedHours: 4, hours: 8, people: 1 })).toMatchObject({ isKnown: false, missing: ["pieces"] });
  expect(loadOf(niosh, { ...work, people: 0 })).toMatchObject({ isKnown: false, missing: ["people"] });
  expect(loadOf({ ...niosh, perHour: 60 }, { countedHours: 0, hours: 8, people: 1 })).toMatchObject({ isKnown: true, perHour: 60 });
  expect(loadOf({ ...niosh, method: "kimLhc", weightKg: 2 }, work)).toMatchObject({
    missing: ["population", "posture", "handling", "conditions", "organisation", "fromKg"],
  });
});

test("[PE12] tasks of one station have a composite index, and the range of the station is the highest of them", () => {
  const sheet: TaskFields = {
    ...niosh,
    task: "tub",
    method: "kimLhc",
    weightKg: 18,
    population: "women",
    posture: 7,
    handling: 0,
    conditions: 1,
    organisation: 0,
  };
  const other = { ...niosh, task: "lid", weightKg: 12, perPiece: 2 };
  const load = stationLoad([niosh, other, sheet], work);
  expect(load.composite).toBeGreaterThan(1.2);
  // 480 times a day: 5 × (25 + 0 + 7 + 1 + 0) = 165
  expect(load.tasks[2]).toMatchObject({ value: 165, range: 4, factor: "weight", factorValue: 25 });
  expect(load.range).toBe(4);
  expect(stationLoad([{ ...niosh, task: "x" }], { ...work, people: 0 })).not.toHaveProperty("range");
});
