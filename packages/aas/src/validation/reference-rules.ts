import type { Key, KeyType, Reference } from "../metamodel.ts";
import type { Tell } from "./constraints.ts";

// The subsets of KeyTypes that IDTA-01001 names.
const AAS_IDENTIFIABLES = new Set<KeyType>(["AssetAdministrationShell", "ConceptDescription", "Submodel", "Identifiable"]);
const GENERIC_GLOBALLY_IDENTIFIABLES = new Set<KeyType>(["GlobalReference"]);
const GLOBALLY_IDENTIFIABLES = new Set<KeyType>([...AAS_IDENTIFIABLES, ...GENERIC_GLOBALLY_IDENTIFIABLES]);
const GENERIC_FRAGMENT_KEYS = new Set<KeyType>(["FragmentReference"]);
const SUBMODEL_ELEMENTS = new Set<KeyType>([
  ...([
    "AnnotatedRelationshipElement",
    "BasicEventElement",
    "Blob",
    "Capability",
    "DataElement",
    "Entity",
    "EventElement",
    "File",
  ] as const),
  ...(["MultiLanguageProperty", "Operation", "Property", "Range", "ReferenceElement", "RelationshipElement"] as const),
  ...(["SubmodelElement", "SubmodelElementCollection", "SubmodelElementList"] as const),
]);
const FRAGMENT_KEYS = new Set<KeyType>([...SUBMODEL_ELEMENTS, ...GENERIC_FRAGMENT_KEYS]);
const INDEX = /^[0-9]+$/;

/** AASd-121 to -128 and -135: which keys a reference may be made of. */
export function checkReference(reference: Reference, tell: Tell): void {
  const first = reference.keys[0]!;
  if (!GLOBALLY_IDENTIFIABLES.has(first.type))
    tell("AASd-121", `The first key of a reference must not be a ${first.type}.`, ".keys[0].type");
  if (reference.type === "ExternalReference") checkExternal(reference.keys, tell);
  if (reference.type === "ModelReference") checkModel(reference.keys, tell);
}

function checkExternal(keys: readonly Key[], tell: Tell): void {
  const last = keys.length - 1;
  if (!GENERIC_GLOBALLY_IDENTIFIABLES.has(keys[0]!.type))
    tell("AASd-122", "The first key of an external reference must be a GlobalReference.", ".keys[0].type");
  if (!GENERIC_GLOBALLY_IDENTIFIABLES.has(keys[last]!.type) && !GENERIC_FRAGMENT_KEYS.has(keys[last]!.type)) {
    tell("AASd-124", "The last key of an external reference must be a GlobalReference or a FragmentReference.", `.keys[${last}].type`);
  }
  for (let index = 0; index <= last; index++) {
    const { type } = keys[index]!;
    if (AAS_IDENTIFIABLES.has(type) || SUBMODEL_ELEMENTS.has(type) || type === "Referable") {
      tell("AASd-135", `An external reference must not have a key of type ${type}.`, `.keys[${index}].type`);
    }
  }
}

function checkModel(keys: readonly Key[], tell: Tell): void {
  if (!AAS_IDENTIFIABLES.has(keys[0]!.type)) {
    tell("AASd-123", "The first key of a model reference must be a shell, a submodel or a concept description.", ".keys[0].type");
  }
  for (let index = 1; index < keys.length; index++) {
    const [key, before] = [keys[index]!, keys[index - 1]!];
    const at = `.keys[${index}]`;
    if (!FRAGMENT_KEYS.has(key.type)) tell("AASd-125", `A later key of a model reference must not be a ${key.type}.`, `${at}.type`);
    if (GENERIC_FRAGMENT_KEYS.has(key.type)) {
      if (index < keys.length - 1) tell("AASd-126", "A FragmentReference must be the last key.", `${at}.type`);
      if (before.type !== "File" && before.type !== "Blob")
        tell("AASd-127", "A FragmentReference must follow a File or a Blob.", `${at}.type`);
    }
    if (before.type === "SubmodelElementList" && !INDEX.test(key.value)) {
      tell("AASd-128", "The key after a SubmodelElementList must be the index of an element.", `${at}.value`);
    }
  }
}

/** Whether two references are the same: type and keys (the referred semantic id is a hint and not compared). */
export function sameReference(left: Reference, right: Reference): boolean {
  if (left.type !== right.type || left.keys.length !== right.keys.length) return false;
  return left.keys.every((key, index) => key.type === right.keys[index]!.type && key.value === right.keys[index]!.value);
}
