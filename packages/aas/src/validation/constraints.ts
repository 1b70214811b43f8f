// The constraints of IDTA-01001 that look at more than one attribute. Instances arrive with the shapes of the table (read-instance.ts).
// AASd-012 compares meanings and AASd-115 states a default: neither can be broken by a file. AASd-006, -007 and AASc-3a-003 are in value-ids.ts.

import { message, type Message } from "@doppelwerk/messages";
import type { ClassName, ClassRow } from "../class-table.ts";
import { CLASSES, classNamed, standInsOf } from "../class-table.ts";
import { warning, type Finding } from "../finding.ts";
import { isLexical } from "../lexical.ts";
import type {
  Entity,
  Extension,
  Qualifier,
  Range,
  Reference,
  Shell,
  SpecificAssetId,
  Submodel,
  SubmodelElement,
  SubmodelElementList,
} from "../metamodel.ts";
import type { ValueType } from "../value-type.ts";
import { checkDataSpecifications } from "./iec-61360.ts";
import { report, type Instance } from "./read-instance.ts";
import { Place } from "./place.ts";
import { checkReference, sameReference } from "./reference-rules.ts";

/** What stands around an instance, as far as it is known: a bare element has neither. */
interface Surroundings {
  /** Kind of the submodel around; undefined outside of any. */
  readonly submodelKind?: "Instance" | "Template";
  readonly insideVariable?: boolean;
}

/** Adds what the constraints say about an instance and everything in it. */
export function checkConstraints(row: ClassRow, instance: Instance, findings: Finding[]): void {
  const place = new Place();
  const reportFinding: ReportFinding = (constraint, reason, at = "") => report(findings, placeBelow(String(place), at), constraint, reason);
  const warn: ReportFinding = (constraint, reason, at = "") =>
    void findings.push(warning(placeBelow(String(place), at), constraint, reason));
  checkBelow(row, instance, { place, reportFinding, warn }, {});
}

/** One walk through an instance: tells of the place it stands at. */
interface Walk {
  readonly place: Place;
  readonly reportFinding: ReportFinding;
  readonly warn: ReportFinding;
}

function checkBelow(row: ClassRow, instance: Instance, walk: Walk, around: Surroundings): void {
  checkOwn(row, instance, walk, around);
  if (row.nested.length === 0) return;
  const inside = surroundingsInside(row, instance, around);
  for (const { type, name } of row.nested) {
    const value = instance[name];
    if (value === undefined) continue;
    walk.place.enter(name);
    if (type.kind === "instance") checkBelow(rowOf(type.of, value), value as Instance, walk, inside);
    else if (type.kind === "list") checkItems(type.of, value as readonly Instance[], walk, inside);
    walk.place.leave();
  }
}

function checkItems(of: string, items: readonly Instance[], walk: Walk, inside: Surroundings): void {
  for (let index = 0; index < items.length; index++) {
    walk.place.enter(index);
    checkBelow(rowOf(of, items[index]), items[index]!, walk, inside);
    walk.place.leave();
  }
}

function rowOf(expected: string, value: unknown): ClassRow {
  return standInsOf(expected as ClassName) === undefined
    ? classNamed(expected as ClassName)
    : CLASSES.get((value as Instance).modelType as string)!;
}

function surroundingsInside(row: ClassRow, instance: Instance, around: Surroundings): Surroundings {
  if (row.name === "Submodel") return { submodelKind: (instance as unknown as Submodel).kind ?? "Instance" };
  return row.name === "OperationVariable" ? { ...around, insideVariable: true } : around;
}

function checkOwn(row: ClassRow, instance: Instance, { reportFinding, warn }: Walk, around: Surroundings): void {
  // An attribute of one of these names may be one that the class does not have: it is kept, and of any shape.
  const { qualifiers, extensions, supplementalSemanticIds, embeddedDataSpecifications } = instance;
  if (qualifiers !== undefined && row.byName.has("qualifiers")) checkQualifiers(row, instance, reportFinding, around);
  if (extensions !== undefined && row.byName.has("extensions")) checkExtensions(extensions as Extension[], reportFinding);
  if (supplementalSemanticIds !== undefined && row.byName.has("supplementalSemanticIds") && instance.semanticId === undefined) {
    reportFinding("AASd-118", message("aas.supplementalSemanticIdNeedsSemantic"));
  }
  if (embeddedDataSpecifications !== undefined && row.byName.has("embeddedDataSpecifications"))
    checkDataSpecifications(row, instance, reportFinding, warn);
  CHECKS[row.name]?.(instance as never, reportFinding);
}

