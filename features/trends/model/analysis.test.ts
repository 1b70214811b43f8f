import { expect, test } from "vitest";
import { capabilityOf, FineBins, Moments, quantilesOf, shownBins } from "./distribution.ts";
import { EvenGrid, usualInterval } from "./even-grid.ts";
import { normalShareBelow, studentT95 } from "./normal.ts";
import { reachAt, regressionOf } from "./regression.ts";
import { lengthOf, spectrumOf, transform } from "./spectrum.ts";
import { bandAcross } from "./usual-band.ts";

function momentsOf(values: readonly number[]): Moments {
  const moments = new Moments();
  for (const value of values) {
    moments.sample(value);
    moments.held(value, 10);
  }
  return moments;
}

function binsOf(values: readonly number[], limits = {}): FineBins {
  const bins = new FineBins(Math.min(...values), Math.max(...values), limits);
  for (const value of values) bins.sample(value);
  return bins;
}

/** Evenly spread quantiles of a normal distribution: a sample without chance. */
function normalSample(n: number, mean: number, sd: number): readonly number[] {
  return Array.from({ length: n }, (_, at) => {
    let [low, high] = [-9, 9];
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (normalShareBelow(middle) < (at + 0.5) / n) low = middle;
      else high = middle;
    }
    return mean + sd * low;
  });
}

test("[TR3] mean, spread and range are those of a hand calculation; time that is not known has no weight", () => {
  const moments = momentsOf([2, 4, 4, 4, 5, 5, 7, 9]);
  expect([moments.n, moments.mean, moments.min, moments.max]).toEqual([8, 5, 2, 9]);
  // Σ (x − 5)² = 32; 32 ÷ 7
  expect(moments.sd).toBeCloseTo(Math.sqrt(32 / 7), 12);
  // ranges 2 0 0 1 0 2 2: mean 1, over 1.128
  expect(moments.withinSd).toBeCloseTo(1 / 1.128379167, 9);
  moments.sample(Number.NaN);
  moments.held(Number.NaN, 30);
  expect([moments.n, moments.bad, moments.unknownS, moments.knownS]).toEqual([8, 1, 30, 80]);
  expect(moments.timeMean).toBeCloseTo(5, 12);
});

test("[TR3] a value that holds long weighs more in the mean over time than in the mean of samples", () => {
  const moments = new Moments();
  moments.sample(10);
  moments.held(10, 90);
  moments.sample(20);
  moments.held(20, 10);
  expect([moments.mean, moments.timeMean]).toEqual([15, 11]);
  // 90·1 + 10·81 over 100
  expect(moments.timeSd).toBeCloseTo(3, 12);
});

test("[TR4] Cp and Cpk, Pp and Ppk follow from limits, mean and the two spreads; one limit alone gives the second of each", () => {
  const values = [9, 11, 9, 11, 9, 11];
  const [moments, bins] = [momentsOf(values), binsOf(values, { lower: 4, upper: 13 })];
  const within = 2 / 1.128379167;
  const overall = Math.sqrt(6 / 5);
  const capability = capabilityOf(moments, bins, { lower: 4, upper: 13 })!;
  expect(capability.cp).toBeCloseTo(9 / (6 * within), 9);
  expect(capability.cpk).toBeCloseTo(3 / (3 * within), 9);
  expect(capability.pp).toBeCloseTo(9 / (6 * overall), 9);
  expect(capability.ppk).toBeCloseTo(3 / (3 * overall), 9);
  expect([capability.below, capability.above]).toEqual([0, 0]);
  const oneSided = capabilityOf(moments, bins, { upper: 13 })!;
  expect(oneSided.cp).toBeUndefined();
  expect(oneSided.cpk).toBeCloseTo(3 / (3 * within), 9);
  expect(capabilityOf(moments, bins, {})).toBeUndefined();
  // what never changes has no spread, and no capability is made up
  const still = momentsOf([5, 5, 5]);
  expect(capabilityOf(still, binsOf([5, 5, 5]), { lower: 0, upper: 9 })).toEqual({ below: 0, above: 0 });
});

