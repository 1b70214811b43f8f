import { setTimeout as sleep } from "node:timers/promises";
import { message, type Message } from "@doppelwerk/messages";
import type { IPublishPacket, MqttClient } from "mqtt";
import type { Clock, ConnectionRecord, ConnectionState, Instant, SampleSource, SignalRecord, SourceListener } from "@doppelwerk/world";
import { reasonOf } from "../samples/reason-of.ts";
import { endClient, mqttClientOptions, openClient } from "../mqtt/client-options.ts";
import { RETRY_MS } from "../samples/session-source.ts";
import type { Secret } from "../secrets/secret-store.ts";
import { HostIntake } from "./host-intake.ts";
import { encodeRebirth } from "./payload.ts";
import { Rebirths, type RebirthOptions } from "./rebirths.ts";
import { pause } from "../samples/pause.ts";

export interface SparkplugSourceOptions {
  readonly clock: Clock;
  /** Source times already said for each signal in an earlier life of this connection, NaN = none. */
  readonly lastTimes?: Float64Array;
  /** Id of this host application in `spBv1.0/STATE/<id>`; edge nodes may be configured to wait for it. */
  readonly hostId?: string;
  readonly graceMs?: number;
  readonly retryMs?: { readonly first: number; readonly most: number };
  readonly rebirth?: RebirthOptions;
  readonly keepaliveS?: number;
  /** PEM of the authority to trust instead of the public ones. */
  readonly ca?: string;
  readonly secret?: Secret;
}

const HOST_ID = "doppelwerk";
/** A host that is to end within a second says good-bye no longer than so. */
const FAREWELL_MS = 300;
const REBIRTH: RebirthOptions = { intervalMs: 10_000, longestMs: 300_000, spacingMs: 100 };
/** Edge nodes that waited for our STATE are born by themselves; the others are asked after this. */
const BIRTH_WAIT_MS = 500;

/** A Sparkplug B 3.0 host application behind an MQTT broker. Signal addresses are `group/node/device/metric`. Publishes STATE and rebirth requests only. */
export function createSparkplugSource(
  connection: ConnectionRecord,
  signals: readonly SignalRecord[],
  options: SparkplugSourceOptions,
): SampleSource {
  return new SparkplugConnection(connection, signals, options);
}

class SparkplugConnection implements SampleSource {
  readonly name: string;
  readonly #connection: ConnectionRecord;
  readonly #signals: readonly SignalRecord[];
  readonly #options: SparkplugSourceOptions;
  readonly #stop = new AbortController();
  readonly #stateTopic: string;
  #listener: SourceListener | undefined;
  #intake: HostIntake | undefined;
  #client: MqttClient | undefined;
  #running: Promise<void> | undefined;
  #rebirths: Rebirths | undefined;

  constructor(connection: ConnectionRecord, signals: readonly SignalRecord[], options: SparkplugSourceOptions) {
    this.name = connection.name;
    this.#connection = connection;
    this.#signals = signals;
    this.#options = options;
    this.#stateTopic = `spBv1.0/STATE/${options.hostId ?? HOST_ID}`;
  }

  async start(listener: SourceListener): Promise<void> {
    if (this.#running !== undefined) throw new Error(`source ${this.name} was already started`);
    const { clock, lastTimes, rebirth } = this.#options;
    this.#listener = listener;
    this.#rebirths = new Rebirths(clock, rebirth ?? REBIRTH, (node) => this.#askRebirth(node));
    this.#intake = new HostIntake({
      connection: this.#connection,
      signals: this.#signals,
      clock,
      listener,
      lastTimes,
      requestRebirth: (node) => this.#rebirths!.request(node),
      born: (node) => this.#rebirths!.born(node),
    });
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#rebirths?.clear();
    await this.#running;
    await this.#intake?.close();
    if (this.#listener !== undefined) this.#state("closed", this.#options.clock.now());
    this.#listener = undefined;
  }

