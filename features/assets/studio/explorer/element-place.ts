import type { ExplorerPlace } from "@doppelwerk/kit/studio";

/** A place at an element. */
export type ElementPlace = ExplorerPlace & { readonly submodel: string; readonly path: string };

/** Of the submodel that the element is in. */
export function placeOfSubmodel(place: ElementPlace): ExplorerPlace {
  const { path: _, tab: __, ...rest } = place;
  return rest;
}

/** Where an item of a list is: `a.b[2]` → `a.b` and 2; undefined = it is no item. */
export function listPlaceOf(path: string): { readonly list: string; readonly index: number } | undefined {
  if (!path.endsWith("]")) return undefined;
  const bracket = path.lastIndexOf("[");
  return { list: path.slice(0, bracket), index: Number(path.slice(bracket + 1, -1)) };
}

/** `a.b[2]` → `a`, `.b`, `[2]`. */
export function stepsOf(path: string): readonly string[] {
  return path.split(/(?=[.[])/);
}
