import { expect, test } from "vitest";
import type { LineModel } from "../line/line-model.ts";
import type { Distribution } from "../random/distribution.ts";
import { replicationKey, streamOf, uniformAt } from "../random/philox.ts";
import { meanOf, quantile, samplerOf } from "../random/sampler.ts";
import { applyParameters, transferEdits } from "./apply-parameters.ts";
import { durationCandidates, lifetimeCandidates } from "./candidate.ts";
import { fitLine } from "./fit-line.ts";
import { betaQuantile, drawParameter } from "./parameter.ts";

const draws = (distribution: Distribution, n: number, seed: number) => {
  const sampler = samplerOf(distribution);
  return Array.from({ length: n }, (_, i) => quantile(sampler, uniformAt(replicationKey(seed, 0), streamOf("fit", "test"), i)));
};

const line: LineModel = {
  format: "doppelwerk-line/1",
  id: "two",
  products: [{ id: "A" }, { id: "B" }],
  stations: [
    {
      id: "S1",
      places: 1,
      source: { program: true },
      cycle: { time: { kind: "constant", value: 30 }, byProduct: { B: { kind: "constant", value: 40 } } },
      stops: [
        {
          id: "failure",
          class: "failure",
          clock: "operating",
          between: { kind: "exponential", mean: 36_000 },
          duration: { kind: "lognormal", mean: 900, cv: 0.6 },
        },
      ],
      next: { station: "S2" },
    },
    {
      id: "S2",
      places: 6,
      buffer: { capacity: 8 },
      cycle: { time: { kind: "lognormal", mean: 200, cv: 0.03 } },
      inspection: { rejectByTry: [0.05, 0.1], maxTries: 3 },
    },
  ],
};

test.each<Distribution>([
  { kind: "lognormal", mean: 36, cv: 0.3 },
  { kind: "gamma", mean: 36, cv: 0.5 },
  { kind: "normal", mean: 36, sd: 4 },
])("[F1] maximum likelihood and AIC find the family and mean of 4,000 draws of $kind", (truth) => {
  const [best] = durationCandidates(draws(truth, 4_000, 3));
  expect(best!.distribution.kind).toBe(truth.kind);
  expect(meanOf(best!.distribution) / meanOf(truth)).toBeCloseTo(1, 1);
  expect(best!.ks).toBeLessThan(0.03);
});

test("[F2] censored times to failure are not failures: the exponential mean is exposure per failure, a Weibull shape is recovered", () => {
  const all = draws({ kind: "exponential", mean: 100 }, 3_000, 5);
  const failures = all.filter((value) => value < 120);
  const censored = all.filter((value) => value >= 120).map(() => 120);
  const [exponential] = lifetimeCandidates(failures, censored);
  expect(meanOf(exponential!.distribution)).toBeGreaterThan(94);
  expect(meanOf(exponential!.distribution)).toBeLessThan(106);
  const [weibull] = lifetimeCandidates(draws({ kind: "weibull", scale: 100, shape: 2 }, 2_000, 6), []);
  expect(weibull!.distribution).toMatchObject({ kind: "weibull" });
  expect((weibull!.distribution as { shape: number }).shape).toBeCloseTo(2, 0);
});

test("[F3] few breakdowns leave a wide interval, many a narrow one, none the nominal value (P2)", () => {
  const fitWith = (n: number) => {
    const betweenS = draws({ kind: "exponential", mean: 30_000 }, n, 8);
    const observations = {
      stations: [
        { station: "S1", cycles: [], stops: [{ stop: "failure", betweenS, censoredS: [], durationsS: [] }], setUps: [], tries: [] },
      ],
    };
    return fitLine(line, observations).find((parameter) => parameter.target.kind === "stopBetween")!;
  };
  const none = fitLine(line, { stations: [] }).find((parameter) => parameter.target.kind === "stopBetween")!;
  expect(none).toMatchObject({ n: 0, mean: 36_000, pooled: true });
  const four = fitWith(4);
  const many = fitWith(400);
  expect(four.high / four.low).toBeGreaterThan(3);
  expect(many.high / many.low).toBeLessThan(1.3);
  expect(many.mean).toBeGreaterThan(26_000);
  expect(many.mean).toBeLessThan(34_000);
});

test("[F4] a product with few cycles is pooled through the nominal ratio and says so, one with many stands alone", () => {
  const observations = {
    stations: [
      {
        station: "S1",
        cycles: [
          { product: "A", valuesS: draws({ kind: "normal", mean: 33, sd: 2 }, 500, 1) },
          { product: "B", valuesS: draws({ kind: "normal", mean: 44, sd: 2 }, 5, 2) },
        ],
        stops: [],
        setUps: [],
        tries: [],
      },
    ],
  };
  const cycles = fitLine(line, observations).filter((parameter) => parameter.target.kind === "cycle" && parameter.target.station === "S1");
  const productB = cycles.find((parameter) => parameter.target.kind === "cycle" && parameter.target.product === "B")!;
  expect(productB.pooled).toBe(true);
  expect(productB.mean).toBeCloseTo(44, 0);
});

test("[F5] a reject rate is a beta posterior whose interval covers the truth", () => {
  const observations = { stations: [{ station: "S2", cycles: [], stops: [], setUps: [], tries: [{ n: 6_000, rejected: 210 }] }] };
  const rate = fitLine(line, observations).find((parameter) => parameter.target.kind === "reject" && parameter.target.tryNumber === 1)!;
  expect(rate.low).toBeLessThan(0.035);
  expect(rate.high).toBeGreaterThan(0.035);
  expect(betaQuantile(0.5, 3, 3)).toBeCloseTo(0.5, 6);
});

test("[F6] a draw depends only on seed, replication and the parameter itself; its spread is the posterior's", () => {
  const observations = {
    stations: [
      {
        station: "S1",
        cycles: [],
        stops: [{ stop: "failure", betweenS: [20_000, 40_000], censoredS: [10_000], durationsS: [600, 1_200] }],
        setUps: [],
        tries: [],
      },
    ],
  };
  const parameters = fitLine(line, observations);
  const between = parameters.find((parameter) => parameter.target.kind === "stopBetween")!;
  expect(drawParameter(between, 7, 3)).toEqual(drawParameter(between, 7, 3));
  const means = Array.from({ length: 400 }, (_, replication) => meanOf(drawParameter(between, 7, replication) as Distribution));
  const inside = means.filter((mean) => mean >= between.low && mean <= between.high).length;
  expect(inside / 400).toBeGreaterThan(0.92);
  const model = applyParameters(line, parameters, { seed: 7, replication: 3 });
  expect(meanOf(model.stations[0]!.stops![0]!.between)).toBe(means[3]);
});

test("[F7] edits: counts are taken over, times change in the ratio of the edit on top of what history says", () => {
  const edited: LineModel = {
    ...line,
    stations: [
      { ...line.stations[0]!, cycle: { ...line.stations[0]!.cycle, time: { kind: "constant", value: 27 } } },
      { ...line.stations[1]!, places: 7, buffer: { capacity: 20 } },
    ],
  };
  const fitted: LineModel = {
    ...line,
    stations: [
      { ...line.stations[0]!, cycle: { ...line.stations[0]!.cycle, time: { kind: "lognormal", mean: 33, cv: 0.05 } } },
      line.stations[1]!,
    ],
  };
  const result = transferEdits(line, edited, fitted);
  expect(result.stations[1]).toMatchObject({ places: 7, buffer: { capacity: 20 } });
  expect(meanOf(result.stations[0]!.cycle.time)).toBeCloseTo(29.7, 9);
  expect(transferEdits(line, line, fitted)).toEqual(fitted);
});
