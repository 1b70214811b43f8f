import { Worker } from "node:worker_threads";

const running = new Set<string>();

/**
 * Brings the file of a database up to its write-ahead log in a thread that ends afterwards, because that waits for the disk. One at a time; what it
 * cannot do now the next one does.
 */
export function checkpointBeside(path: string): void {
  if (running.has(path)) return;
  running.add(path);
  const worker = new Worker(new URL("./checkpoint-thread.ts", import.meta.url), { workerData: { path }, name: "checkpoint" });
  worker.unref();
  worker.on("error", () => running.delete(path));
  worker.on("exit", () => running.delete(path));
}