test("[TR4] quantiles are exact to a 4096th of the range, bins hold every sample once, and a normal sample has the shares of its curve", () => {
  const values = normalSample(10_000, 50, 4);
  const bins = binsOf(values, { lower: 42, upper: 58 });
  const quantiles = quantilesOf(bins)!;
  expect(quantiles.p50).toBeCloseTo(50, 1);
  expect(quantiles.p95).toBeCloseTo(50 + 1.6449 * 4, 1);
  expect(shownBins(bins).counts.reduce((sum, count) => sum + count, 0)).toBe(10_000);
  expect(shownBins(bins, 16).counts).toHaveLength(16);
  const capability = capabilityOf(momentsOf(values), bins, { lower: 42, upper: 58 })!;
  expect((capability.below + capability.above) / 10_000).toBeCloseTo(0.0455, 3);
  expect(capability.expectedBelow! + capability.expectedAbove!).toBeCloseTo(0.0455, 2);
});

test("[TR5] a value that never changes has no spread, however long it held", () => {
  const found = [37.1, 0.1, 1e9 / 3].flatMap((value) =>
    Array.from({ length: 500 }, (_, n) => {
      const moments = new Moments();
      for (let k = 0; k < 3; k++) moments.held(value, 0.1 + n / 7 + k / 3);
      return [moments.timeMean === value, moments.timeSd];
    }),
  );
  expect(found.filter(([isSame, sd]) => isSame !== true || sd !== 0)).toEqual([]);
});

test("[TR5] quantiles of Student's t and tails of the normal distribution are those of the tables", () => {
  for (const [degrees, t] of [
    [1, 12.706],
    [4, 2.776],
    [10, 2.228],
    [30, 2.042],
    [1e6, 1.96],
  ] as const)
    expect(studentT95(degrees)).toBeCloseTo(t, 3);
  expect(normalShareBelow(1.96)).toBeCloseTo(0.975, 4);
  expect(normalShareBelow(-6)).toBeCloseTo(9.8659e-10, 13);
});

test("[TR5] a line of least squares is that of a hand calculation, with the interval of its slope; what says nothing has no line", () => {
  // residuals alternate, so that pairs count as independent
  const [x, y] = [
    [1, 2, 3, 4, 5, 6],
    [2.1, 3.9, 6.1, 7.9, 10.1, 11.9],
  ];
  const fit = regressionOf(x!, y!)!;
  expect(fit.n).toBe(6);
  expect(fit.effectiveN).toBe(6);
  expect(fit.slope).toBeCloseTo(34.7 / 17.5, 1);
  expect(fit.intercept).toBeCloseTo(7 - fit.slope * 3.5, 9);
  expect(fit.r2).toBeGreaterThan(0.999);
  const squares = x!.reduce((sum, each, at) => sum + (y![at]! - fit.intercept - fit.slope * each) ** 2, 0);
  expect(fit.residualSd).toBeCloseTo(Math.sqrt(squares / 4), 9);
  expect(fit.slopeReach).toBeCloseTo((2.776445 * Math.sqrt(squares / 4)) / Math.sqrt(17.5), 5);
  const { line, pair } = reachAt(fit, 3.5);
  expect(line).toBeCloseTo((2.776445 * fit.residualSd) / Math.sqrt(6), 5);
  expect(pair).toBeGreaterThan(line);
  expect(regressionOf([1, 1, 1, 1], [1, 2, 3, 4])).toBeUndefined();
  expect(regressionOf([1, 2], [1, 2])).toBeUndefined();
  expect(regressionOf([1, 2, Number.NaN, 4], [1, 2, 3, 4])!.n).toBe(3);
});

