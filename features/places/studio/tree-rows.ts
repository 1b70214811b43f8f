import type { Place } from "../contract.ts";

export interface TreeRow {
  readonly place: Place;
  readonly depth: number;
  readonly hasChildren: boolean;
  readonly isOpen: boolean;
}

export interface TreeRows {
  readonly rows: readonly TreeRow[];
  /** Rows that are not shown, because there are too many. */
  readonly more: number;
}

/** Rows that are painted together: further ones are found by name. */
export const MAX_ROWS = 400;

/** The rows of a tree: places below open ones, or with a text those whose name holds it and the places above them. */
export function treeRows(places: readonly Place[], open: ReadonlySet<string>, text: string): TreeRows {
  const parents = new Set(places.map(({ parent }) => parent));
  const found = text === "" ? undefined : placesNamed(places, text);
  const depths = new Map<string, number>();
  const rows: TreeRow[] = [];
  let count = 0;
  for (const place of places) {
    const depth = isRoot(place) ? 0 : depths.get(place.parent!);
    // what stands in a closed place has no depth
    if (depth === undefined || (found !== undefined && !found.has(place.id))) continue;
    const isOpen = found !== undefined || open.has(place.id);
    if (isOpen) depths.set(place.id, depth + 1);
    count++;
    if (rows.length < MAX_ROWS) rows.push({ place, depth, hasChildren: parents.has(place.id), isOpen });
  }
  return { rows, more: count - rows.length };
}

/** It stands in no other place. */
export function isRoot({ parent }: Pick<Place, "parent">): boolean {
  return parent === undefined || parent === null;
}

/** Those whose name or id holds the text in any case, with the places above them. */
function placesNamed(places: readonly Place[], text: string): ReadonlySet<string> {
  const needle = text.toLowerCase();
  const byId = new Map(places.map((place) => [place.id, place]));
  const found = new Set<string>();
  for (const { title, name, id } of places) {
    if (![title.en, title.zh, name].some((word) => word.toLowerCase().includes(needle))) continue;
    for (let at: string | undefined = id; at !== undefined && !found.has(at); at = byId.get(at)?.parent ?? undefined) found.add(at);
  }
  return found;
}

/** Ids of the places above one. */
export function placesAbove(places: readonly Place[], id: string | undefined): readonly string[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  const above: string[] = [];
  for (let at = byId.get(id ?? "")?.parent; typeof at === "string" && above.length < places.length; at = byId.get(at)?.parent)
    above.push(at);
  return above;
}
