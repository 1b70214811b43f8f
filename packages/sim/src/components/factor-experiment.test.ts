import { expect, test } from "vitest";
import { type FactorExperiment, runFactorExperiment, validateFactorExperiment } from "./factor-experiment.ts";
import { type FlowPlan, planFlow } from "./flow-experiment.ts";
import type { FlowModel } from "./flow-model.ts";
import { prepareFlow, runFlow } from "./flow-run.ts";
import { lineOf } from "./truths.fixture.ts";

const line: FlowModel = { ...lineOf([1, 1, 1, 1], [2, 2, 2]), run: { durationS: 2500, warmUpS: 300, seed: 1 } };
const plan = planFlow(line, { replications: 5 }) as FlowPlan;

function run(experiment: Omit<FactorExperiment, "format">) {
  const full: FactorExperiment = { format: "doppelwerk-experiment/1", ...experiment };
  expect(validateFactorExperiment(full, line)).toEqual([]);
  return runFactorExperiment(line, full, plan, async (model, batch) => {
    const flow = prepareFlow(model);
    return batch.replications.map((replication) =>
      runFlow(flow, { seed: batch.seed, replication, warmUpS: batch.warmUpS, durationS: batch.durationS! }),
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
  // common random numbers tell them apart early
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