test("[TR5] pairs that follow each other alike count as fewer: the interval of a slow wave is wider than that of chance", () => {
  const x = Array.from({ length: 400 }, (_, at) => at % 7);
  const slow = regressionOf(
    x,
    x.map((_, at) => Math.sin(at / 40)),
  )!;
  const quick = regressionOf(
    x,
    x.map((_, at) => Math.sin(at * 2.4)),
  )!;
  expect(slow.effectiveN).toBeLessThan(20);
  expect(quick.effectiveN).toBe(400);
  expect(slow.slopeReach).toBeGreaterThan(3 * quick.slopeReach);
});

test.each(["hann", "blackman", "rectangular"] as const)("[TR6] a sine has its amplitude at its frequency, with the window %s", (window) => {
  const stepS = 0.1;
  const length = 256;
  const hertz = 32 / (length * stepS);
  const values = Float64Array.from({ length: 1_024 }, (_, at) => 20 + 3 * Math.sin(2 * Math.PI * hertz * at * stepS));
  const spectrum = spectrumOf(values, stepS, window, length)!;
  expect(spectrum.nyquist).toBe(5);
  expect(spectrum.used).toBe(7);
  const top = spectrum.amplitude.indexOf(Math.max(...spectrum.amplitude));
  expect((top + 1) * spectrum.resolution).toBeCloseTo(hertz, 9);
  expect(spectrum.amplitude[top]).toBeCloseTo(3, 3);
});

test("[TR6] a stretch with a gap is left out, no value is made up; without any whole stretch there is no spectrum", () => {
  const values = Float64Array.from({ length: 512 }, (_, at) => Math.sin(at));
  values[300] = Number.NaN;
  const spectrum = spectrumOf(values, 1, "hann", 128)!;
  expect([spectrum.used, spectrum.leftOut]).toEqual([5, 2]);
  expect(spectrumOf(new Float64Array(512).fill(Number.NaN), 1, "hann", 128)).toBeUndefined();
  expect([lengthOf(10), lengthOf(40), lengthOf(1_000), lengthOf(1e6)]).toEqual([undefined, 32, 256, 4_096]);
});

test("[TR6] the transform of an impulse is flat, and of a constant nothing but its sum", () => {
  const [real, imaginary] = [new Float64Array(16), new Float64Array(16)];
  real[3] = 1;
  transform(real, imaginary);
  for (let line = 0; line < 16; line++) expect(Math.hypot(real[line]!, imaginary[line]!)).toBeCloseTo(1, 12);
  const [constant, zero] = [new Float64Array(16).fill(2), new Float64Array(16)];
  transform(constant, zero);
  expect(constant[0]).toBe(32);
  expect(Math.max(...constant.subarray(1).map(Math.abs))).toBeLessThan(1e-12);
});

test("[TR6] samples come onto an even grid by straight lines, and a time without any stays unknown", () => {
  const grid = new EvenGrid(0, 1, 11, 3);
  for (const [time, value] of [
    [0, 0],
    [2, 4],
    [7, 9],
    [8, 10],
    [9, Number.NaN],
    [10, 12],
  ] as const)
    grid.sample(time, value);
  expect([...grid.values]).toEqual([0, 2, 4, Number.NaN, Number.NaN, Number.NaN, Number.NaN, 9, 10, Number.NaN, 12]);
  expect(grid.inGaps).toBe(4);
  expect(usualInterval([0, 10, 20, 30, 500])).toBe(10);
  expect(usualInterval([0, 10])).toBeUndefined();
});

test("[TR7] what is usual is the middle and 80 % across periods; where fewer than three have a value nothing is said", () => {
  const rows = Array.from({ length: 11 }, (_, at) => Float64Array.of(at, at < 2 ? 1 : Number.NaN));
  expect(bandAcross(rows, 2)).toEqual({ low: [1, null], middle: [5, null], high: [9, null], n: [11, 2] });
});
