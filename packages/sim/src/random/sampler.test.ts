import { expect, test } from "vitest";
import type { Distribution } from "./distribution.ts";
import { philox, philoxHigh, replicationKey, streamOf, uniformAt } from "./philox.ts";
import { distributionFault, meanOf, quantile, residual, samplerOf, survival } from "./sampler.ts";
import { gammaLower, gammaQuantile, normalDistribution, normalQuantile } from "./special-function.ts";

const distributions: readonly Distribution[] = [
  { kind: "uniform", low: 10, high: 30 },
  { kind: "triangular", low: 10, mode: 15, high: 30 },
  { kind: "exponential", mean: 20 },
  { kind: "lognormal", mean: 20, cv: 0.5 },
  { kind: "gamma", mean: 20, cv: 0.7 },
  { kind: "gamma", mean: 20, cv: 1.8 },
  { kind: "erlang", mean: 20, shape: 3 },
  { kind: "weibull", scale: 20, shape: 1.7 },
  { kind: "normal", mean: 20, sd: 15 },
  { kind: "normal", mean: 20, sd: 5, low: 12, high: 22 },
  { kind: "empirical", values: [30, 10, 20, 25], interpolate: true },
];

test("[S3] Philox2x32-10 gives the known answers of Random123", () => {
  const words = (key: number, low: number, high: number): string[] =>
    [philox(key, low, high), philoxHigh].map((word) => (word >>> 0).toString(16));
  expect(words(0, 0, 0)).toEqual(["ff1dae59", "6cd10df2"]);
  expect(words(-1, -1, -1)).toEqual(["2c3f628b", "ab4fd7ad"]);
  expect(words(0x13198a2e, 0x243f6a88, 0x85a308d3)).toEqual(["dd7ce038", "f62a4c12"]);
});

test("[S3] streams, seeds and replications share no numbers, and each is uniform", () => {
  const seen = new Set<number>();
  const keys = [replicationKey(1, 0), replicationKey(1, 1), replicationKey(2, 0), replicationKey(2 ** 33 + 1, 0)];
  const streams = ["S010", "S020"].flatMap((station) => ["cycle", "stop"].map((purpose) => streamOf(station, purpose)));
  for (const key of keys)
    for (const stream of streams) {
      let sum = 0;
      let square = 0;
      for (let i = 0; i < 4000; i++) {
        const u = uniformAt(key, stream, i);
        seen.add(u);
        sum += u;
        square += u * u;
      }
      expect(Math.abs(sum / 4000 - 0.5)).toBeLessThan(0.02);
      expect(Math.abs(square / 4000 - 1 / 3)).toBeLessThan(0.02);
    }
  expect(seen.size).toBe(4 * 4 * 4000);
});

test("[S5] the mean of quantiles over the unit interval is the stated mean", () => {
  for (const distribution of distributions) {
    const sampler = samplerOf(distribution);
    const n = 20_000;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += quantile(sampler, (i + 0.5) / n);
    expect(Math.abs(sum / n / meanOf(distribution) - 1), distribution.kind).toBeLessThan(2e-3);
  }
});

test("[S5] quantile and survival are inverses", () => {
  for (const distribution of distributions)
    for (const u of [1e-6, 0.01, 0.3, 0.5, 0.77, 0.99, 1 - 1e-6]) {
      const sampler = samplerOf(distribution);
      if (distribution.kind === "empirical") continue;
      expect(Math.abs(survival(sampler, quantile(sampler, u)) - (1 - u)), `${distribution.kind} at ${u}`).toBeLessThan(1e-9);
    }
});

test("[S5] normal and gamma quantiles have known values", () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
  expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
  expect(normalDistribution(-1.959963984540054)).toBeCloseTo(0.025, 14);
  // chi-square with 10 degrees of freedom, 95 %
  expect(2 * gammaQuantile(5, 0.95)).toBeCloseTo(18.307038053275146, 10);
  for (const a of [0.3, 1, 2.5, 40, 1111])
    for (const p of [1e-5, 0.2, 0.5, 0.9, 0.99999])
      expect(Math.abs(gammaLower(a, gammaQuantile(a, p)) - p), `${a} ${p}`).toBeLessThan(1e-11);
});

test("[S6] what remains is drawn from the distribution given what has elapsed", () => {
  const n = 4000;
  for (const distribution of distributions) {
    const sampler = samplerOf(distribution);
    const elapsed = 14;
    // the same conditional mean by rejection from the unconditional distribution
    let sum = 0;
    let kept = 0;
    for (let i = 0; i < 40_000; i++) {
      const x = quantile(sampler, (i + 0.5) / 40_000);
      if (x > elapsed) {
        sum += x - elapsed;
        kept++;
      }
    }
    let drawn = 0;
    for (let i = 0; i < n; i++) drawn += residual(sampler, elapsed, (i + 0.5) / n);
    if (distribution.kind !== "empirical") expect(Math.abs(drawn / n / (sum / kept) - 1), distribution.kind).toBeLessThan(6e-3);
  }
  expect(residual(samplerOf({ kind: "constant", value: 20 }), 14, 0.5)).toBe(6);
  expect(residual(samplerOf({ kind: "constant", value: 20 }), 25, 0.5)).toBe(0);
});

test("[S5] impossible parameters are named", () => {
  expect(distributionFault({ kind: "lognormal", mean: 0, cv: 1 })).toContain("mean > 0");
  expect(distributionFault({ kind: "empirical", values: [] })).toContain("values");
  expect(distributionFault({ kind: "erlang", mean: 3, shape: 1.5 })).toContain("whole shape");
  expect(() => samplerOf({ kind: "uniform", low: 3, high: 1 })).toThrow("uniform distribution");
});
