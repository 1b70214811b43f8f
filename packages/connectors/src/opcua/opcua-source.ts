import type { Variant } from "node-opcua";
import { message, type Message } from "@doppelwerk/messages";
import {
  type Clock,
  type ConnectionRecord,
  type ConnectionState,
  type Instant,
  type SampleSource,
  type SignalRecord,
  type SourceListener,
  type SourceNotice,
} from "@doppelwerk/world";
import { reasonOf } from "../samples/reason-of.ts";
import { parseAddress, toNodeIdText } from "./address.ts";
import { isUrgent, readHistory, type BackfillResult } from "./backfill.ts";
import { BackfillProgress } from "./backfill-progress.ts";
import { ConditionWatch } from "./condition-watch.ts";
import { SERVER_NODE, conditionFilter, conditionNode, conditionNodeId, refreshConditions } from "./conditions.ts";
import { EventBurst } from "./event-burst.ts";
import { ConditionReports } from "./condition-reports.ts";
import { Intake } from "./intake.ts";
import { RETRY_MS } from "../samples/session-source.ts";
import type { Secret } from "../secrets/secret-store.ts";
import { FAREWELL_MS, openLink, type Link } from "./link.ts";
import { Monitor, type MonitoredNode } from "./monitor.ts";
import type { OpcuaSettings } from "./settings.ts";
import { pause } from "../samples/pause.ts";

export interface OpcuaSourceOptions {
  readonly clock: Clock;
  /** The PKI folder is made below it. */
  readonly dataDir: string;
  /** History from here on is read after the first connect: one instant, or one a signal (NaN = none). */
  readonly backfillFrom?: Instant | Float64Array;
  /** Source times already said for each signal in an earlier life of this connection, NaN = none. */
  readonly lastTimes?: Float64Array;
  readonly publishingIntervalMs?: number;
  readonly samplingIntervalMs?: number;
  readonly queueSize?: number;
  readonly silenceMs?: number;
  readonly connectTimeoutMs?: number;
  /** After a loss values are uncertain; after this they are bad. */
  readonly graceMs?: number;
  readonly retryMs?: { readonly first: number; readonly most: number };
  readonly security?: Pick<OpcuaSettings, "securityMode" | "securityPolicy">;
  readonly secret?: Secret;
}

export interface OpcuaSource extends SampleSource {
  /** Streams the server's history of [from, to] as batches. Rejects when the source is not connected or the connection breaks. */
  backfill(from: Instant, to: Instant): Promise<BackfillResult>;
}

interface SignalNode {
  readonly nodeId: string;
  readonly index: number;
  /** What of the node's value the signal is. */
  readonly inside: readonly string[];
}

interface Life {
  readonly connected: boolean;
  readonly reason: Message;
  readonly resume?: Link;
}

/** A server that builds new nodes says so many times. */
const MODEL_SETTLES_MS = 1_000;
const OVERLAP: Instant = 5_000_000;
/** A backfill waits for the clock offsets of the stations, so that archive and live agree on corrected times: this long, longer while one is ahead and not yet known. */
const OFFSET_WAIT_MS = { least: 1_500, most: 10_000 };

/** A plant behind an OPC UA server. Batches carry the position in `signals`. Emits, never writes: not to the server, not to a world. */
export function createOpcuaSource(
  connection: ConnectionRecord,
  signals: readonly SignalRecord[],
  options: OpcuaSourceOptions,
): OpcuaSource {
  return new OpcuaConnection(connection, signals, options);
}

class OpcuaConnection implements OpcuaSource {
  readonly name: string;
  readonly #connection: ConnectionRecord;
  readonly #signals: readonly SignalRecord[];
  readonly #options: OpcuaSourceOptions;
  readonly #stop = new AbortController();
  readonly #closed = new Promise<undefined>((resolve) => this.#stop.signal.addEventListener("abort", () => resolve(undefined)));
  #listener: SourceListener | undefined;
  #intake: Intake | undefined;
  #link: Link | undefined;
  #cutWay: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #backfilling: Promise<void> = Promise.resolve();
  #nodes: readonly SignalNode[] = [];
  #monitor: Monitor | undefined;
  /** Signals by the node they lie in: several may lie in one array or structure, which is monitored once. */
  #conditions: ReadonlyMap<string, number> = new Map();
  #targets: readonly (readonly SignalNode[])[] = [];
  #event: (fields: readonly Variant[]) => void = () => {};
  readonly #reports: ConditionReports;
  #burst: EventBurst | undefined;
  #unknownNodes = 0;
  #firstBackfillDone = false;
  /** When something was received last. */
  #heardAt: Instant | undefined;
  /** From when on the archive is still to be read. */
  #gapFrom: Instant | undefined;
  #toldWithoutHistory = 0;

