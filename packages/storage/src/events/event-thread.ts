import { message, type Message } from "@doppelwerk/messages";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import type { EventDamage, EventExpiry, EventSelection, StoredEvent, StoredEventQuery } from "@doppelwerk/world";
import { DoppelwerkError, type ErrorCode } from "@doppelwerk/world/error";
import { EventReader, type FileEntry } from "./event-reader.ts";
import { EventWriter } from "./event-writer.ts";
import type { EventCatalogue } from "./manifest.ts";

/** One thread writes, another reads: a question does not wait for an fsync. */
export type EventThreadData =
  | { readonly role: "writer"; readonly directory: string; readonly catalogue: EventCatalogue; readonly fileEvents: number }
  | { readonly role: "reader"; readonly directory: string };

export type EventTask =
  | { readonly kind: "record"; readonly events: readonly StoredEvent[] }
  | { readonly kind: "expire"; readonly expiry: EventExpiry }
  | { readonly kind: "query"; readonly files: readonly FileEntry[]; readonly query: StoredEventQuery }
  | { readonly kind: "count"; readonly files: readonly FileEntry[]; readonly selection: EventSelection }
  | { readonly kind: "forget"; readonly names: readonly string[] }
  | { readonly kind: "close" };

export interface EventRequest {
  readonly id: number;
  readonly task: EventTask;
}

export interface EventAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly refused?: { readonly code: ErrorCode; readonly reason: Message };
  /** After a write: the files that there are now. */
  readonly files?: readonly FileEntry[];
  readonly damages?: readonly EventDamage[];
}

/** Events of one transaction: more wait for the next. */
const GROUP_EVENTS = 20_000;

const port = parentPort!;
const data = workerData as EventThreadData;

const attempt = (work: () => Omit<EventAnswer, "id">): Omit<EventAnswer, "id"> => {
  try {
    return work();
  } catch (error) {
    if (error instanceof DoppelwerkError) return { refused: { code: error.code, reason: error.reason } };
    return { refused: { code: "DW_UNAVAILABLE", reason: message("storage.eventsNotReached", { reason: (error as Error).message }) } };
  }
};

if (data.role === "writer") write(data);
else read(data.directory);

function write({ directory, catalogue, fileEvents }: Extract<EventThreadData, { role: "writer" }>): void {
  const writer = new EventWriter(directory, catalogue, fileEvents);
  const waiting: EventRequest[] = [];
  const answer = (id: number, outcome: Omit<EventAnswer, "id">): void => port.postMessage({ id, ...outcome } satisfies EventAnswer);

  const record = (): void => {
    const group: (EventRequest & { readonly task: { readonly kind: "record" } })[] = [];
    for (let events = 0; waiting[0]?.task.kind === "record" && events < GROUP_EVENTS;) {
      const next = waiting.shift() as (typeof group)[number];
      group.push(next);
      events += next.task.events.length;
    }
    let counts: readonly number[] = [];
    const outcome = attempt(() => {
      counts = writer.record(group.map(({ task }) => task.events));
      return { files: writer.files };
    });
    group.forEach(({ id }, index) => answer(id, { ...outcome, ...(outcome.refused ? {} : { result: counts[index] }) }));
  };

  /** A few rows at a time, so that what is recorded meanwhile does not wait. */
  const expire = (id: number, expiry: EventExpiry, removed: number): void => {
    let isDone = false;
    const outcome = attempt(() => {
      const step = writer.expire(expiry);
      isDone = step === undefined;
      return { result: removed + (step?.removed ?? 0), files: writer.files };
    });
    if (outcome.refused !== undefined || isDone) return answer(id, outcome);
    setImmediate(() => expire(id, expiry, Number(outcome.result)));
  };

  port.on("message", (first: EventRequest) => {
    waiting.push(first);
    // everything that has come meanwhile is one group and one fsync
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port))
      waiting.push(more.message as EventRequest);
    while (waiting.length > 0) {
      const { id, task } = waiting[0]!;
      if (task.kind === "record") {
        record();
        continue;
      }
      waiting.shift();
      if (task.kind === "expire") expire(id, task.expiry, 0);
      else if (task.kind === "close")
        answer(
          id,
          attempt(() => ({ result: writer.close() })),
        );
    }
  });
}

function read(directory: string): void {
  const damages: EventDamage[] = [];
  const reader = new EventReader(directory, (damage) => damages.push(damage));
  port.on("message", ({ id, task }: EventRequest) => {
    const outcome = attempt(() => ({ result: run(task) }));
    port.postMessage({ id, ...outcome, ...(damages.length === 0 ? {} : { damages: damages.splice(0) }) } satisfies EventAnswer);
  });
  const run = (task: EventTask): unknown => {
    if (task.kind === "query") return reader.query(task.files, task.query);
    if (task.kind === "count") return reader.count(task.files, task.selection);
    if (task.kind === "forget") return reader.forget(task.names);
    return reader.close();
  };
}
