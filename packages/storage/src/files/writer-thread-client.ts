import { Worker } from "node:worker_threads";
import { message as messageOf, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { WriterClient } from "./change-log.ts";
import { LogIndex } from "./log-index.ts";
import type { LogWriterOptions } from "./log-writer.ts";
import type { ThreadAnswer, ThreadRequest, ThreadReady } from "./writer-thread.ts";

/** Starts the writer thread; resolves once it has read the log. */
export async function startWriterThread(options: Omit<LogWriterOptions, "layer">): Promise<WriterClient> {
  const worker = new Worker(new URL("./writer-thread.ts", import.meta.url), { workerData: options, name: "log writer" });
  const waiting = new Map<number, { readonly resolve: (answer: ThreadAnswer) => void; readonly reject: (error: Error) => void }>();
  let next = 0;
  let gone: DoppelwerkError | undefined;
  const fail = (why: string): void => {
    gone ??= new DoppelwerkError("DW_UNAVAILABLE", messageOf("storage.logWriterEnded", { why }));
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  worker.on("error", (error: Error) => fail(error.message));
  worker.on("exit", (code) => fail(`exit ${code}`));
  const ready = await new Promise<ThreadReady>((resolve, reject) => {
    waiting.set(-1, { resolve: () => {}, reject });
    worker.once("message", (message: ThreadReady) => resolve(message));
  });
  waiting.delete(-1);
  if ("refused" in ready) {
    await worker.terminate();
    throw revived(ready.refused);
  }
  worker.on("message", (answer: ThreadAnswer) => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    // A thread that waits for work must not keep the process alive.
    if (waiting.size === 0) worker.unref();
    if ("refused" in answer) waiter?.reject(revived(answer.refused));
    else waiter?.resolve(answer);
  });
  worker.unref();
  const ask = (request: DistributiveOmit<ThreadRequest, "id">): Promise<ThreadAnswer> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) return reject(gone);
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ ...request, id });
    });
  const index = new LogIndex(ready.index);
  return {
    index,
    tornTail: ready.tornTail,
    checkpointDamage: ready.checkpointDamage,
    async lastRevision() {
      const answer = await ask({ kind: "lastRevision" });
      return "lastRevision" in answer ? answer.lastRevision : index.lastRevision;
    },
    async append(group) {
      const answer = await ask({ kind: "append", group });
      if ("position" in answer) index.add(answer.position);
    },
    async close() {
      if (gone === undefined) await ask({ kind: "close" });
      await worker.terminate();
    },
  };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function revived({
  code,
  reason,
  details,
}: {
  readonly code: DoppelwerkError["code"];
  readonly reason: Message;
  readonly details: unknown;
}): DoppelwerkError {
  return new DoppelwerkError(code, reason, details);
}
