import { codeText, message, type Message } from "@doppelwerk/messages";
import {
  quality,
  type Clock,
  type ConnectionRecord,
  type Instant,
  type Quality,
  type SignalRecord,
  type SourceListener,
} from "@doppelwerk/world";
import { acceptValue } from "../samples/accept-value.ts";
import { ClockOffsets } from "../samples/clock-offsets.ts";
import { LastKnown } from "../samples/last-known.ts";
import { Outbox } from "../samples/outbox.ts";
import { EdgeNode } from "./edge-node.ts";
import { decodePayload, type SparkplugMetric, type SparkplugPayload } from "./payload.ts";

export interface HostIntakeParts {
  readonly connection: ConnectionRecord;
  readonly signals: readonly SignalRecord[];
  readonly clock: Clock;
  readonly listener: SourceListener;
  readonly lastTimes?: Float64Array;
  requestRebirth(node: string): void;
  born(node: string): void;
}

const ROOM = 20_000;
/** 2000: an older time stamp is a clock that was never set. */
const OLDEST: Instant = 946_684_800_000_000;

/** What a host application makes of messages: samples, findings, deaths, and requests for births. Works on bytes, knows no socket. */
export class HostIntake {
  readonly #parts: HostIntakeParts;
  readonly #outbox: Outbox;
  readonly #last: LastKnown;
  readonly #offsets: ClockOffsets;
  readonly #byAddress = new Map<string, number[]>();
  readonly #nodes = new Map<string, EdgeNode>();
  readonly #told = new Set<string>();
  #grace: ReturnType<typeof setTimeout> | undefined;
  #lostAt: Instant | undefined;

