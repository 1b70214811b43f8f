import { isObject, type Loose } from "./loose.ts";

/** The id of an identifiable of any release. */
export function idOf(given: Loose): string | undefined {
  const identification = given["identification"] ?? given["id"];
  const id = isObject(identification) ? (identification["id"] ?? identification["value"] ?? identification["#text"]) : identification;
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** The class of an identifiable of any release, `Asset` of releases 1 and 2 among them; undefined = it is none. */
export function identifiableClassOf(given: Loose): string | undefined {
  const modelType = given["modelType"];
  const name = isObject(modelType) ? modelType["name"] : modelType;
  for (const known of ["AssetAdministrationShell", "Submodel", "ConceptDescription", "Asset"])
    if (typeof name === "string" && name.toLowerCase() === known.toLowerCase()) return known;
  if (name !== undefined || idOf(given) === undefined) return undefined;
  if (given["assetInformation"] !== undefined || given["asset"] !== undefined || given["assetRef"] !== undefined)
    return "AssetAdministrationShell";
  if (given["submodelElements"] !== undefined) return "Submodel";
  return given["isCaseOf"] !== undefined ? "ConceptDescription" : undefined;
}
