import { AsyncLocalStorage } from "node:async_hooks";
import type { Instant, Job } from "@doppelwerk/world";
import type { SpanSink } from "./span-sink.ts";
import { newTraceparent, traceContextOf } from "./trace-context.ts";

/** The request that is being answered, as W3C trace context. */
export const currentRequest = new AsyncLocalStorage<string>();

/** A command as its journal keeps it (features/commands). */
interface KeptCommand {
  readonly id: string;
  readonly state?: string;
  readonly call?: object;
  readonly requestedAt?: Instant;
  readonly confirmedAt?: Instant;
  readonly endedAt?: Instant;
}

const COMMANDS = "commands";
/** Work that was asked for and has not ended; beyond it the oldest stands for itself. */
const MAX_OPEN = 1_000;

/** Spans of what goes on after its request was answered: commands from their request to their end, jobs from their place in the queue to theirs. */
export class WorkSpans {
  readonly #spans: SpanSink;
  readonly #askedBy = new Map<string, string>();

  constructor(spans: SpanSink) {
    this.#spans = spans;
  }

  /** Something is asked for by the request that is being answered. */
  asked(id: string): void {
    const request = currentRequest.getStore();
    if (request === undefined || this.#askedBy.has(id)) return;
    this.#askedBy.set(id, request);
    if (this.#askedBy.size > MAX_OPEN) this.#askedBy.delete(this.#askedBy.keys().next().value!);
  }

  /** A journal was written. */
  recorded(journal: string, item: { readonly id: string }): void {
    if (journal !== COMMANDS) return;
    const { id, state, call, requestedAt, confirmedAt, endedAt } = item as KeptCommand;
    if (state === "requested") this.asked(id);
    if (requestedAt === undefined || endedAt === undefined) return;
    const [context, parent] = this.#of(id);
    this.#spans.record({
      name: "command",
      from: requestedAt,
      to: endedAt,
      context,
      parent,
      isFailed: state !== "done" && state !== "withdrawn",
      attributes: { "doppelwerk.command.kind": call === undefined ? "write" : "call", "doppelwerk.command.state": state ?? "unknown" },
    });
    this.#spans.record({ name: "command.confirm", from: requestedAt, to: confirmedAt ?? endedAt, parent: context });
    if (confirmedAt !== undefined) this.#spans.record({ name: "command.carry_out", from: confirmedAt, to: endedAt, parent: context });
  }

  jobEnded({ id, kind, state, enqueuedAt, startedAt, finishedAt }: Job): void {
    if (finishedAt === undefined) return;
    const [context, parent] = this.#of(id);
    const attributes = { "doppelwerk.job.kind": kind, "doppelwerk.job.state": state };
    const isFailed = state === "failed" || state === "poisoned";
    this.#spans.record({ name: "job", from: enqueuedAt, to: finishedAt, context, parent, isFailed, attributes });
    this.#spans.record({ name: "job.wait", from: enqueuedAt, to: startedAt ?? finishedAt, parent: context });
    if (startedAt !== undefined) this.#spans.record({ name: "job.run", from: startedAt, to: finishedAt, parent: context });
  }

  /** A context of its own, and that of the request that asked for it. */
  #of(id: string): readonly [context: string, parent: string | undefined] {
    const parent = this.#askedBy.get(id);
    this.#askedBy.delete(id);
    return [newTraceparent(traceContextOf(parent)?.traceId), parent];
  }
}
