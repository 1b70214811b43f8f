import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";

/** Somebody else at a broker, who is in or is refused. */
export function connectAs(url: string, shown: Pick<IClientOptions, "ca" | "cert" | "key">): Promise<MqttClient> {
  return connectAsync(url, { reconnectPeriod: 0, connectTimeout: 5_000, ...shown }, false);
}
