import { message } from "@doppelwerk/messages";
import type { Key, KeyType, Reference } from "../metamodel.ts";
import type { ReportFinding } from "./constraints.ts";

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
export function checkReference(reference: Reference, reportFinding: ReportFinding): void {
  const first = reference.keys[0]!;
  if (!GLOBALLY_IDENTIFIABLES.has(first.type))
    reportFinding("AASd-121", message("aas.firstKeyReferenceMust", { type: first.type }), ".keys[0].type");
  if (reference.type === "ExternalReference") checkExternal(reference.keys, reportFinding);
  if (reference.type === "ModelReference") checkModel(reference.keys, reportFinding);
}

function checkExternal(keys: readonly Key[], reportFinding: ReportFinding): void {
  const last = keys.length - 1;
  if (!GENERIC_GLOBALLY_IDENTIFIABLES.has(keys[0]!.type))
    reportFinding("AASd-122", message("aas.firstKeyExternalReferenceMust"), ".keys[0].type");
  if (!GENERIC_GLOBALLY_IDENTIFIABLES.has(keys[last]!.type) && !GENERIC_FRAGMENT_KEYS.has(keys[last]!.type)) {
    reportFinding("AASd-124", message("aas.lastKeyExternalReferenceMust"), `.keys[${last}].type`);
  }
  for (let index = 0; index <= last; index++) {
    const { type } = keys[index]!;
    if (AAS_IDENTIFIABLES.has(type) || SUBMODEL_ELEMENTS.has(type) || type === "Referable") {
      reportFinding("AASd-135", message("aas.externalReferenceMustHaveKey", { type }), `.keys[${index}].type`);
    }
  }
}

function checkModel(keys: readonly Key[], reportFinding: ReportFinding): void {
  if (!AAS_IDENTIFIABLES.has(keys[0]!.type)) {
    reportFinding("AASd-123", message("aas.firstKeyModelReferenceMust"), ".keys[0].type");
  }
  for (let index = 1; index < keys.length; index++) {
    const [key, before] = [keys[index]!, keys[index - 1]!];
    const at = `.keys[${index}]`;
    if (!FRAGMENT_KEYS.has(key.type))
      reportFinding("AASd-125", message("aas.laterKeyModelReferenceMust", { type: key.type }), `${at}.type`);
    if (GENERIC_FRAGMENT_KEYS.has(key.type)) {
      if (index < keys.length - 1) reportFinding("AASd-126", message("aas.fragmentMustBeLast"), `${at}.type`);
      if (before.type !== "File" && before.type !== "Blob") reportFinding("AASd-127", message("aas.fragmentMustFollowFile"), `${at}.type`);
    }
    if (before.type === "SubmodelElementList" && !INDEX.test(key.value)) {
      reportFinding("AASd-128", message("aas.keyAfterListMustBeIndex"), `${at}.value`);
    }
  }
}

/** Whether two references are the same: type and keys (the referred semantic id is a hint and not compared). */
export function sameReference(left: Reference, right: Reference): boolean {
  if (left.type !== right.type || left.keys.length !== right.keys.length) return false;
  return left.keys.every((key, index) => key.type === right.keys[index]!.type && key.value === right.keys[index]!.value);
}
