import { Worker } from "node:worker_threads";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { EventAnswer, EventRequest, EventTask, EventThreadData } from "./event-thread.ts";

export interface EventThread {
  /** Errors: those of the task; DW_UNAVAILABLE when the thread has ended. */
  ask(task: EventTask): Promise<EventAnswer>;
  close(): Promise<void>;
}

/** Starts a thread; it keeps the process alive only while something is asked. */
export function startEventThread(data: EventThreadData): EventThread {
  const worker = new Worker(new URL(import.meta.url.endsWith(".ts") ? "event-thread.ts" : "event-thread.js", import.meta.url), {
    workerData: data,
    name: `events ${data.role}`,
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  worker.unref();
  const waiting = new Map<number, PromiseWithResolvers<EventAnswer>>();
  let next = 0;
  let gone: DoppelwerkError | undefined;
  const fail = (why: string): void => {
    gone ??= new DoppelwerkError("DW_UNAVAILABLE", message("storage.threadEventsEnded", { why }));
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  worker.on("error", (error: Error) => fail(error.message));
  worker.on("exit", (code) => fail(`exit ${code}`));
  worker.on("message", (answer: EventAnswer) => {
    const waiter = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.refused === undefined) waiter?.resolve(answer);
    else waiter?.reject(new DoppelwerkError(answer.refused.code, answer.refused.reason));
    if (waiting.size === 0) worker.unref();
  });
  const ask = (task: EventTask): Promise<EventAnswer> => {
    if (gone !== undefined) return Promise.reject(gone);
    const id = next++;
    const answer = Promise.withResolvers<EventAnswer>();
    waiting.set(id, answer);
    worker.ref();
    worker.postMessage({ id, task } satisfies EventRequest);
    return answer.promise;
  };
  return {
    ask,
    async close() {
      if (gone === undefined) await ask({ kind: "close" });
      await worker.terminate();
    },
  };
}
