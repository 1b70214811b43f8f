import type { ConceptDescription, Environment, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
// Not the whole room: threads and processes of all sorts load this file and start faster without parsers.
import { parseIdShortPath, type IdShortPathSegment } from "@doppelwerk/aas/id-short-path";
import type { Json, RecordId } from "../record.ts";
import type { RecordReader } from "../world.ts";
import { elementOfFields, isList, submodelReference } from "./element-fields.ts";
import type { ConceptDescriptionRecord, ElementRecord, ShellRecord, SubmodelRecord } from "./element-record.ts";

/** The elements of a submodel by parent, each list in document order: by (order, id). */
export type ElementTree = ReadonlyMap<RecordId, readonly ElementRecord[]>;

/** All documents as one environment, each kind ascending by record id. */
export function environmentOf(reader: RecordReader): Environment {
  return {
    assetAdministrationShells: (reader.query({ kind: "shell" }) as readonly ShellRecord[]).map(shellJson),
    submodels: (reader.query({ kind: "submodel" }) as readonly SubmodelRecord[]).map((record) => submodelOf(reader, record.id)!),
    conceptDescriptions: (reader.query({ kind: "conceptDescription" }) as readonly ConceptDescriptionRecord[]).map(conceptDescriptionJson),
  };
}

/** The shell as metamodel JSON; undefined when there is no such record. */
export function shellOf(reader: RecordReader, id: RecordId): Shell | undefined {
  const record = reader.get(id);
  return record?.kind === "shell" ? shellJson(record as ShellRecord) : undefined;
}

/** The submodel with all its elements as metamodel JSON; undefined when there is no such record. `value` is as-is, `planned` is not part of it. */
export function submodelOf(reader: RecordReader, id: RecordId): Submodel | undefined {
  const record = reader.get(id);
  if (record?.kind !== "submodel") return undefined;
  const { aasId, idShort, body } = record as SubmodelRecord;
  const tree = elementsOf(reader, id);
  const fields = { modelType: "Submodel", idShort: idShort === "" ? undefined : idShort, value: undefined, body: { id: aasId, ...body } };
  return elementOfFields(fields, childrenJson(tree, id)) as unknown as Submodel;
}

export function conceptDescriptionOf(reader: RecordReader, id: RecordId): ConceptDescription | undefined {
  const record = reader.get(id);
  return record?.kind === "conceptDescription" ? conceptDescriptionJson(record as ConceptDescriptionRecord) : undefined;
}

/** The element with everything below it as metamodel JSON. */
export function elementOf(reader: RecordReader, id: RecordId): SubmodelElement | undefined {
  const record = reader.get(id);
  if (record?.kind !== "element") return undefined;
  const element = record as ElementRecord;
  return elementJson(element, elementsOf(reader, element.submodel)) as unknown as SubmodelElement;
}

type DocumentKind = "shell" | "submodel" | "conceptDescription";
type DocumentRecord = ShellRecord | SubmodelRecord | ConceptDescriptionRecord;

/** The record of a shell, submodel or concept description by its AAS id; of several the one with the lowest record id. */
export function recordOfAasId(reader: RecordReader, kind: DocumentKind, aasId: string): DocumentRecord | undefined {
  return reader.query({ kind, index: { name: "aasId", value: aasId }, limit: 1 })[0] as DocumentRecord | undefined;
}

/** Every record of an AAS id, ascending by record id: imports before W18 stored a document once for each time the file had it. */
export function recordsOfAasId(reader: RecordReader, kind: DocumentKind, aasId: string): readonly DocumentRecord[] {
  return reader.query({ kind, index: { name: "aasId", value: aasId } }) as readonly DocumentRecord[];
}

/** The element at an idShortPath below a submodel record; undefined when there is none or the path is not of the grammar. */
export function elementAtPath(
  reader: RecordReader,
  submodel: RecordId,
  path: string | readonly IdShortPathSegment[],
): ElementRecord | undefined {
  const segments = typeof path === "string" ? parseIdShortPath(path) : path;
  if ("severity" in segments || segments.length === 0) return undefined;
  let parent = submodel;
  let found: ElementRecord | undefined;
  for (const segment of segments) {
    const children = childrenOfRecord(reader, parent);
    found = typeof segment === "number" ? children[segment] : children.find(({ idShort }) => idShort === segment);
    if (found === undefined) return undefined;
    parent = found.id;
  }
  return found;
}

/** The idShortPath of an element record inside its submodel. */
export function pathOfElement(reader: RecordReader, element: ElementRecord): readonly IdShortPathSegment[] {
  const segments: IdShortPathSegment[] = [];
  for (let at: ElementRecord | undefined = element; at !== undefined;) {
    const parent = reader.get(at.parent);
    const position = (): number => childrenOfRecord(reader, at!.parent).findIndex(({ id }) => id === at!.id);
    segments.unshift(
      at.idShort === undefined || (parent?.kind === "element" && isList((parent as ElementRecord).modelType)) ? position() : at.idShort,
    );
    at = parent?.kind === "element" && segments.length < 512 ? (parent as ElementRecord) : undefined;
  }
  return segments;
}

/** The elements directly below a submodel or element record, in document order. */
export function childrenOfRecord(reader: RecordReader, parent: RecordId): readonly ElementRecord[] {
  return (reader.query({ kind: "element", index: { name: "parent", value: parent } }) as ElementRecord[]).toSorted(byOrder);
}

export function elementsOf(reader: RecordReader, submodel: RecordId): ElementTree {
  const tree = new Map<RecordId, ElementRecord[]>();
  for (const element of reader.query({ kind: "element", index: { name: "submodel", value: submodel } }) as readonly ElementRecord[]) {
    const siblings = tree.get(element.parent);
    if (siblings === undefined) tree.set(element.parent, [element]);
    else siblings.push(element);
  }
  for (const siblings of tree.values()) siblings.sort(byOrder);
  return tree;
}

/** The shell of a record. */
export function shellJson({ aasId, idShort, body, submodels }: ShellRecord): Shell {
  const references = submodels.length === 0 || body["submodels"] !== undefined ? {} : { submodels: submodels.map(submodelReference) };
  return {
    ...(idShort === "" ? {} : { idShort }),
    id: aasId,
    ...references,
    ...body,
    modelType: "AssetAdministrationShell",
  } as unknown as Shell;
}

function conceptDescriptionJson({ aasId, idShort, body }: ConceptDescriptionRecord): ConceptDescription {
  return { ...(idShort === "" ? {} : { idShort }), id: aasId, ...body, modelType: "ConceptDescription" } as unknown as ConceptDescription;
}

function elementJson(element: ElementRecord, tree: ElementTree): Json {
  return elementOfFields(
    { modelType: element.modelType, idShort: element.idShort, value: element.value, body: element.body },
    childrenJson(tree, element.id),
  );
}

function childrenJson(tree: ElementTree, parent: RecordId): readonly Json[] {
  return (tree.get(parent) ?? []).map((child) => elementJson(child, tree));
}

function byOrder(a: ElementRecord, b: ElementRecord): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
