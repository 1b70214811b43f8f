import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Text } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import type { Language } from "../time/format.ts";
import { roleWords } from "./role-words.ts";
import { catalogueText, loadCatalogues } from "./catalogues.ts";

// Each language is a chunk of its own: only that of the reader is fetched.
const shellWords = {
  en: async () => (await import("./en.ts")).en,
  zh: async () => (await import("./zh.ts")).zh,
} as const;

/** The language that was asked for last: another one that comes later is not shown. */
let wanted: Language = "en";

/** Loads the reader's words; awaited before the first render. The texts of messages follow after it. */
export async function startLanguage(language: Language): Promise<void> {
  wanted = language;
  await i18next.use(initReactI18next).init({
    resources: { [language]: { translation: await shellWords[language]() } },
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  markLanguage(language);
  void loadCatalogues(language).then(() => i18next.changeLanguage(language));
}

export async function switchLanguage(language: Language): Promise<void> {
  wanted = language;
  const [words] = await Promise.all([shellWords[language](), loadCatalogues(language)]);
  if (wanted !== language) return;
  i18next.addResourceBundle(language, "translation", words);
  await i18next.changeLanguage(language);
  markLanguage(language);
}

function markLanguage(language: Language): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}

/** The text of a code, for what is no view. */
export function translate(code: string, values: Record<string, unknown> = {}): string {
  return catalogueText(code, values) ?? i18next.t(code, values);
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
