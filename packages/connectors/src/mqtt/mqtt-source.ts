import type { IPublishPacket, MqttClient } from "mqtt";
import { isMessage, message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Instant, SampleSource, SignalRecord } from "@doppelwerk/world";
import type { Connector } from "../host/connector.ts";
import { pointerTokens } from "../samples/json-pointer.ts";
import { createSessionSource, GRACE_MS, type Session } from "../samples/session-source.ts";
import type { ValueIntake } from "../samples/value-intake.ts";
import { discoverTopics } from "./discover.ts";
import { rawOfPayload, readPayload, timeOfPayload, type Payload } from "../payload/payload.ts";
import { mqttSettings, type MqttSettings } from "./settings.ts";
import { parseTemplate } from "./topic-template.ts";
import { endClient, mqttClientOptions, openClient } from "./client-options.ts";
import { reasonOf } from "../samples/reason-of.ts";

/** Topics of one SUBSCRIBE. */
const SUBSCRIBE_BATCH = 100;

/** Plain MQTT 3.1.1: scalars and JSON under any topic. A signal's address is `topic` or `topic#/json/pointer`. Publishes nothing. */
export const mqttConnector: Connector = {
  open(connection, signals, options) {
    const settings = mqttSettings.parse(connection.settings ?? {});
    return createMqttSource(connection.url, signals, settings, options, connection);
  },
  discover: (connection, options) => discoverTopics(connection.url, mqttSettings.parse(connection.settings ?? {}), options),
};

type OpenParts = Parameters<Connector["open"]>;

function createMqttSource(
  url: string,
  signals: readonly SignalRecord[],
  settings: MqttSettings,
  options: OpenParts[2],
  connection: OpenParts[0],
): SampleSource {
  const routes = new Routes(signals);
  return createSessionSource({
    ...options,
    connection,
    signals,
    async begin(intake, stop) {
      const client = await openClient(url, mqttClientOptions(settings, options.secret), stop);
      const reader = new MessageReader(routes, signals, settings, intake);
      return runSession(client, routes, settings, reader, intake, stop, options.graceMs ?? GRACE_MS);
    },
  });
}