function placeBelow(path: string, at: string): string {
  return path === "" && at.startsWith(".") ? at.slice(1) : path + at;
}

/** Reports a constraint at a place below the instance that is being checked. */
export type ReportFinding = (constraint: string, reason: Message, at?: string) => void;

const CHECKS: Partial<Record<ClassName, (instance: never, reportFinding: ReportFinding) => void>> = {
  AssetAdministrationShell: checkShell,
  AdministrativeInformation: (instance: { version?: string; revision?: string }, reportFinding) => {
    if (instance.revision !== undefined && instance.version === undefined) reportFinding("AASd-005", message("aas.revisionNeedsVersion"));
  },
  SpecificAssetId: (instance: SpecificAssetId, reportFinding) => {
    if (instance.externalSubjectId !== undefined && instance.externalSubjectId.type !== "ExternalReference") {
      reportFinding("AASd-133", message("aas.externalSubjectIdMustExternal"), ".externalSubjectId");
    }
  },
  Reference: checkReference,
  Qualifier: (instance: Qualifier, reportFinding) => {
    if (!fits(instance.value, instance.valueType)) reportFinding("AASd-020", notLexical(instance.value, instance.valueType), ".value");
  },
  Extension: (instance: Extension, reportFinding) => {
    if (!fits(instance.value, instance.valueType ?? "xs:string"))
      reportFinding("lexical", notLexical(instance.value, instance.valueType), ".value");
  },
  Property: (instance: { value?: string; valueType: ValueType }, reportFinding) => {
    if (!fits(instance.value, instance.valueType)) reportFinding("lexical", notLexical(instance.value, instance.valueType), ".value");
  },
  Range: (instance: Range, reportFinding) => {
    if (!fits(instance.min, instance.valueType)) reportFinding("lexical", notLexical(instance.min, instance.valueType), ".min");
    if (!fits(instance.max, instance.valueType)) reportFinding("lexical", notLexical(instance.max, instance.valueType), ".max");
  },
  Submodel: (instance: Submodel, reportFinding) => checkNamespace(instance.submodelElements, ".submodelElements", reportFinding),
  SubmodelElementCollection: (instance: { value?: SubmodelElement[] }, reportFinding) =>
    checkNamespace(instance.value, ".value", reportFinding),
  AnnotatedRelationshipElement: (instance: { annotations?: SubmodelElement[] }, reportFinding) =>
    checkNamespace(instance.annotations, ".annotations", reportFinding),
  Entity: checkEntity,
  Operation: checkOperation,
  SubmodelElementList: checkList,
};

function checkShell(shell: Shell, reportFinding: ReportFinding): void {
  const { globalAssetId, specificAssetIds } = shell.assetInformation;
  if (globalAssetId === undefined && specificAssetIds === undefined) {
    reportFinding("AASd-131", message("aas.assetInformationNeedsGlobalAsset"), ".assetInformation");
  }
  checkReservedName(specificAssetIds, globalAssetId, ".assetInformation.specificAssetIds", reportFinding);
}

function checkEntity(entity: Entity, reportFinding: ReportFinding): void {
  if (entity.entityType === "SelfManagedEntity" && entity.globalAssetId === undefined && entity.specificAssetIds === undefined) {
    reportFinding("AASd-014", message("aas.selfManagedEntityNeedsGlobal"));
  }
  checkReservedName(entity.specificAssetIds, entity.globalAssetId, ".specificAssetIds", reportFinding);
  checkNamespace(entity.statements, ".statements", reportFinding);
}

function checkReservedName(
  ids: readonly SpecificAssetId[] | undefined,
  globalAssetId: string | undefined,
  at: string,
  reportFinding: ReportFinding,
): void {
  ids?.forEach((id, index) => {
    if (id.name.toLowerCase() !== "globalassetid" || globalAssetId === undefined || id.value === globalAssetId) return;
    reportFinding("AASd-116", message("aas.globalAssetIdReserved"), `${at}[${index}].value`);
  });
}

function checkQualifiers(row: ClassRow, instance: Instance, reportFinding: ReportFinding, around: Surroundings): void {
  const seen = new Set<string>();
  (instance.qualifiers as Qualifier[]).forEach((qualifier, index) => {
    const at = `.qualifiers[${index}]`;
    if (seen.has(qualifier.type))
      reportFinding("AASd-021", message("aas.anotherQualifierType", { type: JSON.stringify(qualifier.type) }), `${at}.type`);
    seen.add(qualifier.type);
    if (qualifier.kind !== "TemplateQualifier") return;
    if (row.name === "Submodel" && instance.kind !== "Template") {
      reportFinding("AASd-119", message("aas.templateQualifierOnlyAllowedOn"), `${at}.kind`);
    }
    if (row.name !== "Submodel" && around.submodelKind === "Instance" && !around.insideVariable) {
      reportFinding("AASd-129", message("aas.templateQualifierOnlyAllowedInside"), `${at}.kind`);
    }
  });
}

