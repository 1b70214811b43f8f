import type { LineSource } from "@doppelwerk/ports";

/** The newest of live as the server and as a few classes of readers see it, and a branch or two that somebody works on. */
const MAX_REMEMBERED = 8;

type Read = ReturnType<LineSource["read"]>;

/**
 * The sources of one world, each reading documents once as long as they stay as they are: every page asks several times what they describe. An edition is
 * one of this world, so nothing of this is shared between worlds.
 */
export function rememberedSources(): (source: LineSource) => LineSource {
  const known = new WeakMap<LineSource, LineSource>();
  return (source) => {
    let remembered = known.get(source);
    if (remembered === undefined) known.set(source, (remembered = remembering(source)));
    return remembered;
  };
}

function remembering(source: LineSource): LineSource {
  const byEdition = new Map<string, Read>();
  return {
    id: source.id,
    read(reader) {
      const edition = reader.edition?.();
      if (edition === undefined) return source.read(reader);
      const read = byEdition.get(edition) ?? source.read(reader);
      // the one that was asked for last is forgotten last
      byEdition.delete(edition);
      byEdition.set(edition, read);
      if (byEdition.size > MAX_REMEMBERED) byEdition.delete(byEdition.keys().next().value!);
      return read;
    },
  };
}
