import { setTimeout as sleep } from "node:timers/promises";
import { message } from "@doppelwerk/messages";
import { connectAsync } from "mqtt";
import { DoppelwerkError } from "@doppelwerk/world";
import { mqttClientOptions } from "../mqtt/client-options.ts";
import { mqttSettings } from "../mqtt/settings.ts";
import { rawOfPayload, readPayload } from "../payload/payload.ts";
import { pointerTokens } from "../samples/json-pointer.ts";
import { reasonOf } from "../samples/reason-of.ts";
import { openSecretStore } from "../secrets/secret-store.ts";
import { isEqual, rawOf, valueOf } from "./read-back.ts";
import type { CommandDriver, CommandValue } from "./write-order.ts";

/** A retained message comes at once when there is one. */
const KEPT_MS = 300;

/** Publishes the value to `TOPIC/set` (setting `commandSuffix`), QoS 1, not retained, and hears on the signal's own topic what the machine says then. */
export const writeMqtt: CommandDriver = async ({ connection, signal, value, dataDir, settleMs }) => {
  const settings = mqttSettings.parse(connection.settings ?? {});
  const [topic = "", pointer = ""] = (signal.address ?? "").split(/#(?=\/|$)/);
  const tokens = pointerTokens(pointer);
  if (topic === "" || tokens === undefined)
    throw new DoppelwerkError("DW_INVALID", message("connectors.addressNotTopic", { address: signal.address ?? "" }));
  const secret = connection.secret === undefined ? undefined : openSecretStore(dataDir).read(connection.secret);
  const client = await connectAsync(connection.url, mqttClientOptions(settings, secret), false);
  client.on("error", () => {});
  try {
    let said: CommandValue | undefined;
    let heard: () => void = () => {};
    client.on("message", (_topic, bytes) => {
      const payload = readPayload(bytes);
      if (payload === undefined) return;
      said = valueOf(signal, rawOfPayload(payload, tokens, signal.valueType));
      heard();
    });
    await client.subscribeAsync(topic, { qos: 1 });
    await sleep(KEPT_MS);
    const stood = said === undefined ? {} : { before: said };
    said = undefined;
    try {
      await client.publishAsync(`${topic}/${settings.commandSuffix}`, JSON.stringify(rawOf(signal, value)), { qos: 1, retain: false });
    } catch (error) {
      return { kind: "unknown", why: message("connectors.noAnswerMessage", { reason: reasonOf(error) }), ...stood };
    }
    const until = performance.now() + settleMs;
    while (!isEqual(signal, value, said) && performance.now() < until)
      await Promise.race([new Promise<void>((resolve) => (heard = resolve)), sleep(until - performance.now())]);
    const after = said as CommandValue | undefined;
    return { kind: "written", ...stood, ...(after === undefined ? {} : { after }), equal: isEqual(signal, value, after) };
  } finally {
    client.end(true);
  }
};