function checkExtensions(extensions: readonly Extension[], reportFinding: ReportFinding): void {
  const seen = new Set<string>();
  extensions.forEach((extension, index) => {
    if (seen.has(extension.name))
      reportFinding(
        "AASd-077",
        message("aas.anotherExtensionNamed", { name: JSON.stringify(extension.name) }),
        `.extensions[${index}].name`,
      );
    seen.add(extension.name);
  });
}

/** Who has a name has it alone among its siblings; only in a list (since 3.1) may an element have one or none. */
function checkNamespace(elements: readonly SubmodelElement[] | undefined, at: string, reportFinding: ReportFinding, isList = false): void {
  const seen = new Set<string>();
  elements?.forEach((element, index) => {
    if (element.idShort === undefined) {
      if (!isList) reportFinding("AASd-117", message("aas.elementOutsideListMustHave"), `${at}[${index}]`);
      return;
    }
    if (seen.has(element.idShort))
      reportFinding("AASd-022", message("aas.anotherIdShort", { idShort: JSON.stringify(element.idShort) }), `${at}[${index}].idShort`);
    seen.add(element.idShort);
  });
}

function checkOperation(operation: Instance, reportFinding: ReportFinding): void {
  const seen = new Set<string>();
  for (const attribute of ["inputVariables", "outputVariables", "inoutputVariables"]) {
    ((operation[attribute] ?? []) as { value: SubmodelElement }[]).forEach(({ value }, index) => {
      const at = `.${attribute}[${index}].value`;
      if (value.idShort === undefined) {
        reportFinding("AASd-117", message("aas.variableNeedsIdShort"), at);
        return;
      }
      if (seen.has(value.idShort))
        reportFinding("AASd-134", message("aas.anotherVariable", { idShort: JSON.stringify(value.idShort) }), `${at}.idShort`);
      seen.add(value.idShort);
    });
  }
}

function checkList(list: SubmodelElementList, reportFinding: ReportFinding): void {
  checkNamespace(list.value, ".value", reportFinding, true);
  const { typeValueListElement, valueTypeListElement, semanticIdListElement } = list;
  const isTyped = typeValueListElement === "Property" || typeValueListElement === "Range";
  if (isTyped && valueTypeListElement === undefined) {
    reportFinding("AASd-109", message("aas.listMustSayValueType", { typeValueListElement }), ".valueTypeListElement");
  }
  let firstSemanticId: Reference | undefined;
  list.value?.forEach((element, index) => {
    const at = `.value[${index}]`;
    if (!isOfType(element.modelType, typeValueListElement)) {
      reportFinding("AASd-108", message("aas.listDeclaredHold", { typeValueListElement, modelType: element.modelType }), at);
    }
    if (isTyped && valueTypeListElement !== undefined && "valueType" in element && element.valueType !== valueTypeListElement) {
      reportFinding(
        "AASd-109",
        message("aas.listDeclaredHoldValues", { valueTypeListElement, valueType: element.valueType }),
        `${at}.valueType`,
      );
    }
    if (element.semanticId === undefined) return;
    if (semanticIdListElement !== undefined && !sameReference(element.semanticId, semanticIdListElement)) {
      reportFinding("AASd-107", message("aas.semanticIdListDeclaresElements"), `${at}.semanticId`);
    }
    if (firstSemanticId !== undefined && !sameReference(element.semanticId, firstSemanticId)) {
      reportFinding("AASd-114", message("aas.semanticIdOtherElementsList"), `${at}.semanticId`);
    }
    firstSemanticId ??= element.semanticId;
  });
}

function isOfType(modelType: string, declared: string): boolean {
  if (declared === "SubmodelElement" || modelType === declared) return true;
  if (declared === "EventElement") return modelType === "BasicEventElement";
  if (declared === "RelationshipElement") return modelType === "AnnotatedRelationshipElement";
  return declared === "DataElement" && standInsOf("DataElement")!.has(modelType);
}

function fits(value: string | undefined, type: ValueType | undefined): boolean {
  return value === undefined || type === undefined || isLexical(value, type);
}

function notLexical(value: string | undefined, type: ValueType | undefined): Message {
  const shown = (value ?? "").length > 80 ? `${value!.slice(0, 80)}…` : (value ?? "");
  return message("aas.notAValueOf", { found: JSON.stringify(shown), type: String(type) });
}
