import type { Reference, Submodel, SubmodelElement, SubmodelElementList } from "@doppelwerk/aas";

export const KINDS = [
  "Property",
  "MultiLanguageProperty",
  "Range",
  "File",
  "Blob",
  "ReferenceElement",
  "RelationshipElement",
  "AnnotatedRelationshipElement",
  "Entity",
  "Operation",
  "Capability",
  "BasicEventElement",
  "SubmodelElementCollection",
  "SubmodelElementList",
] as const;
export type ElementKind = (typeof KINDS)[number];

const DATA_KINDS: readonly ElementKind[] = ["Property", "MultiLanguageProperty", "Range", "File", "Blob", "ReferenceElement"];

/** A new element as it is typed. */
export interface ElementDraft {
  readonly kind: ElementKind;
  readonly valueType: string;
  readonly idShort: string;
  /** Id of its concept; empty = none. */
  readonly concept: string;
  /** Of a list: what it takes. */
  readonly itemKind: ElementKind;
  /** Of an event. */
  readonly observed: Reference | undefined;
}

export function listOf(parent: Submodel | SubmodelElement): SubmodelElementList | undefined {
  return parent.modelType === "SubmodelElementList" ? parent : undefined;
}

/** The kind of the items of a list; undefined = any. */
export function itemKindOf(list: SubmodelElementList | undefined): ElementKind | undefined {
  return KINDS.find((kind) => kind === list?.typeValueListElement);
}

/** An annotation holds data: nothing that contains elements. */
export function kindsBelow(parent: Submodel | SubmodelElement): readonly ElementKind[] {
  return parent.modelType === "AnnotatedRelationshipElement" ? DATA_KINDS : KINDS;
}

export function draftBelow(parent: Submodel | SubmodelElement): ElementDraft {
  const list = listOf(parent);
  return {
    kind: itemKindOf(list) ?? "Property",
    valueType: list?.valueTypeListElement ?? "xs:string",
    idShort: "",
    concept: "",
    itemKind: "SubmodelElementCollection",
    observed: undefined,
  };
}

/** Whether it, or each item of it, has a value type. */
export function hasValueType({ kind, itemKind }: ElementDraft): boolean {
  const typed = kind === "SubmodelElementList" ? itemKind : kind;
  return typed === "Property" || typed === "Range";
}

/** The element of a draft, not yet validated; an item of a list has no name, and the meaning that the list gives its items. */
export function elementOf(draft: ElementDraft, list: SubmodelElementList | undefined): SubmodelElement {
  const { kind, valueType, itemKind, observed } = draft;
  const concept = draft.concept.trim();
  return {
    modelType: kind,
    ...(list === undefined && { idShort: draft.idShort.trim() }),
    ...(list?.semanticIdListElement !== undefined
      ? { semanticId: list.semanticIdListElement }
      : concept !== "" && { semanticId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: concept }] } }),
    ...(kind !== "SubmodelElementList" && hasValueType(draft) && { valueType }),
    ...(kind === "SubmodelElementList" && {
      typeValueListElement: itemKind,
      orderRelevant: true,
      ...(hasValueType(draft) && { valueTypeListElement: valueType }),
    }),
    ...(kind === "Entity" && { entityType: "CoManagedEntity" }),
    ...(kind === "BasicEventElement" && { direction: "output", state: "on", ...(observed !== undefined && { observed }) }),
  } as unknown as SubmodelElement;
}
