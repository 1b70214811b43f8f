import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Text } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import type { Language } from "../time/format.ts";
import { roleWords } from "./role-words.ts";
import { en } from "./en.ts";
import { loadCatalogues } from "./catalogues.ts";
import { zh } from "./zh.ts";

/** Starts the word catalogue; called once before the first render. */
export function startLanguage(language: Language): void {
  void i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, zh: { translation: zh } },
    lng: language,
    fallbackLng: "en",
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  void loadCatalogues(language).then(() => i18next.changeLanguage(language));
}

export function switchLanguage(language: Language): void {
  void loadCatalogues(language).then(() => i18next.changeLanguage(language));
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/** The text of a code, for what is no view. */
export function translate(code: string, values: Record<string, unknown> = {}): string {
  return i18next.t(code, values);
}

/** The plant's own words come in both languages with the data. */
export function inLanguage(text: Text | undefined, language: Language): string {
  if (text === undefined) return "";
  return (language === "zh" ? text.zh : text.en) || text.en || text.zh;
}

/** A station's name without its id, which many plants repeat in it: screens write both. */
export function stationName(station: { readonly id: string; readonly name: Text }, language: Language): string {
  const name = inLanguage(station.name, language);
  const rest = name.startsWith(station.id) ? name.slice(station.id.length).replace(/^[\s:–-]+/, "") : name;
  return rest === "" ? name : rest;
}

/** A signal's name in the reader's language where the plant gives it, else its own name in words. */
export function signalName(entry: Pick<SignalEntry, "name" | "names"> | undefined, language: Language, fallback = ""): string {
  const own = Object.entries(entry?.names ?? {}).find(([tag]) => tag.toLowerCase().startsWith(language))?.[1];
  return own ?? roleWords(entry?.name ?? fallback);
}
