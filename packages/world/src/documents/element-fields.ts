import type { Environment, Reference, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { equalJson } from "../canonical-json.ts";
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

/** Attributes that are kept beside the body, by class; of the other classes name and class alone. */
const beside: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...[...plainValue].map((name) => [name, new Set(["modelType", "idShort", "value"])] as const),
  ...Object.entries(valueFields).map(([name, fields]) => [name, new Set(["modelType", "idShort", ...fields])] as const),
]);
const besideAll: ReadonlySet<string> = new Set(["modelType", "idShort"]);

export interface ElementFields {
  readonly modelType: string;
  readonly idShort: string | undefined;
  readonly value: Json | undefined;
  /** Every attribute that is neither identity, value nor children, unknown ones included. */
  readonly body: JsonObject;
  readonly children: readonly SubmodelElement[];
}

/** Takes an element apart; `elementOfFields` puts it together again without loss. Where its body says what `known` says, it is that very object. */
export function fieldsOfElement(element: SubmodelElement | Submodel, known?: JsonObject): ElementFields {
  const json = element as unknown as Record<string, Json> & { readonly modelType: string; readonly idShort?: string };
  const { modelType, idShort } = json;
  const children = childElements(element);
  // An empty list is kept as it was written: absent and empty are not the same text.
  const childField = children.length > 0 ? childFields[modelType] : undefined;
  const names = valueFields[modelType];
  const value = names !== undefined ? valuesInOrder(names, json) : plainValue.has(modelType) ? json["value"] : undefined;
  return { modelType, idShort, value, body: bodyOf(json, beside.get(modelType) ?? besideAll, childField, known), children };
}

function bodyOf(json: JsonObject, others: ReadonlySet<string>, childField: string | undefined, known: JsonObject | undefined): JsonObject {
  if (known !== undefined && isBodyOf(known, json, others, childField)) return known;
  const body: Record<string, Json> = {};
  for (const name in json) {
    if (name === childField || others.has(name)) continue;
    // Not assigned, which would drop it: what is wrong with this name is told when it is written.
    if (name === "__proto__") Object.defineProperty(body, name, { value: json[name], enumerable: true });
    else body[name] = json[name]!;
  }
  return body;
}

function isBodyOf(known: JsonObject, json: JsonObject, others: ReadonlySet<string>, childField: string | undefined): boolean {
  let more = 0;
  for (const name in json) {
    if (name === childField || others.has(name)) continue;
    if (!Object.hasOwn(known, name) || !equalJson(known[name], json[name])) return false;
    more++;
  }
  for (const _name in known) more--;
  return more === 0;
}

/** The elements directly below an element or submodel as its JSON has them. */
export function childElements(element: { readonly modelType: string }): readonly SubmodelElement[] {
  const childField = childFields[element.modelType];
  const list = childField === undefined ? undefined : (element as unknown as Readonly<Record<string, unknown>>)[childField];
  return Array.isArray(list) ? (list as readonly SubmodelElement[]) : [];
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

function valuesInOrder(names: readonly string[], given: Readonly<Record<string, Json>>): Json | undefined {
  const present = names.filter((name) => given[name] !== undefined);
  return present.length === 0 ? undefined : Object.fromEntries(present.map((name) => [name, given[name]!]));
}