  constructor(parts: HostIntakeParts) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.listener, parts.signals);
    this.#last = new LastKnown(parts.signals.length, parts.lastTimes);
    this.#offsets = new ClockOffsets((source, offsetS, at) => parts.listener.notice({ kind: "clockOffset", source, offsetS, at }));
    for (const [index, signal] of parts.signals.entries()) this.#bind(index, signal.address ?? "");
  }

  #bind(index: number, address: string): void {
    const [group, node, device, ...metric] = address.split("/");
    if (!group || !node || device === undefined || metric.length === 0) {
      this.#refuse(index, message("connectors.addressNotSparkplug"));
      return;
    }
    const known = this.#byAddress.get(address);
    if (known === undefined) this.#byAddress.set(address, [index]);
    else known.push(index);
    const key = `${group}/${node}`;
    if (!this.#nodes.has(key)) this.#nodes.set(key, new EdgeNode(group, node));
  }

  /** A new session: what was born before may have died unheard. */
  connected(): void {
    clearTimeout(this.#grace);
    if (this.#lostAt !== undefined) this.#offsets.cut(this.#lostAt, this.#parts.clock.now());
    for (const node of this.#nodes.values()) node.death();
  }

  lost(graceMs: number): void {
    this.#lostAt = this.#parts.clock.now();
    this.#say(quality.uncertain, this.#last.times.keys());
    clearTimeout(this.#grace);
    this.#grace = setTimeout(() => this.#say(quality.bad, this.#last.times.keys()), graceMs);
  }

  askUnborn(): void {
    for (const node of this.#nodes.values()) if (!node.born) this.#parts.requestRebirth(node.key);
  }

  async close(): Promise<void> {
    clearTimeout(this.#grace);
    await this.#outbox.close();
  }

  /** Nothing, or a promise that resolves when there is room for the next message. Never throws or rejects, whatever the bytes are. */
  message(topic: string, bytes: Uint8Array): Promise<void> | undefined {
    const [, group, kind, nodeName, device = ""] = topic.split("/");
    const node = this.#nodes.get(`${group}/${nodeName}`);
    if (node === undefined || kind === undefined || !KINDS.has(kind)) return undefined;
    const payload = decodePayload(bytes, (name, alias) => node.typeOf(device, name, alias));
    if (payload === undefined) {
      this.#finding(`${topic}`, message("connectors.payloadNotSparkplug"));
      return undefined;
    }
    this.#dispatch(kind, node, device, payload);
    this.#outbox.flush();
    return this.#outbox.waiting > ROOM ? this.#outbox.room() : undefined;
  }

  #dispatch(kind: string, node: EdgeNode, device: string, payload: SparkplugPayload): void {
    switch (kind) {
      case "NBIRTH":
        node.birth(payload.seq, payload.metrics);
        this.#parts.born(node.key);
        this.#births(node, "", payload);
        return;
      case "DBIRTH":
        if (!this.#inSequence(node, payload)) return;
        node.deviceBirth(device, payload.metrics);
        this.#births(node, device, payload);
        return;
      case "NDATA":
      case "DDATA":
        if (!this.#inSequence(node, payload)) return;
        if (device !== "" && !node.deviceIsBorn(device)) this.#parts.requestRebirth(node.key);
        for (const metric of payload.metrics) this.#metric(node, device, metric, payload.time, false);
        return;
      case "DDEATH":
        if (!this.#inSequence(node, payload)) return;
        node.deviceDeath(device);
        this.#died(`${node.key}/${device}/`);
        return;
      case "NDEATH":
        if (!node.isOwnDeath(payload.metrics)) return;
        node.death();
        this.#died(`${node.key}/`);
    }
  }

  /** False when the node is unknown: what it says cannot be understood before its birth. */
  #inSequence(node: EdgeNode, payload: SparkplugPayload): boolean {
    if (!node.born) {
      this.#parts.requestRebirth(node.key);
      return false;
    }
    const missing = node.follow(payload.seq);
    if (missing > 0) {
      this.#parts.listener.notice({ kind: "dropped", count: missing, why: message("connectors.sequenceGap", { node: node.key }) });
      this.#parts.requestRebirth(node.key);
    }
    return true;
  }

  #births(node: EdgeNode, device: string, payload: SparkplugPayload): void {
    const present = new Set<string>();
    for (const metric of payload.metrics) {
      const address = node.addressOf(device, metric);
      if (address !== undefined) present.add(address);
      this.#metric(node, device, metric, payload.time, true);
    }
    const prefix = `${node.key}/${device}/`;
    for (const [address, indices] of this.#byAddress) {
      if (address.startsWith(prefix) && !present.has(address) && deviceOf(address) === device) {
        for (const index of indices) this.#refuse(index, message("connectors.metricNotInBirth"));
      }
    }
  }

  #metric(node: EdgeNode, device: string, metric: SparkplugMetric, payloadTime: Instant | undefined, birth: boolean): void {
    const address = node.addressOf(device, metric);
    if (address === undefined) {
      this.#finding(node.key, message("connectors.aliasNotInBirth", { alias: metric.alias ?? "(none)" }));
      this.#parts.requestRebirth(node.key);
      return;
    }
    const indices = this.#byAddress.get(address);
    if (indices === undefined) return;
    const byAlias = metric.name === undefined && node.doubtful;
    for (const index of indices) this.#sample(index, node.key, metric, metric.time ?? payloadTime, birth, byAlias);
  }

  #sample(index: number, nodeKey: string, metric: SparkplugMetric, sourceTime: Instant | undefined, birth: boolean, unsure: boolean): void {
    const signal = this.#parts.signals[index]!;
    const now = this.#parts.clock.now();
    const { value, text, fault } = acceptValue(signal, metric.value);
    if (fault !== undefined) this.#finding(signal.address!, fault);
    const absent = Number.isNaN(value) && text === undefined;
    let valueQuality = absent ? quality.bad : qualityOf(metric.qualityCode);
    let { time, doubtful } = this.#timeOf(signal, nodeKey, sourceTime, now, birth || metric.historical);
    // a birth says what stands now: after a death or a loss it is news even with its old time
    if (birth && !metric.historical && time <= this.#last.times[index]!) time = now;
    if ((doubtful || unsure) && valueQuality === quality.good) valueQuality = quality.uncertain;
    if (!metric.historical) this.#last.remember(index, value, text, time);
    if (metric.historical) this.#outbox.pushPast(index, value, text, valueQuality, time, now);
    else this.#outbox.push(index, value, text, valueQuality, time, now);
  }

  #timeOf(
    signal: SignalRecord,
    nodeKey: string,
    sourceTime: Instant | undefined,
    now: Instant,
    old: boolean,
  ): { time: Instant; doubtful: boolean } {
    const source = signal.shell ?? nodeKey;
    if (sourceTime === undefined || sourceTime < OLDEST || !Number.isSafeInteger(sourceTime)) {
      this.#finding(signal.address!, message("connectors.sourceTimeMissing"));
      return { time: now, doubtful: true };
    }
    if (!old) this.#offsets.observe(source, sourceTime, now);
    return this.#offsets.correct(source, sourceTime, now);
  }

  #died(prefix: string): void {
    const indices = [...this.#byAddress].flatMap(([address, list]) => (address.startsWith(prefix) ? list : []));
    this.#say(quality.bad, indices);
  }

  #say(worst: Quality, indices: Iterable<number>): void {
    this.#outbox.pushBatch(this.#last.say(worst, this.#parts.clock.now(), indices));
    this.#outbox.flush();
  }

  #refuse(index: number, message: Message): void {
    this.#finding(this.#parts.signals[index]!.address ?? "", message);
    const now = this.#parts.clock.now();
    this.#last.remember(index, Number.NaN, undefined, now);
    this.#outbox.push(index, Number.NaN, undefined, quality.bad, now, now);
    queueMicrotask(() => this.#outbox.flush());
  }

  #finding(address: string, message: Message): void {
    const key = `${address} ${codeText(message)}`;
    if (this.#told.has(key)) return;
    // what strangers send must not fill the memory
    if (this.#told.size > 10_000) this.#told.clear();
    this.#told.add(key);
    this.#parts.listener.notice({ kind: "finding", message, address });
  }
}

const KINDS = new Set(["NBIRTH", "NDATA", "NDEATH", "DBIRTH", "DDATA", "DDEATH"]);

function deviceOf(address: string): string | undefined {
  return address.split("/")[2];
}

function qualityOf(code: number | undefined): Quality {
  if (code === undefined || (code >= 192 && code < 256)) return quality.good;
  return code === 0 ? quality.bad : quality.uncertain;
}
