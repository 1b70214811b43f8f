import { textOf, verbatim, type Message } from "@doppelwerk/messages";

/** What the world refuses, with the HTTP status an outer room answers. The catalogue is docs/guide/errors.md. */
export const errorStatus = {
  DW_NOT_FOUND: 404,
  DW_INVALID: 400,
  DW_CONFLICT: 409,
  DW_CHANGED: 412,
  DW_UNAUTHENTICATED: 401,
  DW_FORBIDDEN: 403,
  DW_PRESENCE: 403,
  DW_UNAVAILABLE: 503,
  DW_FENCED: 503,
  DW_FORMAT_NEWER: 500,
  DW_DAMAGED: 500,
  DW_LIVE_BOUND: 409,
  DW_STALE_APPROVAL: 409,
  DW_SAME_PERSON: 403,
  DW_CANCELLED: 409,
  DW_QUEUE_FULL: 429,
  DW_TOO_OFTEN: 429,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** What went wrong, to be kept: its English text, and the message for a screen that speaks another language. */
export function failureOf(error: unknown): { readonly message: string; readonly reason?: Message } {
  const reason = error instanceof DoppelwerkError ? error.reason : undefined;
  return { message: error instanceof Error ? error.message : String(error), ...(reason && { reason }) };
}

/** What went wrong, as a value of another message: our own as it is, that of a library in its own words. */
export function reasonOf(error: unknown): Message {
  if (error instanceof DoppelwerkError) return error.reason;
  return verbatim(error instanceof Error ? error.message : String(error));
}

/** A refusal by rule: what failed and why in `reason`, the path or id last. `details` is JSON shown to the caller. Its `message` reads in the process's language. */
export class DoppelwerkError extends Error {
  readonly code: ErrorCode;
  readonly reason: Message;
  readonly details: unknown;
  constructor(code: ErrorCode, reason: Message, details?: unknown) {
    super(textOf(reason));
    this.name = "DoppelwerkError";
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}
