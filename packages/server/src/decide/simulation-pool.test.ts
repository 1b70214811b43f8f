import { afterEach, expect, test } from "vitest";
import type { ExperimentModel } from "@doppelwerk/sim";
import { MONDAY, washingLine } from "../../../sim/src/line/washing-line.fixture.ts";
import { SimulationPool } from "./simulation-pool.ts";
import type { SimulationJob } from "./simulation-pool.ts";

const model: ExperimentModel = { nominal: washingLine, edited: washingLine, parameters: [] };
const pools: SimulationPool[] = [];
afterEach(async () => void (await Promise.all(pools.splice(0).map((pool) => pool.close()))));

function aPool(workers: number): SimulationPool {
  const pool = new SimulationPool(workers);
  pools.push(pool);
  return pool;
}

function aJob(id: string, replications: number, models: readonly ExperimentModel[] = [model]): SimulationJob {
  const options = { kind: "study", seed: 5, start: MONDAY, horizonS: 7_200, warmUpS: 0, outputStepS: 300, drawParameters: false } as const;
  return {
    id,
    models,
    priority: 0,
    tasks: Array.from({ length: replications }, (_, replication) => ({ model: 0, options: { ...options, replication } })),
  };
}

test("[SV7] one worker and two give the same outcomes in the order of the tasks", async () => {
  const hashes = await Promise.all(
    [1, 2].map(async (workers) => (await aPool(workers).run(aJob("a", 5))).map(({ replication, traceHash }) => [replication, traceHash])),
  );
  expect(hashes[0]).toEqual(hashes[1]);
  expect(hashes[0]!.map(([replication]) => replication)).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(hashes[0]!.map(([, hash]) => hash)).size).toBe(5);
});

test("[SV7] a job that is cancelled and one that cannot be simulated end with their reasons; the next one runs", async () => {
  const pool = aPool(1);
  const cancel = new AbortController();
  const cancelled = pool.run(aJob("long", 200), (done) => done === 2 && cancel.abort(), cancel.signal);
  await expect(cancelled).rejects.toMatchObject({ code: "DW_CANCELLED" });
  await expect(pool.run(aJob("broken", 1, [{} as ExperimentModel]))).rejects.toMatchObject({ code: "DW_INVALID" });
  expect(await pool.run(aJob("next", 2))).toHaveLength(2);
});
