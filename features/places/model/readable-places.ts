import type { RecordId } from "@doppelwerk/world";
import type { Place, PlaceTree } from "./place.ts";

/** The tree without the places whose shells may not be read: what stands in them stands in the nearest place above that may be. */
export function readablePlaces({ places, findings }: PlaceTree, mayRead: (record: RecordId) => boolean): PlaceTree {
  /** Of each place seen so far: itself, or the nearest readable one above. */
  const shownAs = new Map<RecordId, RecordId | undefined>();
  const shown: Place[] = [];
  for (const { layout, ...place } of places) {
    const parent = place.parent === undefined ? undefined : shownAs.get(place.parent);
    const isReadable = mayRead(place.id);
    shownAs.set(place.id, isReadable ? place.id : parent);
    if (isReadable) shown.push({ ...place, parent, ...(layout !== undefined && mayRead(layout.submodel) && { layout }) });
  }
  const isShown = (id: RecordId): boolean => shownAs.get(id) === id;
  return { places: shown, findings: findings.filter(({ about }) => about.every(isShown)) };
}

/** The place and everything in it, in the order of the tree; empty where there is no such place. */
export function placesWithin(places: readonly Place[], id: RecordId): readonly Place[] {
  const within = new Set<RecordId>();
  return places.filter((place) => {
    const isWithin = place.id === id || (place.parent !== undefined && within.has(place.parent));
    if (isWithin) within.add(place.id);
    return isWithin;
  });
}

/** From the outermost place down to this one. */
export function pathTo(places: readonly Place[], id: RecordId): readonly Place[] {
  const byId = new Map(places.map((place) => [place.id, place]));
  const path: Place[] = [];
  for (
    let at = byId.get(id);
    at !== undefined && path.length < places.length;
    at = at.parent === undefined ? undefined : byId.get(at.parent)
  )
    path.unshift(at);
  return path;
}

const chains = new WeakMap<PlaceTree, Map<RecordId, readonly RecordId[]>>();

/** The place and every one that contains it, from the inside out; empty where there is no such place. */
export function placesAbove(tree: PlaceTree, id: RecordId): readonly RecordId[] {
  let known = chains.get(tree);
  if (known === undefined) {
    known = new Map();
    // each place comes before the places in it
    for (const place of tree.places)
      known.set(place.id, place.parent === undefined ? [place.id] : [place.id, ...(known.get(place.parent) ?? [])]);
    chains.set(tree, known);
  }
  return known.get(id) ?? [];
}
