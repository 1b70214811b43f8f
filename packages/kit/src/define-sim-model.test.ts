import { createFlowRun, runFlow, type FlowModel } from "@doppelwerk/sim";
import { expect, test } from "vitest";
import { defineSimModel } from "./define-sim-model.ts";
import { oven } from "./sim-model.fixture.ts";

const model: FlowModel = {
  format: "doppelwerk-flow/1",
  components: [
    { id: "dough", type: "source", to: "oven" },
    { id: "oven", type: "custom", model: "oven", parameters: { seconds: 10, extraS: 0 }, to: "out" },
    { id: "out", type: "sink" },
  ],
};

test("[K3] a component model runs in a flow with its parameters, counts its own figures and forks", () => {
  const result = runFlow(model, { seed: 1, durationS: 100, definitions: [oven] });
  expect(result).toMatchObject({ good: 30, conservation: { balanced: true }, components: { oven: { own: { baked: 30 } } } });
  const run = createFlowRun(model, { seed: 1, definitions: [oven] });
  run.advanceTo(35);
  const fork = run.fork();
  fork.advanceTo(100);
  expect(fork.result().traceHash).toBe(result.traceHash);
});

test("[K3] a definition without what it needs is a bug", () => {
  expect(() => defineSimModel({ ...oven, model: "Big Oven" })).toThrow(/small letter/);
  expect(() => defineSimModel({ ...oven, receive: undefined as never })).toThrow(/hasRoom and receive/);
});
