import { afterEach, expect, test } from "vitest";
import type { ExperimentModel } from "@doppelwerk/sim";
import { MONDAY, washingLine } from "../../../../packages/sim/src/line/washing-line.fixture.ts";
import { SimulationPool } from "./simulation-pool.ts";
import type { SimulationJob } from "./simulation-pool.ts";

const model: ExperimentModel = { nominal: washingLine, edited: washingLine, parameters: [] };
const pools: SimulationPool[] = [];
afterEach(async () => void (await Promise.all(pools.splice(0).map((pool) => pool.close()))));

function aPool(workers: number, script?: URL): SimulationPool {
  const pool = new SimulationPool(workers, script);
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

test("[SV7] a worker that dies in a task ends that job with one clear error; jobs beside and after it are done by other workers", async () => {
  const pool = aPool(2, new URL("./crashing-worker.fixture.ts", import.meta.url));
  const withSeed = (job: SimulationJob, seed: number): SimulationJob => ({
    ...job,
    tasks: job.tasks.map((task) => ({ ...task, options: { ...task.options, seed } })),
  });
  for (const [seed, why] of [
    [1, "no memory left"],
    [2, "exit code 7"],
  ] as const) {
    const beside = pool.run(withSeed(aJob(`beside ${seed}`, 20), 5));
    const dead = await pool.run(withSeed(aJob(`dead ${seed}`, 3), seed)).catch((error: unknown) => error);
    expect(dead).toMatchObject({ code: "DW_UNAVAILABLE", message: `a simulation worker ended: ${why}` });
    expect(await beside).toHaveLength(20);
  }
  expect((await pool.run(withSeed(aJob("after", 4), 5))).map(({ replication }) => replication)).toEqual([0, 1, 2, 3]);
});
