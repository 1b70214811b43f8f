import { DoppelwerkError, errorStatus } from "@doppelwerk/world";
import type { FastifyError, FastifyInstance } from "fastify";

/** The one shape of a refusal on the own API: `{ error: { code, message, details? } }`. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly details?: unknown };
}

/** Turns what routes throw into answers: refusals keep their code and status, a bug is logged once and answers 500 without its inside. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | DoppelwerkError, request, reply) => {
    if (error instanceof DoppelwerkError) {
      return reply.status(errorStatus[error.code]).send(errorBody(error.code, error.message, error.details));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.status(status).send(errorBody("DW_INVALID", error.message));
    request.log.error({ err: error }, "a request failed by a bug");
    return reply.status(500).send(errorBody("DW_BUG", `this request failed inside the server; the log names it ${request.id}`));
  });
}

export function errorBody(code: string, message: string, details?: unknown): ErrorBody {
  return { error: details === undefined ? { code, message } : { code, message, details } };
}
