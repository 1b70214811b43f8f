import { parentPort, workerData, type MessagePort } from "node:worker_threads";

/** Serves a thread that was started for this module alone; in one that several share, its host calls `serve`. */
export function serveOwn<Data>(serve: (port: MessagePort, data: Data) => void): void {
  if (parentPort !== null && (workerData as { readonly isHost?: boolean } | null)?.isHost !== true) serve(parentPort, workerData as Data);
}
