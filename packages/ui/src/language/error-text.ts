import i18next from "i18next";
import { DoppelwerkError, type Told } from "@doppelwerk/world";
import type { Language } from "../time/format.ts";
import { connectionSentencesZh } from "./connection-sentences-zh.ts";
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

/** Undefined where the sentence is not in the list: a server that is newer than this page says more. A value may be such a sentence itself. */
export function refusalInChinese(told: Told | undefined): string | undefined {
  const words = told && (refusalsZh[told.code] ?? connectionSentencesZh[told.code]);
  return words?.replace(/\{\{(\d+)\}\}/g, (place, number: string) => {
    const value = told!.values[number];
    return typeof value === "object" ? (refusalInChinese(value) ?? place) : String(value ?? place);
  });
}

/** What the server says in plain words and as a code, in the reader's language; in its own words where it has no code. */
export function plainText(text: string, told: Told | null | undefined, language: Language): string {
  return (language === "zh" ? refusalInChinese(told ?? undefined) : undefined) ?? text;
}
