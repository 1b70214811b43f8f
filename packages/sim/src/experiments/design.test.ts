import { expect, test } from "vitest";
import { replicationKey, streamOf, uniformAt } from "../random/philox.ts";
import { normalQuantile } from "../random/special-function.ts";
import { quantileInterval } from "../statistics/quantile-interval.ts";
import { fractionalFactorial, fullFactorial, latinHypercube, resolutionOf } from "./design.ts";
import { factorEffects } from "./factor-effects.ts";
import { selectBest } from "./selection.ts";

/** Standard normal number of an experiment; its seed is the hash of the rule. */
const normal = (rule: string, experiment: number, stream: number, index: number): number =>
  normalQuantile(uniformAt(replicationKey(streamOf(rule, "seed") >>> 0, experiment), stream, index));

test("[X8] a full design has every combination, a fraction balances every pair of factors", () => {
  const full = fullFactorial([2, 3, 2]);
  expect(new Set(full.map(String)).size).toBe(12);
  const half = fractionalFactorial(5, ["ABCD"]);
  expect(half.length).toBe(16);
  expect(resolutionOf(5, ["ABCD"])).toBe(5);
  expect(resolutionOf(7, ["ABC", "ABD", "ACD"])).toBe(4);
  expect(resolutionOf(3, ["AB"])).toBe(3);
  for (let a = 0; a < 5; a++)
    for (let b = 0; b < a; b++) expect(half.reduce((sum, point) => sum + (2 * point[a]! - 1) * (2 * point[b]! - 1), 0)).toBe(0);
  expect(() => fractionalFactorial(4, ["ABD"])).toThrow(/letters of A to C/);
  expect(() => fractionalFactorial(5, ["AB", "BA"])).toThrow(/the same/);
});

test("[X8] a Latin hypercube has one point in every part of every factor", () => {
  const points = latinHypercube(20, 4, 7);
  for (let factor = 0; factor < 4; factor++)
    expect(points.map((point) => Math.floor(point[factor]! * 20)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
  expect(latinHypercube(20, 4, 7)).toEqual(points);
  expect(latinHypercube(20, 4, 8)).not.toEqual(points);
});

test("[X9] effects are those of the plane, and their intervals cover them at their rate", () => {
  const points = fractionalFactorial(4, ["ABC"]).map((point) => point.map((level) => 2 * level - 1));
  const truth = [3, -2, 0, 0.5];
  let covered = 0;
  for (let experiment = 0; experiment < 200; experiment++) {
    const responses = points.map((point, at) =>
      Array.from(
        { length: 5 },
        (_, replication) =>
          10 + point.reduce((sum, x, factor) => sum + (truth[factor]! / 2) * x, 0) + normal("X9", experiment, at, replication),
      ),
    );
    for (const { factor, mean, halfWidth } of factorEffects(points, responses)) if (Math.abs(mean - truth[factor]!) <= halfWidth) covered++;
  }
  expect(covered).toBeGreaterThanOrEqual(0.93 * 800);
  expect(covered).toBeLessThanOrEqual(0.97 * 800);
  // three points in a row say nothing of a second factor
  expect(
    factorEffects(
      [
        [-1, 0],
        [0, 0],
        [1, 0],
      ],
      [[1], [2], [3]],
    ),
  ).toEqual([]);
});

test("[X10] intervals of quantiles have the ranks of the binomial, and cover at their rate", () => {
  const ranks = Array.from({ length: 20 }, (_, index) => index + 1);
  expect(quantileInterval(ranks, 0.5)).toEqual({ low: 6, high: 15 });
  expect(quantileInterval(ranks, 0.95)).toBeUndefined();
  let covered = 0;
  for (let experiment = 0; experiment < 1000; experiment++) {
    const sample = Float64Array.from({ length: 60 }, (_, index) => normal("X10", experiment, 0, index)).sort();
    const { low, high } = quantileInterval(sample, 0.9)!;
    if (low <= 1.2815515655446004 && high >= 1.2815515655446004) covered++;
  }
  expect(covered).toBeGreaterThanOrEqual(945);
});

test("[X11] the best is selected at the rate promised where it is only just better, and early where it is much better", async () => {
  const means = [0, 0, 0.5, 0, 0];
  let right = 0;
  let drawn = 0;
  for (let experiment = 0; experiment < 300; experiment++) {
    const { best, certain, replications } = await selectBest(5, { indifference: 0.5, confidence: 0.95 }, async (system, from, count) =>
      Array.from({ length: count }, (_, index) => means[system]! + normal("X11", experiment, system, from + index)),
    );
    if (best === 2 && certain) right++;
    drawn += replications.reduce((sum, count) => sum + count, 0);
  }
  // 95 % less two standard errors of 300 experiments
  expect(right / 300).toBeGreaterThanOrEqual(0.925);
  expect(drawn / 300).toBeLessThan(600);
  const easy = await selectBest(3, { indifference: 0.5, goal: "minimise" }, async (system, from, count) =>
    Array.from({ length: count }, (_, index) => 10 * system + normal("X11", 1000, system, from + index)),
  );
  expect(easy).toMatchObject({ best: 0, certain: true, replications: [10, 10, 10] });
  const equal = await selectBest(2, { indifference: 1 }, async (_system, _from, count) => Array.from({ length: count }, () => 4));
  expect(equal).toMatchObject({ certain: true });
});
