import { setTimeout as sleep } from "node:timers/promises";
import { connectAsync, type MqttClient } from "mqtt";
import sparkplug from "sparkplug-payload";
import { HOUR, type Instant } from "@doppelwerk/world";
import type { PlantArchive } from "../archive/plant-archive.ts";
import { sparkplugGroup } from "../signals/signal-list.ts";
import type { PlantSignal, SignalType } from "../signals/signal.ts";

export interface EdgeNodeOptions {
  /** Its name; it publishes the signals whose address names it. */
  readonly node: string;
  readonly url: string;
  readonly archive: PlantArchive;
  readonly now: () => Instant;
  readonly log: (text: string) => void;
}

/** A Sparkplug B edge node. */
export interface EdgeNode {
  /** A new value; published with the next bundle, once a second. */
  report(signal: PlantSignal, time: Instant, value: number): void;
  /** Cuts the cable, or plugs it in again. */
  setConnected(connected: boolean): void;
  close(): Promise<void>;
}

type Metric = NonNullable<Parameters<typeof payloads.encodePayload>[0]["metrics"]>[number];

const payloads = sparkplug.get("spBv1.0")!;
const base = `spBv1.0/${sparkplugGroup}`;
const mostMetrics = 400;
/** Metrics a second while history is replayed: a minute's work for the host, not a flood. */
const replayRate = 20_000;

/**
 * Eclipse Sparkplug 3.0: births with aliases, sequence numbers, bdSeq in birth and will, rebirth on request. What no host application
 * has heard stays in the archive and is replayed with `is_historical` when one comes online, the past before the first start included.
 */
export function startEdgeNode(options: EdgeNodeOptions): EdgeNode {
  return new SparkplugEdge(options);
}

class SparkplugEdge implements EdgeNode {
  readonly #options: EdgeNodeOptions;
  readonly #signals: readonly PlantSignal[];
  readonly #devices: ReadonlyMap<string, readonly PlantSignal[]>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #client: MqttClient | undefined;
  #pending = new Map<number, { time: Instant; value: number }>();
  #plugged = true;
  #seq = 0;
  #bdSeq = 0;
  /** Everything before this was sent while a host application was online. */
  #deliveredUntil: Instant = 0;
  #hosts = new Set<string>();
  #born = false;
  #replaying = false;
  #lastComplaint = "";

  constructor(options: EdgeNodeOptions) {
    this.#options = options;
    this.#signals = options.archive.signals.filter(({ address }) => address.kind === "sparkplug" && address.node === options.node);
    this.#devices = Map.groupBy(this.#signals, (signal) => signal.asset);
    this.#running = this.#run();
  }

