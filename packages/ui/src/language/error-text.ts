import { DoppelwerkError } from "@doppelwerk/world";
import { messageText } from "./catalogues.ts";

/** What went wrong in the reader's language; what is none of our errors, in its own words. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof DoppelwerkError ? messageText(error.message, error.reason) : error.message;
}
