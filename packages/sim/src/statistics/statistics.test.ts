import { describe, expect, test } from "vitest";
import { replicationKey, streamOf, uniformAt } from "../random/philox.ts";
import { normalQuantile } from "../random/special-function.ts";
import { crps, scoreForecasts } from "./forecast-score.ts";
import { mser5 } from "./mser.ts";
import { pairedDifference } from "./paired-difference.ts";
import { studentQuantile } from "./student.ts";
import { predictionInterval, predictionQuantile, sampleQuantile, summarise } from "./summary.ts";

const key = replicationKey(11, 0);
const stream = streamOf("test", "noise");
const noise = (index: number) => normalQuantile(uniformAt(key, stream, index));

describe("student", () => {
  test.each([
    [0.975, 1, 12.706204736],
    [0.975, 2, 4.30265273],
    [0.975, 9, 2.262157163],
    [0.975, 29, 2.045229642],
    [0.95, 5, 2.015048373],
    [0.995, 120, 2.617421145],
  ])("[X1] t quantile %d with %d degrees is the tables' %d", (p, degrees, expected) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(expected, 6);
    expect(studentQuantile(1 - p, degrees)).toBeCloseTo(-expected, 6);
  });
});

test("[X2] the confidence interval of a mean covers the truth in 95 % of 400 experiments of 10 values, within chance", () => {
  let covered = 0;
  for (let experiment = 0; experiment < 400; experiment++) {
    const { mean, halfWidth } = summarise(Array.from({ length: 10 }, (_, i) => 5 + 2 * noise(experiment * 10 + i)));
    if (Math.abs(mean - 5) <= halfWidth) covered++;
  }
  expect(covered).toBeGreaterThanOrEqual(366);
  expect(covered).toBeLessThanOrEqual(394);
});

test("[X3] a prediction interval does not shrink with replications and covers the next value at its rate", () => {
  const wide = predictionInterval(Array.from({ length: 400 }, (_, i) => noise(i)));
  expect(wide.high - wide.low).toBeGreaterThan(3);
  let covered = 0;
  for (let experiment = 0; experiment < 400; experiment++) {
    const values = Array.from({ length: 12 }, (_, i) => noise(1_000 + experiment * 13 + i));
    const next = noise(1_000 + experiment * 13 + 12);
    const { low, high } = predictionInterval(values);
    if (next >= low && next <= high) covered++;
  }
  expect(covered / 400).toBeGreaterThan(0.85);
  expect(covered / 400).toBeLessThan(0.95);
});

test("[X3] the 5 % and 95 % bounds of an ensemble of 20 hold the next value 90 times of 100, its own quantiles only 81 times", () => {
  let own = 0;
  let bounds = 0;
  for (let experiment = 0; experiment < 1_000; experiment++) {
    const values = Array.from({ length: 20 }, (_, i) => noise(400_000 + experiment * 21 + i));
    const next = noise(400_000 + experiment * 21 + 20);
    if (next >= sampleQuantile(values, 0.05) && next <= sampleQuantile(values, 0.95)) own++;
    if (next >= predictionQuantile(values, 0.05) && next <= predictionQuantile(values, 0.95)) bounds++;
  }
  expect(bounds / 1_000).toBeGreaterThan(0.88);
  expect(bounds / 1_000).toBeLessThan(0.925);
  expect(own / 1_000).toBeLessThan(0.85);
  expect(predictionQuantile([], 0.5)).toBeNaN();
});

test("[X4] verdicts: a clear paired gain is better, its mirror worse, noise around zero no evidence", () => {
  const base = Array.from({ length: 30 }, (_, i) => 600 + 49 * noise(20_000 + i));
  const gain = base.map((value, i) => value + 16 + 5 * noise(30_000 + i));
  const same = base.map((value, i) => value + 8 * noise(40_000 + i) * (i % 2 === 0 ? 1 : -1));
  expect(pairedDifference(base, gain, "higher").verdict).toBe("better");
  expect(pairedDifference(base, gain, "lower").verdict).toBe("worse");
  expect(pairedDifference(base, same, "higher").verdict).toBe("no evidence");
  expect(pairedDifference([1, 2], [2, 3], "higher").verdict).toBe("no evidence");
});