  constructor(connection: ConnectionRecord, signals: readonly SignalRecord[], options: OpcuaSourceOptions) {
    this.name = connection.name;
    this.#connection = connection;
    this.#signals = signals;
    this.#options = options;
    this.#reports = new ConditionReports(options.clock, (events) => this.#notice({ kind: "conditions", events }));
  }

  /** Resolves at once: the plant may be off for a week; the notices say how it stands. */
  async start(listener: SourceListener): Promise<void> {
    if (this.#running !== undefined) throw new Error(`source ${this.name} was already started`);
    this.#listener = listener;
    this.#intake = new Intake(this.#connection, this.#signals, this.#options.clock, listener, this.#options.lastTimes);
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    setTimeout(() => this.#cutWay?.(), 2 * FAREWELL_MS);
    await this.#link?.close();
    await this.#running;
    await this.#backfilling;
    await this.#intake?.close();
    if (this.#listener !== undefined) this.#state("closed", this.#options.clock.now());
    this.#listener = undefined;
  }

  async backfill(from: Instant, to: Instant): Promise<BackfillResult> {
    const link = this.#link;
    if (link === undefined || this.#intake === undefined) throw new Error(`source ${this.name} is not connected`);
    return this.#readHistory(link, () => from, to);
  }

  async #run(): Promise<void> {
    const retry = this.#options.retryMs ?? RETRY_MS;
    let wait = retry.first;
    let since = this.#options.clock.now();
    let attempt = 0;
    let resume: Link | undefined;
    while (!this.#stop.signal.aborted) {
      if (attempt++ === 0) this.#state("connecting", since);
      const life = await this.#live(resume);
      resume = life.resume;
      if (this.#stop.signal.aborted) return;
      const now = this.#options.clock.now();
      if (life.connected) {
        since = now;
        // a way that fell silent was gone before anybody noticed; a gap that is not read yet begins where it began
        this.#gapFrom ??= Math.min(now, this.#heardAt ?? now);
        wait = retry.first;
        this.#intake!.lost(this.#options.graceMs ?? 10_000);
      }
      this.#state("reconnecting", since, life.reason);
      await pause(wait, this.#stop.signal);
      wait = Math.min(wait * 2, retry.most);
    }
  }

  /** One link from connect to loss. Never rejects. `resume`: the link whose session may still be there, for the next life. */
  async #live(resume: Link | undefined): Promise<Life> {
    let connected = false;
    let link: Link | undefined;
    try {
      const opening = openLink({
        url: this.#connection.url,
        dataDir: this.#options.dataDir,
        security: this.#options.security,
        secret: this.#options.secret,
        connectTimeoutMs: this.#options.connectTimeoutMs,
        resume,
        onWay: (cut) => (this.#cutWay = cut),
      });
      link = await Promise.race([opening, this.#closed]);
      if (link === undefined) {
        // a server that takes its time holds nobody up
        opening
          .then((late) => late.close())
          .catch(() => {
            // it did not open after all
          });
        return { connected, reason: message("connectors.connectionClosed") };
      }
      this.#link = link;
      this.#nodes = this.#resolve(link);
      await this.#subscribe(link);
      connected = true;
      this.#state("connected", this.#options.clock.now());
      this.#backfilling = this.#catchUp(link);
      const { reason, resumable } = await link.lost;
      return { connected, reason, ...(resumable ? { resume: link } : {}) };
    } catch (error) {
      // a plant that cannot be reached yet may still hold the session
      return { connected, reason: reasonOf(error), ...(link === undefined && resume !== undefined ? { resume } : {}) };
    } finally {
      this.#link = undefined;
      this.#burst?.end();
      await link?.close();
    }
  }

  #resolve(link: Link): readonly SignalNode[] {
    const nodes: SignalNode[] = [];
    const conditions = new Map<string, number>();
    for (const [index, signal] of this.#signals.entries()) {
      if (conditionNode(signal.address ?? "") !== undefined) {
        const nodeId = conditionNodeId(signal.address!, link.namespaces);
        if (nodeId === undefined) this.#intake!.refused(index, message("connectors.conditionNamespaceUnknown"));
        else conditions.set(nodeId, index);
        continue;
      }
      const address = parseAddress(signal.address ?? "");
      const nodeId = address === undefined ? undefined : toNodeIdText(address, link.namespaces);
      if (address?.namespaceIndex !== undefined) this.#intake!.finding(index, message("connectors.addressByNamespaceIndex"));
      if (nodeId === undefined)
        this.#intake!.refused(
          index,
          address === undefined ? message("connectors.addressNotOpcUa") : message("connectors.namespaceUnknown"),
        );
      else nodes.push({ nodeId, index, inside: address!.inside });
    }
    this.#conditions = conditions;
    return nodes;
  }

  async #subscribe(link: Link): Promise<void> {
    const intake = this.#intake!;
    intake.connected();
    this.#targets = [...Map.groupBy(this.#nodes, ({ nodeId }) => nodeId).values()];
    this.#monitor ??= this.#createMonitor(intake);
    const nodes = this.#targets.map(([first, ...more], index): MonitoredNode => {
      const structured = first!.inside.length > 0 || more.length > 0;
      return { nodeId: first!.nodeId, index, ...(structured ? { structured } : {}) };
    });
    // first, for a server that takes few items
    nodes.unshift({ nodeId: SERVER_NODE, index: nodes.length, events: conditionFilter() });
    this.#unknownNodes = 0;
    const watch = this.#watchConditions(link, intake);
    this.#event = (fields) => watch.event(fields);
    await this.#monitor.attach(link, nodes);
    // what came and went while nobody listened is in no queue: all that stands is said again (Part 9, 5.5.7)
    if (this.#conditions.size > 0) void this.#refresh(link, intake);
  }

  #watchConditions(link: Link, intake: Intake): ConditionWatch {
    let others = 0;
    // what was lost is no state: all that stands is said again, and not at once again where that is too much as well
    this.#burst = new EventBurst(() => void this.#refresh(link, intake));
    return new ConditionWatch(new Set(this.#conditions.keys()), {
      state: (nodeId, value) => intake.live(this.#conditions.get(nodeId)!, value),
      unknown: () => {
        if (others++ === 0) this.#notice({ kind: "finding", message: message("connectors.conditionsNotTaken") });
      },
      reported: (event, refreshed) => {
        if (!refreshed) this.#burst?.event();
        this.#reports.add(event, this.#conditions.get(event.nodeId)!, { link, intake, refreshed });
      },
      refreshRequired: () => void this.#refresh(link, intake),
      overflow: () => {
        this.#notice({ kind: "finding", message: message("connectors.eventsOverflowed") });
        this.#burst?.overflowed();
      },
      modelChange: () => this.#modelChanged(link),
    });
  }

  /** P20: what the server did not know may be there now; the rest goes on. */
  #modelChanged(link: Link): void {
    this.#notice({ kind: "finding", message: message("connectors.serverChangedNodesProposal") });
    if (this.#unknownNodes > 0) setTimeout(() => link.fail(message("connectors.serverChangedNodesSearching")), MODEL_SETTLES_MS);
  }

  async #refresh(link: Link, intake: Intake): Promise<void> {
    const id = this.#monitor!.subscriptionOf(this.#targets.length);
    if (id !== undefined && (await refreshConditions(link, id))) return;
    if (!link.isAlive()) return;
    for (const index of this.#conditions.values()) intake.refused(index, message("connectors.conditionRefreshFailed"));
  }

  #createMonitor(intake: Intake): Monitor {
    const { publishingIntervalMs = 50, samplingIntervalMs = 0, queueSize = 50, silenceMs = 10_000 } = this.#options;
    return new Monitor(
      { publishingIntervalMs, samplingIntervalMs, queueSize, silenceMs },
      {
        value: (at, value, standing) => {
          for (const { index, inside } of this.#targets[at]!) intake.live(index, value, inside, standing);
        },
        resumed: () => intake.resumed(this.#nodes),
        // only of nodes that are one signal as a whole
        change: (at, columns, row) => intake.change(this.#targets[at]![0]!.index, columns, row),
        event: (_at, fields) => this.#event(fields),
        settled: () => {
          this.#heardAt = this.#options.clock.now();
          intake.flush();
          this.#reports.flush();
        },
        refused: (at, reason) => {
          this.#unknownNodes++;
          const indexes = this.#targets[at]?.map(({ index }) => index) ?? [...this.#conditions.values()];
          for (const index of indexes) intake.refused(index, reason);
        },
        polled: (count) =>
          this.#notice({
            kind: "finding",
            message: message("connectors.monitoredItemsReadInstead", { count }),
          }),
        missed: (count) => this.#notice({ kind: "dropped", count, why: message("connectors.notificationsLost") }),
      },
    );
  }

  /** The first time from where the historian ends, later the gap since the loss. Never rejects. */
  async #catchUp(link: Link): Promise<void> {
    const { backfillFrom } = this.#options;
    const gapFrom = this.#gapFrom;
    const first = this.#firstBackfillDone ? undefined : backfillFrom;
    if (first === undefined && gapFrom === undefined) return;
    const from = (index: number): Instant => {
      const begin = typeof first === "number" ? first : first?.[index];
      const gap = gapFrom === undefined ? Number.NaN : gapFrom - OVERLAP;
      if (begin === undefined || Number.isNaN(begin)) return gap;
      return begin;
    };
    try {
      await this.#intake!.offsetsKnown(OFFSET_WAIT_MS.least, OFFSET_WAIT_MS.most, this.#stop.signal);
      const result = await this.#readHistory(link, from, this.#options.clock.now(), true);
      this.#firstBackfillDone = true;
      if (this.#link === link) this.#gapFrom = undefined;
      this.#reportBackfill(result);
    } catch (error) {
      // a loss while reading is told by the state notice, and the next life begins again from where this one did
      if (!this.#stop.signal.aborted)
        this.#notice({ kind: "finding", message: message("connectors.historyInterrupted", { reason: reasonOf(error) }) });
    }
  }

  /** `told`: with notices of progress, of which the last one comes when every batch was taken. */
  async #readHistory(link: Link, from: (index: number) => Instant, to: Instant, told = false): Promise<BackfillResult> {
    const intake = this.#intake!;
    // equal beginnings side by side: nodes of one call share one range
    const wanted = this.#nodes
      .filter((node) => node.inside.length === 0 && !Number.isNaN(from(node.index)))
      .toSorted((a, b) => from(a.index) - from(b.index));
    const urgent = wanted.filter((node) => isUrgent(this.#signals[node.index]!));
    const ordered = [...urgent, ...wanted.filter((node) => !isUrgent(this.#signals[node.index]!))];
    const progress = new BackfillProgress(urgent.length, ordered.length, (notice) => told && this.#notice(notice));
    const result = await readHistory(link, ordered, {
      range: (index) => {
        // asked on the clock of the station: its archive is as wrong as its clock
        const correction = intake.correction(index);
        return { from: from(index) - correction, to: to - correction };
      },
      columns: async (index, columns) => {
        await intake.history(index, columns, from(index) - intake.correction(index));
        progress.samples += columns.count;
      },
      done: (index) => progress.done(isUrgent(this.#signals[index]!)),
    });
    await intake.flushHistory();
    progress.finish();
    return result;
  }

  #reportBackfill(result: BackfillResult): void {
    const { length } = result.withoutHistory;
    if (length > 0 && length !== this.#toldWithoutHistory) {
      this.#toldWithoutHistory = length;
      this.#notice({ kind: "finding", message: message("connectors.historyNotKept", { count: length, total: this.#nodes.length }) });
    }
    for (const { index, reason } of result.failed) this.#intake!.finding(index, message("connectors.historyFailed", { reason }));
  }

  #state(state: ConnectionState, since: Instant, reason?: Message): void {
    this.#notice({ kind: "state", state, since, ...(reason && { reason }) });
  }

  #notice(notice: SourceNotice): void {
    this.#listener?.notice(notice);
  }
}