  async #run(): Promise<void> {
    const retry = this.#options.retryMs ?? RETRY_MS;
    let wait = retry.first;
    let since = this.#options.clock.now();
    this.#state("connecting", since);
    while (!this.#stop.signal.aborted) {
      const life = await this.#live();
      if (this.#stop.signal.aborted) return;
      if (life.connected) {
        since = this.#options.clock.now();
        wait = retry.first;
        this.#intake!.lost(this.#options.graceMs ?? 10_000);
      }
      this.#state("reconnecting", since, life.reason);
      await pause(wait, this.#stop.signal);
      wait = Math.min(wait * 2, retry.most);
    }
  }

  /** One MQTT session from connect to loss. Never rejects. The library's own reconnect is off: the will carries the time of each birth. */
  async #live(): Promise<{ readonly connected: boolean; readonly reason: Message }> {
    const timestamp = Math.floor(this.#options.clock.now() / 1000);
    let client: MqttClient | undefined;
    try {
      client = await openClient(
        this.#connection.url,
        {
          ...mqttClientOptions(this.#options, this.#options.secret),
          will: { topic: this.#stateTopic, payload: Buffer.from(JSON.stringify({ online: false, timestamp })), qos: 1, retain: true },
        },
        this.#stop.signal,
      );
      const gone = this.#untilGone(client);
      this.#client = client;
      this.#intake!.connected();
      // the library calls this for every message and reads on when the callback was called: back-pressure down to the socket
      client.handleMessage = (packet, done) => {
        const waiting = this.#take(packet as IPublishPacket);
        if (waiting === undefined) done();
        else void waiting.then(() => done(), done);
      };
      const begun = async (mqtt: MqttClient): Promise<undefined> => {
        await mqtt.subscribeAsync([this.#stateTopic, ...topicsOf(this.#signals)], { qos: 1 });
        await this.#publishOnline(mqtt, timestamp);
      };
      // what is not answered before the way breaks is never answered
      const lostBefore = await Promise.race([begun(client), gone]);
      if (lostBefore !== undefined) return { connected: false, reason: lostBefore };
      this.#state("connected", this.#options.clock.now());
      const asking = setTimeout(() => this.#intake!.askUnborn(), BIRTH_WAIT_MS);
      const reason = await gone;
      clearTimeout(asking);
      return { connected: true, reason };
    } catch (error) {
      return {
        connected: this.#client !== undefined,
        reason: reasonOf(error),
      };
    } finally {
      this.#client = undefined;
      this.#rebirths!.clear();
      if (client !== undefined) await this.#end(client, timestamp);
    }
  }

  #untilGone(client: MqttClient): Promise<Message> {
    const { promise, resolve } = Promise.withResolvers<Message>();
    let reason = message("connectors.connectionLost");
    client.on("error", (error) => (reason = reasonOf(error)));
    client.on("close", () => resolve(reason));
    this.#stop.signal.addEventListener("abort", () => resolve(message("connectors.connectionClosed")), { once: true });
    return promise;
  }

  async #end(client: MqttClient, timestamp: number): Promise<void> {
    if (client.connected) {
      const offline = client.publishAsync(this.#stateTopic, JSON.stringify({ online: false, timestamp }), { qos: 1, retain: true });
      const given = offline.catch(() => {
        // the connection broke meanwhile: the broker publishes the will, which reads the same
      });
      await Promise.race([given, sleep(FAREWELL_MS)]);
    }
    await endClient(client);
  }

  async #publishOnline(client: MqttClient, timestamp: number): Promise<void> {
    await client.publishAsync(this.#stateTopic, JSON.stringify({ online: true, timestamp }), { qos: 1, retain: true });
  }

  /** A promise when the next message has to wait. */
  #take(packet: IPublishPacket): Promise<void> | undefined {
    const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
    if (packet.topic !== this.#stateTopic) return this.#intake!.message(packet.topic, payload);
    this.#takeState(payload);
    return undefined;
  }

  /** An offline of ours that is not by us (an old will, a second host of the same name) is corrected (Sparkplug 3.0, 6.4.6). */
  #takeState(payload: Buffer): void {
    const client = this.#client;
    if (client === undefined || this.#stop.signal.aborted || !payload.includes('"online":false')) return;
    void this.#publishOnline(client, Math.floor(this.#options.clock.now() / 1000)).catch(() => {
      // the connection broke: the next session publishes its state first
    });
  }

  #askRebirth(node: string): void {
    const [group, name] = node.split("/");
    const payload = Buffer.from(encodeRebirth(this.#options.clock.now()));
    void this.#client?.publishAsync(`spBv1.0/${group}/NCMD/${name}`, payload, { qos: 0 }).catch(() => {
      // the connection broke: the next session asks for births of its own
    });
  }

  #state(state: ConnectionState, since: Instant, reason?: Message): void {
    this.#listener?.notice(reason === undefined ? { kind: "state", state, since } : { kind: "state", state, since, reason });
  }
}

/** Only the edge nodes that signals come from. */
function topicsOf(signals: readonly SignalRecord[]): string[] {
  const nodes = new Set(
    signals.flatMap((signal) => {
      const [group, node] = (signal.address ?? "").split("/");
      return group && node && !/[+#]/.test(group + node) ? [`${group}/${node}`] : [];
    }),
  );
  return [...nodes].flatMap((key) => {
    const [group, node] = key.split("/");
    return [`spBv1.0/${group}/+/${node}`, `spBv1.0/${group}/+/${node}/+`];
  });
}
