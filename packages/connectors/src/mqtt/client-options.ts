import { setTimeout as sleep } from "node:timers/promises";
import type { IClientOptions, MqttClient } from "mqtt";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Secret } from "../secrets/secret-store.ts";

/** A broker that is silent for one and a half of these is lost (MQTT 5.0, 3.1.2.10). */
export const KEEPALIVE_S = 15;

/** How every MQTT client of this room connects: once, by itself, with what the secret says. Certificates are always checked. */
export function mqttClientOptions(
  { ca, keepaliveS = KEEPALIVE_S }: { readonly ca?: string; readonly keepaliveS?: number },
  secret: Secret | undefined,
): IClientOptions {
  return {
    clean: true,
    protocolVersion: 4,
    reconnectPeriod: 0,
    keepalive: keepaliveS,
    connectTimeout: 10_000,
    resubscribe: false,
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(secret?.username === undefined ? {} : { username: secret.username }),
    ...(secret?.password === undefined ? {} : { password: secret.password }),
    ...certificateOf(secret),
  };
}

/** One that a person gave goes before that of this server. */
function certificateOf(secret: Secret | undefined): Pick<IClientOptions, "cert" | "key"> {
  const { certificate, privateKey } = secret?.certificate === undefined ? (secret?.identity ?? {}) : secret;
  return certificate === undefined || privateKey === undefined ? {} : { cert: certificate, key: privateKey };
}

/** Connects once; a broker that answers nothing is hung up on when nobody wants it any more. Rejects with why it was not reached. */
export async function openClient(url: string, options: IClientOptions, stop: AbortSignal): Promise<MqttClient> {
  // loaded by who speaks MQTT: the others start without it
  const { connect } = await import("mqtt");
  const closed = (): Error => new DoppelwerkError("DW_UNAVAILABLE", message("connectors.connectionClosed"));
  if (stop.aborted) throw closed();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const client = connect(url, options);
  const listeners = {
    connect: () => resolve(),
    error: (error: unknown) => reject(error),
    close: () => reject(new Error("Couldn't connect to server")),
  };
  const stopped = (): void => reject(closed());
  for (const [event, listener] of Object.entries(listeners)) client.on(event as "connect", listener);
  stop.addEventListener("abort", stopped, { once: true });
  try {
    await promise;
    return client;
  } catch (error) {
    // what a client says that is dropped interests nobody
    client.on("error", () => {});
    client.end(true);
    client.stream?.destroy();
    throw error;
  } finally {
    stop.removeEventListener("abort", stopped);
    for (const [event, listener] of Object.entries(listeners)) client.off(event as "connect", listener);
  }
}

/** Disconnects properly where the broker answers, and drops the connection after `withinMs` milliseconds where it does not. Never rejects. */
export async function endClient(client: MqttClient, withinMs = 400): Promise<void> {
  const ended = client.connected
    ? client.endAsync().catch(() => {
        // the connection broke meanwhile: it is dropped below
      })
    : undefined;
  if (ended !== undefined) await Promise.race([ended, sleep(withinMs)]);
  client.end(true);
  // one that says good-bye already would wait for an answer as long as a session lives
  client.stream?.destroy();
}
