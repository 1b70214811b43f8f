import { encodeId } from "@doppelwerk/aas";
import { message as messageOf, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type BranchId } from "@doppelwerk/world";
import { API_BASE } from "./api.ts";
import type { After } from "./live-session.ts";
import type { FetchLike, ResponseLike } from "./request.ts";

/** What happened to a shell, submodel, element or concept description: a CloudEvent 1.0 as the async AAS specification of Factory-X names and fills it. */
export interface AasEvent {
  readonly specversion: "1.0";
  /** Its place in the log: the stream goes on behind it. */
  readonly id: string;
  /** URL by the AAS API. */
  readonly source: string;
  readonly type: `io.admin-shell.events.v1.${AasEventType}`;
  /** ISO 8601. */
  readonly time: string;
  readonly dataschema: string;
  readonly semanticid?: string;
  /** The whole thing right after the change; absent of what was deleted, and of slim streams. */
  readonly data?: unknown;
}

export type AasEventType = "created" | "updated" | "valueChanged" | "deleted";

export interface AasEventOptions {
  readonly baseUrl: string;
  readonly fetch: FetchLike;
  readonly headers?: Readonly<Record<string, string>>;
  /** Pause between tries when the line broke. Without it, a broken line ends the loop with DW_UNAVAILABLE. */
  readonly after?: After;
  /** Default live. */
  readonly branch?: BranchId;
  /** Id of the last event that was seen, or a revision; without it the stream begins now. */
  readonly since?: string;
  readonly types?: readonly AasEventType[];
  readonly kinds?: readonly ("shells" | "submodels" | "elements" | "conceptDescriptions")[];
  /** A query for submodels (AASQL in JSON): only events of those for which it holds. */
  readonly query?: unknown;
  /** Without `data`. */
  readonly slim?: boolean;
  /** An AbortSignal: ends the loop without an error. */
  readonly signal?: unknown;
}

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;

/**
 * Events as they happen, for as long as the loop runs: leave it, or abort the signal, to stop. A line that breaks is made anew and goes on behind the
 * last event that was given: none is missed, none comes twice. While the loop is busy nothing is read: the server waits, and keeps what comes in its log.
 * Errors: DW_INVALID and DW_NOT_FOUND for what the server refuses.
 */
export async function* aasEvents(options: AasEventOptions): AsyncGenerator<AasEvent, void, void> {
  let last = options.since;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(MAX_PAUSE_MS, pause * 2)) {
    try {
      for await (const event of streamOnce(options, last)) {
        last = event.id;
        pause = FIRST_PAUSE_MS;
        yield event;
      }
      if (isAborted(options.signal)) return;
      if (options.after === undefined)
        throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("client.streamEventsEnded", { baseUrl: options.baseUrl }));
    } catch (error) {
      if (isAborted(options.signal)) return;
      const isBroken = error instanceof DoppelwerkError && error.code === "DW_UNAVAILABLE";
      if (!isBroken || options.after === undefined) throw error;
    }
    await pauseOf(pause, options.after, options.signal);
    if (isAborted(options.signal)) return;
  }
}

async function* streamOnce(options: AasEventOptions, last: string | undefined): AsyncGenerator<AasEvent, void, void> {
  const response = await open(options, last);
  const reader = response.body?.getReader();
  if (reader === undefined) throw new DoppelwerkError("DW_INVALID", messageOf("client.fetchGivesNoBodyCanRead"));
  const lines = new Lines();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("client.streamEventsBroke", { error: String(error) }));
      });
      if (done || value === undefined) return;
      // The server writes an event as one line of data; its id stands in it too.
      for (const line of lines.add(value)) if (line.startsWith("data: ")) yield JSON.parse(line.slice(6)) as AasEvent;
    }
  } finally {
    await reader.cancel().catch(() => {
      // the stream broke already; whoever iterates has that error
    });
  }
}

/** Bytes as they come, cut at line ends: a character of several bytes is never cut, since no byte of it is one. */
class Lines {
  #rest: Uint8Array[] = [];
  readonly #decoder = new TextDecoder();

  *add(bytes: Uint8Array): Iterable<string> {
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      this.#rest.push(bytes.subarray(start, end));
      yield this.#decoder.decode(joined(this.#rest));
      this.#rest = [];
      start = end + 1;
    }
    if (start < bytes.length) this.#rest.push(bytes.subarray(start));
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function open(options: AasEventOptions, last: string | undefined): Promise<ResponseLike> {
  const { types, kinds, query, slim } = options;
  const asked = [
    last !== undefined && `after=${encodeURIComponent(last)}`,
    types && `types=${types.join()}`,
    kinds && `kinds=${kinds.join()}`,
    query !== undefined && `query=${encodeId(JSON.stringify(query))}`,
    slim === true && "slim=true",
  ].filter((part) => typeof part === "string");
  const path = `/branches/${encodeURIComponent(options.branch ?? LIVE)}/events`;
  const url = `${options.baseUrl.replace(/\/$/, "")}${API_BASE}${path}${asked.length === 0 ? "" : `?${asked.join("&")}`}`;
  let response: ResponseLike;
  try {
    response = await options.fetch(url, {
      method: "GET",
      headers: { ...options.headers, accept: "text/event-stream" },
      ...(options.signal !== undefined && { signal: options.signal }),
    });
  } catch (error) {
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      messageOf("client.noDoppelwerkAnswers", { baseUrl: options.baseUrl, error: String(error) }),
    );
  }
  if (response.ok) return response;
  const text = await response.text();
  const message = /"message":\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  const code = response.status === 404 ? "DW_NOT_FOUND" : response.status >= 500 ? "DW_UNAVAILABLE" : "DW_INVALID";
  throw new DoppelwerkError(
    code,
    message === undefined ? messageOf("client.status", { status: response.status, path }) : verbatim(JSON.parse(message) as string),
  );
}

interface Abortable {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options: { readonly once: true }): void;
}

function isAborted(signal: unknown): boolean {
  return (signal as Abortable | undefined)?.aborted === true;
}

function pauseOf(milliseconds: number, after: After, signal: unknown): Promise<void> {
  return new Promise((resolve) => {
    const stop = after(milliseconds, resolve);
    (signal as Abortable | undefined)?.addEventListener(
      "abort",
      () => {
        stop();
        resolve();
      },
      { once: true },
    );
  });
}
