import { expect, test } from "vitest";
import type { LineModel } from "../line/line-model.ts";
import type { Distribution } from "../random/distribution.ts";
import { replicationKey, streamOf, uniformAt } from "../random/philox.ts";
import { meanOf, quantile, samplerOf } from "../random/sampler.ts";
import { applyParameters, transferEdits } from "./apply-parameters.ts";
import { driftSince, sinceDrift } from "./drift.ts";
import { durationCandidates, kolmogorovDistance, lifetimeCandidates } from "../random/candidate.ts";
import { fitLine } from "./fit-line.ts";
import { withObserved } from "./observed-model.ts";
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

test("[F1] the distance to the data is that of every value looked at, of which few are evaluated", () => {
  for (const n of [1, 2, 5, 40, 3_000]) {
    const sorted = Float64Array.from(draws({ kind: "gamma", mean: 36, cv: 0.5 }, n, n)).sort();
    for (const mean of [20, 36, 60]) {
      let evaluated = 0;
      const distribution = (x: number): number => {
        evaluated++;
        return 1 - Math.exp(-x / mean);
      };
      const distances = [...sorted].flatMap((x, i) => [i, i + 1].map((rank) => Math.abs(1 - Math.exp(-x / mean) - rank / n)));
      expect(kolmogorovDistance(sorted, distribution)).toBe(Math.max(...distances));
      if (n === 3_000) expect(evaluated).toBeLessThan(n / 4);
    }
  }
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
  // the operating time that the breakdowns were counted in; none where nothing was watched
  expect(none.exposureS).toBeUndefined();
  const seen = draws({ kind: "exponential", mean: 30_000 }, 4, 8).reduce((sum, value) => sum + value, 0);
  expect(fitWith(4).exposureS).toBeCloseTo(seen, 6);
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

const seenAt = (station: string, more: object) => ({ stations: [{ station, cycles: [], stops: [], setUps: [], tries: [], ...more }] });

test("[F8] the mix is that of the units that came, its draws add up to one and spread as the number of batches allows", () => {
  const planned: LineModel = {
    ...line,
    program: {
      kind: "batches",
      mix: [
        { product: "A", share: 0.5, batchMin: 60, batchMax: 140 },
        { product: "B", share: 0.5, batchMin: 20, batchMax: 60 },
      ],
    },
  };
  const runs = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? { product: "A", n: 100 } : { product: "B", n: 40 }));
  const parameters = fitLine(planned, seenAt("S1", { runs }));
  const mixOf = (draw?: { readonly seed: number; readonly replication: number }) => {
    const { program } = applyParameters(planned, parameters, draw);
    return program?.kind === "batches" ? program.mix.map(({ share }) => share) : [];
  };
  expect(mixOf()[0]).toBeCloseTo(100 / 140, 1);
  const drawn = Array.from({ length: 200 }, (_, replication) => mixOf({ seed: 3, replication }));
  for (const shares of drawn) expect(shares[0]! + shares[1]!).toBeCloseTo(1, 9);
  const first = drawn.map((shares) => shares[0]!);
  expect(Math.max(...first) - Math.min(...first)).toBeGreaterThan(0.1);
  expect(Math.max(...first) - Math.min(...first)).toBeLessThan(0.5);
  expect(fitLine(planned, { stations: [] }).some((parameter) => parameter.target.kind === "share")).toBe(false);
});

test("[F9] a conveyor is as long as its fastest parts, once there are hours enough to know", () => {
  const travelled = (hours: number) =>
    fitLine(line, seenAt("S2", { travel: [{ from: "S1", leastS: Array.from({ length: hours }, (_, i) => (i % 3 === 0 ? 40 : 7.5)) }] }));
  const parameter = travelled(20).find(({ target }) => target.kind === "travel")!;
  expect(parameter).toMatchObject({ mean: 7.5, n: 20 });
  expect(applyParameters(line, [parameter]).stations[0]!.next).toEqual({ station: "S2", travelS: 7.5 });
  expect(travelled(3).some(({ target }) => target.kind === "travel")).toBe(false);
});

