import type { Place } from "../contract.ts";

/** Lines right in a place or deeper: the place of each, and the id that the line has. */
export function linesWithin(places: readonly Place[], root: string): readonly { readonly place: string; readonly line: string }[] {
  const within = new Set([root]);
  return places.flatMap(({ id, parent, line }) => {
    if (id !== root && !within.has(parent ?? "")) return [];
    within.add(id);
    return line === undefined ? [] : [{ place: id, line }];
  });
}
