// Content of data specifications (IDTA-01003-a) as releases 1, 2 and the drafts of 3 wrote it.

import { message } from "@doppelwerk/messages";
import { CLASSES } from "../class-table.ts";
import { isEmpty, isObject, Draft, type Reporting } from "./loose.ts";

export const IEC_61360 = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3";

const dataType = CLASSES.get("DataSpecificationIec61360")!.byName.get("dataType")!.type;
const DATA_TYPES = new Map<string, string>(
  dataType.kind === "enumeration" ? [...dataType.values].map((name) => [name.toLowerCase().replaceAll("_", ""), name]) : [],
);
const OTHER_DATA_TYPES: Readonly<Record<string, string>> = {
  url: "IRI",
  uri: "IRI",
  double: "REAL_MEASURE",
  float: "REAL_MEASURE",
  real: "REAL_MEASURE",
  int: "INTEGER_MEASURE",
  integer: "INTEGER_MEASURE",
  langstring: "STRING_TRANSLATABLE",
  datetime: "TIMESTAMP",
};

/** What is below an embedded data specification, brought to `{dataSpecification, dataSpecificationContent}`; undefined when it says nothing. */
export function upgradeEmbedded(given: unknown, path: string, telling: Reporting): unknown {
  if (!isObject(given)) return given;
  const draft = new Draft(given);
  if (draft.has("hasDataSpecification")) draft.set("dataSpecification", draft.take("hasDataSpecification"));
  if (Array.isArray(draft.get("keys")) && !draft.has("dataSpecification")) draft.set("dataSpecification", { keys: draft.take("keys") });
  if (draft.has("content")) draft.set("dataSpecificationContent", draft.take("content"));
  const content = contentOf(draft.get("dataSpecificationContent"));
  if (content === undefined) {
    telling.count(path, message("aas.dataSpecificationWithoutContentSays"), "empty");
    return undefined;
  }
  draft.set("dataSpecificationContent", content);
  if (isEmpty(draft.get("dataSpecification")) || isEmpty((draft.get("dataSpecification") as { keys?: unknown }).keys)) {
    draft.set("dataSpecification", { type: "ExternalReference", keys: [{ type: "GlobalReference", value: IEC_61360 }] });
    telling.count(path, message("aas.dataSpecificationNamedTemplateTaken"), "required");
  }
  return draft.now();
}

function contentOf(given: unknown): unknown {
  if (Array.isArray(given)) return given.length === 1 ? contentOf(given[0]) : undefined;
  if (!isObject(given) || isEmpty(given)) return undefined;
  for (const name of ["dataSpecificationIEC61360", "dataSpecificationIec61360"]) if (isObject(given[name])) return contentOf(given[name]);
  return given;
}

/** Changes the content itself; language strings and references below it are upgraded by the walk. `fallbackName` names it when nothing else does. */
export function upgradeContent(draft: Draft, path: string, telling: Reporting, fallbackName: string): void {
  if (draft.get("modelType") !== "DataSpecificationIec61360") {
    draft.set("modelType", "DataSpecificationIec61360");
    telling.count(path, message("aas.contentDataSpecificationTakenIec"), "structure");
  }
  const type = draft.get("dataType");
  if (typeof type === "string" && type !== "") {
    const name = type.trim().toLowerCase().replace(/^xs:/, "").replaceAll("_", "");
    const known = DATA_TYPES.get(name) ?? OTHER_DATA_TYPES[name];
    if (known !== undefined && known !== type) {
      draft.set("dataType", known);
      telling.count(path, message("aas.dataTypeIec61360Became", { type: JSON.stringify(type), known }));
    }
  }
  for (const attribute of ["sourceOfDefinition", "unit", "symbol", "valueFormat", "value"]) asText(draft, attribute, path, telling);
  upgradeLevelType(draft, path, telling);
  upgradeValueList(draft);
  if (draft.has("valueId")) {
    const valueId = draft.take("valueId");
    if (!isEmpty(valueId)) telling.count(path, message("aas.valueIdIec61360Content"));
  }
  if (typeof draft.get("unit") === "object" && !Array.isArray(draft.get("unit")) && isEmpty(draft.get("unit"))) draft.take("unit");
  if (isEmpty(draft.get("preferredName"))) {
    const shortName = draft.get("shortName");
    draft.set("preferredName", isEmpty(shortName) ? [{ language: "en", text: fallbackName }] : shortName);
    telling.repaired(path, "required", message("aas.preferredNameMissingShortName"));
  }
}

/** What release 1 gave in several languages, and 3.1 in none. */
function asText(draft: Draft, attribute: string, path: string, telling: Reporting): void {
  const given = draft.get(attribute);
  const list = isObject(given) && given["langString"] !== undefined ? [given["langString"]].flat() : given;
  if (
    !Array.isArray(list) ||
    list.length === 0 ||
    !list.every((item) => typeof item === "string" || (isObject(item) && typeof item["text"] === "string"))
  )
    return;
  const texts = (list as readonly (string | { text: string })[])
    .map((item) => (typeof item === "string" ? item : item.text))
    .filter((text) => text !== "");
  draft.set(attribute, texts.length === 0 ? undefined : [...new Set(texts)].join(" / "));
  telling.count(path, message("aas.givenLanguageWrittenText", { attribute }));
}

function upgradeLevelType(draft: Draft, path: string, telling: Reporting): void {
  const given = draft.get("levelType");
  if (given === undefined) return;
  if (isEmpty(given)) {
    draft.take("levelType");
    return;
  }
  const names = Array.isArray(given) ? given : typeof given === "string" ? [given] : undefined;
  if (names === undefined) {
    if (isObject(given)) draft.set("levelType", wholeLevels(given, path, telling));
    return;
  }
  const has = (name: string) => names.some((item) => typeof item === "string" && item.toLowerCase() === name);
  draft.set("levelType", { min: has("min"), nom: has("nom"), typ: has("typ"), max: has("max") });
  telling.count(path, message("aas.levelTypeBecameFourTruth"));
}

function wholeLevels(given: Readonly<Record<string, unknown>>, path: string, telling: Reporting): unknown {
  const draft = new Draft(given);
  for (const name of ["min", "nom", "typ", "max"]) {
    if (draft.has(name)) continue;
    draft.set(name, false);
    telling.repaired(path, "required", message("aas.levelTypeDidSayTaken", { name }));
  }
  return draft.now();
}

function upgradeValueList(draft: Draft): void {
  const given = draft.get("valueList");
  if (given === undefined) return;
  if (isEmpty(given)) {
    draft.take("valueList");
    return;
  }
  const pairs = Array.isArray(given)
    ? given
    : isObject(given)
      ? (given["valueReferencePairs"] ?? given["valueReferencePairTypes"] ?? given["valueReferencePair"])
      : undefined;
  if (pairs === undefined || (isObject(given) && pairs === given["valueReferencePairs"] && Array.isArray(pairs))) return;
  const list = Array.isArray(pairs) ? pairs : [pairs];
  if (list.every(isEmpty)) draft.take("valueList");
  else draft.set("valueList", { valueReferencePairs: list });
}
