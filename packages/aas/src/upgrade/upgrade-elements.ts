// What changed in the classes of submodel elements between the releases.

import { message } from "@doppelwerk/messages";
import { ABSTRACT } from "../class-table.ts";
import { isEmpty, isObject, type Draft, type Loose, type Reporting } from "./loose.ts";
import { keyTypeOf } from "./upgrade-reference.ts";

/** The class of an element: by its modelType in any spelling of any release, else by what it has; undefined when neither says. */
export function elementClassOf(given: Loose, path: string, telling: Reporting): string | undefined {
  const modelType = given["modelType"];
  if (typeof modelType === "string" && ABSTRACT.SubmodelElement.has(modelType)) return modelType;
  const name =
    typeof modelType === "string"
      ? modelType
      : isObject(modelType) && typeof modelType["name"] === "string"
        ? modelType["name"]
        : undefined;
  const known = name === undefined ? undefined : keyTypeOf(name);
  if (known !== undefined && ABSTRACT.SubmodelElement.has(known)) {
    telling.count(
      path,
      typeof modelType === "string"
        ? message("aas.classBecame", { name: JSON.stringify(name), known })
        : message("aas.modelTypeBecameName"),
    );
    return known;
  }
  const guessed = classByShape(given);
  if (guessed !== undefined)
    telling.repaired(
      path,
      "structure",
      name === undefined
        ? message("aas.elementWithoutModelType", { guessed })
        : message("aas.elementOfUnknownClass", { name: JSON.stringify(name.slice(0, 80)), guessed }),
    );
  return guessed;
}

function classByShape(given: Loose): string | undefined {
  const has = (...names: string[]) => names.some((name) => given[name] !== undefined);
  const value = given["value"];
  if (has("typeValueListElement")) return "SubmodelElementList";
  if (has("statements", "statement", "entityType")) return "Entity";
  if (has("first", "second")) return has("annotations", "annotation") ? "AnnotatedRelationshipElement" : "RelationshipElement";
  if (has("inputVariables", "outputVariables", "inoutputVariables", "inputVariable", "outputVariable", "inoutputVariable"))
    return "Operation";
  if (has("observed")) return "BasicEventElement";
  if (has("mimeType", "contentType")) return typeof value === "string" && value.length > 200 ? "Blob" : "File";
  if (has("min", "max")) return "Range";
  if (has("valueType")) return "Property";
  if (isObject(value)) return "keys" in value ? "ReferenceElement" : "langString" in value ? "MultiLanguageProperty" : undefined;
  if (has("ordered", "allowDuplicates")) return "SubmodelElementCollection";
  if (Array.isArray(value) && value.length > 0)
    return value.every((item) => isObject(item) && "language" in item)
      ? "MultiLanguageProperty"
      : value.every((item) => isObject(item) && ("modelType" in item || "idShort" in item))
        ? "SubmodelElementCollection"
        : undefined;
  return ["string", "number", "boolean"].includes(typeof value) ? "Property" : undefined;
}

const ENTITY_TYPES: Readonly<Record<string, string>> = { selfmanagedentity: "SelfManagedEntity", comanagedentity: "CoManagedEntity" };

/** Changes that belong to one class of elements; what all of them have is changed before. */
export function upgradeElement(className: string, draft: Draft, path: string, telling: Reporting): void {
  if (draft.has("kind")) {
    draft.take("kind");
    telling.count(path, message("aas.kindSubmodelElementLongerPart"));
  }
  switch (className) {
    case "SubmodelElementList":
      if (draft.has("ordered") && !draft.has("orderRelevant")) {
        draft.set("orderRelevant", String(draft.take("ordered")).trim().toLowerCase() === "true");
        telling.count(path, message("aas.orderedBecameOrderRelevant"));
      }
      return keepFlags(draft, path, telling);
    case "SubmodelElementCollection":
      return keepFlags(draft, path, telling);
    case "Entity":
      return upgradeEntity(draft, path, telling);
    case "BasicEventElement":
      return upgradeEvent(draft, path, telling);
    case "MultiLanguageProperty":
      if (isObject(draft.get("value")) && "langString" in (draft.get("value") as Loose))
        draft.set("value", (draft.get("value") as Loose)["langString"]);
      return;
    default:
  }
}

/** `ordered` and `allowDuplicates` have no successor in a collection, the second none in a list; where they say something they are kept as extensions. */
function keepFlags(draft: Draft, path: string, telling: Reporting): void {
  for (const flag of ["ordered", "allowDuplicates"]) {
    if (!draft.has(flag)) continue;
    const isSet = String(draft.take(flag)).trim().toLowerCase() === "true";
    if (isSet) addExtension(draft, { name: flag, valueType: "xs:boolean", value: "true" });
    telling.count(path, isSet ? message("aas.flagKeptAsExtension", { flag }) : message("aas.flagLeftOut", { flag }));
  }
}

function upgradeEntity(draft: Draft, path: string, telling: Reporting): void {
  const type = draft.get("entityType");
  if (typeof type === "string" && Object.hasOwn(ENTITY_TYPES, type.toLowerCase()))
    draft.set("entityType", ENTITY_TYPES[type.toLowerCase()]);
  const asset = draft.has("asset") ? draft.take("asset") : draft.take("assetRef");
  const id = lastKeyOf(asset);
  if (id !== undefined && !draft.has("globalAssetId")) {
    draft.set("globalAssetId", id);
    telling.count(path, message("aas.entityAssetBecameGlobalAssetId"));
  }
  const globalAssetId = draft.get("globalAssetId");
  if (isObject(globalAssetId) && lastKeyOf(globalAssetId) !== undefined) {
    draft.set("globalAssetId", lastKeyOf(globalAssetId));
    telling.count(path, message("aas.globalAssetIdBecameIdentifier"));
  }
  if (draft.has("specificAssetId") && !draft.has("specificAssetIds")) {
    const ids = draft.take("specificAssetId");
    draft.set("specificAssetIds", Array.isArray(ids) ? ids : [ids]);
  }
}

function upgradeEvent(draft: Draft, path: string, telling: Reporting): void {
  const missing = [
    ["direction", "output"],
    ["state", "on"],
  ] as const;
  for (const [name, value] of missing) {
    if (!isEmpty(draft.get(name))) continue;
    draft.set(name, value);
    telling.count(path, message("aas.eventElementMustSaySet", { name, value }), "required");
  }
}

/** The value of the last key of a reference in any release. */
export function lastKeyOf(reference: unknown): string | undefined {
  if (typeof reference === "string" && reference !== "") return reference;
  const keys = isObject(reference) ? reference["keys"] : Array.isArray(reference) ? reference : undefined;
  const last = Array.isArray(keys) ? keys.at(-1) : undefined;
  return isObject(last) && typeof last["value"] === "string" && last["value"] !== "" ? last["value"] : undefined;
}

/** Adds an extension that no other of that name is there for. */
export function addExtension(draft: Draft, extension: Loose & { readonly name: string }): void {
  const extensions = Array.isArray(draft.get("extensions")) ? (draft.get("extensions") as readonly unknown[]) : [];
  const names = new Set(extensions.map((item) => (isObject(item) ? item["name"] : undefined)));
  let name = extension.name;
  for (let copy = 2; names.has(name); copy++) name = `${extension.name} ${copy}`;
  draft.set("extensions", [...extensions, { ...extension, name }]);
}
