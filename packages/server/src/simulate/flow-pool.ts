import { Worker } from "node:worker_threads";
import type { FlowBatch, FlowModel, FlowResult } from "@doppelwerk/sim";
import { DoppelwerkError } from "@doppelwerk/world";

/** Replications of one model on worker threads, one at a time each; the number of workers changes nothing but the time. */
export class FlowPool {
  readonly #workers: readonly Worker[];

  constructor(model: FlowModel, modules: readonly string[], mostEvents: number, size: number) {
    this.#workers = Array.from(
      { length: size },
      () =>
        new Worker(new URL("./flow-worker.ts", import.meta.url), {
          workerData: { model, modules, mostEvents },
          resourceLimits: { maxOldGenerationSizeMb: 1024 },
        }),
    );
  }

  /** Results in the order of `batch.replications`. Rejects with DW_INVALID where the model cannot be run on. */
  async run(batch: FlowBatch): Promise<readonly FlowResult[]> {
    const results: FlowResult[] = [];
    let next = 0;
    await Promise.all(
      this.#workers.map(async (worker) => {
        for (let index = next++; index < batch.replications.length; index = next++)
          results[index] = await oneOn(worker, { ...batch, replications: [batch.replications[index]!] });
      }),
    );
    return results;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function oneOn(worker: Worker, batch: FlowBatch): Promise<FlowResult> {
  return new Promise((resolve, reject) => {
    const ended = (): void => {
      worker.off("message", answered);
      worker.off("error", failed);
    };
    const answered = (answer: { readonly results?: readonly FlowResult[]; readonly failure?: string }): void => {
      ended();
      if (answer.results) resolve(answer.results[0]!);
      else reject(new DoppelwerkError("DW_INVALID", answer.failure ?? "the worker gave no answer"));
    };
    const failed = (error: unknown): void => {
      ended();
      reject(new DoppelwerkError("DW_UNAVAILABLE", `a simulation worker ended: ${error instanceof Error ? error.message : String(error)}`));
    };
    worker.on("message", answered);
    worker.on("error", failed);
    worker.postMessage(batch);
  });
}
