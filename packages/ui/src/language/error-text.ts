import type { Message } from "@doppelwerk/messages";
import { connectionFailureIn, DoppelwerkError } from "@doppelwerk/world";
import { messageText } from "./catalogues.ts";

/** What went wrong in the reader's language; what is none of our errors, in its own words. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof DoppelwerkError ? messageText(error.message, error.reason) : error.message;
}

/** The code to search for: of a failed connection its cause, else the class of the error. What is none of our errors is a defect. */
export function errorCode(error: unknown): string {
  return error instanceof DoppelwerkError ? (codeOfReason(error.reason) ?? error.code) : "DW_BUG";
}

/** What went wrong as screens show it. */
export interface ShownError {
  readonly message: string;
  readonly code: string;
}

export function shownError(error: unknown): ShownError {
  return { message: errorText(error), code: errorCode(error) };
}

/** The same of what a connection says of itself. */
export function codeOfReason(reason: Message | undefined): string | undefined {
  return reason && connectionFailureIn(reason)?.code;
}
