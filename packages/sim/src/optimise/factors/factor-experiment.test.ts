import { expect, test } from "vitest";
import { type FactorExperiment, runFactorExperiment, validateFactorExperiment } from "./factor-experiment.ts";
import { type FlowPlan, planFlow } from "../../components/flow-experiment.ts";
import type { FlowModel } from "../../components/flow-model.ts";
import { prepareFlow, runFlow } from "../../components/flow-run.ts";
import { lineOf } from "../../components/truths.fixture.ts";

const line: FlowModel = { ...lineOf([1, 1, 1, 1], [2, 2, 2]), run: { durationS: 2500, warmUpS: 300, seed: 1 } };

function run(experiment: Omit<FactorExperiment, "format">, on: FlowModel = line) {
  const full: FactorExperiment = { format: "doppelwerk-experiment/1", ...experiment };
  expect(validateFactorExperiment(full, on)).toEqual([]);
  return runFactorExperiment(on, full, planFlow(on, { replications: 5 }) as FlowPlan, async (model, batch) => {
    const flow = prepareFlow(model);
    return batch.replications.map((replication) =>
      runFlow(flow, {
        seed: batch.seed,
        replication,
        warmUpS: batch.warmUpS,
        ...(batch.durationS === undefined ? {} : { durationS: batch.durationS }),
      }),
    );
  });
}

const slots = ["S2", "S3", "S4"].map((id) => ({ id, set: `components.${id}.buffer` }));

test("[X12] of allocations of six slots the one is selected that is exactly known to be best", async () => {
  const report = await run({
    kpi: "throughputPerS",
    factors: slots.map((slot) => ({ ...slot, values: [0, 1, 2, 3, 6] })),
    // .563845, .693296, .700713: neighbours differ by .0074
    design: {
      points: [
        [6, 0, 0],
        [1, 3, 2],
        [2, 2, 2],
      ],
    },
    select: { indifference: 0.007 },
  });
  expect(report.best).toEqual({ point: 2, certain: true, indifference: 0.007, confidence: 0.95 });
  expect(report.balanced).toBe(true);
  // common random numbers distinguish them early
  expect(report.points.every(({ replications }) => replications < 100)).toBe(true);
});

test("[X12] factors, designs and effects: more slots help, a slower station harms, all on the same random numbers", async () => {
  const factors = [
    ...slots.map((slot) => ({ ...slot, low: 1, high: 4, whole: true })),
    { id: "slow", set: "components.S1.time.mean", low: 1, high: 1.5 },
  ];
  const report = await run({ kpi: "throughputPerS", factors, design: { fraction: ["ABC"] } });
  expect(report.points.length).toBe(8);
  expect(report.resolution).toBe(4);
  const effect = Object.fromEntries(report.effects.map(({ factor, mean, halfWidth }) => [factor, { mean, halfWidth }]));
  expect(effect["slow"]!.mean).toBeLessThan(-0.05);
  for (const { id } of slots) expect(effect[id]!.mean).toBeGreaterThan(0);
  const cube = await run({ kpi: "throughputPerS", goal: "minimise", factors, design: { latinHypercube: 6 }, replications: 2 });
  expect(cube.points.length).toBe(6);
  expect(cube.points.every(({ factors: values }) => Number.isInteger(values["S2"]) && Number(values["slow"]) > 1)).toBe(true);
  expect(await run({ kpi: "throughputPerS", goal: "minimise", factors, design: { latinHypercube: 6 }, replications: 2 })).toEqual(cube);
});

