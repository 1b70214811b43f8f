import { afterEach, expect, test } from "vitest";
import type { ExperimentModel, LineModel, PlantExperimentModel } from "@doppelwerk/sim";
import { MONDAY, assemblyLine } from "../../../../packages/sim/src/line/assembly-line.fixture.ts";
import { openSimulations } from "./simulations.fixture.ts";
import type { SimulationJob } from "./simulations.ts";

const model: ExperimentModel = { nominal: assemblyLine, edited: assemblyLine, parameters: [] };
const opened: { close(): Promise<void> }[] = [];
afterEach(async () => void (await Promise.all(opened.splice(0).map((simulations) => simulations.close()))));

function onThreads(workers: number) {
  const simulations = openSimulations(workers);
  opened.push(simulations);
  return simulations;
}

function aJob(replications: number, models: SimulationJob["models"] = [model]): SimulationJob {
  const options = { kind: "study", seed: 5, start: MONDAY, horizonS: 7_200, warmUpS: 0, outputStepS: 300, drawParameters: false } as const;
  return {
    models,
    priority: 0,
    tasks: Array.from({ length: replications }, (_, replication) => ({ model: 0, options: { ...options, replication } })),
  };
}

test("[SV7] one worker and two give the same outcomes in the order of the tasks", async () => {
  const hashes = await Promise.all(
    [1, 2].map(async (workers) => (await onThreads(workers).run(aJob(5))).map(({ replication, traceHash }) => [replication, traceHash])),
  );
  expect(hashes[0]).toEqual(hashes[1]);
  expect(hashes[0]!.map(([replication]) => replication)).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(hashes[0]!.map(([, hash]) => hash)).size).toBe(5);
});

test("[SV7] several lines that share a buffer come to the same outcomes on one worker and on two", async () => {
  const feeding: LineModel = {
    format: "doppelwerk-line/1",
    id: "cabinets",
    products: assemblyLine.products,
    stations: [{ id: "C1", places: 1, cycle: { time: { kind: "exponential", mean: 30 } }, source: { program: true } }],
  };
  const first = assemblyLine.stations.find(({ source }) => source?.program)!.id;
  const plant: PlantExperimentModel = {
    plant: "two",
    lines: [{ nominal: feeding, edited: feeding, parameters: [] }, model],
    buffers: [{ id: "B", capacity: 3, from: [{ line: "cabinets", station: "C1" }], to: [{ line: assemblyLine.id, station: first }] }],
  };
  const [one, two] = await Promise.all([1, 2].map((workers) => onThreads(workers).run(aJob(4, [plant]))));
  expect(one).toEqual(two);
  expect(one!.every(({ conservation, lines }) => conservation && lines?.length === 2)).toBe(true);
});

test("[SV7] a job that is cancelled and one that cannot be simulated end with their reasons; the next one runs", async () => {
  const simulations = onThreads(1);
  const cancel = new AbortController();
  const cancelled = simulations.run(aJob(200), (done) => done === 2 && cancel.abort(), cancel.signal);
  await expect(cancelled).rejects.toMatchObject({ code: "DW_CANCELLED" });
  await expect(simulations.run(aJob(1, [{} as ExperimentModel]))).rejects.toMatchObject({
    code: "DW_INVALID",
    reason: { code: "simulate.modelCannotSimulated" },
  });
  expect(await simulations.run(aJob(2))).toHaveLength(2);
});
