import { DoppelwerkError, errorStatus, Said, said, type Told } from "@doppelwerk/world";
import type { FastifyError, FastifyInstance } from "fastify";

/** The one shape of a refusal on the own API: `{ error: { code, message, told?, details? } }`; `told` is the message for a screen of another language. */
export interface ErrorBody {
  readonly error: { readonly code: string; readonly message: string; readonly told?: Told; readonly details?: unknown };
}

/** Turns what routes throw into answers: refusals keep their code and status, a bug is logged once and answers 500 without its inside. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | DoppelwerkError, request, reply) => {
    if (error instanceof DoppelwerkError) {
      if (errorStatus[error.code] === 503) void reply.header("retry-after", String(retryAfterS(error.details)));
      return reply.status(errorStatus[error.code]).send(errorBody(error.code, error, error.details));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.status(status).send(errorBody("DW_INVALID", error.message));
    request.log.error({ err: error }, "a request failed by a bug");
    return reply.status(500).send(errorBody("DW_BUG", said`this request failed inside the server; the log names it ${request.id}`));
  });
}

/** When to come again, seconds, where the refusal does not say. */
const RETRY_AFTER_S = 5;

function retryAfterS(details: unknown): number {
  const given = (details as { readonly retryAfterS?: unknown } | undefined)?.retryAfterS;
  return typeof given === "number" ? given : RETRY_AFTER_S;
}

export function errorBody(code: string, refusal: string | Said | DoppelwerkError, details?: unknown): ErrorBody {
  const [message, told] =
    typeof refusal === "string" ? [refusal, undefined] : [refusal instanceof Said ? refusal.text : refusal.message, refusal.told];
  return { error: { code, message, ...(told && { told }), ...(details !== undefined && { details }) } };
}
