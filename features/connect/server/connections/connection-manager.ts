import { createHash, timingSafeEqual } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ConnectorHost, SecretStore } from "@doppelwerk/connectors";
import { createPushSource, type PushAnswer, type PushedValue, type PushOptions, type PushSource } from "@doppelwerk/connectors/push";
import { codeText, message, textOf, type Message } from "@doppelwerk/messages";
import type { FeatureLog, LiveTable, SampleIntake } from "@doppelwerk/kit/server";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { DoppelwerkError, LIVE, SECOND } from "@doppelwerk/world";
import type {
  Clock,
  ConnectionRecord,
  History,
  Instant,
  RecordReader,
  SampleAt,
  SampleBatch,
  SampleSource,
  SignalRecord,
  SourceNotice,
} from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import type { ClockOffset, ClockOffsetJournal } from "./clock-offset-journal.ts";
import { fileRefusal } from "./file-guard.ts";
import { connectionFindingOf } from "./connection-finding.ts";
import type { ConnectionFinding } from "./connection-finding.ts";
import { reportedOf, type ReportedCondition } from "./condition-events.ts";
import { Outage, type AliveMark } from "./outage.ts";
import { PushedPast } from "./pushed-past.ts";

export interface ConnectionManagerOptions {
  readonly host: ConnectorHost;
  /** Folders below which plants that are files may be read. */
  readonly fileFolders?: readonly string[];
  readonly secrets: Pick<SecretStore, "read">;
  readonly table: Pick<LiveTable, "indexOf" | "idOf">;
  readonly intake: SampleIntake;
  readonly history: Pick<History, "at">;
  readonly clock: Clock;
  readonly log: FeatureLog;
  /** Connections whose archive was read to the end once: from then on only what is missing at the end is asked for. */
  readonly backfilled: BackfillMarks;
  readonly alive: AliveMark;
  readonly clockOffsets: ClockOffsetJournal;
  onStatus(status: ConnectionStatus): void;
  /** Events of conditions, each with the id of its signal. */
  onConditions(events: readonly ReportedCondition[]): void;
  onBackfill(connection: string, progress: Extract<SourceNotice, { kind: "backfill" }>): void;
  /** A connection was closed or broke off: what it had begun to read goes no further for now. */
  onGone(connection: string): void;
}

export interface ConnectionLosses {
  readonly drops: readonly { readonly why: string; readonly message: Message; readonly told: Message; readonly count: number }[];
  readonly clockOffsets: readonly ClockOffset[];
}

export interface BackfillMarks {
  has(connection: string): boolean;
  add(connection: string): void;
}

/** How far back the archive of a plant is asked for when nothing is stored yet. */
const BACKFILL: Instant = 60 * 24 * 3_600 * SECOND;
/** A sender whose clock is ahead by no more than this is waited for. */
const CLOCK_AHEAD: Instant = 2 * SECOND;
const FINDINGS_MAX = 50;
const RATE_EVERY_MS = 2_000;
/** Plants that are asked for what stands there, so that each value is of the moment at which it is read: they keep no archive. */
const POLLED: ReadonlySet<string> = new Set(["modbus", "s7"]);

/** Stands for a plant that may not be read, and says so. */
function refusedSource(name: string, reason: Message, clock: Clock): SampleSource {
  return {
    name,
    start: async (listener) => listener.notice({ kind: "state", state: "failed", since: clock.now(), reason }),
    close: async () => {},
  };
}

interface Open {
  readonly record: ConnectionRecord;
  readonly source: SampleSource;
  readonly pushed: PushSource | undefined;
  /** Of a connection that others bring values to. */
  readonly past: PushedPast;
  /** Position in the source's list → row of the live table. */
  readonly rows: Uint32Array;
  readonly signalCount: number;
  readonly fingerprint: string;
  state: ConnectionStatus["state"];
  since: Instant;
  reason: Message | undefined;
  samples: number;
  rate: number;
  dropped: number;
  /** What was lost, by reason. */
  readonly drops: Map<string, { readonly why: Message; count: number }>;
  /** Until it is known what the plant says of the time in which this server did not run. */
  outage: Outage | undefined;
  findings: readonly ConnectionFinding[];
}

/** Of an archive that nobody has asked yet. */
const UNREAD = { kind: "backfill", done: 0, total: 1, samples: 0, urgent: false, finished: false } as const;

/** Who brings values: one whose right to do so was looked at, or one that shows a token. */
export type Bringer = "known" | { readonly token: string | undefined };

