import type { Instant } from "@doppelwerk/world";
import type { LaterMapping, MappingVersion, StateMapping } from "../definition/state-mapping.ts";

/** What a person changes of how a station is read, from an instant on. */
export interface MappingEdit {
  /** Undefined: as long as there is a record. */
  readonly from?: Instant;
  /** Word → what it means; null takes its meaning away. */
  readonly words?: Readonly<Record<string, MappingVersion["words"][string] | null>>;
  readonly blockedBit?: boolean;
  readonly starvedBit?: boolean;
  readonly neighbours?: boolean;
}

/**
 * The mapping with an edit: every version that holds after its instant is changed and gets a number of its own; the one that held before is kept as it
 * was. The same mapping when nothing changes.
 */
export function editedMapping(mapping: StateMapping, edit: MappingEdit): StateMapping {
  const { later = [], ...first } = mapping;
  let next = Math.max(...[first, ...later].map(({ version }) => version)) + 1;
  const changed = <Version extends MappingVersion>(version: Version): Version => {
    const to = { ...version, ...withEdit(version, edit) };
    if (sameReading(version, to)) return version;
    return { ...to, version: next++ };
  };
  const { from } = edit;
  if (from === undefined) {
    const beginning = changed(first);
    return mappingOf(beginning, later.map(changed));
  }
  const before = later.filter((version) => version.from < from);
  const after = later.filter((version) => version.from > from);
  const standing: LaterMapping = later.find((version) => version.from === from) ?? { ...(before.at(-1) ?? first), from };
  return mappingOf(first, [...before, changed(standing), ...after.map(changed)]);
}

/** Versions that read as the one before them are none. */
function mappingOf(first: MappingVersion, later: readonly LaterMapping[]): StateMapping {
  const own = later.filter((version, at) => !sameReading(version, later[at - 1] ?? first));
  return own.length === 0 ? first : { ...first, later: own };
}

function withEdit(version: MappingVersion, { words = {}, blockedBit, starvedBit, neighbours }: MappingEdit): Partial<MappingVersion> {
  const all = new Map(Object.entries(version.words));
  for (const [word, meaning] of Object.entries(words)) {
    if (meaning === null) all.delete(word);
    else all.set(word, meaning);
  }
  return {
    words: Object.fromEntries(all),
    ...(blockedBit === undefined ? {} : { blockedBit }),
    ...(starvedBit === undefined ? {} : { starvedBit }),
    ...(neighbours === undefined ? {} : { neighbours }),
  };
}

function sameReading(a: MappingVersion, b: MappingVersion): boolean {
  const read = ({ words, blockedBit, starvedBit, neighbours }: MappingVersion) =>
    JSON.stringify([
      Object.entries(words)
        .map(([word, { state, cause }]) => [word, state, cause])
        .toSorted(([x], [y]) => (x! < y! ? -1 : 1)),
      blockedBit,
      starvedBit,
      neighbours,
    ]);
  return read(a) === read(b);
}
