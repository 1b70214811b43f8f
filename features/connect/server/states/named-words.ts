import { meaningOfStateName, type StationDefinition } from "@doppelwerk/operations";
import { nameOfValue, type Enumeration, type Instant } from "@doppelwerk/world";
import type { RawWord } from "../../contract.ts";
import { readingOf } from "./raw-words.ts";

/** Raw words with the names that the plant gives to numbers, and what a word or name that nobody gave a meaning seems to mean. */
export function withNames(words: readonly RawWord[], enumeration: Enumeration | undefined): RawWord[] {
  return words.map((word) => {
    const name = /^-?\d+$/.test(word.word) ? nameOfValue(enumeration, Number(word.word)) : undefined;
    const proposed = word.by === "nothing" ? meaningOfStateName(name ?? word.word) : undefined;
    return { ...word, ...(name !== undefined && { name }), ...(proposed && { proposed }) };
  });
}

/** The numbers that the plant names and that are none of these words. */
export function unseenWords(
  station: StationDefinition,
  seen: readonly RawWord[],
  enumeration: Enumeration | undefined,
  at: Instant,
): RawWord[] {
  const known = new Set(seen.map(({ word }) => word));
  const words = (enumeration ?? []).flatMap(({ value }): RawWord[] => {
    const word = String(value);
    return known.has(word) ? [] : [{ word, count: 0, seconds: 0, last: 0, ...readingOf(station, word, at), readAs: [] }];
  });
  return withNames(words, enumeration);
}
