import { Worker } from "node:worker_threads";
import { message, type Message } from "@doppelwerk/messages";
import { type FlowBatch, type FlowModel, type FlowResult, RunError } from "@doppelwerk/sim";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FlowTask } from "./flow-worker.ts";

/** Replications on worker threads, one at a time each; the number of workers changes nothing but the time. */
export class FlowPool {
  readonly #workers: readonly { readonly thread: Worker; readonly has: Set<number> }[];
  readonly #models: FlowModel[] = [];

  constructor(modules: readonly string[], mostEvents: number, size: number) {
    this.#workers = Array.from({ length: size }, () => ({
      thread: new Worker(new URL("./flow-worker.ts", import.meta.url), {
        workerData: { modules, mostEvents },
        resourceLimits: { maxOldGenerationSizeMb: 1024 },
      }),
      has: new Set(),
    }));
  }

  /** Results in the order of `batch.replications`. Rejects with RunError where the model cannot be run on. */
  async run(model: FlowModel, batch: FlowBatch): Promise<readonly FlowResult[]> {
    let number = this.#models.indexOf(model);
    if (number < 0) number = this.#models.push(model) - 1;
    const results: FlowResult[] = [];
    let next = 0;
    await Promise.all(
      this.#workers.map(async ({ thread, has }) => {
        for (let index = next++; index < batch.replications.length; index = next++) {
          const task: FlowTask = {
            batch: { ...batch, replications: [batch.replications[index]!] },
            number,
            model: has.has(number) ? undefined : model,
          };
          has.add(number);
          results[index] = await oneOn(thread, task);
        }
      }),
    );
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map(({ thread }) => thread.terminate()));
  }
}

function oneOn(worker: Worker, task: FlowTask): Promise<FlowResult> {
  return new Promise((resolve, reject) => {
    const ended = (): void => {
      worker.off("message", answered);
      worker.off("error", failed);
    };
    const answered = (answer: { readonly results?: readonly FlowResult[]; readonly failure?: Message }): void => {
      ended();
      if (answer.results) resolve(answer.results[0]!);
      else reject(new RunError(answer.failure ?? message("simulate.workerWithoutAnswer")));
    };
    const failed = (error: unknown): void => {
      ended();
      reject(
        new DoppelwerkError(
          "DW_UNAVAILABLE",
          message("simulate.simulationWorkerEnded", { why: error instanceof Error ? error.message : String(error) }),
        ),
      );
    };
    worker.on("message", answered);
    worker.on("error", failed);
    worker.postMessage(task);
  });
}
