import { fork, type ChildProcess } from "node:child_process";
import { message, textOf, type Message } from "@doppelwerk/messages";
import {
  DoppelwerkError,
  quality,
  type Clock,
  type ConnectionRecord,
  type Instant,
  type SampleSource,
  type SignalRecord,
} from "@doppelwerk/world";
import type { BrowseResult, PresentValue } from "@doppelwerk/world";
import { keyFileArguments } from "../secrets/key-file-arguments.ts";
import type { ConnectionTarget } from "./connector.ts";
import { HostedSource } from "./hosted-source.ts";
import type { Answer, FromHost, ToHost } from "./message.ts";
import type { SourceTiming } from "./source-timing.ts";

export interface ConnectorHostOptions {
  readonly clock: Clock;
  /** Certificates of the connectors are kept below it. */
  readonly dataDir: string;
  readonly timing?: SourceTiming;
  /** Hears of every death of the process, for the log. */
  readonly onCrash?: (reason: string) => void;
}

export interface OpenOptions {
  /** History from here on is read after connecting: one instant, or one a signal (NaN = none). */
  readonly backfillFrom?: Instant | Float64Array;
}

/** A source that lives in the connectors' process. */
export interface ConnectedSource extends SampleSource {
  /** Streams the plant's archive of [from, to]; resolves with the number of samples read, rejects when not connected. */
  backfill(from: Instant, to: Instant): Promise<number>;
}

export interface ConnectorHost {
  /** Batches carry the position in `signals`. The source runs from `start` to `close`, over crashes of the process. */
  open(connection: ConnectionRecord, signals: readonly SignalRecord[], options?: OpenOptions): ConnectedSource;
  /** What a plant offers as proposals; a text is the address of an OPC UA server. Rejects with the reason when it cannot be reached. */
  browse(target: string | ConnectionTarget, options?: { readonly listenS?: number }): Promise<BrowseResult>;
  /** Present values at addresses of a plant, in their order; undefined where the protocol cannot be asked. */
  look(target: ConnectionTarget, addresses: readonly string[]): Promise<readonly (PresentValue | undefined)[] | undefined>;
  /** Id of the process; undefined while none runs. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

/**
 * Runs connectors in a process of their own: their libraries are heavy and read what strangers send.
 * The process starts with the first connection, is started again with growing pauses when it dies, and ends with this one.
 */
export function startConnectorHost(options: ConnectorHostOptions): ConnectorHost {
  return new Host(options);
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 15_000;
/** A process that lived so long is not in a crash loop. */
const STEADY_MS = 30_000;
const FAREWELL_MS = 5_000;

class Host implements ConnectorHost {
  readonly #options: ConnectorHostOptions;
  readonly #sources = new Map<number, HostedSource>();
  readonly #questions = new Map<number, PromiseWithResolvers<Answer>>();
  #child: ChildProcess | undefined;
  #nextId = 1;
  #pauseMs = FIRST_PAUSE_MS;
  #restart: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(options: ConnectorHostOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  open(connection: ConnectionRecord, signals: readonly SignalRecord[], options: OpenOptions = {}): ConnectedSource {
    const id = this.#nextId++;
    const source = new HostedSource({
      id,
      connection,
      signals,
      backfillFrom: options.backfillFrom,
      clock: this.#options.clock,
      dataDir: this.#options.dataDir,
      timing: this.#options.timing ?? {},
      send: (message) => this.#send(message),
      ask: (request) => this.#ask(request),
      begin: () => {
        if (this.#closed) throw new Error("the connector host is closed");
        this.#sources.set(id, source);
        // a process that is being born opens what is registered; a living one is told
        if (this.#child === undefined) this.#spawn();
        else source.openInProcess();
      },
      end: () => this.#sources.delete(id),
    });
    return source;
  }

  async browse(target: string | ConnectionTarget, { listenS }: { readonly listenS?: number } = {}): Promise<BrowseResult> {
    const whole: ConnectionTarget = typeof target === "string" ? { protocol: "opcua", url: target } : target;
    const answer = await this.#ask((request) => ({
      kind: "browse",
      request,
      target: whole,
      dataDir: this.#options.dataDir,
      ...(listenS === undefined ? {} : { listenS }),
    }));
    if (!("browse" in answer)) throw new Error("a browse was answered with something else");
    return answer.browse;
  }