test("[X14] a fleet is searched on the simulator: number, rule and home, and the output is kept", async () => {
  // two calls far apart, 0.012 a second each; a trip takes about 60 s: one vehicle is too few, two are enough
  const fleet: FlowModel = {
    format: "doppelwerk-flow/1",
    components: ["a", "b"]
      .flatMap((id) => [
        { id: `from-${id}`, type: "source" as const, interarrival: { kind: "exponential" as const, mean: 80 }, to: `carry-${id}` },
        { id: `carry-${id}`, type: "transport" as const, fleet: "agv", at: id, points: { out: "store" }, to: "out" },
      ])
      .concat([{ id: "out", type: "sink" as const } as never]),
    network: {
      points: ["a", "b", "store", "yard"],
      ways: [
        { from: "a", to: "store", lengthM: 20 },
        { from: "b", to: "store", lengthM: 25 },
        { from: "store", to: "yard", lengthM: 100 },
      ],
    },
    fleets: [{ id: "agv", vehicles: 1, speedMps: 1, home: "yard", loadS: 4, unloadS: 4 }],
    run: { durationS: 20_000, warmUpS: 1_000, seed: 3 },
  } as unknown as FlowModel;
  const factors = [
    { id: "vehicles", set: "fleets.agv.vehicles", low: 1, high: 5, whole: true },
    { id: "rule", set: "fleets.agv.dispatch", values: ["oldest", "nearest", "priority"] },
    { id: "home", set: "fleets.agv.home", values: ["yard", "store", "a"] },
  ];
  const search = { budget: 150, keep: [{ kpi: "throughputPerS" }], confirm: 10 };
  const report = await run({ kpi: "fleets.agv.vehicles", goal: "minimise", factors, search }, fleet).catch((error: Error) => error);
  expect(report).toMatchObject({ message: 'there is no KPI "fleets.agv.vehicles" in the results' });
  const least = await run({ kpi: "leadTime.meanS", goal: "minimise", factors, search }, fleet);
  expect(least.points).toHaveLength(2);
  expect(Number(least.points[1]!.factors["vehicles"])).toBeGreaterThan(2);
  expect(least.search!.confirmed.map(({ kpi, verdict }) => [kpi, verdict])).toEqual([
    ["leadTime.meanS", "better"],
    ["throughputPerS", "better"],
  ]);
  expect(least.search!.spent).toBeGreaterThan(100);
  expect(least.balanced).toBe(true);
  expect(await run({ kpi: "leadTime.meanS", goal: "minimise", factors, search }, fleet)).toEqual(least);
});

test("[X14] the order of batches is searched on the simulator: those of one product come together, and set-ups are saved", async () => {
  const orders = ["A", "B", "A", "B", "A", "B"].map((product) => ({ product, quantity: 3 }));
  const shop: FlowModel = {
    format: "doppelwerk-flow/1",
    components: [
      { id: "in", type: "source", orders, to: "press" },
      { id: "press", type: "station", time: 10, setUp: { time: 100 }, to: "out" },
      { id: "out", type: "sink" },
    ],
    run: { seed: 1 },
  } as unknown as FlowModel;
  const factors = [{ id: "sequence", set: "components.in.orders", order: true }];
  const report = await run({ kpi: "throughputPerS", factors, search: { budget: 200, confirm: 3 } }, shop);
  // three of a kind after three of the other: one set-up instead of five
  expect(["A A A B B B", "B B B A A A"]).toContain(report.points[1]!.factors["sequence"]);
  expect(report.search!.confirmed[0]!.verdict).toBe("better");
  const faults = (changes: object): string =>
    validateFactorExperiment({ format: "doppelwerk-experiment/1", kpi: "good", factors, search: {}, ...changes }, shop)
      .map(({ path, message }) => `${path} ${message}`)
      .join("; ");
  expect(faults({ search: undefined })).toContain("only searched");
  expect(faults({ factors: [{ id: "s", set: "components.press.time", order: true }] })).toContain("a list of at least two");
  expect(faults({ design: "full" })).toContain("takes the place of design");
  expect(faults({ factors: [{ id: "t", set: "components.press.time", values: [10, -1] }] })).toContain("factors[0] (-1)");
});

test("[X12] what cannot be varied is said", () => {
  const faults = (changes: object): string =>
    validateFactorExperiment(
      {
        format: "doppelwerk-experiment/1",
        kpi: "good",
        factors: [{ id: "a", set: "components.S2.buffer", low: 1, high: 4, whole: true }],
        ...changes,
      },
      line,
    )
      .map(({ path, message }) => `${path} ${message}`)
      .join("; ");
  expect(faults({})).toBe("");
  expect(faults({ factors: [{ id: "a", set: "components.S9.buffer", low: 1, high: 4 }] })).toContain("the model has no components.S9");
  expect(faults({ factors: [{ id: "a", set: "components.S2.buffer", values: [1.5, 2] }] })).toContain("point 1: 1.5");
  expect(faults({ factors: [{ id: "a", set: "components.S2.buffer" }] })).toContain("needs values, or low and high");
  expect(faults({ design: { fraction: ["AB"] } })).toContain("no basic factor");
  expect(faults({ factors: [{ id: "a", set: "__proto__.polluted", values: [1, 2] }] })).toContain("the model has no __proto__");
  expect(validateFactorExperiment(null, line).length).toBeGreaterThan(0);
});
