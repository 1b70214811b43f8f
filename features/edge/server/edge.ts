import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createWallClock, openSecretStore, startConnectorHost, type ConnectorHost } from "@doppelwerk/connectors";
import { message as messageOf, textOf } from "@doppelwerk/messages";
import { DoppelwerkError, quality, type ConnectionRecord, type Instant, type SampleBatch, type SignalRecord } from "@doppelwerk/world";
import type { Logger } from "pino";
import { DiskBuffer, type Chunk } from "./disk-buffer.ts";
import type { EdgeConfig } from "./edge-config.ts";
import { ReceivedMarks } from "./received-marks.ts";

export interface EdgeOptions {
  readonly config: EdgeConfig;
  /** The server, for example https://twin.example. Only we call it; it never calls us. */
  readonly server: string;
  readonly logger: Logger;
  readonly retryMs?: { readonly first: number; readonly most: number };
}

export interface EdgeStatus {
  readonly server: "reached" | "away";
  readonly reason?: string;
  readonly sources: readonly { readonly name: string; readonly state: string; readonly reason?: string }[];
  readonly sent: number;
  readonly waiting: number;
  /** Rows lost since start: the buffer was full, a source overflowed, the disk refused. */
  readonly dropped: number;
  /** Rows the server will never take, because it knows no such signal. */
  readonly refused: number;
}

const CHUNK_ROWS = 5_000;
const CHUNK_MS = 100;
/** While the server is away: a day of it should not be a million files. */
const CHUNK_AWAY_MS = 1_000;
const MARK_MS = 1_000;
/** Rows that waited longer have times that say nothing of a clock. */
const FRESH_MS = 1_500;
const ANSWER_MS = 30_000;
const QUALITY_WORDS = { [quality.good]: "good", [quality.uncertain]: "uncertain", [quality.bad]: "bad" } as const;