test("[F10] stops of a class that engineering left out are in the model once they were seen; waits for technicians are not repair", () => {
  const stops = [
    { stop: "failure", betweenS: [20_000, 30_000], censoredS: [], durationsS: [900, 1_500], repairsS: [600, 1_200] },
    { stop: "microStop", betweenS: [1_000, 2_000, 3_000], censoredS: [], durationsS: [20, 30, 40] },
  ];
  const staffed: LineModel = {
    ...line,
    personnel: [{ id: "technicians", count: 1 }],
    stations: line.stations.map((station) => ({
      ...station,
      ...(station.stops ? { stops: station.stops.map((stop) => ({ ...stop, repairedBy: { pools: ["technicians"], count: 1 } })) } : {}),
    })),
  };
  const seen = withObserved(staffed, seenAt("S2", { stops }));
  expect(seen.stations[1]!.stops).toMatchObject([
    { id: "failure", between: { mean: 25_000 }, duration: { mean: 900 }, repairedBy: { pools: ["technicians"] }, scope: "place" },
    { id: "microStop", between: { mean: 2_000 }, duration: { mean: 30 } },
  ]);
  expect(withObserved(line, seenAt("S2", { stops })).stations[1]!.stops![0]).toMatchObject({ duration: { mean: 1_200 } });
  const once = seenAt("S2", { stops: [{ ...stops[0]!, betweenS: [20_000] }] });
  expect(withObserved(line, once).stations[1]!.stops).toBeUndefined();
  const repair = fitLine(seen, seenAt("S1", { stops })).find(({ target }) => target.kind === "stopDuration" && target.station === "S1")!;
  expect(repair.mean).toBeCloseTo((600 + 1_200 + 2 * 900) / 4, 6);
});

test("[F11] a drift is named and fitted from the recent data only; a plant that has not changed has hardly any", () => {
  const history = (recentMean: number, seed: number) => {
    const older = draws({ kind: "exponential", mean: 1_300 }, 300, seed);
    const recent = draws({ kind: "exponential", mean: recentMean }, 100, seed + 1);
    const of = (betweenS: number[]) => ({
      stations: [
        { station: "S1", cycles: [], stops: [{ stop: "failure", betweenS, censoredS: [], durationsS: [] }], setUps: [], tries: [] },
      ],
    });
    return sinceDrift(of([...older, ...recent]), of(recent));
  };
  const { drifts, observations } = history(700, 20);
  expect(drifts).toMatchObject([{ station: "S1", kind: "stopRate", of: "failure", n: 100 }]);
  expect(drifts[0]!.recent).toBeLessThan(900);
  expect(observations.stations[0]!.stops[0]!.betweenS).toHaveLength(100);
  const named = Array.from({ length: 100 }, (_, seed) => history(1_300, 1_000 + 2 * seed)).filter((found) => found.drifts.length > 0);
  expect(named.length).toBeLessThanOrEqual(4);
  const lengths = (older: number[], recent: number[]) => {
    const of = (durationsS: number[]) => ({
      stations: [
        { station: "S1", cycles: [], stops: [{ stop: "failure", betweenS: [], censoredS: [], durationsS }], setUps: [], tries: [] },
      ],
    });
    return sinceDrift(of([...older, ...recent]), of(recent)).drifts;
  };
  const usual = draws({ kind: "gamma", mean: 20, cv: 0.6 }, 60, 31);
  // One long stop among the older ones is no drift of the others.
  expect(lengths([...usual, 900], draws({ kind: "gamma", mean: 20, cv: 0.6 }, 20, 32))).toEqual([]);
  expect(lengths(usual, draws({ kind: "gamma", mean: 40, cv: 0.6 }, 20, 32))).toMatchObject([{ kind: "stopDuration", n: 20 }]);
});

test("[F13] a fit is called outdated when the plant has drifted since, and of plants that have not hardly one in twenty", () => {
  // Forty parameters as a line has them: rare failures, lengths that scatter widely, many cycles, rejects.
  const plant = (seed: number, wearS: number) => {
    const of = (shifts: number, from: number, factor: number) => ({
      stations: Array.from({ length: 10 }, (_, number) => {
        const own = (index: number) => 100_000 * seed + 1_000 * number + 10 * index + from;
        const between = number === 0 ? wearS * factor : 2_000;
        return {
          station: `S${number}`,
          cycles: [{ product: "A", valuesS: draws({ kind: "gamma", mean: 30, cv: 0.12 }, 20 * shifts, own(1)) }],
          stops: [
            {
              stop: "microStop",
              betweenS: draws({ kind: "exponential", mean: between }, Math.round((10 * shifts * 2_000) / between), own(2)),
              censoredS: [],
              durationsS: draws({ kind: "gamma", mean: 50, cv: 0.8 }, 10 * shifts, own(3)),
            },
          ],
          setUps: [],
          tries: [
            {
              n: 100 * shifts,
              rejected: draws({ kind: "uniform", low: 0, high: 1 }, 100 * shifts, own(4)).filter((u) => u < 0.035).length,
            },
          ],
        };
      }),
    });
    const [older, since] = [of(15, 1, 1), of(5, 2, 1)];
    const worn = wearS === 2_000 ? since : of(5, 2, 0.6);
    return driftSince({ stations: older.stations.map((station, i) => joined(station, worn.stations[i]!)) }, worn);
  };
  const joined = <S extends ReturnType<typeof driftStation>>(a: S, b: S): S => ({
    ...a,
    cycles: a.cycles.map((entry, i) => ({ ...entry, valuesS: [...entry.valuesS, ...b.cycles[i]!.valuesS] })),
    stops: a.stops.map((entry, i) => ({
      ...entry,
      betweenS: [...entry.betweenS, ...b.stops[i]!.betweenS],
      durationsS: [...entry.durationsS, ...b.stops[i]!.durationsS],
    })),
    tries: a.tries.map((entry, i) => ({ n: entry.n + b.tries[i]!.n, rejected: entry.rejected + b.tries[i]!.rejected })),
  });
  const plants = process.env["SOAK"] === undefined ? 20 : 400;
  const calm = Array.from({ length: plants }, (_, seed) => plant(seed, 2_000));
  expect(calm[0]!.asked).toBe(40);
  const alarms = calm.filter(({ drifts }) => drifts.length > 0).length;
  // Of twenty at most four, of four hundred at most thirty at a rate of one in twenty, with 99 %.
  expect(alarms / plants).toBeLessThanOrEqual(plants === 20 ? 0.2 : 0.075);
  const worn = Array.from({ length: 5 }, (_, seed) => plant(1_000 + seed, 1_000));
  expect(
    worn.filter(({ drifts }) => drifts.some(({ station, kind }) => station === "S0" && kind === "stopRate")).length,
  ).toBeGreaterThanOrEqual(4);
  expect(driftSince({ stations: [] }, { stations: [] })).toEqual({ drifts: [], asked: 0 });
});

