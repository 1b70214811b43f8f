import { message, textOf, verbatim, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, errorStatus } from "@doppelwerk/world";
import type { FastifyError, FastifyInstance } from "fastify";

/**
 * The one shape of a refusal on the own API: `{ error: { code, message, reason, details? } }`; `reason` is the message for a screen of any language.
 * `told` is the same in the form before 1.0, answered for one release.
 */
export interface ErrorBody {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly reason: Message;
    readonly told: { readonly code: string; readonly values: Message["params"] };
    readonly details?: unknown;
  };
}

/** Turns what routes throw into answers: refusals keep their code and status, a bug is logged once and answers 500 without its inside. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | DoppelwerkError, request, reply) => {
    if (error instanceof DoppelwerkError) {
      if ([429, 503].includes(errorStatus[error.code])) void reply.header("retry-after", String(retryAfterS(error.details)));
      return reply.status(errorStatus[error.code]).send(errorBody(error.code, error.reason, error.details));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.status(status).send(errorBody("DW_INVALID", verbatim(error.message)));
    request.log.error({ err: error, reqId: request.id }, "a request failed by a bug");
    return reply.status(500).send(errorBody("DW_BUG", message("server.requestFailedInsideServer", { id: request.id })));
  });
}

/** When to come again, seconds, where the refusal does not say. */
const RETRY_AFTER_S = 5;

function retryAfterS(details: unknown): number {
  const given = (details as { readonly retryAfterS?: unknown } | undefined)?.retryAfterS;
  return typeof given === "number" ? given : RETRY_AFTER_S;
}

export function errorBody(code: string, reason: Message, details?: unknown): ErrorBody {
  const told = { code: reason.code, values: reason.params };
  return { error: { code, message: textOf(reason), reason, told, ...(details !== undefined && { details }) } };
}
