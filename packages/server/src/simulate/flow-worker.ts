import { parentPort, workerData } from "node:worker_threads";
import type { FlowBatch, FlowModel } from "@doppelwerk/sim";
import { loadDefinitions, runBatch } from "./flow-batch.ts";

/** Given at the start: the model and the modules of its own components. Parent to worker: a batch of one replication. Worker to parent: its results, or why not. */
const { model, modules, mostEvents } = workerData as {
  readonly model: FlowModel;
  readonly modules: readonly string[];
  readonly mostEvents: number;
};
const prepared = loadDefinitions(modules);

parentPort!.on("message", (batch: FlowBatch) => {
  void answer(batch);
});

async function answer(batch: FlowBatch): Promise<void> {
  try {
    parentPort!.postMessage({ results: runBatch(model, await prepared, batch, mostEvents) });
  } catch (error) {
    parentPort!.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
}
