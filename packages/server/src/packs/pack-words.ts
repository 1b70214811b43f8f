import { readFileSync } from "node:fs";
import { join } from "node:path";
import { namesBeginWith } from "@doppelwerk/kit/pack";

type Words = Readonly<Record<string, string>>;

/** Texts of a feature of a pack by code. */
export interface PackWords {
  readonly en: Words;
  readonly zh: Words;
}

export const NO_WORDS: PackWords = { en: {}, zh: {} };
const MAX_WORD_LENGTH = 2_000;

/** Texts under the names of the feature: a pack gives no other code a text. Errors: those of reading and parsing. */
export function readPackWords(folder: string, { id, words }: { readonly id: string; readonly words?: string | undefined }): PackWords {
  if (words === undefined) return NO_WORDS;
  const of = (language: "en" | "zh"): Words => {
    const given = JSON.parse(readFileSync(join(folder, words, `${language}.json`), "utf8")) as Readonly<Record<string, unknown>>;
    const prefix = `${namesBeginWith(id)}.`;
    const isWord = (entry: readonly [string, unknown]): entry is [string, string] =>
      entry[0].startsWith(prefix) && typeof entry[1] === "string" && entry[1].length <= MAX_WORD_LENGTH;
    return Object.fromEntries(Object.entries(given).filter(isWord));
  };
  return { en: of("en"), zh: of("zh") };
}
