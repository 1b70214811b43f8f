/** A word of an expression and where it begins. */
export interface TypedWord {
  readonly text: string;
  readonly from: number;
}

export interface OfferedSignal {
  readonly id: string;
  readonly name: string;
}

const WORDS: ReadonlySet<string> = new Set(["last", "is", "state", "and", "or", "not", "if", "min", "max", "abs", "sqrt"]);
const MIN_LETTERS = 2;
const MAX_OFFERED = 8;

/** The word that the caret is behind; blank inside of quotation marks and behind a number. */
export function wordBefore(text: string, caret: number): TypedWord {
  const before = text.slice(0, caret);
  const quotes = before.replaceAll(/\\./gu, "").split('"').length - 1;
  const found = quotes % 2 === 1 ? null : /[\p{L}_][\p{L}\p{N}_.-]*$/u.exec(before);
  return found === null ? { text: "", from: caret } : { text: found[0], from: found.index };
}

/** Signals with this word in their name or id, those that begin with it first. */
export function signalsThatFit(word: string, signals: readonly OfferedSignal[]): readonly OfferedSignal[] {
  const wanted = word.toLowerCase();
  if (wanted.length < MIN_LETTERS || WORDS.has(wanted)) return [];
  const found = signals.filter(({ id, name }) => name.toLowerCase().includes(wanted) || id.toLowerCase().includes(wanted));
  const rank = ({ name }: OfferedSignal): number => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return found.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)).slice(0, MAX_OFFERED);
}

/** The text with the last value of a signal in place of the word, and where the caret goes. */
export function insertedSignal(
  text: string,
  { text: word, from }: TypedWord,
  id: string,
): { readonly text: string; readonly caret: number } {
  const inserted = `last("${id.replaceAll(/["\\]/gu, "\\$&")}")`;
  return { text: text.slice(0, from) + inserted + text.slice(from + word.length), caret: from + inserted.length };
}