test("[X4] a verdict is evidence of a difference that matters: the whole interval lies beyond it (P5)", () => {
  const base = Array.from({ length: 30 }, (_, i) => 600 + 49 * noise(20_000 + i));
  const small = base.map((value, i) => value + 3 + noise(30_000 + i));
  expect(pairedDifference(base, small, "higher", 0).verdict).toBe("better");
  expect(pairedDifference(base, small, "higher", 6)).toMatchObject({ verdict: "no evidence", relevant: 6 });
  expect(pairedDifference(small, base, "higher", 6).verdict).toBe("no evidence");
  expect(pairedDifference(small, base, "higher", 2).verdict).toBe("worse");
  // A mean of 3 that lies beyond 2.9 by luck alone is none.
  const wide = base.map((value, i) => value + 3 + 4 * noise(30_000 + i));
  const { mean, halfWidth } = pairedDifference(base, wide, "higher");
  expect(mean).toBeGreaterThan(halfWidth);
  expect(pairedDifference(base, wide, "higher", mean - halfWidth / 2).verdict).toBe("no evidence");
  expect(pairedDifference(base, wide, "higher", mean - 2 * halfWidth).verdict).toBe("better");
});

test("[X4] at a true difference as large as what matters a verdict is an error, and as rare as its interval says", () => {
  let called = 0;
  for (let study = 0; study < 1_000; study++) {
    const first = Array.from({ length: 30 }, (_, i) => 600 + 20 * noise(1_000_000 + 60 * study + i));
    const second = first.map((value, i) => value + 3 + 6 * noise(1_000_030 + 60 * study + i));
    if (pairedDifference(first, second, "higher", 3).verdict !== "no evidence") called++;
  }
  expect(called / 1_000).toBeLessThan(0.04);
});

test("[X5] MSER-5 deletes the ramp of a series and nothing of a level one", () => {
  const ramp = Array.from({ length: 200 }, (_, i) => Math.min(i / 40, 1) * 100 + noise(50_000 + i));
  const level = Array.from({ length: 200 }, (_, i) => 100 + noise(60_000 + i));
  expect(mser5(ramp)).toBeGreaterThanOrEqual(30);
  expect(mser5(ramp)).toBeLessThanOrEqual(60);
  expect(mser5(level)).toBeLessThanOrEqual(30);
  expect(mser5([1, 2, 3])).toBe(0);
});

test("[X6] CRPS is the absolute error for a single value and smaller for a sharp ensemble at the truth", () => {
  expect(crps([3], 5)).toBe(2);
  const ensemble = Array.from({ length: 2_000 }, (_, i) => noise(70_000 + i));
  // Normal closed form at y = 0: σ(2φ(0) − 1/√π) = 0.2337.
  expect(crps(ensemble, 0)).toBeCloseTo(0.2337, 1);
});

test("[X7] scores: perfect calibration covers 90 %, a biased forecast says so, skill is positive against a worse reference", () => {
  const forecasts = Array.from({ length: 200 }, (_, k) => ({
    ensemble: Array.from({ length: 60 }, (_, i) => 100 + 10 * noise(100_000 + k * 61 + i)),
    realised: 100 + 10 * noise(100_000 + k * 61 + 60),
    reference: Array.from({ length: 10 }, (_, i) => 100 + 40 * noise(200_000 + k * 10 + i)),
  }));
  const score = scoreForecasts(forecasts);
  expect(score.coverage90).toBeGreaterThan(0.83);
  expect(score.coverage90).toBeLessThan(0.96);
  expect(Math.abs(score.bias)).toBeLessThan(3);
  expect(score.skill).toBeGreaterThan(0.2);
  const late = scoreForecasts(forecasts.map((forecast) => ({ ...forecast, realised: forecast.realised - 25 })));
  expect(late.bias).toBeGreaterThan(20);
  expect(late.coverage90).toBeLessThan(0.5);
});

test("[X1] sample quantiles interpolate", () => {
  expect(sampleQuantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(sampleQuantile([], 0.5)).toBeNaN();
});
