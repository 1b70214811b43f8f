import { type Message } from "@doppelwerk/messages";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type { HistoryDamage } from "@doppelwerk/world";
import { DoppelwerkError, type ErrorCode, reasonOf } from "@doppelwerk/world/error";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { serveOwn } from "../threads/serve-own.ts";
import type { Drops } from "./drops.ts";
import type { SeriesName } from "./segment-file.ts";
import { received, type SentArrival, type SharedChunk } from "./shared-chunk.ts";
import { SegmentWriter } from "./segment-writer.ts";

export type WriterTask =
  | { readonly kind: "begin" }
  | { readonly kind: "know"; readonly names: readonly SeriesName[] }
  | { readonly kind: "append"; readonly arrivals: readonly SentArrival[] }
  | { readonly kind: "forget"; readonly chunk: number }
  | { readonly kind: "rotate" }
  | { readonly kind: "flush"; readonly upTo: number; readonly arrivals: readonly SentArrival[] }
  | { readonly kind: "merge"; readonly names: readonly string[] }
  | { readonly kind: "salvage"; readonly name: string; readonly contained: readonly string[] }
  | { readonly kind: "setAside"; readonly damage: HistoryDamage }
  | { readonly kind: "drop"; readonly drops: Drops }
  | { readonly kind: "remove"; readonly names: readonly string[] }
  | { readonly kind: "close" };

export type WriterResult = string | number | HistoryDamage;

export interface WriterRequest {
  readonly id: number;
  readonly task: WriterTask;
}

export interface WriterAnswer {
  readonly id: number;
  readonly result?: WriterResult;
  readonly refused?: { readonly code: ErrorCode; readonly reason: Message; readonly details?: unknown };
}

/** How long a flush or a merge runs before it lets appends pass. */
const SLICE_MS = 4;

/**
 * Columns that may have come and gone before they are collected. They lie outside the engine's own heap, which is too small here ever to be looked at:
 * left alone, sixty megabytes of them pile up.
 */
const COLLECT_BYTES = 4 << 20;
const ARRIVAL_BYTES = 1_000;
const FLUSH_BYTES = 1 << 19;
const MERGE_BYTES = 1 << 21;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
let handledBytes = 0;

/** One history. */
export function serve(port: MessagePort, { directory, firstLog }: { readonly directory: string; readonly firstLog: number }): void {
  const served = new ServedHistory(port, directory, firstLog);
  port.on("message", (first: WriterRequest) => {
    const requests = [first];
    // everything that has come meanwhile is one group and one fsync
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port))
      requests.push(more.message as WriterRequest);
    served.take(requests);
  });
}

function handled(bytes: number): void {
  handledBytes += bytes;
  if (handledBytes < COLLECT_BYTES) return;
  handledBytes = 0;
  // after what the answer was waiting for, and never inside a task, whose columns would survive it
  setImmediate(collect);
}

class ServedHistory {
  readonly #port: MessagePort;
  readonly #directory: string;
  readonly #firstLog: number;
  readonly #chunks = new Map<number, SharedChunk>();
  #writer: SegmentWriter | undefined;

  constructor(port: MessagePort, directory: string, firstLog: number) {
    this.#port = port;
    this.#directory = directory;
    this.#firstLog = firstLog;
  }

  take(requests: readonly WriterRequest[]): void {
    for (let at = 0; at < requests.length;) {
      let end = at;
      while (end < requests.length && requests[end]!.task.kind === "append") end++;
      if (end > at) this.#appendGroup(requests.slice(at, end));
      else this.#single(requests[end++]!);
      at = end;
    }
  }

  #received(sent: readonly SentArrival[]) {
    return sent.map((arrival) => received(arrival, this.#chunks));
  }

  #appendGroup(requests: readonly WriterRequest[]): void {
    const arrivals = requests.flatMap(({ task }) => (task.kind === "append" ? this.#received(task.arrivals) : []));
    const refused = attempt(() => this.#open().append(arrivals)).refused;
    this.#port.postMessage(requests.map(({ id }): WriterAnswer => ({ id, refused })));
    handled(arrivals.length * ARRIVAL_BYTES);
  }

  #single({ id, task }: WriterRequest): void {
    if (task.kind === "append") return;
    if (task.kind === "flush") return this.#continueLong(id, this.#open().flush(task.upTo, this.#received(task.arrivals)), FLUSH_BYTES);
    if (task.kind === "merge") return this.#continueLong(id, this.#open().merge(task.names), MERGE_BYTES);
    if (task.kind === "salvage") return this.#continueLong(id, this.#open().salvage(task.name, task.contained), COLLECT_BYTES);
    this.#port.postMessage([{ id, ...attempt(() => this.#run(task)) } satisfies WriterAnswer]);
  }

  #run(task: Exclude<WriterTask, { kind: "append" | "flush" | "merge" | "salvage" }>): WriterResult | undefined {
    switch (task.kind) {
      case "begin":
        this.#open();
        return undefined;
      case "rotate":
        return this.#open().rotate();
      case "forget":
        this.#chunks.delete(task.chunk);
        return undefined;
      case "know":
        this.#open().know(task.names);
        return undefined;
      case "setAside":
        return this.#open().setAside(task.damage);
      case "drop":
        this.#open().drop(task.drops);
        return undefined;
      case "remove":
        this.#open().remove(task.names);
        return undefined;
      case "close":
        this.#open().close();
        return undefined;
    }
  }

  #open(): SegmentWriter {
    this.#writer ??= new SegmentWriter(nodeFileLayer, this.#directory, this.#firstLog);
    return this.#writer;
  }

  #continueLong(id: number, steps: Generator<void, WriterResult>, garbageBytes: number): void {
    const until = performance.now() + SLICE_MS;
    let done: WriterResult | undefined;
    const outcome = attempt(() => {
      while (done === undefined && performance.now() < until) {
        const step = steps.next();
        if (step.done) done = step.value;
      }
      return done;
    });
    if (outcome.refused === undefined && done === undefined) return void setImmediate(() => this.#continueLong(id, steps, garbageBytes));
    this.#port.postMessage([{ id, ...outcome } satisfies WriterAnswer]);
    handled(garbageBytes);
  }
}

function attempt<T extends WriterResult | undefined | void>(work: () => T): Omit<WriterAnswer, "id"> {
  try {
    const result = work();
    return result === undefined ? {} : { result: result as WriterResult };
  } catch (error) {
    if (error instanceof DoppelwerkError) return { refused: { code: error.code, reason: error.reason, details: error.details } };
    return { refused: { code: "DW_UNAVAILABLE", reason: reasonOf(error) } };
  }
}

serveOwn(serve);
