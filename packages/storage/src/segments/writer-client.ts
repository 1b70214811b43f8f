import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type HistoryDamage } from "@doppelwerk/world";
import { startThread } from "../threads/start-thread.ts";
import type { FileLayer } from "../files/file-layer.ts";
import type { Arrival } from "./arrival.ts";
import type { Drops } from "./drops.ts";
import type { SeriesName } from "./segment-file.ts";
import { SegmentWriter } from "./segment-writer.ts";
import { toSend, type SentArrival } from "./shared-chunk.ts";
import type { WriterAnswer, WriterRequest, WriterResult, WriterTask } from "./writer-thread.ts";

/** The writer as the historian sees it; calls are done in the order they were made. */
export interface WriterClient {
  /** Names of series that earlier openings stored. */
  know(names: readonly SeriesName[]): Promise<void>;
  /** No row will lie in this chunk again. */
  forget(chunk: number): void;
  /** One group: on disk whole or not at all. Its rows must not change until the flush that stores them is done. */
  append(arrivals: readonly Arrival[]): Promise<void>;
  rotate(): Promise<number>;
  flush(upTo: number, arrivals: readonly Arrival[]): Promise<string>;
  merge(names: readonly string[]): Promise<string>;
  /** Sets a damaged segment aside; what is whole of it then bears its name. */
  salvage(name: string, contained: readonly string[]): Promise<HistoryDamage>;
  /** Keeps a damaged log under another name, which is returned in the report. */
  setAside(damage: HistoryDamage): Promise<HistoryDamage>;
  drop(drops: Drops): Promise<void>;
  remove(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** On this thread, over any file layer: for tests and for tools that end soon. */
export function createInlineWriter(layer: FileLayer, directory: string, firstLog: number): WriterClient {
  const writer = new SegmentWriter(layer, directory, firstLog);
  let tail: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => T): Promise<T> => {
    const done = tail.then(work);
    tail = done.catch(() => {
      // handled by the caller; the next one has its turn all the same
    });
    return done;
  };
  return {
    forget: () => {},
    know: (names) => inTurn(() => writer.know(names)),
    append: (arrivals) => inTurn(() => writer.append(arrivals)),
    rotate: () => inTurn(() => writer.rotate()),
    flush: (upTo, arrivals) => inTurn(() => toEnd(writer.flush(upTo, arrivals))),
    merge: (names) => inTurn(() => toEnd(writer.merge(names))),
    salvage: (name, contained) => inTurn(() => toEnd(writer.salvage(name, contained))),
    setAside: (damage) => inTurn(() => writer.setAside(damage)),
    drop: (drops) => inTurn(() => writer.drop(drops)),
    remove: (names) => inTurn(() => writer.remove(names)),
    close: () => inTurn(() => writer.close()),
  };
}

function toEnd<T>(steps: Generator<void, T>): T {
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** What a writer allocates is gone with its answer; the default would let garbage grow to tens of MB a thread. */
const YOUNG_MB = 4;

/** On a thread of its own, so that no fsync and no compression holds up the caller. */
export async function startWriterThread(directory: string, firstLog: number, isShared = false): Promise<WriterClient> {
  const thread = startThread({
    module: new URL(import.meta.url.endsWith(".ts") ? "writer-thread.ts" : "writer-thread.js", import.meta.url),
    data: { directory, firstLog },
    name: "history writer",
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    isShared,
  });
  const { port } = thread;
  const waiting = new Map<number, PromiseWithResolvers<WriterResult | undefined>>();
  let next = 0;
  let gone: DoppelwerkError | undefined;
  const fail = (why: string): void => {
    gone ??= new DoppelwerkError("DW_UNAVAILABLE", message("storage.historyWriterEnded", { why }));
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  thread.onEnd(fail);
  port.on("message", (answers: readonly WriterAnswer[]) => {
    for (const answer of answers) {
      const waiter = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (answer.refused === undefined) waiter?.resolve(answer.result);
      else waiter?.reject(new DoppelwerkError(answer.refused.code, answer.refused.reason, answer.refused.details));
    }
    // a thread that waits for work must not keep the process alive
    if (waiting.size === 0) port.unref();
  });
  const ask = (task: WriterTask): Promise<WriterResult | undefined> => {
    if (gone !== undefined) return Promise.reject(gone);
    const id = next++;
    const answer = Promise.withResolvers<WriterResult | undefined>();
    waiting.set(id, answer);
    port.ref();
    port.postMessage({ id, task } satisfies WriterRequest);
    return answer.promise;
  };
  const sent = new Set<number>();
  const send = (arrivals: readonly Arrival[]): readonly SentArrival[] => arrivals.map((arrival) => toSend(arrival, sent));
  await ask({ kind: "begin" });
  return {
    know: async (names) => void (await ask({ kind: "know", names })),
    forget(chunk) {
      sent.delete(chunk);
      ask({ kind: "forget", chunk }).catch(() => {
        // where the writer is gone nothing is left to forget
      });
    },
    append: async (arrivals) => void (await ask({ kind: "append", arrivals: send(arrivals) })),
    rotate: async () => Number(await ask({ kind: "rotate" })),
    flush: async (upTo, arrivals) => String(await ask({ kind: "flush", upTo, arrivals: send(arrivals) })),
    merge: async (names) => String(await ask({ kind: "merge", names })),
    salvage: async (name, contained) => (await ask({ kind: "salvage", name, contained })) as HistoryDamage,
    setAside: async (damage) => (await ask({ kind: "setAside", damage })) as HistoryDamage,
    drop: async (drops) => void (await ask({ kind: "drop", drops })),
    remove: async (names) => void (await ask({ kind: "remove", names })),
    async close() {
      if (gone === undefined) await ask({ kind: "close" });
      await thread.end();
    },
  };
}
