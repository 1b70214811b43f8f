import { setTimeout as sleep } from "node:timers/promises";
import type { IClientOptions, MqttClient } from "mqtt";
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
    ...(secret?.certificate === undefined ? {} : { cert: secret.certificate, key: secret.privateKey }),
  };
}

/** Disconnects properly where the broker answers, and drops the connection after `withinMs` milliseconds where it does not. Never rejects. */
export async function endClient(client: MqttClient, withinMs = 1_000): Promise<void> {
  const ended = client.connected
    ? client.endAsync().catch(() => {
        // the connection broke meanwhile: it is dropped below
      })
    : undefined;
  if (ended !== undefined) await Promise.race([ended, sleep(withinMs)]);
  client.end(true);
}
