import { expect, test } from "vitest";
import type { LineModel } from "../line/line-model.ts";
import { compareOutcomes } from "./comparison.ts";
import { plantKpis, replicate, type PlantExperimentModel } from "./plant-replication.ts";
import { runReplication, type ExperimentModel, type ReplicationOptions } from "./replication.ts";

const line = (id: string, mean: number): ExperimentModel => {
  const model: LineModel = {
    format: "doppelwerk-line/1",
    id,
    products: [{ id: "part" }],
    constraint: `${id}1`,
    stations: [{ id: `${id}1`, places: 1, cycle: { time: { kind: "lognormal", mean, cv: 0.3 } }, source: { program: true } }],
  };
  return {
    nominal: model,
    edited: model,
    parameters: [],
  };
};

const options: Omit<ReplicationOptions, "replication"> = {
  kind: "study",
  seed: 3,
  start: 0,
  horizonS: 40_000,
  warmUpS: 4_000,
  drawParameters: true,
  outputStepS: 300,
};
const plant = (buffers: PlantExperimentModel["buffers"], second = 5): PlantExperimentModel => ({
  plant: "plant",
  lines: [line("a", 5), line("b", second)],
  buffers,
});
const shared = (capacity: number): PlantExperimentModel["buffers"] => [
  { id: "B", capacity, from: [{ line: "a", station: "a1" }], to: [{ line: "b", station: "b1" }] },
];

test("[S68] a replication of several lines holds each line as a run of it alone does, and totals without an OEE", () => {
  const apart = replicate(plant([]), { ...options, replication: 4 });
  expect(apart.lines!.map(({ outcome }) => outcome)).toEqual(
    plant([]).lines.map((model) => runReplication(model, { ...options, replication: 4 })),
  );
  expect(apart.oee).toBeUndefined();
  expect(apart.good).toBe(apart.lines![0]!.outcome.good + apart.lines![1]!.outcome.good);
  const joined = replicate(plant(shared(3)), { ...options, replication: 4 });
  expect(joined.good).toBe(joined.lines![1]!.outcome.good);
  expect(joined.lines![0]!.outcome.oee).toBeGreaterThan(0.5);
  expect(joined.buffers![0]!.max).toBeLessThanOrEqual(3);
});

test("[S68] live and branch of several lines are compared by what leaves the plant, on the same random numbers", () => {
  const side = (capacity: number) =>
    Array.from({ length: 8 }, (_, replication) => replicate(plant(shared(capacity)), { ...options, replication }));
  const [live, branch] = [side(0), side(6)];
  const kpis = compareOutcomes(live, branch, live, undefined, plantKpis);
  expect(kpis.map(({ key }) => key)).toEqual(["good", "wip", "rework"]);
  expect(kpis[0]!.difference.verdict).toBe("better");
  expect(kpis[0]!.difference.mean).toBeGreaterThan(kpis[0]!.difference.halfWidth);
});
