import type { Place } from "../contract.ts";

/** The row that a place counts in on the board of another: itself or the place above it that stands right in there; undefined where it is not in there. */
export function rowOfPlace(places: readonly Place[], root: string, id: string): string | undefined {
  const byId = new Map(places.map((place) => [place.id, place]));
  let at = byId.get(id);
  for (let depth = 0; at !== undefined && depth < places.length; depth++) {
    if (at.parent === root) return at.id;
    at = byId.get(at.parent ?? "");
  }
  return undefined;
}
