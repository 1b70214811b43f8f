import { expect, test } from "vitest";
import type { Distribution } from "../random/distribution.ts";
import type { LineModel, StationModel } from "./line-model.ts";
import { runLine } from "./line-run.ts";
import type { RunResult } from "./run.ts";

const exponential = (mean: number): Distribution => ({ kind: "exponential", mean });

/** Saturated line of equal stations with `slots` between them and no calendar. */
function tandem(stations: number, slots: number, station: Partial<StationModel> = {}): LineModel {
  return {
    format: "doppelwerk-line/1",
    id: `tandem-${stations}-${slots}`,
    products: [{ id: "part" }],
    stations: Array.from({ length: stations }, (_, index) => ({
      id: `S${index}`,
      places: 1,
      cycle: { time: exponential(1) },
      ...(index === 0 ? { source: { program: true } } : { buffer: { capacity: slots } }),
      ...(index < stations - 1 ? { next: { station: `S${index + 1}` } } : {}),
      ...station,
    })),
  };
}

function queue(places: number, rate: number, service: Distribution): LineModel {
  return {
    format: "doppelwerk-line/1",
    id: "queue",
    products: [{ id: "customer" }],
    stations: [{ id: "desk", places, cycle: { time: service }, source: { program: true, interarrival: exponential(1 / rate) } }],
  };
}

/** Share of experiments of ten replications whose 95 % interval covers the truth, and the mean over all. */
function coverage(
  model: LineModel,
  truth: number,
  experiments: number,
  options: { readonly warmUpS: number; readonly horizonS: number },
  figure: (result: RunResult) => number,
): { covered: number; mean: number } {
  const T9 = 2.262157;
  let covered = 0;
  let sum = 0;
  for (let seed = 1; seed <= experiments; seed++) {
    const values = Array.from({ length: 10 }, (_, replication) =>
      figure(runLine(model, { seed, replication, startInstant: 0, ...options })),
    );
    const mean = values.reduce((total, value) => total + value, 0) / 10;
    const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / 9;
    if (Math.abs(mean - truth) <= T9 * Math.sqrt(variance / 10)) covered++;
    sum += mean;
  }
  return { covered: covered / experiments, mean: sum / experiments };
}

const perSecond = (result: RunResult): number => result.good / result.measuredS;

test("[S30] saturated exponential lines have the exact throughput of their Markov chains", () => {
  const truths: readonly (readonly [number, number, number])[] = [
    [2, 4, 6 / 7],
    [3, 0, 22 / 39],
    [3, 4, 0.8074859],
    [4, 1, 0.6311527],
    [5, 0, 0.4857981],
  ];
  for (const [stations, slots, truth] of truths) {
    const { covered, mean } = coverage(tandem(stations, slots), truth, 20, { warmUpS: 100, horizonS: 500 }, perSecond);
    expect(covered, `${stations} stations, ${slots} slots`).toBeGreaterThanOrEqual(0.85);
    expect(Math.abs(mean / truth - 1), `${stations} stations, ${slots} slots`).toBeLessThan(0.01);
  }
});

test("[S31] M/M/1, M/M/2 and M/D/1 queues have their exact times in the system", () => {
  const options = { warmUpS: 250, horizonS: 1000 };
  const time = (result: RunResult): number => result.leadTime.meanS;
  const single = coverage(queue(1, 0.8, exponential(1)), 5, 20, options, time);
  const double = coverage(queue(2, 1.6, exponential(1)), 1 / (1 - 0.64), 20, options, time);
  const constant = coverage(queue(1, 0.8, { kind: "constant", value: 1 }), 3, 20, options, time);
  for (const [{ covered, mean }, truth] of [
    [single, 5],
    [double, 2.7777777],
    [constant, 3],
  ] as const) {
    expect(covered).toBeGreaterThanOrEqual(0.85);
    expect(Math.abs(mean / truth - 1)).toBeLessThan(0.05);
  }
});

test("[S32] an operating clock gives availability MTBF ÷ (MTBF + MTTR) of the time the machine could work, a calendar clock of all time", () => {
  const stop = (clock: "operating" | "calendar"): Partial<StationModel> => ({
    cycle: { time: { kind: "constant", value: 1 } },
    stops: [{ id: "failure", class: "failure", clock, between: exponential(90), duration: exponential(10) }],
  });
  const options = { warmUpS: 0, horizonS: 1500 };
  expect(coverage(tandem(1, 0, stop("operating")), 0.9, 20, options, perSecond).covered).toBeGreaterThanOrEqual(0.85);
  expect(coverage(tandem(1, 0, stop("calendar")), 0.9, 20, options, perSecond).covered).toBeGreaterThanOrEqual(0.85);
  // fed at half its speed the operating clock runs half of the time, the calendar clock always
  const fed = (clock: "operating" | "calendar"): LineModel => {
    const model = queue(1, 0.5, { kind: "constant", value: 1 });
    return { ...model, stations: [{ ...model.stations[0]!, stops: stop(clock).stops! }] };
  };
  const down = (result: RunResult): number => result.places[0]!.seconds.failed / result.measuredS;
  expect(coverage(fed("operating"), 0.5 * (10 / 90), 20, options, down).covered).toBeGreaterThanOrEqual(0.85);
  expect(coverage(fed("calendar"), 0.1, 20, options, down).covered).toBeGreaterThanOrEqual(0.85);
});

test("[S33] two deterministic machines without a buffer stop together: throughput 1 ÷ (1 + Σ MTTR ÷ MTBF)", () => {
  // Buzacott 1967, zero buffer, operating clocks: the pair works exactly when both are up
  const stops: StationModel["stops"] = [
    { id: "failure", class: "failure", clock: "operating", between: exponential(1000), duration: exponential(100) },
  ];
  const { covered, mean } = coverage(
    tandem(2, 0, { cycle: { time: { kind: "constant", value: 1 } }, stops }),
    1 / 1.2,
    20,
    { warmUpS: 0, horizonS: 6000 },
    perSecond,
  );
  expect(covered).toBeGreaterThanOrEqual(0.85);
  expect(Math.abs(mean * 1.2 - 1)).toBeLessThan(0.02);
});
