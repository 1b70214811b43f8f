import { parentPort } from "node:worker_threads";
import { runReplication } from "@doppelwerk/sim";
import type { ExperimentModel, ReplicationOptions } from "@doppelwerk/sim";

/** Parent to worker: models once a job, then tasks. Worker to parent: one answer a task. */
export type ToWorker =
  | { readonly kind: "job"; readonly job: string; readonly models: readonly ExperimentModel[] }
  | { readonly kind: "task"; readonly job: string; readonly task: number; readonly model: number; readonly options: ReplicationOptions }
  | { readonly kind: "forget"; readonly job: string };

const jobs = new Map<string, readonly ExperimentModel[]>();

parentPort!.on("message", (message: ToWorker) => {
  if (message.kind === "job") jobs.set(message.job, message.models);
  else if (message.kind === "forget") jobs.delete(message.job);
  else {
    const { job, task } = message;
    try {
      const outcome = runReplication(jobs.get(job)![message.model]!, message.options);
      parentPort!.postMessage({ job, task, outcome });
    } catch (error) {
      parentPort!.postMessage({ job, task, failure: error instanceof Error ? error.message : String(error) });
    }
  }
});