  report(signal: PlantSignal, time: Instant, value: number): void {
    if (signal.address.kind === "sparkplug" && signal.address.node === this.#options.node) this.#pending.set(signal.index, { time, value });
  }

  setConnected(connected: boolean): void {
    this.#plugged = connected;
    // A pulled cable: no farewell, so the broker publishes the will.
    if (!connected) this.#client?.stream.destroy();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const client = this.#client;
    if (client?.connected) {
      try {
        await client.publishAsync(`${base}/NDEATH/${this.#options.node}`, this.#death(), { qos: 1 });
        await client.endAsync();
      } catch {
        // the broker went away first: it publishes the will in our place
      }
    }
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (this.#plugged) await this.#live();
      await sleep(1000, undefined, { signal: this.#stop.signal }).catch((error: unknown) => {
        if (!this.#stop.signal.aborted) throw error;
      });
    }
  }

  /** One session: each has its own bdSeq, so the client library must not reconnect by itself. */
  async #live(): Promise<void> {
    try {
      const client = await connectAsync(
        this.#options.url,
        {
          clean: true,
          reconnectPeriod: 0,
          connectTimeout: 5000,
          keepalive: 15,
          clientId: `${this.#options.node}-${process.pid}-${this.#bdSeq}`,
          will: { topic: `${base}/NDEATH/${this.#options.node}`, payload: this.#death(), qos: 1, retain: false },
        },
        false,
      );
      const gone = new Promise<void>((resolve) => client.once("close", () => resolve()));
      client.on("error", (error) => this.#complain(error));
      client.on("message", (topic, payload) => this.#onMessage(topic, payload));
      this.#client = client;
      await client.subscribeAsync([`${base}/NCMD/${this.#options.node}`, `${base}/DCMD/${this.#options.node}/+`, "spBv1.0/STATE/+"], {
        qos: 1,
      });
      this.#lastComplaint = "";
      this.#birth();
      const ticking = setInterval(() => this.#publishPending(), 1000);
      await gone;
      clearInterval(ticking);
      this.#born = false;
      this.#hosts.clear();
    } catch (error) {
      this.#complain(error as Error);
    }
    this.#client = undefined;
    this.#bdSeq = (this.#bdSeq + 1) % 256;
  }

  /** A broker that stays away is said once, not every second. */
  #complain(error: Error): void {
    const words = error.message || error.name;
    if (words !== this.#lastComplaint) this.#options.log(`Sparkplug edge node: ${words}`);
    this.#lastComplaint = words;
  }

  #death(): Buffer {
    return encode({ timestamp: Math.floor(this.#options.now() / 1000), metrics: [{ name: "bdSeq", type: "UInt64", value: this.#bdSeq }] });
  }

  #onMessage(topic: string, bytes: Buffer): void {
    if (topic.startsWith("spBv1.0/STATE/")) return this.#onHostState(topic.slice(14), bytes);
    let metrics: readonly Metric[];
    try {
      metrics = payloads.decodePayload(bytes).metrics ?? [];
    } catch (error) {
      this.#options.log(`Sparkplug edge node: a command that is no payload: ${(error as Error).message}`);
      return;
    }
    if (metrics.some((metric) => metric.name === "Node Control/Rebirth" && metric.value === true)) {
      this.#birth();
      // A host that asks for births but never publishes its state is a host all the same.
      if (this.#hosts.size === 0) this.#hostCame("by rebirth");
    }
  }

  #onHostState(host: string, bytes: Buffer): void {
    let online: boolean;
    try {
      online = (JSON.parse(bytes.toString("utf8")) as { online?: unknown }).online === true;
    } catch {
      // Sparkplug 2.2 wrote plain words.
      online = bytes.toString("utf8") === "ONLINE";
    }
    if (online) return this.#hostCame(host);
    this.#hosts.delete(host);
  }

  #hostCame(host: string): void {
    this.#hosts.delete("by rebirth");
    this.#hosts.add(host);
    void this.#replay();
  }

  #birth(): void {
    this.#seq = 0;
    this.#born = true;
    const now = Math.floor(this.#options.now() / 1000);
    this.#publish("NBIRTH", "", [
      { name: "bdSeq", type: "UInt64", value: this.#bdSeq, timestamp: now },
      { name: "Node Control/Rebirth", type: "Boolean", value: false, timestamp: now },
      { name: "Properties/Line", type: "String", value: "Line3", timestamp: now },
    ]);
    for (const [device, signals] of this.#devices)
      this.#publish(
        "DBIRTH",
        device,
        signals.map((signal) => this.#birthMetric(signal)),
      );
    this.#pending.clear();
  }

  #birthMetric(signal: PlantSignal): Metric {
    const { archive } = this.#options;
    const row = archive.count(signal.index) - 1;
    return {
      name: signal.role,
      ...this.#metric(
        signal,
        row < 0 ? this.#options.now() : archive.timeAt(signal.index, row),
        row < 0 ? Number.NaN : archive.valueAt(signal.index, row),
      ),
      properties: {
        ...(signal.unit ? { engUnit: { type: "String" as const, value: signal.unit } } : {}),
        ...(signal.low !== undefined ? { engLow: { type: "Double" as const, value: signal.low } } : {}),
        ...(signal.high !== undefined ? { engHigh: { type: "Double" as const, value: signal.high } } : {}),
      },
    };
  }

  #metric(signal: PlantSignal, time: Instant, value: number): Metric {
    const missing = Number.isNaN(value);
    return {
      alias: signal.index,
      timestamp: Math.floor(time / 1000),
      type: sparkplugTypes[signal.type],
      value: missing ? null : signal.type === "String" ? this.#options.archive.textAt(value) : value,
      ...(missing ? { isNull: true } : {}),
    };
  }

  #publishPending(): void {
    if (!this.#born || this.#pending.size === 0) return;
    const pending = this.#pending;
    this.#pending = new Map();
    for (const [device, signals] of this.#devices) {
      const metrics = signals.flatMap((signal) => {
        const sample = pending.get(signal.index);
        return sample ? [this.#metric(signal, sample.time, sample.value)] : [];
      });
      if (metrics.length > 0) this.#publish("DDATA", device, metrics);
    }
    // While a host listens, what was sent need not be sent again.
    if (this.#hosts.size > 0 && !this.#replaying) this.#deliveredUntil = this.#options.now();
  }

  /** Sends what lies between the last delivery and now, in steps of two hours, oldest first. */
  async #replay(): Promise<void> {
    if (this.#replaying) return;
    this.#replaying = true;
    try {
      const { archive, now } = this.#options;
      const until = now();
      let from = Math.max(this.#deliveredUntil, this.#firstTime());
      while (from < until && this.#born && this.#hosts.size > 0 && !this.#stop.signal.aborted) {
        const to = Math.min(until, from + 2 * HOUR);
        for (const [device, signals] of this.#devices) await this.#replayDevice(archive, device, signals, from, to);
        this.#deliveredUntil = from = to;
      }
    } finally {
      this.#replaying = false;
    }
  }

  async #replayDevice(archive: PlantArchive, device: string, signals: readonly PlantSignal[], from: Instant, to: Instant): Promise<void> {
    const metrics: Metric[] = [];
    for (const signal of signals) {
      const last = archive.rowAt(signal.index, to);
      for (let row = archive.rowAt(signal.index, from); row < last; row++) {
        metrics.push({
          ...this.#metric(signal, archive.timeAt(signal.index, row), archive.valueAt(signal.index, row)),
          isHistorical: true,
        });
      }
    }
    metrics.sort((a, b) => Number(a.timestamp) - Number(b.timestamp));
    for (let first = 0; first < metrics.length && this.#born; first += mostMetrics) {
      const part = metrics.slice(first, first + mostMetrics);
      this.#publish("DDATA", device, part);
      await sleep((part.length / replayRate) * 1000);
    }
  }

  #firstTime(): Instant {
    const { archive } = this.#options;
    const times = this.#signals.flatMap((signal) => (archive.count(signal.index) > 0 ? [archive.timeAt(signal.index, 0)] : []));
    return times.length > 0 ? Math.min(...times) : this.#options.now();
  }

  #publish(kind: "NBIRTH" | "DBIRTH" | "DDATA", device: string, metrics: Metric[]): void {
    const topic = device ? `${base}/${kind}/${this.#options.node}/${device}` : `${base}/${kind}/${this.#options.node}`;
    const payload = encode({ timestamp: Math.floor(this.#options.now() / 1000), seq: this.#seq, metrics });
    this.#seq = (this.#seq + 1) % 256;
    this.#client?.publish(topic, payload, { qos: 0 });
  }
}

const sparkplugTypes = {
  Boolean: "Boolean",
  Int32: "Int32",
  UInt16: "UInt16",
  UInt32: "UInt32",
  Double: "Double",
  String: "String",
} as const satisfies Record<SignalType, string>;

function encode(payload: Parameters<typeof payloads.encodePayload>[0]): Buffer {
  return Buffer.from(payloads.encodePayload(payload));
}
