import { message } from "@doppelwerk/messages";
import type { ConceptDescription, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { equalJson } from "../canonical-json.ts";
import type { Change, FieldChange } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
import type { IdSource } from "../ports/id-source.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { RecordReader } from "../world.ts";
import { childrenOfRecord } from "./document-of-records.ts";
import { fieldsOfElement, holdsElements, isList } from "./element-fields.ts";
import type { ElementRecord } from "./element-record.ts";
import { finished, finishedInTurns } from "../in-turns.ts";
import { keyBetween, keysForSequence } from "./order-key.ts";
import {
  childRecords,
  conceptDescriptionRecord,
  elementRecord,
  elementRecords,
  shellRecord,
  submodelRecord,
  submodelRecords,
  type ParentPlace,
} from "./records-of-environment.ts";

/** Fields of a record that are ours and not the document's: replacing a document leaves them alone. */
const ownFields = new Set(["id", "kind", "imported", "planned", "signal", "readers"]);

/** New records for a shell, submodel or concept description. Uniqueness of the AAS id is the caller's matter. */
export function createDocument(content: Shell | Submodel | ConceptDescription, ids: IdSource): readonly Change[] {
  const records =
    content.modelType === "AssetAdministrationShell"
      ? [shellRecord(content, ids.next("shell"))]
      : content.modelType === "Submodel"
        ? submodelRecords(content, "", (kind) => ids.next(kind))
        : [conceptDescriptionRecord(content, ids.next("conceptDescription"))];
  return records.map((record) => ({ op: "create", record }));
}

/** Replaces a shell, submodel (with all its elements) or concept description by its new JSON; elements found again by idShort keep their ids, and the design value of what shows a signal stays. */
export function updateDocument(
  reader: RecordReader,
  id: RecordId,
  content: Shell | Submodel | ConceptDescription,
  ids: IdSource,
): readonly Change[] {
  const record = needed(reader, id);
  if (content.modelType === "AssetAdministrationShell") return replaceFields(record, shellRecord(content, id));
  if (content.modelType === "ConceptDescription") return replaceFields(record, conceptDescriptionRecord(content, id));
  const place: ParentPlace = { path: "", modelType: "Submodel", id, submodel: id };
  return [...replaceFields(record, submodelRecord(content, id)), ...replaceChildren(reader, place, fieldsOfElement(content).children, ids)];
}

/** Deletes a record of any kind with the elements below it, deepest first. */
export function deleteDocument(reader: RecordReader, id: RecordId): readonly Change[] {
  return finished(deleting(reader, id));
}

/** The same in steps of some milliseconds; after each it waits for `turn`, so that a large document keeps nobody waiting. */
export function deleteDocumentInTurns(reader: RecordReader, id: RecordId, turn: () => Promise<void>): Promise<readonly Change[]> {
  return finishedInTurns(deleting(reader, id), turn);
}

function* deleting(reader: RecordReader, id: RecordId): Generator<void, readonly Change[]> {
  const changes: Change[] = [];
  let since = 0;
  function* remove(record: WorldRecord): Generator<void, void> {
    // Most elements are leaves: the store is not asked for what cannot be there.
    if (record.kind !== "element" || holdsElements((record as ElementRecord).modelType))
      for (const child of yield* childrenInSteps(reader, record.id)) yield* remove(child);
    changes.push({ op: "delete", record });
    if (++since < STEP) return;
    since = 0;
    yield;
  }
  yield* remove(needed(reader, id));
  return changes;
}

/** Records read between two steps. */
const STEP = 500;

/** The elements directly below a record, in no order. */
function* childrenInSteps(reader: RecordReader, parent: RecordId): Generator<void, readonly WorldRecord[]> {
  const children: WorldRecord[] = [];
  for (let after: RecordId | undefined; ;) {
    const page = reader.query({
      kind: "element",
      index: { name: "parent", value: parent },
      ...(after !== undefined && { after }),
      limit: STEP,
    });
    for (const child of page) children.push(child);
    if (page.length < STEP) return children;
    after = page.at(-1)!.id;
    yield;
  }
}

/**
 * A new element with everything below it, at the end of its parent or before the sibling `before`.
 * Errors: DW_NOT_FOUND (no such parent or sibling), DW_INVALID (the parent holds no elements), DW_CONFLICT (the idShort is taken, AASd-022).
 */
export function createElement(
  reader: RecordReader,
  options: { readonly parent: RecordId; readonly element: SubmodelElement; readonly before?: RecordId },
  ids: IdSource,
): readonly Change[] {
  const { element, before } = options;
  const place = placeOf(reader, options.parent);
  const siblings = childrenOfRecord(reader, place.id);
  if (element.idShort !== undefined && siblings.some(({ idShort }) => idShort === element.idShort))
    throw new DoppelwerkError("DW_CONFLICT", message("world.idShortTakenAmongSiblings", { idShort: element.idShort }));
  const index = before === undefined ? siblings.length : siblings.findIndex(({ id }) => id === before);
  if (index < 0) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noSibling", { before: before! }));
  const order = keyBetween(siblings[index - 1]?.order, siblings[index]?.order);
  return elementRecords(element, "", order, place, (kind) => ids.next(kind)).map((record) => ({ op: "create", record }));
}

/** Replaces an element by its new JSON, its place and the ids of what is found again stay. Signal binding and plan stay too. */
export function updateElement(reader: RecordReader, id: RecordId, element: SubmodelElement, ids: IdSource): readonly Change[] {
  const record = needed(reader, id) as ElementRecord;
  const place = { path: "", modelType: record.modelType, id: record.parent, submodel: record.submodel };
  const fields = fieldsOfElement(element, record.body);
  const next = elementRecord(fields, record.order, place, id);
  const below: ParentPlace = { path: "", modelType: element.modelType, id, submodel: record.submodel };
  return [...replaceFields(record, next), ...replaceChildren(reader, below, fields.children, ids)];
}

/** Deletes an element with everything below it. */
export function deleteElement(reader: RecordReader, id: RecordId): readonly Change[] {
  return deleteDocument(reader, id);
}

/** Writes the as-is value only: what PATCH `$value` of an unbound property does. `undefined` removes it. */
export function updateElementValue(record: ElementRecord, value: Json | undefined): readonly Change[] {
  return equalJson(record.value, value) ? [] : [{ op: "update", id: record.id, fields: { value: { from: record.value, to: value } } }];
}

function replaceChildren(
  reader: RecordReader,
  parent: ParentPlace,
  elements: readonly SubmodelElement[],
  ids: IdSource,
): readonly Change[] {
  const present = childrenOfRecord(reader, parent.id);
  const matches = foundAgain(present, elements, isList(parent.modelType));
  const kept = new Set(matches);
  const orders = keysForSequence(matches.map((record) => record?.order));
  const changes: Change[] = present.flatMap((record) => (kept.has(record) ? [] : deleteDocument(reader, record.id)));
  elements.forEach((element, i) => {
    const record = matches[i];
    const id = record?.id ?? ids.next("element");
    const fields = fieldsOfElement(element, record?.body);
    const { children } = fields;
    const next = elementRecord(fields, orders[i]!, parent, id);
    const below: ParentPlace = { path: "", modelType: element.modelType, id, submodel: parent.submodel };
    if (record === undefined)
      changes.push(
        { op: "create", record: next },
        ...childRecords(children, below, (kind) => ids.next(kind)).map((child): Change => ({ op: "create", record: child })),
      );
    else {
      changes.push(...replaceFields(record, next));
      // Most elements are leaves: the store is not asked for what cannot be there.
      if (holdsElements(record.modelType) || children.length > 0) changes.push(...replaceChildren(reader, below, children, ids));
    }
  });
  return changes;
}

/** The record of each element as it was: at its place where the name is the same, else by name; in lists and without a name by place alone. */
function foundAgain(
  present: readonly ElementRecord[],
  elements: readonly SubmodelElement[],
  isOfList: boolean,
): readonly (ElementRecord | undefined)[] {
  const hasNoName = (element: SubmodelElement): boolean => isOfList || element.idShort === undefined;
  const found = elements.map((element, i) =>
    present[i] !== undefined && (hasNoName(element) || present[i].idShort === element.idShort) ? present[i] : undefined,
  );
  if (!found.includes(undefined)) return found;
  const left = new Map<string | undefined, ElementRecord[]>();
  present.forEach((record, i) => {
    if (found[i] === undefined) (left.get(record.idShort) ?? left.set(record.idShort, []).get(record.idShort)!).push(record);
  });
  return found.map((record, i) => record ?? (hasNoName(elements[i]!) ? undefined : left.get(elements[i]!.idShort)?.shift()));
}

function replaceFields(record: WorldRecord, next: WorldRecord): readonly Change[] {
  let fields: Record<string, FieldChange> | undefined;
  for (const name in record) if (isReplaced(name, record, next)) (fields ??= {})[name] = { from: record[name], to: next[name] };
  for (const name in next)
    if (record[name] === undefined && isReplaced(name, record, next)) (fields ??= {})[name] = { from: undefined, to: next[name] };
  return fields === undefined ? [] : [{ op: "update", id: record.id, fields }];
}

function isReplaced(name: string, record: WorldRecord, next: WorldRecord): boolean {
  if (record[name] === next[name] || ownFields.has(name) || equalJson(record[name], next[name])) return false;
  // P19: what shows a signal keeps its design value, since the document was read with the live value in it.
  return name !== "value" || record["signal"] === undefined;
}

function placeOf(reader: RecordReader, id: RecordId): ParentPlace {
  const record = needed(reader, id);
  if (record.kind === "submodel") return { path: "", modelType: "Submodel", id, submodel: id };
  const { modelType, submodel } = record as ElementRecord;
  if (record.kind !== "element" || !holdsElements(modelType))
    throw new DoppelwerkError("DW_INVALID", message("world.nothingCanStandBelow", { id }));
  return { path: "", modelType, id, submodel };
}

function needed(reader: RecordReader, id: RecordId): WorldRecord {
  const record = reader.get(id);
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id }));
  return record;
}
