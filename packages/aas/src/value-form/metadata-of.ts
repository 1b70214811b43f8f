import type { ConceptDescription, Shell, Submodel, SubmodelElement } from "../metamodel.ts";

/**
 * What a value-only form or an element below holds: the table "Metadata attributes" (Format "Metadata") leaves it out. The table keeps
 * entityType, which the schema EntityMetadata of IDTA-01002 forgets.
 */
const NOT_METADATA: ReadonlySet<string> = new Set(
  (
    "submodelElements value valueId min max contentType first second annotations " +
    "statements globalAssetId specificAssetIds observed inputVariables outputVariables inoutputVariables"
  ).split(" "),
);

/** The metadata form (IDTA-01002, Content "Metadata"): without values and without the elements below. */
export function metadataOf(element: Shell | Submodel | ConceptDescription | SubmodelElement): Record<string, unknown> {
  return Object.fromEntries(Object.entries(element).filter(([name]) => !NOT_METADATA.has(name)));
}

/** Whether an attribute belongs to the metadata of an element. */
export function isMetadata(name: string): boolean {
  return !NOT_METADATA.has(name);
}
