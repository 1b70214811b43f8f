import { message, textOf, type Message } from "@doppelwerk/messages";
import type { IClientOptions, MqttClient } from "mqtt";
import { endClient, mqttClientOptions, openClient } from "../mqtt/client-options.ts";
import { reasonOf } from "../samples/reason-of.ts";
import type { Secret } from "../secrets/secret-store.ts";
import { pause } from "../samples/pause.ts";

export interface MqttPublisherOptions {
  readonly url: string;
  /** PEM of the authority to trust instead of the public ones. */
  readonly ca?: string;
  readonly secret?: Secret;
  /** What the broker publishes for us, retained, when the link breaks. */
  readonly will: { readonly topic: string; readonly payload: string };
  readonly retryMs?: { readonly first: number; readonly most: number };
  /** A session stands; what the broker kept of earlier ones may be gone. */
  onConnected(): void;
  onLost(reason: string): void;
}

export interface MqttPublisher {
  readonly connected: boolean;
  /** QoS 1. True when the broker acknowledged; false when it did not, because there was no session or it ended: then nobody knows. */
  publish(topic: string, payload: string, options: { readonly retain: boolean }): Promise<boolean>;
  /** Says good-bye, so that the will is not published. */
  close(): Promise<void>;
}

const RETRY_MS = { first: 250, most: 15_000 };

/** Publishes to a broker and reads nothing from it. A session that is lost is thrown away whole and a new one built, with growing pauses. */
export function startMqttPublisher(options: MqttPublisherOptions): MqttPublisher {
  const publisher = new Publisher(options);
  return publisher;
}

class Publisher implements MqttPublisher {
  readonly #options: MqttPublisherOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #session: { readonly client: MqttClient; readonly lost: Promise<Message> } | undefined;

  constructor(options: MqttPublisherOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get connected(): boolean {
    return this.#session !== undefined;
  }

  async publish(topic: string, payload: string, { retain }: { readonly retain: boolean }): Promise<boolean> {
    const session = this.#session;
    if (session === undefined) return false;
    const sent = session.client.publishAsync(topic, payload, { qos: 1, retain }).then(
      () => true,
      () => false,
    );
    return Promise.race([sent, session.lost.then(() => false)]);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const { client } = this.#session ?? {};
    if (client !== undefined) await endClient(client);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { first, most } = this.#options.retryMs ?? RETRY_MS;
    let wait = first;
    while (!this.#stop.signal.aborted) {
      const life = await this.#live();
      if (this.#stop.signal.aborted) return;
      if (life.connected) wait = first;
      this.#options.onLost(textOf(life.reason));
      await pause(wait, this.#stop.signal);
      wait = Math.min(wait * 2, most);
    }
  }

  /** One session from connect to loss. Never rejects. */
  async #live(): Promise<{ readonly connected: boolean; readonly reason: Message }> {
    const { url, ca, secret, will } = this.#options;
    const options: IClientOptions = {
      ...mqttClientOptions(ca === undefined ? {} : { ca }, secret),
      will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    };
    let client: MqttClient;
    try {
      client = await openClient(url, options, this.#stop.signal);
    } catch (error) {
      return { connected: false, reason: reasonOf(error) };
    }
    const { promise: lost, resolve } = Promise.withResolvers<Message>();
    let reason = message("connectors.connectionLost");
    client.on("error", (error) => (reason = reasonOf(error)));
    client.on("close", () => resolve(reason));
    if (!client.connected) resolve(reason);
    if (this.#stop.signal.aborted) {
      client.end(true);
      return { connected: false, reason: message("connectors.connectionClosed") };
    }
    this.#session = { client, lost };
    this.#options.onConnected();
    reason = await lost;
    this.#session = undefined;
    client.end(true);
    return { connected: true, reason };
  }
}
