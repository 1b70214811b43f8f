import type {
  LangString,
  MultiLanguageProperty,
  Property,
  Reference,
  SubmodelElement,
  SubmodelElementCollection,
  SubmodelElementList,
  ValueType,
} from "@doppelwerk/aas";

export function reference(value: string): Reference {
  return { type: "ExternalReference", keys: [{ type: "GlobalReference", value }] };
}

export function languages(en: string, zh: string): readonly LangString[] {
  return [
    { language: "en", text: en },
    { language: "zh", text: zh },
  ];
}

export function property(idShort: string, valueType: ValueType, value: string, semantic?: string): Property {
  return { modelType: "Property", idShort, valueType, value, ...(semantic && { semanticId: reference(semantic) }) };
}

export function text(idShort: string, value: string, semantic?: string): Property {
  return property(idShort, "xs:string", value, semantic);
}

export function decimal(idShort: string, value: number, unit?: string): Property {
  const qualifiers = unit && { qualifiers: [{ type: "Unit", valueType: "xs:string", value: unit }] };
  return { ...property(idShort, "xs:double", String(value)), ...qualifiers } as Property;
}

export function multiLanguage(idShort: string, en: string, zh: string): MultiLanguageProperty {
  return { modelType: "MultiLanguageProperty", idShort, value: languages(en, zh) };
}

export function collection(idShort: string, value: readonly SubmodelElement[], semantic?: string): SubmodelElementCollection {
  return { modelType: "SubmodelElementCollection", idShort, value, ...(semantic && { semanticId: reference(semantic) }) };
}

/** A list of collections; its items have no idShort. */
export function list(idShort: string, items: readonly (readonly SubmodelElement[])[]): SubmodelElementList {
  return {
    modelType: "SubmodelElementList",
    idShort,
    orderRelevant: true,
    typeValueListElement: "SubmodelElementCollection",
    value: items.map((value) => ({
      modelType: "SubmodelElementCollection" as const,
      value,
    })),
  } as SubmodelElementList;
}
