import { DoppelwerkError, errorStatus, said, type Said, type Told } from "@doppelwerk/world";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";

/** A refusal that only this API knows: status and one sentence for the client. */
export class AasRefusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The sentence for a screen of another language. */
  readonly told: Told | undefined;
  constructor(status: number, message: string | Said, headers: Readonly<Record<string, string>> = {}) {
    super(typeof message === "string" ? message : message.text);
    this.name = "AasRefusal";
    this.status = status;
    this.told = typeof message === "string" ? undefined : message.told;
    this.headers = headers;
  }
}

export function badRequest(message: string | Said): AasRefusal {
  return new AasRefusal(400, message);
}

export function notFound(message: string | Said): AasRefusal {
  return new AasRefusal(404, message);
}

/** Result of IDTA-01002 (interfaces-payload): `{messages: [{code, correlationId, messageType, text, timestamp}]}` and nothing else. */
export interface ResultBody {
  readonly messages: readonly Message[];
}

interface Message {
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

/** A refusal for a screen of another language, as percent-encoded JSON `{code, values}`: a Result has no place for it. */
const TOLD_HEADER = "doppelwerk-told";

export function tell(reply: FastifyReply, told: Told | undefined): void {
  if (told !== undefined) reply.header(TOLD_HEADER, encodeURIComponent(JSON.stringify(told)));
}

/** Turns what a route throws into a Result; a bug is logged once and keeps its inside to itself. */
export function answerError(
  thrown: FastifyError | DoppelwerkError | AasRefusal,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const error =
    "code" in thrown && thrown.code === "FST_ERR_CTP_BODY_TOO_LARGE"
      ? new AasRefusal(413, said`A body of JSON has at most 16 MB, an upload at most 256 MiB: import a larger document as a file.`)
      : thrown;
  if (error instanceof AasRefusal || error instanceof DoppelwerkError) tell(reply, error.told);
  if (error instanceof AasRefusal) return refuse(reply.headers(error.headers), error.status, error.message, request);
  if (error instanceof DoppelwerkError) return refuse(reply, errorStatus[error.code], `${error.message} (${error.code})`, request);
  const status = error.statusCode ?? 500;
  if (status < 500) return refuse(reply, status, error.message, request);
  request.log.error({ err: error }, "a request failed by a bug");
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
