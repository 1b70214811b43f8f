import { CLASSES } from "../class-table.ts";
import type { Finding } from "../finding.ts";
import { parseEnvironment } from "../json/parse-environment.ts";
import type { Environment } from "../metamodel.ts";

/** What can be taken alone: the list of an environment, or of a submodel, that it would stand in. */
export type DocumentHome = "assetAdministrationShells" | "submodels" | "conceptDescriptions" | "submodelElements";

const CLASS_OF_HOME: Partial<Record<DocumentHome, string>> = {
  assetAdministrationShells: "AssetAdministrationShell",
  submodels: "Submodel",
  conceptDescriptions: "ConceptDescription",
};

/**
 * One shell, submodel, concept description or element of parsed JSON, taken as the import of a file would take it: brought to metamodel 3.1, repaired where
 * that has one answer, and kept as it is where only a constraint is broken; each with a finding whose path begins at the document.
 * `taken` is undefined where an import would not have it, or where the JSON says that it is of another class. Never throws.
 */
export function takeDocument(
  json: unknown,
  home: DocumentHome,
): { readonly taken: object | undefined; readonly findings: readonly Finding[] } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return { taken: undefined, findings: [] };
  const modelType = (json as { modelType?: unknown }).modelType;
  const of = CLASS_OF_HOME[home];
  if (of !== undefined && typeof modelType === "string" && modelType !== of && CLASSES.has(modelType))
    return { taken: undefined, findings: [] };
  // What stands around an element is not known here: a template forbids least.
  const around =
    home === "submodelElements"
      ? { submodels: [{ modelType: "Submodel", id: "around", kind: "Template", [home]: [json] }] }
      : { [home]: [json] };
  const place = home === "submodelElements" ? "submodels[0].submodelElements[0]" : `${home}[0]`;
  const { environment, findings } = parseEnvironment(around);
  const taken = home === "submodelElements" ? environment.submodels?.[0]?.submodelElements?.[0] : environment[home]?.[0];
  const isIt = home === "submodelElements" || (holdsOne(environment) && isNamed(json, taken as { id?: string } | undefined));
  return {
    taken: isIt ? taken : undefined,
    findings: findings
      .filter(
        ({ path, constraint }) => path.startsWith(place) && !(home === "submodelElements" && constraint === "AASd-117" && path === place),
      )
      .map((finding) => ({ ...finding, path: finding.path.slice(place.length).replace(/^\./, "") })),
  };
}

/** Whether the id is the document's own, as any release writes it: an import may make one up, for which nobody could ask. */
function isNamed(json: object, taken: { readonly id?: string } | undefined): boolean {
  const { id, identification } = json as { id?: unknown; identification?: unknown };
  const earlier = typeof identification === "object" && identification !== null ? (identification as { id?: unknown }).id : identification;
  return taken?.id !== undefined && (taken.id === id || taken.id === earlier);
}

/** Shells of early releases hold submodels themselves: that is more than the one document. */
function holdsOne({ assetAdministrationShells = [], submodels = [], conceptDescriptions = [] }: Environment): boolean {
  return assetAdministrationShells.length + submodels.length + conceptDescriptions.length === 1;
}
