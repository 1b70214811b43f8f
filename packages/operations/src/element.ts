import type {
  LangString,
  Property,
  Reference,
  SubmodelElement,
  SubmodelElementCollection,
  SubmodelElementList,
  ValueType,
} from "@doppelwerk/aas";

export function external(value: string): Reference {
  return { type: "ExternalReference", keys: [{ type: "GlobalReference", value }] };
}

export function toShell(value: string): Reference {
  return { type: "ModelReference", keys: [{ type: "AssetAdministrationShell", value }] };
}

export function toSubmodel(value: string): Reference {
  return { type: "ModelReference", keys: [{ type: "Submodel", value }] };
}

export function property(idShort: string, valueType: ValueType, value: string, semantic?: string): Property {
  return { modelType: "Property", idShort, valueType, value, ...(semantic === undefined ? {} : { semanticId: external(semantic) }) };
}

export function multiLanguage(idShort: string, value: string, semantic: string): SubmodelElement {
  return {
    modelType: "MultiLanguageProperty",
    idShort,
    semanticId: external(semantic),
    value: [{ language: languageOf(value), text: value }],
  };
}

export function collection(idShort: string, value: readonly SubmodelElement[], semantic?: string): SubmodelElementCollection {
  return { modelType: "SubmodelElementCollection", idShort, value, ...(semantic === undefined ? {} : { semanticId: external(semantic) }) };
}

/** A list of collections; undefined when there is nothing to list (an empty list is none, AASd). */
export function list(idShort: string, items: readonly (readonly SubmodelElement[])[], semantic?: string): SubmodelElementList {
  return {
    modelType: "SubmodelElementList",
    idShort,
    ...(semantic === undefined ? {} : { semanticId: external(semantic) }),
    orderRelevant: true,
    typeValueListElement: "SubmodelElementCollection",
    ...(items.length === 0 ? {} : { value: items.map((value) => ({ modelType: "SubmodelElementCollection" as const, value })) }),
  };
}

/** The language of a text by its script, where nothing else tells it: `und` would be honest, but readers choose by language. */
export function languageOf(text: string): string {
  return /\p{Script=Han}/u.test(text) ? "zh" : "en";
}

export function shown(text: string): readonly LangString[] {
  return [{ language: languageOf(text), text }];
}
