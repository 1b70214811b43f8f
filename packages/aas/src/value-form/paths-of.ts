import type { Submodel, SubmodelElement } from "../metamodel.ts";

/** The path form: the idShortPaths of everything below a submodel, or of an element (first) and below. */
export function pathsOf(element: Submodel | SubmodelElement, level?: "core" | "deep"): string[] {
  throw new Error(`not built yet: ${element.modelType} ${level}`);
}
