import { parentPort } from "node:worker_threads";
import type { ToWorker } from "./simulation-worker.ts";

// Stands for a worker that dies in the middle of a task: a seed says how. Any other task is answered.
parentPort!.on("message", (message: ToWorker) => {
  if (message.kind !== "task") return;
  const { job, task, options } = message;
  if (options.seed === 1)
    setImmediate(() => {
      throw new Error("no memory left");
    });
  else if (options.seed === 2) process.exit(7);
  else parentPort!.postMessage({ job, task, outcome: { replication: options.replication } });
});
