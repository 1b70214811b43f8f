import { fault, message, z } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

const name = z.string().trim().min(1).max(60);
const host = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9.:_-]+$/, fault(message("notifications.faultHost")));
const secret = z.string().max(10_000).optional();
/** PEM of the authority to trust instead of the public ones. */
const ca = z.string().max(100_000).optional();
const Language = z.enum(["en", "zh"]);

/** One label after another, the last one of letters: no address of a machine, and nothing that a mail program takes for more than one address. */
const MAIL =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$/;
export const MailAddress = z
  .string()
  .trim()
  .max(254)
  .regex(MAIL, fault(message("notifications.faultMailAddress")));

/** Host and port as they stand in an address; an IPv6 address in brackets. */
const HOST = String.raw`(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?`;
const webAddress = z
  .string()
  .trim()
  .max(2_000)
  .regex(new RegExp(`^https?://${HOST}(?:[/?][^\\s#]*)?$`), fault(message("notifications.faultWebAddress")));
const brokerAddress = z
  .string()
  .trim()
  .max(2_000)
  .regex(new RegExp(`^mqtts?://${HOST}/?$`), fault(message("notifications.faultBrokerAddress")));

const common = {
  name,
  isOn: z.boolean().default(true),
  /** Of messages to everybody who reads the channel; people choose their own. */
  language: Language.default("en"),
  /** IANA name; of the times in such messages. */
  timeZone: z.string().max(100).default("UTC"),
  /** It may be in the plant's own network: a decision of who sets it up. */
  allowPrivate: z.boolean().default(false),
};

export const MailChannel = z.strictObject({
  kind: z.literal("smtp"),
  ...common,
  host,
  port: z.int().min(1).max(65_535).default(587),
  /** `tls` from the first octet on; `starttls` or nothing is sent; `none` where the server offers no encryption. */
  security: z.enum(["tls", "starttls", "none"]).default("starttls"),
  from: MailAddress,
  username: z.string().max(300).optional(),
  password: secret,
  ca,
});
const web = { ...common, url: webAddress.optional(), secret, ca };
/** Chats and programs; `url` and `secret` are kept, and never answered. */
export const WebChannel = z.strictObject({ kind: z.enum(["teams", "dingtalk", "wecom", "webhook"]), ...web });
export const MqttChannel = z.strictObject({
  kind: z.literal("mqtt"),
  ...common,
  url: brokerAddress,
  topic: z
    .string()
    .min(1)
    .max(500)
    .regex(/^[^+#\p{Cc}]+$/u, fault(message("notifications.faultTopic"))),
  username: z.string().max(300).optional(),
  password: secret,
  ca,
});
export const ChannelFields = z.discriminatedUnion("kind", [MailChannel, WebChannel, MqttChannel]);
export type ChannelFields = z.output<typeof ChannelFields>;
export type ChannelKind = ChannelFields["kind"];

/** Messages in a minute that each takes; DingTalk and WeCom block a robot that sends more than 20. */
export const PER_MINUTE: Readonly<Record<ChannelKind, number>> = { smtp: 60, teams: 60, dingtalk: 18, wecom: 18, webhook: 120, mqtt: 600 };

/** How somebody is reached, and with what. Never in a document: it is erased with the person. */
export const OwnAddresses = z.object({
  mail: z.array(MailAddress).max(3).readonly().default([]),
  language: Language.default("en"),
  timeZone: z.string().max(100).default("UTC"),
  /** Alarms of these priorities reach the person. */
  priorities: z
    .array(z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]))
    .max(4)
    .readonly()
    .default([1, 2, 3, 4]),
  /** Hours in which these wait for the end of them, by the clock of the person. */
  quiet: z
    .object({
      priorities: z
        .array(z.union([z.literal(2), z.literal(3), z.literal(4)]))
        .min(1)
        .max(3)
        .readonly(),
      from: z.int().min(0).max(1_439),
      to: z.int().min(0).max(1_439),
    })
    .optional(),
});
export type OwnAddresses = z.output<typeof OwnAddresses>;
