import i18next from "i18next";
import { DoppelwerkError, type Told } from "@doppelwerk/world";
import { refusalsZh } from "./refusals-zh.ts";

/**
 * What went wrong in the reader's language: by the code of the error and what it tells of itself, else in the server's own words.
 * Both stand where the code alone says less than the server did.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof DoppelwerkError)) return error.message;
  const own = i18next.language === "zh" ? refusalInChinese(error.told) : undefined;
  if (own !== undefined) return own;
  return i18next.t(`error.${error.code}`, { message: error.message, defaultValue: error.message });
}

/** Undefined where the sentence is not in the list: a server that is newer than this page says more. */
export function refusalInChinese(told: Told | undefined): string | undefined {
  return told && refusalsZh[told.code]?.replace(/\{\{(\d+)\}\}/g, (place, number: string) => String(told.values[number] ?? place));
}