  async look(target: ConnectionTarget, addresses: readonly string[]): Promise<readonly (PresentValue | undefined)[] | undefined> {
    const answer = await this.#ask((request) => ({ kind: "look", request, target, addresses, dataDir: this.#options.dataDir }));
    if (!("values" in answer)) throw new Error("a look was answered with something else");
    return answer.values;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#restart);
    await Promise.all([...this.#sources.values()].map((source) => source.close()));
    const child = this.#child;
    if (child === undefined) return;
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    child.once("exit", () => resolve());
    this.#send({ kind: "shutdown" });
    const timer = setTimeout(() => child.kill("SIGKILL"), FAREWELL_MS);
    await gone;
    clearTimeout(timer);
  }

  #spawn(): void {
    clearTimeout(this.#restart);
    this.#restart = undefined;
    const main = new URL(import.meta.url.endsWith(".ts") ? "host-main.ts" : "host-main.js", import.meta.url);
    // standard output belongs to the server's own protocol: the libraries' chatter must not reach it
    const child = fork(main, keyFileArguments(), {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      execArgv: [],
      // in a group of its own, Ctrl C does not reach it while it still loads; it ends when its server says so, or is gone
      detached: process.platform !== "win32",
    });
    const bornAt = performance.now();
    this.#child = child;
    child.on("message", (message: FromHost) => this.#hear(message));
    child.on("error", () => {});
    child.on("exit", (code, signal) => {
      if (this.#child === child) this.#child = undefined;
      if (performance.now() - bornAt > STEADY_MS) this.#pauseMs = FIRST_PAUSE_MS;
      this.#died(message("connectors.connectorsProcessEnded", { ending: signal ?? `code ${code}` }));
    });
    for (const source of this.#sources.values()) source.openInProcess();
  }

  #died(reason: Message): void {
    for (const question of this.#questions.values()) question.reject(new DoppelwerkError("DW_UNAVAILABLE", reason));
    this.#questions.clear();
    if (this.#closed) {
      for (const source of this.#sources.values()) source.processGone();
      return;
    }
    this.#options.onCrash?.(textOf(reason));
    for (const source of this.#sources.values()) source.processLost(reason, quality.uncertain);
    if (this.#sources.size === 0) return;
    this.#restart = setTimeout(() => this.#spawn(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
  }

  #send(message: ToHost): boolean {
    const child = this.#child;
    if (child === undefined || !child.connected) return false;
    child.send(message);
    return true;
  }

  async #ask(question: (request: number) => ToHost): Promise<Answer> {
    if (this.#closed) throw new Error("the connector host is closed");
    if (this.#child === undefined) this.#spawn();
    const request = this.#nextId++;
    const pending = Promise.withResolvers<Answer>();
    this.#questions.set(request, pending);
    this.#send(question(request));
    return pending.promise;
  }

  #hear(heard: FromHost): void {
    switch (heard.kind) {
      case "batch":
        return this.#sources.get(heard.id)?.hearBatch(heard.sequence, heard.batch);
      case "notice":
        return this.#sources.get(heard.id)?.hearNotice(heard.notice);
      case "closed":
        return this.#sources.get(heard.id)?.processGone();
      case "answer":
        this.#questions.get(heard.request)?.resolve(heard.answer);
        return void this.#questions.delete(heard.request);
      case "refusal":
        this.#questions.get(heard.request)?.reject(new DoppelwerkError("DW_UNAVAILABLE", heard.reason));
        return void this.#questions.delete(heard.request);
    }
  }
}
