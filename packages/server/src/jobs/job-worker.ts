import { parentPort, workerData } from "node:worker_threads";
import type { JobModule } from "@doppelwerk/kit";
import type { Message } from "@doppelwerk/messages";
import { DoppelwerkError, type ErrorCode } from "@doppelwerk/world/error";

export interface JobWorkerData {
  /** URL of the module that computes the tasks. */
  readonly module: string;
  /** One number, not 0 = the task that runs is no longer wanted. */
  readonly stop: Int32Array;
}

/** Parent to worker: what tasks share once a piece of work, then tasks. */
export type ToJobWorker =
  | { readonly kind: "shared"; readonly work: number; readonly shared: unknown }
  | { readonly kind: "task"; readonly work: number; readonly index: number; readonly task: unknown }
  | { readonly kind: "forget"; readonly work: number };

/** Worker to parent: any number of reports, then one result or failure a task. */
export type FromJobWorker =
  | { readonly kind: "report"; readonly index: number; readonly value: unknown }
  | { readonly kind: "result"; readonly index: number; readonly result: unknown }
  | { readonly kind: "failure"; readonly index: number; readonly text: string; readonly code?: ErrorCode; readonly reason?: Message };

const { module, stop } = workerData as JobWorkerData;
const shared = new Map<number, unknown>();
const loaded = import(module) as Promise<JobModule>;
const post = (message: FromJobWorker): void => parentPort!.postMessage(message);

parentPort!.on("message", (message: ToJobWorker) => {
  if (message.kind === "shared") shared.set(message.work, message.shared);
  else if (message.kind === "forget") shared.delete(message.work);
  else void carryOut(message);
});

async function carryOut({ work, index, task }: Extract<ToJobWorker, { kind: "task" }>): Promise<void> {
  try {
    const { perform } = await loaded;
    const result = await perform(shared.get(work) as never, task as never, {
      isStopped: () => Atomics.load(stop, 0) !== 0,
      openComponents: async (codes) => (await import("@doppelwerk/engines/components")).openComponents(codes),
      report: (value) => post({ kind: "report", index, value }),
    });
    post({ kind: "result", index, result });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    post({ kind: "failure", index, text, ...(error instanceof DoppelwerkError && { code: error.code, reason: error.reason }) });
  }
}
