import { message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import type { ChannelFields, OwnAddresses } from "../model/channel-kind.ts";
import type { MessageContent } from "../model/composed.ts";
import { sendByMqtt } from "./channels/mqtt-channel.ts";
import { sendByMail } from "./channels/smtp-channel.ts";
import { sendToWeb } from "./channels/http-channel.ts";
import type { Outcome } from "./outbox.ts";

/** Sends by a channel: to a person by mail, to everybody who reads any other. */
export async function sendBy(channel: ChannelFields, to: OwnAddresses | undefined, told: MessageContent, nowMs: number): Promise<Outcome> {
  if (channel.kind === "mqtt") return sendByMqtt(channel, told);
  if (channel.kind !== "smtp") return sendToWeb(channel, told, nowMs);
  if (to === undefined || to.mail.length === 0) return { kind: "refused", reason: message("notifications.noAddress") };
  return sendByMail(channel, to.mail, told, to);
}