/**
 * Runs connectors where the plant is, and brings what they say to the server: outbound only, and with no way to write to a machine. Everything goes
 * through the disk, in order, and stays there until the server has acknowledged it, which it does when it is on its own disk. A chunk whose answer was
 * lost is sent again: the server counts a sample it gets twice once.
 */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #clock = createWallClock();
  readonly #buffer: DiskBuffer;
  readonly #host: ConnectorHost;
  readonly #token: string;
  readonly #sources: { readonly name: string; state: string; reason: string | undefined; readonly close: () => Promise<void> }[] = [];
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #heard: ReceivedMarks;
  #rows: string[] = [];
  #oldest = Infinity;
  #markedAt = 0;
  #flushedAt = 0;
  #wake: () => void = () => {};
  #sending: Promise<void> = Promise.resolve();
  #server: EdgeStatus["server"] = "away";
  #reason: string | undefined;
  #counts = { sent: 0, dropped: 0, refused: 0 };
  #told = new Set<string>();

  /** Throws DW_NOT_FOUND or DW_INVALID for a secret that is not there or has no token. */
  constructor(options: EdgeOptions) {
    this.#options = options;
    const { config, logger } = options;
    const dataDir = join(config.data, "connectors");
    const { token } = openSecretStore(dataDir).read(config.secret);
    if (token === undefined) throw new DoppelwerkError("DW_INVALID", messageOf("edge.secretNoToken", { secret: config.secret }));
    this.#token = token;
    mkdirSync(config.data, { recursive: true });
    this.#heard = new ReceivedMarks(join(config.data, "heard-until.json"));
    this.#buffer = new DiskBuffer(join(config.data, "buffer"), config.bufferMB * 1_000_000);
    this.#host = startConnectorHost({
      clock: this.#clock,
      dataDir,
      onCrash: (reason) => logger.error({ reason }, "the connectors' process died; it is started again"),
    });
    this.#timer = setInterval(() => this.#flush(true), CHUNK_MS);
  }

  async start(): Promise<void> {
    for (const source of this.#options.config.sources) await this.#open(source, this.#heard.of(source.name));
    this.#sending = this.#send();
  }

  get status(): EdgeStatus {
    return {
      server: this.#server,
      ...(this.#reason === undefined ? {} : { reason: this.#reason }),
      sources: this.#sources.map(({ name, state, reason }) => ({ name, state, ...(reason === undefined ? {} : { reason }) })),
      sent: this.#counts.sent,
      waiting: this.#rows.length + this.#buffer.rows,
      dropped: this.#counts.dropped + this.#buffer.dropped,
      refused: this.#counts.refused,
    };
  }

  /** What is not sent by then stays on disk for the next start. */
  async close(): Promise<void> {
    await Promise.all(this.#sources.map(({ close }) => close()));
    await this.#host.close();
    clearInterval(this.#timer);
    this.#flush();
    this.#stop.abort();
    this.#wake();
    await this.#sending;
  }

  async #open({ signals, ...source }: EdgeConfig["sources"][number], heardUntil: Instant | undefined): Promise<void> {
    const id = `connection:${source.name}`;
    const connection = { ...source, id, kind: "connection", enabled: true } as ConnectionRecord;
    const records = signals.map(
      ({ as, address, ...more }, at) =>
        ({ ...more, id: `signal:${at}`, kind: "signal", name: as ?? address, address, connection: id }) as SignalRecord,
    );
    const addresses = signals.map(({ as, address }) => JSON.stringify(as ?? address));
    const opened = this.#host.open(connection, records, heardUntil === undefined ? {} : { backfillFrom: heardUntil });
    const known = { name: source.name, state: "connecting", reason: undefined as string | undefined, close: () => opened.close() };
    this.#sources.push(known);
    await opened.start({
      batch: (batch) => this.#take(batch, addresses, records),
      notice: (notice) => {
        if (notice.kind === "dropped") this.#counts.dropped += notice.count;
        if (notice.kind !== "state") return void this.#options.logger.info({ source: source.name, notice }, "a source says");
        known.state = notice.state;
        known.reason = notice.reason && textOf(notice.reason);
        this.#options.logger.warn({ source: source.name, state: notice.state, reason: known.reason }, "a source");
      },
    });
  }

  #take(batch: SampleBatch, addresses: readonly string[], records: readonly SignalRecord[]): void {
    for (let row = 0; row < batch.count; row++) {
      const signal = batch.signals[row]!;
      const time = batch.sourceTimes[row]!;
      const value = valueOf(batch, row, records[signal]!.valueType === "boolean");
      const worth = QUALITY_WORDS[batch.qualities[row] as 0 | 1 | 2];
      this.#rows.push(`{"address":${addresses[signal]},"value":${JSON.stringify(value)},"time":${time},"quality":"${worth}"}`);
      this.#oldest = Math.min(this.#oldest, time / 1_000);
      if (this.#rows.length >= CHUNK_ROWS) this.#flush();
    }
  }

  #flush(timed = false): void {
    const now = Date.now();
    if (now - this.#markedAt > MARK_MS) {
      this.#markedAt = now;
      this.#heard.mark(
        this.#sources.flatMap(({ name, state }) => (state === "connected" ? [name] : [])),
        now * 1_000,
      );
    }
    if (this.#rows.length === 0) return;
    if (timed && now - this.#flushedAt < (this.#server === "reached" ? CHUNK_MS : CHUNK_AWAY_MS) - 5) return;
    this.#flushedAt = now;
    const rows = this.#rows;
    const oldest = this.#oldest;
    [this.#rows, this.#oldest] = [[], Infinity];
    try {
      this.#buffer.put(`[${rows.join(",")}]`, rows.length, oldest);
    } catch (error) {
      this.#counts.dropped += rows.length;
      this.#tellOnce((error as Error).message);
    }
    this.#wake();
  }

  async #send(): Promise<void> {
    const { first, most } = this.#options.retryMs ?? { first: 500, most: 30_000 };
    let wait = first;
    while (!this.#stop.signal.aborted) {
      const chunk = this.#buffer.first;
      if (chunk === undefined) {
        await this.#pause(CHUNK_MS * 10);
        continue;
      }
      const failure = await this.#sendChunk(chunk);
      if (failure === undefined) {
        wait = first;
        continue;
      }
      if (this.#stop.signal.aborted) return;
      this.#lost(failure);
      await this.#pause(wait, true);
      wait = Math.min(wait * 2, most);
    }
  }

  /** Undefined = the server has it on disk, or will never take it; else why not. */
  async #sendChunk(chunk: Chunk): Promise<string | undefined> {
    const { server, config } = this.#options;
    const late = Date.now() - chunk.oldestMs > FRESH_MS;
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(`${server.replace(/\/$/, "")}/api/doppelwerk/v1/connections/${encodeURIComponent(config.connection)}/samples`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${this.#token}` },
        body: `{${late ? '"late":true,' : ""}"judged":true,"values":${this.#buffer.read(chunk)}}`,
        signal: AbortSignal.any([AbortSignal.timeout(ANSWER_MS), this.#stop.signal]),
        redirect: "error",
      });
      text = await answer.text();
    } catch (error) {
      const { message, cause } = error as Error;
      return cause instanceof Error && cause.message !== "" ? `${message}: ${cause.message}` : message;
    }
    const judged = judge(answer.status, text);
    if (typeof judged === "string") return judged;
    this.#server = "reached";
    this.#reason = undefined;
    for (const why of judged.why) this.#tellOnce(why);
    this.#counts.refused += chunk.rows - judged.accepted;
    this.#counts.sent += judged.accepted;
    this.#buffer.removeUpTo(chunk.sequence);
    return undefined;
  }

  #lost(reason: string): void {
    if (this.#server === "reached" || this.#reason !== reason)
      this.#options.logger.warn({ reason }, "the server takes nothing; what comes is kept");
    this.#server = "away";
    this.#reason = reason;
  }

  #pause(milliseconds: number, whole = false): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#stop.signal.removeEventListener("abort", done);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#stop.signal.addEventListener("abort", done, { once: true });
      if (!whole) this.#wake = done;
    });
  }

  #tellOnce(message: string): void {
    if (this.#told.has(message) || this.#told.size > 1_000) return;
    this.#told.add(message);
    this.#options.logger.error(message);
  }
}

interface Judged {
  readonly accepted: number;
  readonly why: readonly string[];
}

/** A text = try again later. Only a body that can never be taken (400, 413) is given up: kept, it would hold back all that follows. */
function judge(status: number, text: string): Judged | string {
  const body = bodyOf(text);
  if (status === 400 || status === 413)
    return { accepted: 0, why: [`the server cannot read what it was sent: ${body.error?.message ?? status}`] };
  if (status !== 202) return body.error?.message ?? `the server answers ${status}`;
  const why = (body.refused ?? []).map(({ address, why: reason }) => `the server refuses ${address}: ${reason}`);
  return { accepted: body.accepted ?? 0, why };
}

interface AnswerBody {
  readonly accepted?: number;
  readonly refused?: readonly { readonly address: string; readonly why: string }[];
  readonly error?: { readonly message?: string };
}

function bodyOf(text: string): AnswerBody {
  try {
    return (JSON.parse(text) ?? {}) as AnswerBody;
  } catch {
    return {};
  }
}

function valueOf(batch: SampleBatch, row: number, isBoolean: boolean): number | string | boolean | null {
  const text = batch.texts.get(row);
  if (text !== undefined) return text;
  const value = batch.values[row]!;
  if (Number.isNaN(value)) return null;
  return isBoolean ? value !== 0 : value;
}
