import type { ConceptDescription, Environment, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { canonicalJson } from "../canonical-json.ts";
import { hashedId } from "../content-hash.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import { fieldsOfElement, firstKey, isList, submodelReference, type ElementFields, type JsonObject } from "./element-fields.ts";
import type { ConceptDescriptionRecord, ElementRecord, ShellRecord, SubmodelRecord } from "./element-record.ts";
import { keysBetween } from "./order-key.ts";

/** Names the record at a place of the document, for example `submodel/urn:x/Line.Cycle`; `submodel` is the record that an element is part of. */
export type IdOfPath = (kind: string, path: string, submodel?: RecordId) => RecordId;

/** The records of an environment, parents before children, with ids hashed from (source, path): the same file gives the same records. */
export function recordsOfEnvironment(environment: Environment, source: string): readonly WorldRecord[] {
  return environmentRecords(environment, (kind, path, submodel) => pathId(kind, source, path, submodel));
}

const GROUP_CHARACTERS = 20;

/** Hashed from (source, path). Elements of one submodel begin alike, so that they lie together in every store that is ordered by id. */
export function pathId(kind: string, source: string, path: string, submodel: RecordId | undefined): RecordId {
  const id = hashedId(kind, source, path);
  if (submodel === undefined) return id;
  const group = submodel.slice(submodel.indexOf(":") + 1, submodel.indexOf(":") + 1 + GROUP_CHARACTERS);
  return `${kind}:${group}.${id.slice(kind.length + 1, kind.length + 25)}`;
}

/**
 * The id that an import gave to the element at a path below a submodel, such as `.Line.Cycle`; undefined for a submodel that was not imported. A guess:
 * the element may have been made or renamed since.
 */
export function importedElementId({ id, aasId, imported }: WorldRecord, path: string): RecordId | undefined {
  const source = (imported as { readonly source?: Json } | undefined)?.source;
  if (typeof source !== "string" || typeof aasId !== "string") return undefined;
  return pathId("element", source, submodelPath(aasId) + path, id);
}

export function environmentRecords(environment: Environment, idOf: IdOfPath): readonly WorldRecord[] {
  return [...documentRecords(environment, idOf)].flat();
}

/** The records of one document after the other. Where several of a class have one id, the first is the document and the others are left out. */
export function* documentRecords(environment: Environment, idOf: IdOfPath): Iterable<readonly WorldRecord[]> {
  for (const description of firstOfEachId(environment.conceptDescriptions))
    yield [conceptDescriptionRecord(description, idOf("conceptDescription", `conceptDescription/${description.id}`))];
  for (const submodel of firstOfEachId(environment.submodels)) yield submodelRecords(submodel, submodelPath(submodel.id), idOf);
  for (const shell of firstOfEachId(environment.assetAdministrationShells)) yield [shellRecord(shell, idOf("shell", `shell/${shell.id}`))];
}

function* firstOfEachId<T extends { readonly id: string }>(documents: readonly T[] = []): Iterable<T> {
  const seen = new Set<string>();
  for (const identifiable of documents) {
    if (seen.has(identifiable.id)) continue;
    seen.add(identifiable.id);
    yield identifiable;
  }
}

export function submodelPath(aasId: string): string {
  return `submodel/${aasId}`;
}

/** Where a child stands below its parent's path; `position` counts in lists and where the idShort is missing. */
export function childPath(parentPath: string, parentType: string, child: { readonly idShort?: string }, position: number): string {
  return isList(parentType) || child.idShort === undefined ? `${parentPath}[${position}]` : `${parentPath}.${child.idShort}`;
}

/** Faulty files name two elements alike; the second gets its own path, so that neither is lost. */
export function uniquePaths(): (path: string) => string {
  const seen = new Map<string, number>();
  return (path) => {
    const count = seen.get(path) ?? 0;
    seen.set(path, count + 1);
    return count === 0 ? path : `${path}#${count}`;
  };
}

export function shellRecord(shell: Shell, id: RecordId): ShellRecord {
  const { id: aasId, idShort, submodels, modelType: _class, ...rest } = shell;
  const body = rest as unknown as Record<string, Json>;
  const ids = (submodels ?? []).map((reference) => reference.keys?.at(-1)?.value ?? "");
  // References in another form than ours are kept word for word beside the ids.
  const plain =
    submodels === undefined ||
    (submodels.length > 0 &&
      submodels.every(
        (reference, i) => canonicalJson(reference as unknown as Json) === canonicalJson(submodelReference(ids[i]!) as unknown as Json),
      ));
  if (!plain) body["submodels"] = submodels as unknown as Json;
  return { id, kind: "shell", aasId, idShort: idShort ?? "", body, submodels: ids };
}

export function conceptDescriptionRecord(description: ConceptDescription, id: RecordId): ConceptDescriptionRecord {
  const { id: aasId, idShort, modelType: _class, ...body } = description;
  return { id, kind: "conceptDescription", aasId, idShort: idShort ?? "", body: body as unknown as JsonObject };
}

export function submodelRecords(submodel: Submodel, path: string, idOf: IdOfPath): readonly WorldRecord[] {
  const record = submodelRecord(submodel, idOf("submodel", path));
  return [
    record,
    ...childRecords(fieldsOfElement(submodel).children, { path, modelType: "Submodel", id: record.id, submodel: record.id }, idOf),
  ];
}

export function submodelRecord(submodel: Submodel, id: RecordId): SubmodelRecord {
  const { idShort, body } = fieldsOfElement(submodel);
  const { id: aasId, ...rest } = body as JsonObject & { readonly id: string };
  const semanticId = firstKey(submodel.semanticId);
  return { id, kind: "submodel", aasId, idShort: idShort ?? "", ...(semanticId === undefined ? {} : { semanticId }), body: rest };
}

export interface ParentPlace {
  readonly path: string;
  readonly modelType: string;
  readonly id: RecordId;
  readonly submodel: RecordId;
}

/** Records of elements below a parent, each followed by those below it. */
export function childRecords(elements: readonly SubmodelElement[], parent: ParentPlace, idOf: IdOfPath): readonly WorldRecord[] {
  const orders = keysBetween(undefined, undefined, elements.length);
  const unique = uniquePaths();
  return elements.flatMap((element, i) =>
    elementRecords(element, unique(childPath(parent.path, parent.modelType, element, i)), orders[i]!, parent, idOf),
  );
}

export function elementRecords(
  element: SubmodelElement,
  path: string,
  order: string,
  parent: ParentPlace,
  idOf: IdOfPath,
): readonly WorldRecord[] {
  const fields = fieldsOfElement(element);
  const record = elementRecord(fields, order, parent, idOf("element", path, parent.submodel));
  if (fields.children.length === 0) return [record];
  const below: ParentPlace = { path, modelType: fields.modelType, id: record.id, submodel: parent.submodel };
  return [record, ...childRecords(fields.children, below, idOf)];
}

/** The record of an element alone. */
export function elementRecord(
  { modelType, idShort, value, body }: ElementFields,
  order: string,
  parent: ParentPlace,
  id: RecordId,
): ElementRecord {
  const { submodel, id: parentId } = parent;
  // Most have both: made in one go, not copied together.
  if (idShort !== undefined && value !== undefined)
    return { id, kind: "element", submodel, parent: parentId, order, modelType, idShort, body, value };
  const place = { id, kind: "element", submodel, parent: parentId, order, modelType } as const;
  const record: ElementRecord = idShort === undefined ? { ...place, body } : { ...place, idShort, body };
  return value === undefined ? record : { ...record, value };
}