const driftStation = () => ({
  cycles: [{ product: "", valuesS: [0] }],
  stops: [{ betweenS: [0], durationsS: [0] }],
  tries: [{ n: 0, rejected: 0 }],
});

test("[F12] repair goes on in breaks and at night where machines that stood before were whole after, and then takes the whole time", () => {
  const stops = [
    {
      stop: "failure",
      betweenS: [20_000, 30_000],
      censoredS: [],
      durationsS: [300, 500],
      repairsS: [300, 500],
      wholeRepairsS: [900, 1_100],
    },
  ];
  const goesOn = withObserved(line, seenAt("S1", { stops, rests: { stood: 1, ended: 3 } }));
  expect(goesOn.stations[0]!.stops![0]).toMatchObject({ id: "failure", repairAlways: true });
  const meanOfRepair = (model: LineModel) =>
    fitLine(model, seenAt("S1", { stops })).find(({ target }) => target.kind === "stopDuration")!.mean;
  expect(meanOfRepair(goesOn)).toBeCloseTo((900 + 1_100 + 2 * 900) / 4, 6);
  const waits = withObserved(line, seenAt("S1", { stops, rests: { stood: 20, ended: 2 } }));
  expect(waits.stations[0]!.stops![0]!.repairAlways).toBeUndefined();
  expect(meanOfRepair(waits)).toBeCloseTo((300 + 500 + 2 * 900) / 4, 6);
});

test("[F14] a station that was never watched takes the times of a log with its n; one of which nothing is stated says so", () => {
  const hours = draws({ kind: "lognormal", mean: 18_000, cv: 0.7 }, 101, 4).toSorted((a, b) => a - b);
  const station = (id: string, more: object) => ({
    id,
    places: 1,
    cycle: { time: { kind: "lognormal", mean: 1, cv: 0.03 } as const, ...more },
  });
  const model: LineModel = {
    format: "doppelwerk-line/1",
    id: "shop",
    products: [],
    stations: [
      {
        ...station("Mill", { time: { kind: "lognormal", mean: 18_000, cv: 0.7 }, logged: { n: 640, valuesS: hours } }),
        next: { station: "Drill" },
      },
      { ...station("Drill", { isAssumed: true }), next: { station: "Saw" } },
      station("Saw", {}),
    ],
  };
  const [mill, drill, saw] = fitLine(model, { stations: [] });
  expect(mill).toMatchObject({ n: 640, pooled: false, basis: "log" });
  expect(mill!.mean / 18_000).toBeGreaterThan(0.8);
  expect(mill!.mean / 18_000).toBeLessThan(1.2);
  // as sure as 640 visits make it, not as 101 quantiles
  expect((mill!.high - mill!.low) / mill!.mean).toBeLessThan(0.16);
  expect(drill).toMatchObject({ n: 0, basis: "assumed" });
  expect(drill!.fit).toContain("unknown");
  expect(saw).toMatchObject({ n: 0 });
  expect(saw!.basis).toBeUndefined();
  // what was watched goes before any log
  const watched = {
    cycles: [{ product: "", valuesS: draws({ kind: "gamma", mean: 9_000, cv: 0.3 }, 400, 8) }],
    stops: [],
    setUps: [],
    tries: [],
  };
  const [seen] = fitLine(model, { stations: [{ station: "Mill", ...watched }] });
  expect(seen).toMatchObject({ n: 400 });
  expect(seen!.basis).toBeUndefined();
  expect(seen!.mean / 9_000).toBeCloseTo(1, 1);
});
