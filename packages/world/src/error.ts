/** What the world refuses, with the HTTP status an outer room answers. The catalogue is docs/guide/errors.md. */
export const errorStatus = {
  DW_NOT_FOUND: 404,
  DW_INVALID: 400,
  DW_CONFLICT: 409,
  DW_FORBIDDEN: 403,
  DW_UNAVAILABLE: 503,
  DW_FENCED: 503,
  DW_FORMAT_NEWER: 500,
  DW_DAMAGED: 500,
  DW_LIVE_BOUND: 409,
  DW_STALE_APPROVAL: 409,
  DW_SAME_PERSON: 403,
  DW_CANCELLED: 409,
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** A refusal by rule: what failed and why in `message`, the path or id last. `details` is JSON shown to the caller. */
export class DoppelwerkError extends Error {
  readonly code: ErrorCode;
  readonly details: unknown;
  constructor(code: ErrorCode, message: string, details?: unknown) {
    super(message);
    this.name = "DoppelwerkError";
    this.code = code;
    this.details = details;
  }
}
