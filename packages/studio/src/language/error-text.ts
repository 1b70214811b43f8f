import i18next from "i18next";
import { DoppelwerkError } from "@doppelwerk/world";

/**
 * What went wrong in the reader's language: by the code of the error and what it tells of itself, else in the server's own words.
 * Both stand where the code alone says less than the server did.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof DoppelwerkError)) return error.message;
  return i18next.t(`error.${error.code}`, { message: error.message, defaultValue: error.message });
}
