import { readFileSync } from "node:fs";
import type { FlowModel } from "@doppelwerk/sim";
import { CoupledFlow, couplingFindings, type Coupling, type ModelInstance } from "@doppelwerk/sim/models";
import { expect, test } from "vitest";
import { instantiateWasm, readFmu } from "./index.ts";

const { fmu } = readFmu(new Uint8Array(readFileSync(new URL("./fixtures/fmu/StateSpace.3.fmu", import.meta.url))));

/** An oven: its temperature follows the heater with a time constant of 100 s, and each item in the press behind it takes 40 degrees of it. */
const oven: Coupling = {
  id: "oven",
  stepS: 1,
  parameters: {
    A: [-0.01, 0, 0, 0, -1, 0, 0, 0, -1],
    B: [0.01, 0, 0, 0, 0, 0, 0, 0, 0],
    C: [1, 0, 0, 0, 0, 0, 0, 0, 0],
    D: [0, 0, 0, 0, 0, 0, 0, 0, 0],
  },
  inputs: [{ variable: "u[1]", component: "press", factor: -120, offset: 200 }],
  gates: [{ calendar: "hot", output: "y[1]", opensAt: 150, shutsAt: 120 }],
};
const flow: FlowModel = {
  format: "doppelwerk-flow/1",
  calendars: [{ id: "hot", on: [] }],
  components: [
    { id: "in", type: "source", to: "press" },
    { id: "press", type: "station", time: { kind: "exponential", mean: 5 }, calendar: "hot", atBreak: "finish", to: "out" },
    { id: "out", type: "sink" },
  ],
};
const models = [{ coupling: oven, instantiate: () => instantiateWasm(fmu!) }];
const begun = (): CoupledFlow => CoupledFlow.begin(flow, models, { seed: 3 });

test("[EN19] an oven gates a station: nothing is pressed before it is hot, it cools under load, and opens and shuts again", () => {
  const run = begun();
  // from 0 towards 200 with a time constant of 100 s, 150 are reached after 100 · ln 4 = 138.6 s
  run.advanceTo(138);
  expect(run.result().flow.components["press"]!.cycles).toBe(0);
  run.advanceTo(4_000);
  const { flow: figures, gates, outputs } = run.result();
  expect(figures.good).toBeGreaterThan(100);
  expect(figures.conservation.balanced && figures.littlesLaw.holds).toBe(true);
  expect(gates[0]!.openings).toBeGreaterThan(5);
  expect(gates[0]!.openShare).toBeGreaterThan(0.2);
  expect(gates[0]!.openShare).toBeLessThan(0.9);
  expect(outputs[0]!.most).toBeLessThan(155);
  run.close();
});

test("[EN19] straight, in pieces or forked it comes to one trace; what cannot be saved is refused by name", () => {
  const straight = begun();
  straight.advanceTo(2_000);
  const pieces = begun();
  for (const at of [0.5, 139.25, 777, 1_200]) pieces.advanceTo(at);
  const fork = pieces.fork();
  pieces.advanceTo(2_000);
  fork.advanceTo(2_000);
  expect(pieces.result()).toEqual(straight.result());
  expect(fork.result()).toEqual(straight.result());
  const other = pieces.fork({ replication: 1 });
  other.advanceTo(3_000);
  pieces.advanceTo(3_000);
  expect(other.result().flow.traceHash).not.toBe(pieces.result().flow.traceHash);
  const stuck = CoupledFlow.begin(flow, [{ coupling: oven, instantiate: () => forgetful(instantiateWasm(fmu!)) }], { seed: 3 });
  expect(() => stuck.fork()).toThrow("the run cannot be forked: the state of the model oven cannot be saved: it says so");
});

/** The same model, but one that cannot save what it remembers. */
function forgetful(instance: ModelInstance): ModelInstance {
  return new Proxy(instance, {
    get: (target, name) => {
      if (name === "stateFault") return "it says so";
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? (value as (...values: unknown[]) => unknown).bind(target) : value;
    },
  });
}

test("[EN19] a coupling that does not fit is refused with place and reason", () => {
  const { description } = instantiateWasm(fmu!);
  const told = (change: Partial<Coupling>): string =>
    couplingFindings(flow, { ...oven, ...change }, description)
      .map(({ path, message }) => `${path}: ${message}`)
      .join("; ");
  expect(told({})).toBe("");
  expect(told({ stepS: 0 })).toContain("a step of 0 s");
  expect(told({ gates: [] })).toContain("at least one gate");
  expect(told({ inputs: [{ variable: "v", component: "press" }] })).toContain('the model has no input of numbers "v"');
  expect(told({ inputs: [{ variable: "u[9]", component: "cellar" }] })).toMatch(/u\[9\].*no component "cellar"/);
  expect(told({ gates: [{ calendar: "cold", output: "y[1]", opensAt: 1, shutsAt: 1 }] })).toMatch(
    /no calendar "cold".*two different numbers/,
  );
  expect(told({ parameters: { Z: 1 } })).toContain('no variable "Z"');
});
