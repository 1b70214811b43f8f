import { message as messageOf, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { WriterClient } from "./change-log.ts";
import { startThread } from "../threads/start-thread.ts";
import { LogIndex } from "./log-index.ts";
import type { LogWriterOptions } from "./log-writer.ts";
import type { ThreadAnswer, ThreadRequest, ThreadReady } from "./writer-thread.ts";

/** Starts the writer thread; resolves once it has read the log. */
export async function startWriterThread(options: Omit<LogWriterOptions, "layer">, isShared?: boolean): Promise<WriterClient> {
  const thread = startThread({
    module: new URL("./writer-thread.ts", import.meta.url),
    data: options,
    name: "log writer",
    isShared: isShared === true,
  });
  const { port } = thread;
  const waiting = new Map<number, { readonly resolve: (answer: ThreadAnswer) => void; readonly reject: (error: Error) => void }>();
  let next = 0;
  let gone: DoppelwerkError | undefined;
  const fail = (why: string): void => {
    gone ??= new DoppelwerkError("DW_UNAVAILABLE", messageOf("storage.logWriterEnded", { why }));
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  thread.onEnd(fail);
  const ready = await new Promise<ThreadReady>((resolve, reject) => {
    waiting.set(-1, { resolve: () => {}, reject });
    port.once("message", (message: ThreadReady) => resolve(message));
  });
  waiting.delete(-1);
  if ("refused" in ready) {
    await thread.end();
    throw revived(ready.refused);
  }
  port.on("message", (answer: ThreadAnswer) => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    // A thread that waits for work must not keep the process alive.
    if (waiting.size === 0) port.unref();
    if ("refused" in answer) waiter?.reject(revived(answer.refused));
    else waiter?.resolve(answer);
  });
  port.unref();
  const ask = (request: DistributiveOmit<ThreadRequest, "id">): Promise<ThreadAnswer> =>
    new Promise((resolve, reject) => {
      if (gone !== undefined) return reject(gone);
      const id = next++;
      waiting.set(id, { resolve, reject });
      port.ref();
      port.postMessage({ ...request, id });
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
      await thread.end();
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
