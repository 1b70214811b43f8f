import type { Text } from "@doppelwerk/client";
import type { SignalEntry } from "@doppelwerk/sync";
import type { Language } from "../time/format.ts";
import { roleWords } from "./role-words.ts";
import { loadCatalogues, reading } from "./catalogues.ts";

/** Loads the texts of a language and shows them; awaited before the first render, so that nothing is drawn twice. */
export async function switchLanguage(language: Language): Promise<void> {
  await loadCatalogues(language);
  markLanguage(reading.get().language);
}

function markLanguage(language: Language): void {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
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

const WRITTEN_OUT: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

/** Whether the id of a station is only its name in letters that an idShort may have: then both say the same. */
export function isNamedById({ id, name }: { readonly id: string; readonly name: Text }): boolean {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[äöüß]/g, (letter) => WRITTEN_OUT[letter]!)
      .replace(/[^\p{L}\d]+/gu, "");
  return [name.en, name.zh].some((text) => text !== undefined && text !== "" && plain(text) === plain(id));
}

/** Id and name of a station in one line, once where they say the same. */
export function stationTitle(station: { readonly id: string; readonly name: Text }, language: Language): string {
  const name = stationName(station, language);
  return isNamedById(station) ? name : `${station.id} ${name}`;
}

/** A signal's name in the reader's language where the plant gives it, else its own name in words. */
export function signalName(entry: Pick<SignalEntry, "name" | "names"> | undefined, language: Language, fallback = ""): string {
  const own = Object.entries(entry?.names ?? {}).find(([tag]) => tag.toLowerCase().startsWith(language))?.[1];
  return own ?? roleWords(entry?.name ?? fallback);
}