async function runSession(
  client: MqttClient,
  routes: Routes,
  settings: MqttSettings,
  reader: MessageReader,
  intake: ValueIntake,
  stop: AbortSignal,
  silentMs: number,
): Promise<Session> {
  const { promise: lost, resolve } = Promise.withResolvers<Message>();
  let reason = message("connectors.connectionLost");
  client.on("error", (error) => (reason = reasonOf(error)));
  client.on("close", () => resolve(reason));
  stop.addEventListener("abort", () => resolve(message("connectors.connectionClosed")), { once: true });
  // the library reads on when this has called back: a full outbox holds the socket
  client.handleMessage = (packet, done) => {
    reader.take(packet as IPublishPacket);
    if (!intake.full) return done();
    void intake.room().then(() => done());
  };
  let silent: ReturnType<typeof setTimeout> | undefined;
  const close = async (): Promise<void> => {
    clearTimeout(silent);
    await endClient(client);
  };
  try {
    intake.connected();
    for (const [index, reason] of routes.refused) intake.refused(index, reason);
    // what is not answered before the way breaks is never answered
    const lostBefore = await Promise.race([subscribe(client, settings.topics ?? filtersOf(settings, routes), settings.qos), lost]);
    if (lostBefore !== undefined) throw new DoppelwerkError("DW_UNAVAILABLE", lostBefore);
    silent = setTimeout(() => routes.tellSilent(intake), silentMs);
    return { lost, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Every topic of a signal, or the template when that says it in one. */
function filtersOf(settings: MqttSettings, routes: Routes): readonly string[] {
  const template = settings.template === undefined ? undefined : parseTemplate(settings.template);
  if (template === undefined || isMessage(template)) return [...routes.topics];
  const fits = [...routes.topics].every((topic) => template.match(topic) !== undefined);
  return fits && routes.size > 0
    ? [template.filter]
    : [template.filter, ...[...routes.topics].filter((topic) => template.match(topic) === undefined)];
}

async function subscribe(client: MqttClient, filters: readonly string[], qos: 0 | 1): Promise<void> {
  for (let from = 0; from < filters.length; from += SUBSCRIBE_BATCH) {
    const granted = await client.subscribeAsync(filters.slice(from, from + SUBSCRIBE_BATCH), { qos });
    const refused = granted.filter((grant) => (grant.qos as number) > 2).map((grant) => grant.topic);
    if (refused.length > 0)
      throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.brokerRefusesRead", { refused: refused.slice(0, 3).join(", ") }));
  }
}

interface Target {
  readonly index: number;
  readonly tokens: readonly string[];
}

/** Which signals a topic feeds. */
class Routes {
  readonly #targets = new Map<string, Target[]>();
  readonly #signals: readonly SignalRecord[];
  readonly refused: (readonly [number, Message])[] = [];

  constructor(signals: readonly SignalRecord[]) {
    this.#signals = signals;
    for (const [index, signal] of signals.entries()) this.#add(index, signal.address ?? "");
  }

  #add(index: number, address: string): void {
    const hash = address.indexOf("#");
    const topic = hash < 0 ? address : address.slice(0, hash);
    const tokens = pointerTokens(hash < 0 ? "" : address.slice(hash + 1));
    if (topic === "" || topic.includes("+") || tokens === undefined) {
      this.refused.push([index, message("connectors.addressNotMqtt")]);
      return;
    }
    const targets = this.#targets.get(topic);
    if (targets === undefined) this.#targets.set(topic, [{ index, tokens }]);
    else targets.push({ index, tokens });
  }

  get topics(): Iterable<string> {
    return this.#targets.keys();
  }

  get size(): number {
    return this.#targets.size;
  }

  of(topic: string): readonly Target[] | undefined {
    return this.#targets.get(topic);
  }

  tellSilent(intake: ValueIntake): void {
    const refused = new Set(this.refused.map(([index]) => index));
    for (const index of this.#signals.keys()) {
      if (!intake.knows(index) && !refused.has(index)) intake.refused(index, message("connectors.topicSilent"));
    }
  }
}

/** Makes values of messages. Never throws, whatever the bytes are. */
class MessageReader {
  readonly #routes: Routes;
  readonly #signals: readonly SignalRecord[];
  readonly #settings: MqttSettings;
  readonly #intake: ValueIntake;
  readonly #timeTokens: readonly string[] | undefined;
  readonly #unmapped = new Set<string>();
  #scheduled = false;

  constructor(routes: Routes, signals: readonly SignalRecord[], settings: MqttSettings, intake: ValueIntake) {
    this.#routes = routes;
    this.#signals = signals;
    this.#settings = settings;
    this.#intake = intake;
    this.#timeTokens = settings.timePointer === undefined ? undefined : pointerTokens(settings.timePointer);
  }

  take({ topic, payload: body, retain }: IPublishPacket): void {
    const targets = this.#routes.of(topic);
    if (targets === undefined) return this.#unmappedTopic(topic);
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    this.#flushSoon();
    if (bytes.length > this.#settings.maxPayloadBytes) {
      this.#intake.dropped(1, message("connectors.payloadsTooLarge", { maxBytes: this.#settings.maxPayloadBytes }));
      return this.#faulty(targets, message("connectors.payloadTooLarge", { bytes: bytes.length }));
    }
    const payload = readPayload(bytes);
    if (payload === undefined) return this.#faulty(targets, message("connectors.payloadNotText"));
    const time = timeOfPayload(payload, this.#timeTokens, this.#settings.timeZone);
    for (const target of targets) this.#value(target, payload, time, retain);
  }

  #value({ index, tokens }: Target, payload: Payload, time: Instant | "missing" | undefined, retain: boolean): void {
    const raw = rawOfPayload(payload, tokens, this.#signals[index]!.valueType);
    if (raw === undefined && tokens.length > 0) this.#intake.finding(index, message("connectors.payloadPointerMissing"));
    if (!retain) return void this.#intake.value(index, { raw, time });
    // kept by the broker, who knows how long: without a time of its own it may be a year old
    this.#intake.value(index, { raw, time: time ?? "missing", standing: "kept" });
  }

  #faulty(targets: readonly Target[], why: Message): void {
    for (const { index } of targets) this.#intake.refused(index, why);
  }

  #unmappedTopic(topic: string): void {
    if (this.#unmapped.has(topic)) return;
    if (this.#unmapped.size >= this.#settings.maxTopics) {
      this.#intake.dropped(1, message("connectors.topicsBeyondLimit", { maxTopics: this.#settings.maxTopics }));
      return this.#flushSoon();
    }
    this.#unmapped.add(topic);
    if (this.#unmapped.size === 1) this.#intake.finding(undefined, message("connectors.topicsUnused", { topic: topic.slice(0, 200) }));
  }

  #flushSoon(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#intake.flush();
    });
  }
}
