import type { IClientOptions } from "mqtt";
import type { Secret } from "../secrets/secret-store.ts";

/** How every MQTT client of this room connects: once, by itself, with what the secret says. Certificates are always checked. */
export function mqttClientOptions({ ca }: { readonly ca?: string }, secret: Secret | undefined): IClientOptions {
  return {
    clean: true,
    protocolVersion: 4,
    reconnectPeriod: 0,
    keepalive: 15,
    connectTimeout: 10_000,
    resubscribe: false,
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(secret?.username === undefined ? {} : { username: secret.username }),
    ...(secret?.password === undefined ? {} : { password: secret.password }),
    ...(secret?.certificate === undefined ? {} : { cert: secret.certificate, key: secret.privateKey }),
  };
}
