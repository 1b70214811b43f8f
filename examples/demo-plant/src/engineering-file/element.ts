import type {
  AasSubmodelElements,
  LangString,
  MultiLanguageProperty,
  Property,
  Reference,
  ReferenceElement,
  SubmodelElement,
  SubmodelElementCollection,
  SubmodelElementList,
  ValueType,
} from "@doppelwerk/aas";

export function externalReference(value: string): Reference {
  return { type: "ExternalReference", keys: [{ type: "GlobalReference", value }] };
}

export function shellReference(id: string): Reference {
  return { type: "ModelReference", keys: [{ type: "AssetAdministrationShell", value: id }] };
}

export function submodelReference(id: string): Reference {
  return { type: "ModelReference", keys: [{ type: "Submodel", value: id }] };
}

export function languages(en: string, zh: string): readonly LangString[] {
  return [
    { language: "en", text: en },
    { language: "zh", text: zh },
  ];
}

export function text(idShort: string, value: string, semantic?: string): Property {
  return property(idShort, "xs:string", value, semantic);
}

export function whole(idShort: string, value: number, semantic?: string): Property {
  return property(idShort, "xs:int", String(Math.round(value)), semantic);
}

export function decimal(idShort: string, value: number, semantic?: string): Property {
  return property(idShort, "xs:double", String(value), semantic);
}

export function truth(idShort: string, value: boolean): Property {
  return property(idShort, "xs:boolean", String(value));
}

export function property(idShort: string, valueType: ValueType, value: string, semantic?: string): Property {
  return { modelType: "Property", idShort, valueType, value, ...(semantic ? { semanticId: externalReference(semantic) } : {}) };
}

export function multiLanguage(idShort: string, value: readonly LangString[], semantic?: string): MultiLanguageProperty {
  return { modelType: "MultiLanguageProperty", idShort, value, ...(semantic ? { semanticId: externalReference(semantic) } : {}) };
}

export function reference(idShort: string, value: Reference): ReferenceElement {
  return { modelType: "ReferenceElement", idShort, value };
}

export function collection(idShort: string, value: readonly SubmodelElement[], semantic?: string): SubmodelElementCollection {
  return { modelType: "SubmodelElementCollection", idShort, value, ...(semantic ? { semanticId: externalReference(semantic) } : {}) };
}

/** A list of collections; its items have no idShort. */
export function list(idShort: string, items: readonly (readonly SubmodelElement[])[]): SubmodelElementList {
  const typeValueListElement: AasSubmodelElements = "SubmodelElementCollection";
  return {
    modelType: "SubmodelElementList",
    idShort,
    orderRelevant: true,
    typeValueListElement,
    ...(items.length > 0 ? { value: items.map((value) => ({ modelType: "SubmodelElementCollection" as const, value })) } : {}),
  };
}
