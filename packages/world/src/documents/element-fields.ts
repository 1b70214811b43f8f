import type { Environment, Reference, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import type { Json } from "../record.ts";

/** Any JSON object of the metamodel. */
export type JsonObject = { readonly [key: string]: Json };

/** Where a class keeps the elements below it (IDTA-01001, submodel elements); classes that are not here have none. */
const childFields: Readonly<Record<string, string>> = {
  Submodel: "submodelElements",
  SubmodelElementCollection: "value",
  SubmodelElementList: "value",
  Entity: "statements",
  AnnotatedRelationshipElement: "annotations",
};

/** Classes whose value is several attributes; the others that have one keep it in `value`. */
const valueFields: Readonly<Record<string, readonly string[]>> = {
  Range: ["min", "max"],
  RelationshipElement: ["first", "second"],
  AnnotatedRelationshipElement: ["first", "second"],
};

const plainValue = new Set(["Property", "MultiLanguageProperty", "File", "Blob", "ReferenceElement"]);

export interface ElementFields {
  readonly modelType: string;
  readonly idShort: string | undefined;
  readonly value: Json | undefined;
  /** Every attribute that is neither identity, value nor children, unknown ones included. */
  readonly body: JsonObject;
  readonly children: readonly SubmodelElement[];
}

/** Takes an element apart; `elementOfFields` puts it together again without loss. */
export function fieldsOfElement(element: SubmodelElement | Submodel): ElementFields {
  const { modelType, idShort, ...rest } = element as unknown as Record<string, Json> & { modelType: string; idShort?: string };
  const body: Record<string, Json> = rest;
  const childField = childFields[modelType];
  const list = childField === undefined ? undefined : body[childField];
  const children = Array.isArray(list) ? (list as unknown as readonly SubmodelElement[]) : [];
  // An empty list is kept as it was written: absent and empty are not the same text.
  if (children.length > 0) delete body[childField!];
  return { modelType, idShort, value: takeValue(modelType, body), body, children };
}

/** The metamodel JSON of an element or submodel from its fields and its children's JSON. */
export function elementOfFields(fields: Omit<ElementFields, "children">, children: readonly Json[]): JsonObject {
  const { modelType, idShort, value, body } = fields;
  const json: Record<string, Json> = { ...(idShort === undefined ? {} : { idShort }), ...body, modelType };
  if (value !== undefined) {
    if (valueFields[modelType] !== undefined) Object.assign(json, value);
    else json["value"] = value;
  }
  const childField = childFields[modelType];
  if (children.length > 0 && childField !== undefined) json[childField] = children;
  return json;
}

/** Whether elements may stand below a record of this class. */
export function holdsElements(modelType: string): boolean {
  return childFields[modelType] !== undefined;
}

/** How a child is named in an idShortPath: by its position in a list, else by idShort. */
export function isList(modelType: string): boolean {
  return modelType === "SubmodelElementList";
}

/** The value of the first key: what `semanticId` means in an index. */
export function firstKey(reference: Reference | undefined): string | undefined {
  return reference?.keys?.[0]?.value;
}

/** The standard form of a shell's reference to a submodel. */
export function submodelReference(aasId: string): Reference {
  return { type: "ModelReference", keys: [{ type: "Submodel", value: aasId }] };
}

export type { Environment, Shell, Submodel, SubmodelElement };

function takeValue(modelType: string, body: Record<string, Json>): Json | undefined {
  const names = valueFields[modelType];
  if (names !== undefined) {
    const value: Record<string, Json> = {};
    for (const name of names) {
      if (body[name] === undefined) continue;
      value[name] = body[name];
      delete body[name];
    }
    return Object.keys(value).length === 0 ? undefined : value;
  }
  if (!plainValue.has(modelType)) return undefined;
  const value = body["value"];
  delete body["value"];
  return value;
}
