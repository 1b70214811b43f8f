import { message } from "@doppelwerk/messages";
import { CLASSES } from "../class-table.ts";
import { isEmpty, isObject, Draft, type Loose, type Reporting } from "./loose.ts";

/** Key types of earlier releases by the name in lower case. What has no successor is a global name. */
const RENAMED: Readonly<Record<string, string>> = {
  asset: "GlobalReference",
  basicevent: "BasicEventElement",
  event: "EventElement",
  eventmessage: "EventElement",
  view: "Referable",
  conceptdictionary: "Referable",
  accesspermissionrule: "Referable",
  submodelelementstruct: "SubmodelElementCollection",
  globalreferenceelement: "ReferenceElement",
  modelreferenceelement: "ReferenceElement",
  iri: "GlobalReference",
  irdi: "GlobalReference",
  custom: "GlobalReference",
};

const KEY_TYPES = new Map<string, string>(
  [...valuesOf("Key", "type"), ...valuesOf("SubmodelElementList", "typeValueListElement")].map((name) => [name.toLowerCase(), name]),
);

function valuesOf(className: string, attribute: string): readonly string[] {
  const type = CLASSES.get(className)?.byName.get(attribute)?.type;
  return type?.kind === "enumeration" ? [...type.values] : [];
}

/** The key type, or element type, that a name of any release means; undefined when it means none. */
export function keyTypeOf(name: string): string | undefined {
  const lower = name.trim().toLowerCase();
  return KEY_TYPES.get(lower) ?? (Object.hasOwn(RENAMED, lower) ? RENAMED[lower] : undefined);
}

/**
 * A reference of any release as 3.1 writes it; undefined for one without keys, which says nothing.
 * Releases 1 and 2 had no `type`, but `local`, `idType` and `index` at each key; some writers give the list of keys, or a bare string.
 */
export function upgradeReference(given: unknown, path: string, telling: Reporting): unknown {
  if (typeof given === "string") {
    if (given === "") return undefined;
    telling.repaired(path, "type", message("aas.referenceTextBecameExternalReference"));
    return { type: "ExternalReference", keys: [{ type: "GlobalReference", value: given }] };
  }
  if (Array.isArray(given)) return upgradeReference({ keys: given }, path, telling);
  if (!isObject(given)) return given;
  if (isEmpty(given["keys"]) && isObject(given["reference"])) return upgradeReference(given["reference"], path, telling);
  const named = keysOf(given["keys"] ?? given["key"]);
  const isLegacy = named.some((key) => isObject(key) && ("idType" in key || "local" in key));
  const keys = isLegacy ? named.filter((key) => !isObject(key) || !isEmpty(key["value"])) : named;
  if (keys.every(isEmpty) || keys.every((key) => isObject(key) && isEmpty(key["value"]) && isEmpty(key["type"]))) {
    const hasMore = Object.keys(given).some((name) => !["keys", "key", "type", "modelType", ...DERIVED].includes(name));
    if (hasMore) return given;
    telling.count(path, message("aas.referenceWithoutKeysSaysNothing"), "empty");
    return undefined;
  }
  const draft = new Draft(given);
  draft.take("key");
  if (keys !== given["keys"]) draft.set("keys", keys);
  const upgraded = keys.map((key) => upgradeKey(key, path, telling));
  const isChanged = upgraded.some((key, index) => key !== keys[index]);
  if (isChanged) draft.set("keys", upgraded);
  draft.set("type", typeOf(draft.get("type"), draft.get("keys") as readonly unknown[], path, telling));
  if (draft.get("type") === "ExternalReference" && telling.legacy && isChanged) draft.set("keys", upgraded.map(globalKey));
  for (const name of ["modelType", ...DERIVED]) if (draft.has(name)) draft.take(name);
  if (isLegacy)
    for (const name of OF_TARGET) {
      if (!draft.has(name)) continue;
      draft.take(name);
      telling.count(path, message("aas.referenceDoesSayWhatRefers", { name }));
    }
  if (isObject(draft.get("referredSemanticId")))
    draft.set("referredSemanticId", upgradeReference(draft.get("referredSemanticId"), `${path}.referredSemanticId`, telling));
  return draft.now();
}

/** What writers of release 2 repeated in a reference. */
const OF_TARGET = ["idShort", "identification"];

/** What some writers computed from the keys and wrote beside them. */
const DERIVED = ["first", "First", "last", "Last", "count", "Count", "isEmpty", "IsEmpty"];

function keysOf(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given;
  if (isObject(given)) return isEmpty(given) ? [] : "key" in given ? keysOf(given["key"]) : [given];
  return given === undefined || given === null || given === "" ? [] : [given];
}

function upgradeKey(given: unknown, path: string, telling: Reporting): unknown {
  if (typeof given === "string") return { type: "GlobalReference", value: given };
  if (!isObject(given)) return given;
  const draft = new Draft(given);
  for (const name of ["local", "idType", "index"]) {
    if (!draft.has(name)) continue;
    draft.take(name);
    telling.count(path, message("aas.keyAttributeLeftOut", { name }));
  }
  if (draft.has("keyType")) draft.set("type", draft.take("keyType"));
  const type = draft.get("type");
  if (type === undefined || type === null || type === "") {
    draft.set("type", "GlobalReference");
    telling.repaired(path, "required", message("aas.keyWithoutType"));
  } else if (typeof type === "string" && keyTypeOf(type) !== type && keyTypeOf(type) !== undefined) {
    draft.set("type", keyTypeOf(type));
    telling.count(path, message("aas.keyTypeBecame", { type: JSON.stringify(type), type2: keyTypeOf(type)! }));
  }
  const value = draft.get("value");
  if (typeof value === "number") draft.set("value", String(value));
  return draft.now();
}

/** An external reference of an earlier release may name anything; 3.1 wants every key to be a global name or a fragment. */
function globalKey(key: unknown): unknown {
  if (!isObject(key) || key["type"] === "FragmentReference" || key["type"] === "GlobalReference") return key;
  return { ...key, type: "GlobalReference" };
}

const IDENTIFIABLES = new Set<unknown>(["AssetAdministrationShell", "Submodel", "ConceptDescription", "Identifiable"]);

function typeOf(given: unknown, keys: readonly unknown[], path: string, telling: Reporting): unknown {
  const first = keys[0] as Loose | undefined;
  const wanted = IDENTIFIABLES.has(first?.["type"]) || (keys.length === 0 && given === "ModelReference") ? "ModelReference" : undefined;
  if (given === "ExternalReference" || given === "ModelReference") return given;
  if (given === "GlobalReference") {
    telling.count(path, message("aas.globalReferenceBecameExternal"));
    return "ExternalReference";
  }
  if (given !== undefined && given !== null && given !== "") return given;
  telling.count(path, message("aas.referenceWithoutTypeFollowsFirst"));
  return (
    wanted ?? (first?.["type"] === "GlobalReference" || first?.["type"] === "FragmentReference" ? "ExternalReference" : "ModelReference")
  );
}
