/** What a batch machine does: phases of ISA-88, in the words of dyers. */
export const PHASES = [
  "load",
  "fill",
  "heat",
  "dose",
  "hold",
  "cool",
  "sample",
  "addition",
  "drain",
  "rinse",
  "unload",
  /** The controller tells a word that nobody has explained. */
  "unknown",
] as const;
export type Phase = (typeof PHASES)[number];

/** In these the temperature is to follow the programme. */
export const TEMPERED: ReadonlySet<Phase> = new Set(["heat", "dose", "hold", "cool", "sample", "addition"]);

/** What a function word means; undefined: nothing runs. `words` are those of the machine's document. */
export function phaseOfWord(word: number | string, words: Readonly<Record<string, string>>): Phase | undefined {
  const said = words[String(word)];
  if (said === "idle") return undefined;
  return PHASES.find((phase) => phase === said) ?? "unknown";
}
