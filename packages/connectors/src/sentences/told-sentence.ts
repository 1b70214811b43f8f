import { codeOfWords, type Told } from "@doppelwerk/world";
import { plainSentences } from "./plain-sentences.ts";

/** Longer texts come from libraries: none of ours. */
const LONGEST = 2_000;

/** A plain sentence of the connectors as a code with its values, a value that is such a sentence itself included; undefined where it is none. */
export function toldSentence(text: string): Told | undefined {
  if (text.length > LONGEST) return undefined;
  for (const { code, pattern } of (matchers ??= plainSentences.map(matcherOf))) {
    const found = pattern.exec(text);
    if (found !== null)
      return { code, values: Object.fromEntries(found.slice(1).map((value, at) => [String(at + 1), toldSentence(value) ?? value])) };
  }
  return undefined;
}

/** The same as a field of an answer, which is absent where nothing of it is ours. */
export function toldAs<Name extends string>(name: Name, text: string): { readonly [Key in Name]?: Told } {
  const told = toldSentence(text);
  return (told === undefined ? {} : { [name]: told }) as { readonly [Key in Name]?: Told };
}

interface Matcher {
  readonly code: string;
  readonly pattern: RegExp;
}

let matchers: readonly Matcher[] | undefined;

function matcherOf(sentence: string): Matcher {
  const words = wordsOf(sentence);
  return {
    code: codeOfWords(words)!,
    pattern: new RegExp(`^${words.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("(.+)")}$`, "s"),
  };
}

/** The parts of a sentence that never change. */
export function wordsOf(sentence: string): readonly string[] {
  return sentence.split(/\{\{\d\}\}/);
}
