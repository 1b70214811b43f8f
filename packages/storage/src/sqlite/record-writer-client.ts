import type { DatabaseSync } from "node:sqlite";
import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { startThread, type StartedThread } from "../threads/start-thread.ts";
import type { WriterAnswer, WriterRequest } from "./record-batch.ts";
import { RecordWriter, type RecordWriterOptions } from "./record-writer.ts";
import type { ThreadData } from "./record-writer-thread.ts";

/** The writer as the record store sees it, here or in its thread. Answers come in the order of what they answer. */
export interface RecordWriterClient {
  send(request: WriterRequest, transfer?: ArrayBuffer[]): void;
  /** Hands over the answers that came. */
  drain(): void;
  /** Sleeps until an answer comes and hands it over. Errors: DW_UNAVAILABLE when none does. */
  wait(): void;
}

/** For a cache in memory, which no other thread can open. */
export function writerHere(database: DatabaseSync, options: RecordWriterOptions, told: (answer: WriterAnswer) => void): RecordWriterClient {
  const answers: WriterAnswer[] = [];
  const writer = new RecordWriter(database, options, (answer) => answers.push(answer));
  const drain = (): void => {
    for (let answer = answers.shift(); answer !== undefined; answer = answers.shift()) told(answer);
  };
  return {
    send(request) {
      writer.take(request);
      drain();
      while (request.kind === "batch" && writer.step()) drain();
    },
    drain,
    wait() {
      throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.recordCacheMemoryTakesNoMore"));
    },
  };
}

const WAIT_MS = 60_000;

/** In a thread that starts with the first request. `gone` hears once when it ends by itself. */
export function writerThread(
  path: string,
  options: RecordWriterOptions,
  told: (answer: WriterAnswer) => void,
  gone: (why: string) => void,
  isShared = false,
): RecordWriterClient {
  const answers = new Int32Array(new SharedArrayBuffer(4));
  let port: MessagePort | undefined;
  let thread: StartedThread | undefined;
  let seen = 0;
  let closed = false;
  const start = (): MessagePort => {
    const { port1, port2 } = new MessageChannel();
    thread = startThread({
      module: new URL("./record-writer-thread.ts", import.meta.url),
      data: { path, options, port: port2, answers } satisfies ThreadData,
      transfer: [port2],
      name: "record cache",
      isShared,
    });
    thread.port.unref();
    thread.onEnd(end);
    port1.on("message", (answer: WriterAnswer) => hear(answer));
    port1.unref();
    return port1;
  };
  const end = (why: string): void => {
    port = undefined;
    if (!closed) gone(why);
    closed = true;
  };
  const hear = (answer: WriterAnswer): void => {
    seen++;
    told(answer);
    // one of its own ends by itself
    if (isShared && closed && answer.kind === "done") void thread?.end();
  };
  const drain = (): void => {
    for (let next = port && receiveMessageOnPort(port); next !== undefined; next = port && receiveMessageOnPort(port))
      hear(next.message as WriterAnswer);
  };
  return {
    send(request, transfer = []) {
      // A merge that ended meanwhile is cleared up after when the file is opened again: closing waits for what is told of it all the same.
      if (closed && request.kind === "released") return;
      if (closed) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.threadWritesRecordCacheEnded"));
      if (request.kind === "close" && port === undefined) return told({ kind: "done" });
      port ??= start();
      port.postMessage(request, transfer);
      if (request.kind === "close") closed = true;
    },
    drain,
    wait() {
      const before = seen;
      drain();
      while (seen === before) {
        if (port === undefined || Atomics.wait(answers, 0, seen, WAIT_MS) === "timed-out")
          throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.recordCacheNotWrittenWithin", { waitMs: WAIT_MS / 1000, path }));
        drain();
      }
    },
  };
}
