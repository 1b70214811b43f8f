import { parseIdShortPath, type IdShortPathSegment, type SubmodelElement } from "@doppelwerk/aas";

type Json = Readonly<Record<string, unknown>>;

const CHILDREN = ["value", "statements", "annotations"] as const;

/** The elements with other attributes of the one at a path. */
export function withElement(elements: readonly SubmodelElement[], path: string, attributes: Json): readonly SubmodelElement[] {
  const segments = parseIdShortPath(path);
  return Array.isArray(segments) ? replaced(elements, segments as readonly IdShortPathSegment[], attributes) : elements;
}

function replaced(
  elements: readonly SubmodelElement[],
  [first, ...rest]: readonly IdShortPathSegment[],
  attributes: Json,
): readonly SubmodelElement[] {
  return elements.map((element, at) => {
    if (typeof first === "number" ? first !== at : element.idShort !== first) return element;
    if (rest.length === 0) return { ...element, ...attributes } as SubmodelElement;
    const children = CHILDREN.find((name) => Array.isArray((element as unknown as Json)[name]));
    if (children === undefined) return element;
    const below = (element as unknown as Json)[children] as readonly SubmodelElement[];
    return { ...element, [children]: replaced(below, rest, attributes) } as unknown as SubmodelElement;
  });
}
