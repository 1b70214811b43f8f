import type { Message } from "@doppelwerk/messages";
import { plainSentences } from "./plain-sentences.ts";

/** Longer texts come from libraries: none of ours. */
const MAX_LENGTH = 2_000;

/** A plain sentence of the connectors as a message, a value that is such a sentence itself included; undefined where it is none. */
export function toldSentence(text: string): Message | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  for (const { code, pattern, names } of (matchers ??= plainSentences.map(matcherOf))) {
    const found = pattern.exec(text);
    if (found !== null)
      return { code, params: Object.fromEntries(found.slice(1).map((value, at) => [names[at]!, toldSentence(value) ?? value])) };
  }
  return undefined;
}

/** The same as a field of an answer, which is absent where nothing of it is ours. */
export function toldAs<Name extends string>(name: Name, text: string): { readonly [Key in Name]?: Message } {
  const told = toldSentence(text);
  return (told === undefined ? {} : { [name]: told }) as { readonly [Key in Name]?: Message };
}

interface Matcher {
  readonly code: string;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

let matchers: readonly Matcher[] | undefined;

function matcherOf([code, sentence]: readonly [string, string]): Matcher {
  return {
    code,
    pattern: new RegExp(
      `^${wordsOf(sentence)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
        .join("(.+)")}$`,
      "s",
    ),
    names: [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
  };
}

/** The parts of a sentence that never change. */
export function wordsOf(sentence: string): readonly string[] {
  return sentence.split(/\{\w+\}/);
}
