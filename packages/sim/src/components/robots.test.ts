import { expect, test } from "vitest";
import type { FlowComponent, FlowModel } from "./flow-model.ts";
import { createFlowRun, runFlow } from "./flow-run.ts";
import { exponential, flowOf } from "./truths.fixture.ts";
import { validateFlowModel } from "./validate-flow.ts";

function run(model: FlowModel, durationS: number, warmUpS = 0) {
  expect(validateFlowModel(model)).toEqual([]);
  const result = runFlow(model, { seed: 1, warmUpS, durationS });
  expect(result.conservation.balanced && result.littlesLaw.holds).toBe(true);
  return result;
}

/** Input, two machines and output, one metre apart; every load and unload takes half a second. */
const cell = (a: number, b: number): FlowModel => ({
  ...flowOf(
    { id: "input", type: "source", to: "load" },
    { id: "load", type: "robot", robot: "R", at: "I", positions: { M1: "P1" }, to: "M1" },
    { id: "M1", type: "station", time: a, to: "move" },
    { id: "move", type: "robot", robot: "R", at: "P1", positions: { M2: "P2" }, to: "M2" },
    { id: "M2", type: "station", time: b, to: "unload" },
    { id: "unload", type: "robot", robot: "R", at: "P2", positions: { out: "O" }, to: "out" },
  ),
  positions: ["I", "P1", "P2", "O"].map((id, x) => ({ id, at: [x, 0, 0] })),
  robots: [{ id: "R", home: "I", base: [1.5, 1], reachM: 2, speedMps: 1, pickS: 0.5, placeS: 0.5 }],
});

test("[C22] a robot between two machines repeats the cycle of 6 loads and 8 moves (Sethi 1992)", () => {
  // 6 · 0.5 s + 8 · 1 s, machines done before the robot comes back
  const result = run(cell(2, 3), 11_000, 110);
  expect(result.good).toBe(1000);
  expect(result.robots["R"]).toEqual({ utilisation: 1, picks: 3000 });
  // a machine that takes longer is waited for
  expect(run(cell(2, 30), 11_000, 110).throughputPerS).toBeLessThan(1 / 30);
});

test("[C22] a robot sets off only where there is room, and a failed machine keeps its item", () => {
  const model = cell(2, 3);
  const failing: FlowModel = {
    ...model,
    components: model.components.map((component): FlowComponent =>
      component.type === "station" && component.id === "M2"
        ? { ...component, stops: [{ id: "fault", clock: "operating", between: exponential(50), duration: exponential(40) }] }
        : component,
    ) as FlowModel["components"],
  };
  const result = run(failing, 20_000);
  expect(result.deadlock).toEqual([]);
  expect(result.good).toBeGreaterThan(500);
  expect(result.good).toBeLessThan(1700);
});

const apart = (zone: string | undefined): FlowModel => ({
  ...flowOf(
    ...["1", "2"].flatMap((n): FlowComponent[] => [
      { id: `in${n}`, type: "source", to: `hand${n}` },
      { id: `hand${n}`, type: "robot", robot: `R${n}`, at: `A${n}`, positions: { out: `Z${n}` }, to: "out" },
    ]),
  ),
  positions: ["1", "2"].flatMap((n) => [
    { id: `A${n}`, at: [0, Number(n)] },
    { id: `Z${n}`, at: [1, Number(n)], ...(zone === undefined ? {} : { zone }) },
  ]),
  robots: ["1", "2"].map((n) => ({ id: `R${n}`, home: `A${n}`, speedMps: 1, pickS: 1, placeS: 2 })),
});

test("[C22] one robot at a time is in a zone", () => {
  // 1 s pick, 1 s there, 2 s place, 1 s back
  expect(run(apart(undefined), 5000, 50).good).toBe(2000);
  // all but the pick is in the zone
  expect(run(apart("shared"), 4000, 40).good).toBe(1000);
});

test("[C22] setting off and stopping take their time", () => {
  const timed = (accelerationMps2: number, metres: number) =>
    run(
      {
        ...flowOf(
          { id: "in", type: "source", limit: 1, to: "hand" },
          { id: "hand", type: "robot", robot: "R", at: "A", positions: { out: "B" }, to: "out" },
        ),
        positions: [
          { id: "A", at: [0, 0] },
          { id: "B", at: [metres, 0] },
        ],
        robots: [{ id: "R", home: "A", speedMps: 2, accelerationMps2 }],
      },
      100,
    ).leadTime.maxS;
  // 1 s to 2 m/s (1 m), 3 s at it, 1 s to stand; too short a way never reaches it
  expect(timed(2, 8)).toBe(5);
  expect(timed(2, 0.5)).toBe(1);
});

test("[C21] a robot that is to bring an item back to where it lies is named as part of the circle", () => {
  const loop: FlowModel = {
    ...flowOf(
      { id: "in", type: "source", to: "test" },
      { id: "test", type: "station", time: 1, inspection: { reject: 1, to: "again" }, to: "out" },
      { id: "again", type: "robot", robot: "R", at: "A", positions: { test: "A" }, to: "test" },
    ),
    positions: [{ id: "A", at: [0, 0] }],
    robots: [{ id: "R", home: "A", speedMps: 1 }],
  };
  expect(run(loop, 100).deadlock).toEqual(["test", "again"]);
  expect(run(cell(2, 3), 1000).deadlock).toEqual([]);
});

test("[C2] robots: restored and forked runs go on as the original would", () => {
  const model: FlowModel = {
    ...cell(2, 3),
    robots: [{ id: "R", home: "I", speedMps: 1, pickS: exponential(0.5), placeS: exponential(0.5) }],
  };
  const straight = createFlowRun(model, { seed: 5 });
  straight.advanceTo(100);
  const restored = createFlowRun(model, { seed: 5 });
  restored.restore(straight.snapshot());
  const forked = straight.fork();
  for (const each of [straight, restored, forked]) each.advanceTo(300);
  expect(new Set([straight, restored, forked].map((each) => each.result().traceHash)).size).toBe(1);
});

test("[C3] what a robot cannot do is said: reach, ways by chance, a zone at home", () => {
  const model = cell(2, 3);
  const messages = (changes: object): string =>
    validateFlowModel({ ...model, ...changes })
      .map(({ message }) => message)
      .join("; ");
  expect(messages({ robots: [{ ...model.robots![0], reachM: 1.6 }] })).toContain("which reaches 1.6 m");
  expect(messages({ positions: model.positions!.map((position) => ({ ...position, zone: "all" })) })).toContain("must be in no zone");
  const chance = model.components.map((component) => (component.id === "load" ? { ...component, to: [{ to: "M1" }] } : component));
  expect(messages({ components: chance })).toContain("must know the way");
});
