import type { MappingEdit, ReadingVersion, WordMeaning } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import { fromLocal, type Zone } from "@doppelwerk/kit/studio";

export const BITS = ["blockedBit", "starvedBit", "neighbours"] as const;
export type Bit = (typeof BITS)[number];

/** What differs from the stored mapping. A word that is null loses its meaning. */
export type MappingDraft = Pick<MappingEdit, "words" | Bit>;

/** From when the edit holds: over the whole record, from now on, or from an instant. */
export const SINCES = ["record", "now", "instant"] as const;
export type Since = (typeof SINCES)[number];

/** `undefined` takes the word out of the draft. */
export function withWord({ words, ...rest }: MappingDraft, word: string, meaning: WordMeaning | null | undefined): MappingDraft {
  const { [word]: _before, ...others } = words ?? {};
  const next = meaning === undefined ? others : { ...others, [word]: meaning };
  return Object.keys(next).length === 0 ? rest : { ...rest, words: next };
}

export function withBit(draft: MappingDraft, bit: Bit, on: boolean, stored: ReadingVersion): MappingDraft {
  const { [bit]: _before, ...rest } = draft;
  return on === stored[bit] ? rest : { ...rest, [bit]: on };
}

export function changeCount(draft: MappingDraft): number {
  return Object.keys(draft.words ?? {}).length + BITS.filter((bit) => draft[bit] !== undefined).length;
}

/** Of `2026-11-25T10:42:07` in the zone of the plant; undefined while it is being typed. */
export function instantOf(text: string, zone: Zone): Instant | undefined {
  const local = Date.parse(`${text}Z`);
  return Number.isNaN(local) ? undefined : fromLocal(zone, local * 1_000);
}

/** Words that mean something else in the later version. */
export function changedWords(before: ReadingVersion, after: ReadingVersion): readonly string[] {
  const spell = (meaning: WordMeaning | undefined) => (meaning === undefined ? "" : `${meaning.state}/${meaning.cause}`);
  return [...new Set([...Object.keys(before.words), ...Object.keys(after.words)])].filter(
    (word) => spell(before.words[word]) !== spell(after.words[word]),
  );
}
