import { type Message } from "@doppelwerk/messages";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { HistoryDamage } from "@doppelwerk/world";
import { DoppelwerkError, type ErrorCode, reasonOf } from "@doppelwerk/world/error";
import { nodeFileLayer } from "../files/node-file-layer.ts";
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

const port = parentPort!;
const { directory, firstLog } = workerData as { readonly directory: string; readonly firstLog: number };
let writer: SegmentWriter | undefined;
const chunks = new Map<number, SharedChunk>();
const take = (sent: SentArrival) => received(sent, chunks);

port.on("message", (first: WriterRequest) => {
  const requests = [first];
  // everything that has come meanwhile is one group and one fsync
  for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port))
    requests.push(more.message as WriterRequest);
  for (let at = 0; at < requests.length;) {
    let end = at;
    while (end < requests.length && requests[end]!.task.kind === "append") end++;
    if (end > at) appendGroup(requests.slice(at, end));
    else single(requests[end++]!);
    at = end;
  }
});

function appendGroup(requests: readonly WriterRequest[]): void {
  const arrivals = requests.flatMap(({ task }) => (task.kind === "append" ? task.arrivals.map(take) : []));
  const refused = attempt(() => openWriter().append(arrivals)).refused;
  port.postMessage(requests.map(({ id }): WriterAnswer => ({ id, refused })));
  handled(arrivals.length * ARRIVAL_BYTES);
}

function single({ id, task }: WriterRequest): void {
  if (task.kind === "append") return;
  if (task.kind === "flush") return continueLong(id, openWriter().flush(task.upTo, task.arrivals.map(take)), FLUSH_BYTES);
  if (task.kind === "merge") return continueLong(id, openWriter().merge(task.names), MERGE_BYTES);
  if (task.kind === "salvage") return continueLong(id, openWriter().salvage(task.name, task.contained), COLLECT_BYTES);
  port.postMessage([{ id, ...attempt(() => run(task)) } satisfies WriterAnswer]);
}

function handled(bytes: number): void {
  handledBytes += bytes;
  if (handledBytes < COLLECT_BYTES) return;
  handledBytes = 0;
  // after what the answer was waiting for, and never inside a task, whose columns would survive it
  setImmediate(collect);
}

function run(task: Exclude<WriterTask, { kind: "append" | "flush" | "merge" | "salvage" }>): WriterResult | undefined {
  switch (task.kind) {
    case "begin":
      openWriter();
      return undefined;
    case "rotate":
      return openWriter().rotate();
    case "forget":
      chunks.delete(task.chunk);
      return undefined;
    case "know":
      openWriter().know(task.names);
      return undefined;
    case "setAside":
      return openWriter().setAside(task.damage);
    case "drop":
      openWriter().drop(task.drops);
      return undefined;
    case "remove":
      openWriter().remove(task.names);
      return undefined;
    case "close":
      openWriter().close();
      return undefined;
  }
}

function openWriter(): SegmentWriter {
  writer ??= new SegmentWriter(nodeFileLayer, directory, firstLog);
  return writer;
}

function continueLong(id: number, steps: Generator<void, WriterResult>, garbageBytes: number): void {
  const until = performance.now() + SLICE_MS;
  let done: WriterResult | undefined;
  const outcome = attempt(() => {
    while (done === undefined && performance.now() < until) {
      const step = steps.next();
      if (step.done) done = step.value;
    }
    return done;
  });
  if (outcome.refused === undefined && done === undefined) return void setImmediate(() => continueLong(id, steps, garbageBytes));
  port.postMessage([{ id, ...outcome } satisfies WriterAnswer]);
  handled(garbageBytes);
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
