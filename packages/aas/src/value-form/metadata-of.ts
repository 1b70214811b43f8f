import type { ConceptDescription, Shell, Submodel, SubmodelElement } from "../metamodel.ts";

/** The metadata form (IDTA-01002, Format "Metadata"): the element without its values and without elements below it. */
export function metadataOf(element: Shell | Submodel | ConceptDescription | SubmodelElement): Record<string, unknown> {
  throw new Error(`not built yet: ${element.modelType}`);
}
