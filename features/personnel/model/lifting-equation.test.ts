import { expect, test } from "vitest";
import { keyIndicatorLhc, rangeOfScore, type LhcTask } from "./key-indicator-lhc.ts";
import { compositeIndex, frequencyMultiplier, liftingIndex, rangeOfIndex, type Lift } from "./lifting-equation.ts";

const ideal: Lift = {
  weightKg: 23,
  horizontalCm: 25,
  verticalCm: 75,
  distanceCm: 25,
  angleDeg: 0,
  coupling: "good",
  perMinute: 0.2,
  hours: 1,
};

test("[PE10] a lift without any hindrance may have the load constant of 23 kg, and each multiplier is that of its table", () => {
  expect(liftingIndex(ideal)).toMatchObject({ rwlKg: 23, li: 1, fili: 1 });
  const of = (change: Partial<Lift>) => liftingIndex({ ...ideal, ...change }).multipliers;
  // tables 1 to 4 of the manual, rounded as there
  expect([28, 40, 60, 63].map((horizontalCm) => of({ horizontalCm }).HM.toFixed(2))).toEqual(["0.89", "0.63", "0.42", "0.40"]);
  expect([0, 25, 100, 175].map((verticalCm) => of({ verticalCm }).VM.toFixed(2))).toEqual(["0.78", "0.85", "0.93", "0.70"]);
  expect([40, 55, 100, 175].map((distanceCm) => of({ distanceCm }).DM.toFixed(2))).toEqual(["0.93", "0.90", "0.86", "0.85"]);
  expect([30, 90, 135].map((angleDeg) => of({ angleDeg }).AM.toFixed(2))).toEqual(["0.90", "0.71", "0.57"]);
  expect([of({ coupling: "fair" }).CM, of({ coupling: "fair", verticalCm: 74 }).CM, of({ coupling: "poor" }).CM]).toEqual([1, 0.95, 0.9]);
});

test("[PE10] beyond a limit of the equation the recommended weight limit is 0 and there is no index", () => {
  for (const change of [{ horizontalCm: 64 }, { verticalCm: 176 }, { distanceCm: 176 }, { angleDeg: 136 }, { perMinute: 15.1 }]) {
    const result = liftingIndex({ ...ideal, ...change });
    expect([result.rwlKg, result.li, rangeOfIndex(result.li)]).toEqual([0, undefined, 4]);
  }
});

test("[PE10] FM is that of table 5: by hours, by height below and from 75 cm, interpolated between rows, never into the zeros", () => {
  expect([
    frequencyMultiplier(0.1, 1, 75),
    frequencyMultiplier(4, 1, 75),
    frequencyMultiplier(4, 2, 75),
    frequencyMultiplier(4, 8, 75),
    frequencyMultiplier(9, 8, 74),
    frequencyMultiplier(9, 8, 75),
    frequencyMultiplier(13, 1, 74),
    frequencyMultiplier(8.5, 8, 74),
  ]).toEqual([1, 0.84, 0.72, 0.45, 0, 0.15, 0, 0]);
  expect(frequencyMultiplier(2.5, 1, 75)).toBeCloseTo(0.895, 10);
});

test("[PE10] the punch press of the manual, computed by hand in cm and kg; its inches, which are rounded, give 2.7 and 3.0", () => {
  // 44 lb, H 23 in, V 15 in and 63 in, D 48 in, coupling fair, less than one lift in five minutes
  const origin = { ...ideal, weightKg: 19.96, horizontalCm: 58.4, verticalCm: 38.1, distanceCm: 121.9, coupling: "fair" } as const;
  // 23 × 0.42808 × 0.8893 × 0.85692 × 1 × 1 × 0.95
  expect(liftingIndex(origin).rwlKg).toBeCloseTo(7.128, 3);
  expect(liftingIndex(origin).li).toBeCloseTo(2.8, 2);
  // 23 × 0.42808 × 0.745 × 0.85692 × 1 × 1 × 1
  const destination = { ...origin, verticalCm: 160 };
  expect(liftingIndex(destination).rwlKg).toBeCloseTo(6.286, 3);
  expect(liftingIndex(destination).li).toBeCloseTo(3.18, 2);
});

test("[PE10] three tasks in turn have the composite index of the manual (1.6 + 0.07 + 0.20 = 1.9)", () => {
  // FIRWL 20, 20 and 15 lb for 30, 20 and 10 lb at 1, 2 and 4 lifts a minute within an hour, by distances that give these limits
  const task = (fili: number, perMinute: number): Lift => ({ ...ideal, weightKg: 23 * fili, perMinute });
  const index = compositeIndex([task(10 / 15, 4), task(1, 2), task(1.5, 1)])!;
  const byHand = 1.5 / 0.94 + 1 * (1 / 0.88 - 1 / 0.94) + (10 / 15) * (1 / 0.7 - 1 / 0.88);
  expect(index).toBeCloseTo(byHand, 10);
  expect(index).toBeCloseTo(1.9, 1);
  expect(compositeIndex([task(1.5, 1)])).toBeCloseTo(1.5 / 0.94, 10);
  expect(compositeIndex([task(1, 10), task(1, 10)])).toBeUndefined();
});

const lhc: LhcTask = {
  weightKg: 12,
  population: "men",
  perDay: 200,
  handling: 0,
  posture: 7,
  twisted: 1,
  away: 1,
  raised: 0,
  overhead: 0,
  conditions: 1,
  organisation: 2,
};

test("[PE11] KIM-LHC by hand: 3.5 × (8 + 0 + 9 + 1 + 2) = 70, range 3; for women 3.5 × 24 = 84", () => {
  expect(keyIndicatorLhc(lhc)).toEqual({
    timeRating: 3.5,
    points: { weight: 8, handling: 0, posture: 9, conditions: 1, organisation: 2 },
    score: 70,
  });
  expect(rangeOfScore(70)).toBe(3);
  expect(keyIndicatorLhc({ ...lhc, population: "women" }).score).toBe(84);
});

test("[PE11] time ratings, load points and ranges are those of the sheet at their edges, and additional points end at 6", () => {
  const time = [5, 6, 20, 51, 150, 221, 300, 501, 1_000, 2_000, 2_500, 4_000];
  expect(time.map((perDay) => keyIndicatorLhc({ ...lhc, perDay }).timeRating)).toEqual([1, 1.5, 1.5, 2.5, 3, 4, 4, 6, 7, 9, 10, 10]);
  const load = (population: "men" | "women") =>
    [3, 5, 5.1, 10, 15, 20, 25, 30, 35, 40, 41].map((weightKg) => keyIndicatorLhc({ ...lhc, weightKg, population }).points.weight);
  expect(load("men")).toEqual([4, 4, 6, 6, 8, 11, 15, 25, 35, 75, 100]);
  expect(load("women")).toEqual([6, 6, 9, 9, 12, 25, 75, 85, 100, 100, 100]);
  expect(keyIndicatorLhc({ ...lhc, twisted: 3, away: 3, raised: 1, overhead: 2 }).points.posture).toBe(13);
  expect([19.9, 20, 49.9, 50, 99.9, 100].map(rangeOfScore)).toEqual([1, 2, 2, 3, 3, 4]);
});
