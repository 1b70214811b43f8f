import { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { message, type Message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError, errorStatus } from "@doppelwerk/world";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

/** A refusal that only this API knows: status and one message for the client. */
export class AasRefusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly reason: Message;
  constructor(status: number, reason: Message, headers: Readonly<Record<string, string>> = {}) {
    super(textOf(reason));
    this.name = "AasRefusal";
    this.status = status;
    this.reason = reason;
    this.headers = headers;
  }
}

export function badRequest(reason: Message): AasRefusal {
  return new AasRefusal(400, reason);
}

export function notFound(reason: Message): AasRefusal {
  return new AasRefusal(404, reason);
}

/** Result of IDTA-01002 (interfaces-payload): `{messages: [{code, correlationId, messageType, text, timestamp}]}` and nothing else. */
export interface ResultBody {
  readonly messages: readonly ResultMessage[];
}

interface ResultMessage {
  readonly code: string;
  readonly correlationId: string;
  readonly messageType: "Error" | "Exception";
  readonly text: string;
  readonly timestamp: string;
}

export function resultBody(status: number, text: string, correlationId: string): ResultBody {
  const messageType = status < 500 ? "Error" : "Exception";
  return { messages: [{ code: String(status), correlationId, messageType, text, timestamp: new Date().toISOString() }] };
}

/** A refusal for a screen of any language, as percent-encoded JSON `{code, params}`: a Result has no place for it. */
const REASON_HEADER = "doppelwerk-reason";

/** The same as `{code, values}`, as before 1.0: answered for one release. */
const TOLD_HEADER = "doppelwerk-told";

/** A header holds little: longer values are cut. */
const MAX_HEADER_VALUE = 500;

export function addReason(reply: FastifyReply, reason: Message | undefined): void {
  if (reason === undefined) return;
  const short = (_: string, value: unknown) => (typeof value === "string" ? value.slice(0, MAX_HEADER_VALUE).toWellFormed() : value);
  const { code, params } = JSON.parse(JSON.stringify(reason, short)) as Message;
  reply.header(REASON_HEADER, encodeURIComponent(JSON.stringify({ code, params })));
  reply.header(TOLD_HEADER, encodeURIComponent(JSON.stringify({ code, values: params })));
}

/** Turns what a route throws into a Result; a bug is logged once and keeps its inside to itself. */
export function answerError(
  thrown: FastifyError | DoppelwerkError | AasRefusal,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error =
    "code" in thrown && thrown.code === "FST_ERR_CTP_BODY_TOO_LARGE" ? new AasRefusal(413, message("aasServer.bodyJsonMost16Mb")) : thrown;
  if (error instanceof AasRefusal || error instanceof DoppelwerkError) addReason(reply, error.reason);
  if (error instanceof AasRefusal) return refuse(reply.headers(error.headers), error.status, error.message, request);
  if (error instanceof DoppelwerkError) return refuse(reply, errorStatus[error.code], `${error.message} (${error.code})`, request);
  const status = error.statusCode ?? 500;
  if (status < 500) return refuse(reply, status, error.message, request);
  request.log.error({ err: error, reqId: request.id }, "a request failed by a bug");
  return refuse(reply, 500, `this request failed inside the server; the log names it ${request.id}`, request);
}

export function refuse(reply: FastifyReply, status: number, text: string, request: FastifyRequest): FastifyReply {
  return reply
    .status(status)
    .type("application/json; charset=utf-8")
    .send(JSON.stringify(resultBody(status, text, String(request.id))));
}

/** A URL that the router cannot even take apart (a bad escape, an endless id) never reaches the plugin: the composition answers it so when it was for an AAS client. */
export function answerBadUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return refuse(reply, error.statusCode ?? 400, error.message.slice(0, 300), request);
}

/** Whether a URL is meant for the AAS API, under any of its base URLs. */
export function isAasUrl(url: string): boolean {
  return /^(\/worlds\/[^/]+(\/branches\/[^/]+)?)?(\/templates)?\/api\/v3(\/|$|\?)/.test(url);
}

/** Bytes that are sent together. */
const SENT_BYTES = 1 << 16;

/** A body that is made no faster than it is sent; others come between its pieces. */
export function streamOf(pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>): Readable {
  return Readable.from(inTurns(pieces), { objectMode: false, highWaterMark: SENT_BYTES });
}

async function* inTurns(pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const piece of pieces) {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    held.push(bytes);
    size += bytes.length;
    if (size < SENT_BYTES) continue;
    yield Buffer.concat(held);
    [held, size] = [[], 0];
    await turn();
  }
  yield Buffer.concat(held);
}

/** Answers JSON text that is ready. */
export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(text);
}

export function send(reply: FastifyReply, body: unknown): FastifyReply {
  return sendJson(reply, JSON.stringify(body));
}

/** The place of something new: below the URL that was asked, or at `at`. */
export function created(reply: FastifyReply, location: string, body: unknown): FastifyReply {
  return send(reply.status(201).header("location", location), body);
}

export function urlOf(request: FastifyRequest): string {
  return request.url.replace(/\?.*$/s, "").replace(/\/$/, "");
}
