import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { forbidden } from "@doppelwerk/connectors/http";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import { publishOnce } from "@doppelwerk/connectors/publish";
import type {} from "../../message-codes.ts";
import type { ChannelFields } from "../../model/channel-kind.ts";
import type { MessageContent } from "../../model/composed.ts";
import type { Outcome } from "../outbox.ts";
import { adviceOf, payloadOf } from "./http-channel.ts";

export type MqttChannel = Extract<ChannelFields, { readonly kind: "mqtt" }>;

/** Publishes with QoS 1 and waits until the broker has it. Never rejects. */
export async function sendByMqtt(channel: MqttChannel, told: MessageContent): Promise<Outcome> {
  const { url, topic, username, password, ca, allowPrivate } = channel;
  const { host, hostname } = new URL(url);
  const trouble = (reason: Parameters<typeof message<"notifications.webTrouble">>[1]["reason"]) =>
    message("notifications.webTrouble", { host, reason });
  let isBegun = false;
  try {
    const name = hostname.replace(/^\[|\]$/g, "");
    const found = isIP(name) === 0 ? (await lookup(name, { all: true, order: "ipv4first" })).map(({ address }) => address) : [name];
    const why = found.map((address) => forbidden(address, allowPrivate)).find((reason) => reason !== undefined);
    if (why !== undefined) return { kind: "later", reason: trouble(why) };
    const secret = username === undefined ? undefined : { username, ...(password !== undefined && { password }) };
    await publishOnce(
      { url, address: found[0]!, ...(ca !== undefined && { ca }), ...(secret && { secret }) },
      topic,
      JSON.stringify(payloadOf(told)),
      () => (isBegun = true),
    );
    return { kind: "sent" };
  } catch (error) {
    if (error instanceof DoppelwerkError) return { kind: isBegun ? "unsure" : "later", reason: trouble(error.reason) };
    const { code = "", message: text } = error as NodeJS.ErrnoException;
    return { kind: isBegun ? "unsure" : "later", reason: trouble(adviceOf(String(code), text)) };
  }
}
