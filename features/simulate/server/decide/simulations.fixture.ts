import { WorkerPool } from "../../../../packages/server/src/jobs/worker-pool.ts";
import { simulate } from "../../feature.ts";
import { simulationsOf, type Simulations } from "./simulations.ts";

/** Simulations on so many threads of their own, as a server has them. */
export function openSimulations(size: number): Simulations & { close(): Promise<void> } {
  const [{ module, memoryMb }] = simulate.jobs;
  const pool = new WorkerPool({ module: new URL(`../../${module}`, import.meta.url), size, memoryMb });
  return {
    ...simulationsOf(((work: Parameters<WorkerPool["run"]>[0], signal?: AbortSignal) => pool.run(work, signal)) as never),
    close: () => pool.close(),
  };
}