/** Keeps one source open for every enabled connection record, and what each says about itself. */
export class ConnectionManager {
  readonly #options: ConnectionManagerOptions;
  readonly #open = new Map<string, Open>();
  readonly #off = new Map<string, ConnectionStatus>();
  /** Switched off as of the newest records: what still works on older ones opens none of them. */
  #halted: ReadonlySet<string> = new Set();
  /** What is being closed for good. */
  readonly #closing = new Map<string, Promise<void>>();
  /** When each last said something, in this run. */
  readonly #heard = new Map<string, Instant>();
  /** Opened in this run already: what comes between is no outage of this server. */
  readonly #wasOpen = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #changing: Promise<void> = Promise.resolve();
  /** Requests with values that were refused because they could not be stored. */
  pushesRefused = 0;

  constructor(options: ConnectionManagerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#measure(), RATE_EVERY_MS);
  }

  /** Opens, reopens and closes sources as the records say; one change after the other, but what is switched off is closed at once. */
  follow(reader: RecordReader): Promise<void> {
    this.#cutOff(reader);
    this.#changing = this.#changing
      .then(() => this.#reconcile(reader))
      .catch((error: unknown) => this.#options.log.error({ err: error }, "connections could not be followed"));
    return this.#changing;
  }

  /** Resolves once a connection that was switched off is closed. */
  closed(id: string): Promise<void> {
    return this.#closing.get(id) ?? Promise.resolve();
  }

  /** When each last said something, in this run. */
  get heard(): ReadonlyMap<string, Instant> {
    return this.#heard;
  }

  /** Opens again what uses a secret that was changed. */
  secretChanged(name: string, reader: RecordReader): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      for (const [id, open] of this.#open) {
        if (open.record.secret !== name) continue;
        this.#open.delete(id);
        await this.#closed(open);
      }
    });
    return this.follow(reader);
  }

  /** Open ones, then those that are described and switched off. */
  list(): readonly ConnectionStatus[] {
    return [...this.#open.values()].map(statusOf).concat([...this.#off.values()]);
  }

  /** Undefined = there is no such connection. */
  protocolOf(id: string): string | undefined {
    return this.#open.get(id)?.record.protocol ?? this.#off.get(id)?.protocol;
  }

  /** What was lost of a connection since it was opened, and how its clocks were corrected; newest first. */
  detail(id: string): ConnectionLosses {
    const open = this.#open.get(id);
    return {
      drops: [...(open?.drops.values() ?? [])].map(({ why, count }) => ({ why: textOf(why), message: why, told: why, count })),
      clockOffsets: this.#options.clockOffsets.of(id),
    };
  }

  /** What a plant offers; rejects with the reason when it cannot be reached. */
  async browse(...asked: Parameters<ConnectorHost["browse"]>): ReturnType<ConnectorHost["browse"]> {
    const url = typeof asked[0] === "string" ? asked[0] : asked[0].url;
    const why = fileRefusal(url, this.#options.fileFolders ?? []);
    if (why !== undefined) throw new DoppelwerkError("DW_INVALID", message("connect.plantMayNotRead", { why, url: url.slice(0, 200) }));
    return this.#options.host.browse(...asked);
  }

  /** What stands at addresses of a plant now; undefined where it cannot be asked. */
  look(...asked: Parameters<ConnectorHost["look"]>): ReturnType<ConnectorHost["look"]> {
    const why = fileRefusal(asked[0].url, this.#options.fileFolders ?? []);
    if (why !== undefined)
      throw new DoppelwerkError("DW_INVALID", message("connect.plantMayNotRead", { why, url: asked[0].url.slice(0, 200) }));
    return this.#options.host.look(...asked);
  }

  /**
   * Values that someone brings: on disk when it resolves. Throws DW_NOT_FOUND when the connection is not open or is no such connection, DW_FORBIDDEN
   * without its token, DW_UNAVAILABLE (`details.retryAfterS`) when they cannot be stored: then nothing of them was taken.
   */
  async push(id: string, values: readonly PushedValue[], by: Bringer, options: PushOptions = {}): Promise<PushAnswer> {
    const open = this.#open.get(id);
    if (open?.pushed === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noOpenConnectionTakesValues", { id }));
    if (open.record.protocol === "push" && by !== "known" && !this.#hasToken(open.record, by.token))
      throw new DoppelwerkError("DW_FORBIDDEN", message("connect.tokenNotConnectionsSecret", { id }));
    if (options.judged === true) await this.#whenPast(values);
    try {
      const answer = await open.pushed.push(values, options);
      // people who type in values of yesterday are no archive
      if (open.record.protocol === "push") open.past.accepted(values, options.late === true);
      return answer;
    } catch (error) {
      if (error instanceof DoppelwerkError && error.code === "DW_UNAVAILABLE") this.pushesRefused++;
      throw error;
    }
  }

  #hasToken({ secret }: ConnectionRecord, token = ""): boolean {
    const expected = secret === undefined ? undefined : this.#options.secrets.read(secret).token;
    return expected !== undefined && sameText(expected, token);
  }

  /**
   * The clock of a sender may be a little ahead of ours. Nothing is ever in the future, and a time that is changed would make another sample of a value that
   * is sent again: so it waits until its time has come. More than the tolerance is not waited for.
   */
  async #whenPast(values: readonly PushedValue[]): Promise<void> {
    let newest = 0;
    for (const { time } of values) if (typeof time === "number" && time > newest) newest = time;
    const ahead = newest - this.#options.clock.now();
    if (ahead > 0 && ahead <= CLOCK_AHEAD) await new Promise((resolve) => setTimeout(resolve, Math.ceil(ahead / 1_000)));
  }

  /** The status of a connection once it is no longer connecting, or after `within`. */
  async settled(id: string, within: Instant): Promise<ConnectionStatus> {
    const until = this.#options.clock.now() + within;
    for (;;) {
      const open = this.#open.get(id);
      if (open && (open.state !== "connecting" || this.#options.clock.now() > until)) return statusOf(open);
      if (this.#options.clock.now() > until) throw new DoppelwerkError("DW_UNAVAILABLE", message("connect.connectionNotOpened", { id }));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#changing;
    await Promise.all([...[...this.#open.values()].map((open) => this.#closed(open)), ...this.#closing.values()]);
    this.#beat();
    for (const id of this.#open.keys()) this.#options.onGone(id);
    await this.#options.host.close();
  }

  #closed({ past, source }: Open): Promise<void> {
    past.close();
    return source.close();
  }

  /** Whatever other connections are doing: one that is slow to open or to close holds up the end of none. */
  #cutOff(reader: RecordReader): void {
    const all = reader.query({ kind: "connection" }) as readonly ConnectionRecord[];
    const enabled = new Set(all.filter((record) => record.enabled).map(({ id }) => id));
    this.#halted = new Set(all.map(({ id }) => id).filter((id) => !enabled.has(id)));
    for (const [id, open] of this.#open) {
      if (enabled.has(id)) continue;
      this.#open.delete(id);
      const record = all.find((each) => each.id === id);
      if (record !== undefined) this.#off.set(id, offStatus(record, open.signalCount));
      this.#options.onGone(id);
      const closing = this.#closed(open)
        .catch((error: unknown) =>
          this.#options.log.error({ err: error, connection: open.record.name }, "a connection was not closed well"),
        )
        .finally(() => this.#closing.get(id) === closing && this.#closing.delete(id));
      this.#closing.set(id, closing);
    }
  }

  async #reconcile(reader: RecordReader): Promise<void> {
    const all = reader.query({ kind: "connection" }) as readonly ConnectionRecord[];
    this.#off.clear();
    for (const record of all) if (!record.enabled) this.#off.set(record.id, offStatus(record, signalsOf(reader, record.id).length));
    const wanted = new Map(all.filter(({ enabled }) => enabled).map((record) => [record.id, record]));
    for (const [id, open] of this.#open) {
      const record = wanted.get(id);
      const signals = record ? signalsOf(reader, id) : [];
      if (record && sameConnection(record, open.record) && fingerprintOf(signals) === open.fingerprint) continue;
      this.#open.delete(id);
      // What is only opened again is listed all the while.
      if (record) this.#off.set(id, { ...statusOf(open), state: "connecting" });
      await this.#closed(open);
      this.#options.onGone(id);
    }
    for (const [id, record] of wanted) {
      // the one of before is gone first: two of one name would throw each other out
      await this.#closing.get(id);
      if (!this.#open.has(id) && !this.#halted.has(id)) await this.#connect(record, signalsOf(reader, id));
    }
  }

  async #connect(record: ConnectionRecord, signals: readonly SignalRecord[]): Promise<void> {
    if (signals.length === 0) return void this.#off.delete(record.id);
    const { host, clock, table } = this.#options;
    const { backfilled, intake } = this.#options;
    // Live samples are stored while the archive is still being read: only a finished backfill makes the last stored sample mean anything.
    const stored = backfilled.has(record.id) || POLLED.has(record.protocol) ? await this.#lastStored(signals) : undefined;
    const from = clock.now() - BACKFILL;
    const backfillFrom = stored === undefined ? from : Float64Array.from(stored, (sample) => sample?.time ?? from);
    // what others bring needs no process of its own: there is nothing to speak to
    const pushed = record.protocol === "push" || record.protocol === "entered" ? createPushSource(record, signals, { clock }) : undefined;
    const why = fileRefusal(record.url, this.#options.fileFolders ?? []);
    const source = pushed ?? (why === undefined ? host.open(record, signals, { backfillFrom }) : refusedSource(record.name, why, clock));
    const rows = Uint32Array.from(signals, ({ id }) => table.indexOf(id)!);
    const open: Open = {
      record,
      source,
      pushed,
      past: new PushedPast({
        clock,
        report: (progress) => this.#options.onBackfill(record.id, progress),
        gone: () => this.#options.onGone(record.id),
      }),
      rows,
      signalCount: signals.length,
      fingerprint: fingerprintOf(signals),
      state: "connecting",
      since: clock.now(),
      reason: undefined,
      samples: 0,
      rate: 0,
      dropped: 0,
      drops: new Map(),
      outage: this.#outageOf(record, stored),
      findings: [],
    };
    this.#wasOpen.add(record.id);
    this.#off.delete(record.id);
    this.#open.set(record.id, open);
    // from now on: what the archive tells is not known before it has been read
    if (record.protocol === "opcua" && why === undefined) this.#options.onBackfill(record.id, UNREAD);
    await source.start({
      batch: (batch) => {
        this.#heard.set(record.id, clock.now());
        const followed = intake.follow(batch);
        open.samples += batch.count;
        open.outage?.receive(batch);
        const inRows = declared(inTable(batch, rows), record.origin);
        // whoever pushes is answered when it is on disk; a plant that is listened to waits for nobody
        return pushed === undefined ? intake.offer(inRows, followed) : intake.offerDurably(inRows, followed);
      },
      notice: (notice) => this.#notice(open, notice),
    });
  }

  /** Per signal: where its history ends, so that only what is missing is read again. */
  #lastStored(signals: readonly SignalRecord[]): Promise<readonly (SampleAt | undefined)[]> {
    const { history, clock } = this.#options;
    return history.at(
      signals.map(({ id }) => ({ branch: LIVE, signal: id })),
      clock.now(),
    );
  }

  #outageOf({ id, protocol }: ConnectionRecord, stored: readonly (SampleAt | undefined)[] | undefined): Outage | undefined {
    const { alive, clock } = this.#options;
    if (stored === undefined || alive.until === undefined || this.#wasOpen.has(id)) return undefined;
    return protocol === "opcua" || POLLED.has(protocol) ? new Outage(stored, alive.until, clock.now()) : undefined;
  }

  /** The plant has said what it knows of the time in which this server did not run: the rest of it is unknown, never good. */
  #endOutage(open: Open): void {
    const unknown = open.outage?.unknown();
    open.outage = undefined;
    if (unknown !== undefined) void this.#options.intake.offer(declared(inTable(unknown, open.rows), open.record.origin));
  }

  #beat(): void {
    if (this.#open.size === 0) return;
    try {
      this.#options.alive.beat(this.#options.clock.now());
    } catch (error) {
      this.#options.log.debug({ err: error }, "that this server listens could not be kept");
    }
  }

  /** Not marked, the archive is read once more after a restart, to no effect. */
  #markBackfilled({ id, name }: Open["record"]): void {
    try {
      this.#options.backfilled.add(id);
    } catch (error) {
      this.#options.log.warn({ err: error, connection: name }, "that the archive was read could not be kept");
    }
  }

  #notice(open: Open, notice: SourceNotice): void {
    switch (notice.kind) {
      case "state":
        open.state = notice.state;
        open.since = notice.since;
        open.reason = notice.reason;
        if (notice.state !== "connected" && notice.state !== "connecting") this.#options.onGone(open.record.id);
        this.#options.log.info(
          { connection: open.record.name, state: notice.state, reason: notice.reason && textOf(notice.reason) },
          "connection",
        );
        break;
      case "dropped":
        open.dropped += notice.count;
        countDropped(open, notice.why, notice.count);
        break;
      case "clockOffset":
        this.#options.clockOffsets.put({
          connection: open.record.id,
          source: notice.source,
          offsetS: notice.offsetS,
          at: notice.at ?? this.#options.clock.now(),
        });
        break;
      case "backfill":
        if (notice.finished) {
          this.#markBackfilled(open.record);
          this.#endOutage(open);
        }
        this.#options.onBackfill(open.record.id, notice);
        return;
      case "conditions":
        this.#options.onConditions(reportedOf(notice.events, (index) => this.#options.table.idOf(open.rows[index]!)));
        return;
    }
    remember(
      open,
      connectionFindingOf(notice.kind === "dropped" ? { ...notice, count: open.drops.get(codeText(notice.why))!.count } : notice),
    );
    this.#options.onStatus(statusOf(open));
  }

  #measure(): void {
    this.#beat();
    for (const open of this.#open.values()) {
      if (POLLED.has(open.record.protocol) && open.outage?.wasPolled(this.#options.clock.now())) this.#endOutage(open);
      open.rate = open.samples / (RATE_EVERY_MS / 1_000);
      open.samples = 0;
    }
  }
}

function signalsOf(reader: RecordReader, connection: string): readonly SignalRecord[] {
  return reader.query({ kind: "signal", index: { name: "connection", value: connection } }) as readonly SignalRecord[];
}

function sameConnection(a: ConnectionRecord, b: ConnectionRecord): boolean {
  const settings = JSON.stringify(a.settings) === JSON.stringify(b.settings);
  return a.url === b.url && a.protocol === b.protocol && a.demo === b.demo && a.origin === b.origin && a.secret === b.secret && settings;
}

/** What of the signals a source was opened with: when this changes it must be opened again. */
function fingerprintOf(signals: readonly SignalRecord[]): string {
  const hash = createHash("sha256");
  for (const { id, address, valueType, scale, deadband, minIntervalS } of signals)
    hash.update(`${JSON.stringify([id, address, valueType, scale, deadband, minIntervalS])}\n`);
  return hash.digest("base64");
}

function sameText(a: string, b: string): boolean {
  const [x, y] = [a, b].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(x!, y!);
}

function offStatus({ id, name, protocol, url, demo }: ConnectionRecord, signals: number): ConnectionStatus {
  const none = { samplesPerSecond: 0, dropped: 0, findings: [], findingMessages: [], told: [] };
  return { id, name, protocol, url, demo: demo === true, enabled: false, state: "closed", since: 0, signals, ...none };
}

function countDropped({ drops }: Open, why: Message, count: number): void {
  const key = codeText(why);
  const known = drops.get(key);
  if (known === undefined) drops.set(key, { why, count });
  else known.count += count;
}

function remember(open: Open, finding: ConnectionFinding | undefined): void {
  // what is counted is said once, with the newest count
  const dropped = "connect.samplesDropped";
  if (finding?.told.code === dropped)
    open.findings = open.findings.filter(
      ({ told }) => told.code !== dropped || !isDeepStrictEqual(told.params["why"], finding.told.params["why"]),
    );
  if (finding === undefined || open.findings.some(({ text }) => text === finding.text)) return;
  open.findings = [finding, ...open.findings].slice(0, FINDINGS_MAX);
}

function statusOf(open: Open): ConnectionStatus {
  const { id, name, protocol, url, demo } = open.record;
  return {
    id,
    name,
    protocol,
    url,
    demo: demo === true,
    state: open.state,
    since: open.since,
    reason: open.reason && textOf(open.reason),
    ...(open.reason && { reasonMessage: open.reason, reasonTold: open.reason }),
    signals: open.signalCount,
    samplesPerSecond: open.rate,
    dropped: open.dropped,
    findings: open.findings.map(({ text }) => text),
    findingMessages: open.findings.map(({ told }) => told),
    told: open.findings.map(({ told }) => told),
  };
}

/** What a connection declares itself to be counts for all it says. */
function declared(batch: SampleBatch, origin: ConnectionRecord["origin"]): SampleBatch {
  if (origin === undefined) return batch;
  const { origins: _, ...rest } = batch;
  return { ...rest, origin };
}

/** The same batch with the rows of the live table as indexes. */
function inTable(batch: SampleBatch, rows: Uint32Array): SampleBatch {
  const signals = new Uint32Array(batch.count);
  for (let i = 0; i < batch.count; i++) signals[i] = rows[batch.signals[i]!]!;
  return { ...batch, signals };
}
