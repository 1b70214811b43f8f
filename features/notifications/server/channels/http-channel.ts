import { createHmac } from "node:crypto";
import { GuardedClient, type Answer } from "@doppelwerk/connectors/http";
import { DoppelwerkError, message, textOf, verbatim, type Message } from "@doppelwerk/kit";
import { SECOND } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import type { ChannelFields } from "../../model/channel-kind.ts";
import { compose, type MessageContent } from "../../model/composed.ts";
import { asDingTalk, asTeams, asWeCom } from "../../model/forms.ts";
import type { Outcome } from "../outbox.ts";

export type WebChannel = Extract<ChannelFields, { readonly kind: "teams" | "dingtalk" | "wecom" | "webhook" }>;

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 100_000;
/** DingTalk blocks a robot that sent too much for so long. */
const DINGTALK_BLOCKED_MS = 600_000;
const [DINGTALK_TOO_OFTEN, WECOM_TOO_OFTEN] = [[130101, 410100, 660026], [45009]];

/** Sends to a chat robot or a program. Never rejects. */
export async function sendToWeb(channel: WebChannel, told: MessageContent, nowMs: number, timeoutMs = TIMEOUT_MS): Promise<Outcome> {
  const { url, allowPrivate, ca } = channel;
  if (url === undefined) return { kind: "later", reason: message("notifications.noWebAddress") };
  const client = new GuardedClient({ allowPrivate, timeoutMs, maxBytes: MAX_BYTES, ...(ca !== undefined && { ca }) }, undefined);
  const { body, headers, address } = requestOf(channel, url, told, nowMs);
  try {
    return outcomeOf(channel.kind, await client.post(address, body, headers));
  } catch (error) {
    return troubleOf(error, address);
  } finally {
    client.close();
  }
}

function requestOf(channel: WebChannel, url: string, told: MessageContent, nowMs: number) {
  const address = new URL(url);
  const composed = () => compose(told, channel);
  const headers: Record<string, string> = { "content-type": "application/json; charset=utf-8" };
  if (channel.kind === "teams") return { address, headers, body: JSON.stringify(asTeams(composed())) };
  if (channel.kind === "wecom") return { address, headers, body: JSON.stringify(asWeCom(composed())) };
  if (channel.kind === "dingtalk") {
    if (channel.secret !== undefined) {
      const sign = createHmac("sha256", channel.secret).update(`${nowMs}\n${channel.secret}`).digest("base64");
      address.searchParams.set("timestamp", String(nowMs));
      address.searchParams.set("sign", sign);
    }
    return { address, headers, body: JSON.stringify(asDingTalk(composed())) };
  }
  const body = JSON.stringify(payloadOf(told));
  headers["idempotency-key"] = told.id;
  headers["doppelwerk-timestamp"] = String(Math.floor(nowMs / 1_000));
  if (channel.secret !== undefined)
    headers["doppelwerk-signature"] =
      `sha256=${createHmac("sha256", channel.secret).update(`${headers["doppelwerk-timestamp"]}.${body}`).digest("hex")}`;
  return { address, headers, body };
}

/** What programs get: over MQTT and by a plain webhook. Times are ISO 8601. */
export function payloadOf({ id, made, alarms, more, expired, isTest, list, world, notice }: MessageContent): object {
  return {
    id,
    made: isoOf(made),
    world,
    test: isTest,
    alarms: alarms.map(({ occurrence: { rule, since, title, station, priority, value, isSimulated = false }, what, step }) => ({
      alarm: rule,
      what,
      step,
      priority,
      title,
      station,
      ...(value !== undefined && { value }),
      raised: isoOf(since),
      simulated: isSimulated,
    })),
    more,
    expired,
    ...(list !== undefined && { list }),
    ...(notice && { notice: { subject: textOf(notice.subject), text: notice.text.map(textOf) } }),
  };
}

const isoOf = (instant: number): string => new Date((instant / SECOND) * 1_000).toISOString();

function outcomeOf(kind: WebChannel["kind"], { status, headers, body }: Answer): Outcome {
  const text = body.toString("utf8").slice(0, 300);
  if (status === 429 || status === 503)
    return { kind: "later", reason: message("notifications.webBusy", { status }), waitMs: waitOf(headers["retry-after"]) };
  // it may have been taken all the same
  if (status >= 500) return { kind: "unsure", reason: message("notifications.webFault", { status, text }) };
  if (status === 400 || status === 413 || status === 422)
    return { kind: "refused", reason: message("notifications.webRefused", { status, text }) };
  if (status >= 300) return { kind: "later", reason: message("notifications.webNotThere", { status, text }) };
  return kind === "dingtalk" || kind === "wecom" ? outcomeOfRobot(kind, text) : { kind: "sent" };
}

/** Both answer 200, and say in the body what became of it. */
function outcomeOfRobot(kind: "dingtalk" | "wecom", text: string): Outcome {
  let code: unknown;
  try {
    code = (JSON.parse(text) as { readonly errcode?: unknown }).errcode;
  } catch {
    return { kind: "later", reason: message("notifications.notARobot", { text }) };
  }
  if (code === 0) return { kind: "sent" };
  if (kind === "dingtalk" && DINGTALK_TOO_OFTEN.includes(Number(code)))
    return { kind: "later", reason: message("notifications.robotTooOften"), waitMs: DINGTALK_BLOCKED_MS };
  if (kind === "wecom" && WECOM_TOO_OFTEN.includes(Number(code)))
    return { kind: "later", reason: message("notifications.robotTooOften"), waitMs: 60_000 };
  return { kind: "later", reason: message("notifications.robotRefused", { text }) };
}

const waitOf = (retryAfter: string | undefined): number => (/^\d{1,5}$/.test(retryAfter ?? "") ? Number(retryAfter) * 1_000 : 60_000);

/** Before anything was sent nobody has it; where an answer did not come nobody knows. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function troubleOf(error: unknown, { host }: URL): Outcome {
  if (error instanceof DoppelwerkError) {
    const isLate = error.reason.code === "connectors.noAnswerMs";
    return { kind: isLate ? "unsure" : "later", reason: message("notifications.webTrouble", { host, reason: error.reason }) };
  }
  const { code = "", message: text } = error as NodeJS.ErrnoException;
  return {
    kind: NOT_SENT.has(code) ? "later" : "unsure",
    reason: message("notifications.webTrouble", { host, reason: adviceOf(code, text) }),
  };
}

/** What is wrong, and what to do. */
export function adviceOf(code: string, text: string): Message {
  if (code === "ECONNREFUSED") return message("notifications.nobodyListens");
  if (code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "EDNS") return message("notifications.noSuchHost");
  if (/certificate/i.test(text) || code.includes("CERT") || code.includes("SELF_SIGNED") || code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
    return message("notifications.notTrusted", { text });
  return verbatim(text.slice(0, 300));
}
