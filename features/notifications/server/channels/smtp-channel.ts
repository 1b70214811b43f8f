import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { forbidden } from "@doppelwerk/connectors/http";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type {} from "../../message-codes.ts";
import type { ChannelFields } from "../../model/channel-kind.ts";
import { compose, type Reader, type MessageContent } from "../../model/composed.ts";
import { asMail } from "../../model/forms.ts";
import type { OutgoingMail } from "@doppelwerk/ports";
import type { Transporter } from "nodemailer";
import type { Outcome } from "../outbox.ts";
import { adviceOf } from "./http-channel.ts";

export type MailChannel = Extract<ChannelFields, { readonly kind: "smtp" }>;

const TIMEOUT_MS = 20_000;

/** What nodemailer takes. */
type Mail = Parameters<Transporter["sendMail"]>[0];

/** Sends one message to one person by the mail server of the channel. Never rejects. */
export async function sendByMail(
  channel: MailChannel,
  to: readonly string[],
  told: MessageContent,
  reader: Reader,
  timeoutMs = TIMEOUT_MS,
): Promise<Outcome> {
  const composed = compose(told, reader);
  return sendOne(channel, timeoutMs, {
    ...headOf(channel, to, told.id),
    subject: composed.subject,
    ...asMail(composed),
    date: new Date(told.made / 1_000),
    ...(told.alarms.some(({ occurrence }) => occurrence.priority === 1) && { priority: "high" as const }),
  });
}

/** Sends a text with files to one person. Never rejects. */
export function sendFiles(channel: MailChannel, to: readonly string[], mail: OutgoingMail, text: string): Promise<Outcome> {
  return sendOne(channel, TIMEOUT_MS, {
    ...headOf(channel, to, mail.id),
    subject: mail.subject,
    text,
    attachments: mail.files.map(({ name, type, bytes }) => ({ filename: name, contentType: type, content: Buffer.from(bytes) })),
  });
}

function headOf({ from }: MailChannel, to: readonly string[], id: string): Mail {
  return {
    from: { name: "Doppelwerk", address: from },
    to: to.map((each) => ({ name: "", address: each })),
    messageId: `<${id}@${from.slice(from.indexOf("@") + 1)}>`,
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
  };
}

async function sendOne(channel: MailChannel, timeoutMs: number, mail: Mail): Promise<Outcome> {
  const { host, port, security, from, username, password, ca, allowPrivate } = channel;
  try {
    const address = await addressOf(host, allowPrivate);
    // loaded by who sends: a server that tells nobody starts without it
    const { createTransport } = await import("nodemailer");
    const transport = createTransport({
      // the address that was looked at, and no second look-up
      host: address,
      port,
      name: from.slice(from.indexOf("@") + 1),
      secure: security === "tls",
      requireTLS: security === "starttls",
      ignoreTLS: security === "none",
      tls: { minVersion: "TLSv1.2", ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }) },
      ...(username !== undefined && { auth: { user: username, pass: password ?? "" } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      // nothing of a message is read from a file or an address
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      await transport.sendMail(mail);
    } finally {
      transport.close();
    }
    return { kind: "sent" };
  } catch (error) {
    return troubleOf(error, channel);
  }
}

/** One forbidden address forbids the name. Errors: DW_UNAVAILABLE. */
async function addressOf(host: string, allowPrivate: boolean): Promise<string> {
  const found = isIP(host) === 0 ? (await lookup(host, { all: true, order: "ipv4first" })).map(({ address }) => address) : [host];
  for (const address of found) {
    const why = forbidden(address, allowPrivate);
    if (why !== undefined) throw new DoppelwerkError("DW_UNAVAILABLE", why);
  }
  return found[0]!;
}

/** The fields of an error of nodemailer. */
interface MailError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly command?: string;
}

function troubleOf(error: unknown, { host, port, username }: MailChannel): Outcome {
  const server = `${host}:${port}`;
  if (error instanceof DoppelwerkError)
    return { kind: "later", reason: message("notifications.mailTrouble", { server, reason: error.reason }) };
  const { code = "", responseCode, command = "", message: text } = error as MailError;
  const said = { server, text: text.slice(0, 300) };
  if (code === "EAUTH" || command.startsWith("AUTH"))
    return { kind: "later", reason: message("notifications.mailLogin", { ...said, username: username ?? "" }) };
  if (code === "ETLS" || /STARTTLS/i.test(text)) return { kind: "later", reason: message("notifications.mailNotEncrypted", said) };
  // greylisting among them: the same message is asked for again
  if (responseCode !== undefined && responseCode < 500) return { kind: "later", reason: message("notifications.mailNotNow", said) };
  if (responseCode !== undefined) return { kind: "refused", reason: message("notifications.mailRefused", said) };
  const isBegun = command === "DATA" || command === "";
  return {
    kind: isBegun && !/ECONNREFUSED|ENOTFOUND|EDNS|EAI_AGAIN/.test(`${code} ${text}`) && command === "DATA" ? "unsure" : "later",
    reason: message("notifications.mailTrouble", { server, reason: adviceOf(/ECONNREFUSED/.test(text) ? "ECONNREFUSED" : code, text) }),
  };
}
