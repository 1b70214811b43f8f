import { parentPort, workerData } from "node:worker_threads";
import { type CompiledFlow, type FlowBatch, type FlowModel, prepareFlow } from "@doppelwerk/sim";
import { reasonOf } from "@doppelwerk/world";
import { loadDefinitions, runPrepared } from "./flow-batch.ts";

/** Parent to worker: a batch of one replication of the model of a number, with the model the first time. Worker to parent: its results, or why not. */
export interface FlowTask {
  readonly batch: FlowBatch;
  readonly number: number;
  readonly model: FlowModel | undefined;
}

const { modules, mostEvents } = workerData as { readonly modules: readonly string[]; readonly mostEvents: number };
const definitions = loadDefinitions(modules);
const flows = new Map<number, CompiledFlow>();

parentPort!.on("message", (task: FlowTask) => {
  void answer(task);
});

async function answer({ batch, number, model }: FlowTask): Promise<void> {
  try {
    const brought = await definitions;
    if (model !== undefined) flows.set(number, prepareFlow(model, brought));
    parentPort!.postMessage({ results: runPrepared(flows.get(number)!, batch, mostEvents) });
  } catch (error) {
    parentPort!.postMessage({ failure: reasonOf(error) });
  }
}
