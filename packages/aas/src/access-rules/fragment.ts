import { ABSTRACT, classNamed, type ClassName } from "../class-table.ts";

const CLASS_OF: Readonly<Record<string, ClassName>> = {
  aas: "AssetAdministrationShell",
  sm: "Submodel",
  cd: "ConceptDescription",
};
const ELEMENTS = [...ABSTRACT.SubmodelElement].map((name) => classNamed(name as ClassName));

/**
 * Whether what a fragment begins with is an attribute of what it is of: a filter of anything else would hide nothing. Elements of a submodel are named by
 * `$sme`; descriptors may have attributes that no standard names.
 */
export function isFragmentOfModel(fragment: string): boolean {
  const [, root = "", attribute] = /^\$(aasdesc|smdesc|aas|sme|sm|cd)(?:\.[^#]*)?(?:#([A-Za-z0-9_]+))?/.exec(fragment) ?? [];
  if (attribute === undefined) return root === "sme";
  if (root === "aasdesc" || root === "smdesc") return true;
  if (root === "sme") return ELEMENTS.some(({ byName }) => byName.has(attribute));
  return attribute !== "submodelElements" && Object.hasOwn(CLASS_OF, root) && classNamed(CLASS_OF[root]!).byName.has(attribute);
}

/** As the JSON of its object has it: the text of the standard puts what a descriptor says of its asset below `assetInformation`. */
export function fragmentAsHeld(fragment: string): string {
  return fragment.replace(/^\$aasdesc#assetInformation\./, "$aasdesc#");
}
