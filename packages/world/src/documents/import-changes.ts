import type { Environment } from "@doppelwerk/aas";
import { canonicalJson, equalJson } from "../canonical-json.ts";
import type { Change, FieldChange } from "../change.ts";
import { finished, finishedInTurns, type Turn } from "../in-turns.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { Conflict, RecordReader } from "../world.ts";
import { childrenOfRecord, elementsOf, recordOfAasId, type ElementTree } from "./document-of-records.ts";
import type { ElementRecord } from "./element-record.ts";
import { keysForSequence } from "./order-key.ts";
import { childPath, documentRecords, pathId, submodelPath, uniquePaths } from "./records-of-environment.ts";

/** What the file said when it was last imported, field by field, as checksums; kept in the field `imported` of the record. */
interface Imported {
  readonly source: string;
  /** The order key given at that import: tells a move in the file from a move by a person. */
  readonly order?: string;
  readonly fields: { readonly [field: string]: string };
  readonly [key: string]: Json | undefined;
}

export interface ImportResult {
  readonly changes: readonly Change[];
  /** Where file and people both changed something: what is in the world was kept. `ours` is the world's, `theirs` the file's. */
  readonly conflicts: readonly Conflict[];
}

/**
 * Importing an engineering file, first or again: three-way between what the file said last time, what it says now, and what people made of it.
 * A person's edit is never lost; where both changed, the world's stays and a conflict says so. Records are met by (source, path), then by AAS id and path.
 */
export function importChanges(reader: RecordReader, environment: Environment, source: string, isOwn?: OwnField): ImportResult {
  return finished(importing(reader, environment, source, isOwn));
}

/** Whether a field that no file holds was written beside the import by the same hand: it is nobody's work, and keeps nothing from going. */
export type OwnField = (record: WorldRecord, field: string) => boolean;

/** The same in steps of some milliseconds; after each it waits for `turn`, so that a large file keeps nobody waiting. */
export function importChangesInTurns(reader: RecordReader, environment: Environment, source: string, turn: Turn): Promise<ImportResult> {
  return finishedInTurns(importing(reader, environment, source), turn);
}

/** Records between two steps. */
const STEP = 200;

function* importing(
  reader: RecordReader,
  environment: Environment,
  source: string,
  isOwn: OwnField = () => false,
): Generator<void, ImportResult> {
  const known = yield* knownPaths(reader, environment);
  const records: WorldRecord[] = [];
  const documents = documentRecords(environment, (kind, path, submodel) => {
    const hashed = pathId(kind, source, path, submodel);
    const other = known.get(path);
    return other === undefined || reader.get(hashed) !== undefined ? hashed : other;
  });
  for (const ofDocument of inSteps(documents, ({ length }) => length)) {
    if (ofDocument === undefined) yield;
    else for (const record of ofDocument) records.push(record);
  }
  const inFile = new Set(records.map(({ id }) => id));
  const changes: Change[] = [];
  const conflicts: Conflict[] = [];
  const absent = new Set<RecordId>();
  const orders = yield* keptOrders(records, reader);
  const sums = new Checksums();
  for (const record of inSteps(records)) {
    if (record === undefined) yield;
    else
      importRecord(orders.has(record.id) ? { ...record, order: orders.get(record.id) } : record, {
        reader,
        source,
        changes,
        conflicts,
        absent,
        sums,
      });
  }
  removeGone(reader, source, inFile, changes, conflicts, sums, isOwn);
  return { changes, conflicts };
}

/** The items, and undefined where a step ends. */
function* inSteps<T>(items: Iterable<T>, weightOf: (item: T) => number = () => 1): Iterable<T | undefined> {
  let weight = 0;
  for (const item of items) {
    yield item;
    weight += weightOf(item);
    if (weight < STEP) continue;
    yield undefined;
    weight = 0;
  }
}

/** Path → id of everything that is there already under the AAS ids of the file. */
function* knownPaths(reader: RecordReader, environment: Environment): Generator<void, ReadonlyMap<string, RecordId>> {
  const paths = new Map<string, RecordId>();
  for (const shell of inSteps(environment.assetAdministrationShells ?? [])) {
    if (shell === undefined) yield;
    else remember("shell", shell.id);
  }
  for (const description of inSteps(environment.conceptDescriptions ?? [])) {
    if (description === undefined) yield;
    else remember("conceptDescription", description.id);
  }
  for (const submodel of inSteps(environment.submodels ?? [], ({ submodelElements }) => 10 + (submodelElements?.length ?? 0))) {
    if (submodel === undefined) {
      yield;
      continue;
    }
    const { id } = submodel;
    const record = remember("submodel", id);
    if (record !== undefined) rememberElements(elementsOf(reader, record.id), record.id, submodelPath(id), "Submodel");
  }
  return paths;

  function remember(kind: "shell" | "submodel" | "conceptDescription", aasId: string): WorldRecord | undefined {
    const record = recordOfAasId(reader, kind, aasId);
    if (record !== undefined) paths.set(`${kind}/${aasId}`, record.id);
    return record;
  }
  function rememberElements(tree: ElementTree, parent: RecordId, parentPath: string, parentType: string): void {
    const unique = uniquePaths();
    (tree.get(parent) ?? []).forEach((element, i) => {
      const path = unique(childPath(parentPath, parentType, element, i));
      paths.set(path, element.id);
      rememberElements(tree, element.id, path, element.modelType);
    });
  }
}

/** The order keys of the last import where the file's own order still agrees, so that an insertion moves nothing else. */
function* keptOrders(records: readonly WorldRecord[], reader: RecordReader): Generator<void, ReadonlyMap<RecordId, string>> {
  const siblings = new Map<RecordId, ElementRecord[]>();
  for (const record of records) {
    if (record.kind !== "element") continue;
    const element = record as ElementRecord;
    const list = siblings.get(element.parent);
    if (list === undefined) siblings.set(element.parent, [element]);
    else list.push(element);
  }
  const orders = new Map<RecordId, string>();
  for (const list of inSteps(siblings.values(), ({ length }) => length)) {
    if (list === undefined) {
      yield;
      continue;
    }
    const before = list.map(({ id }) => {
      const existing = reader.get(id);
      return importedOf(existing)?.order ?? (existing?.["order"] as string | undefined);
    });
    keysForSequence(before).forEach((order, i) => orders.set(list[i]!.id, order));
  }
  return orders;
}

interface Import {
  readonly reader: RecordReader;
  readonly source: string;
  readonly changes: Change[];
  readonly conflicts: Conflict[];
  /** Records of the file that stay out of the world, so what is below them stays out too. */
  readonly absent: Set<RecordId>;
  readonly sums: Checksums;
}

function importRecord(record: WorldRecord, { reader, source, changes, conflicts, absent, sums }: Import): void {
  const { id } = record;
  const ours = reader.get(id);
  const fields = sums.ofFields(record);
  const imported: Imported = { source, ...(typeof record["order"] === "string" ? { order: record["order"] } : {}), fields };
  if (ours !== undefined) {
    updateRecord(record, ours, imported, changes, conflicts, sums);
    return;
  }
  const deleted = reader.versions(id, 1).length > 0;
  if (deleted) conflicts.push({ id, field: undefined, reason: "delete/edit", theirs: record as Json });
  if (deleted || absent.has(record["parent"] as RecordId)) absent.add(id);
  else changes.push({ op: "create", record: { ...record, imported: imported as unknown as Json } });
}

function updateRecord(
  theirs: WorldRecord,
  ours: WorldRecord,
  imported: Imported,
  changes: Change[],
  conflicts: Conflict[],
  sums: Checksums,
): void {
  const before = importedOf(ours);
  const base = before?.source === imported.source ? before.fields : {};
  const remembered: Record<string, string> = {};
  const fields: Record<string, FieldChange> = {};
  for (const name of new Set([...Object.keys(imported.fields), ...Object.keys(base)])) {
    const now = imported.fields[name];
    const had = base[name];
    if (now !== undefined) remembered[name] = now;
    const oursSum = ours[name] === undefined ? undefined : sums.of(ours[name]);
    if (oursSum === now || now === had) continue;
    if (oursSum === had) fields[name] = { from: ours[name], to: theirs[name] };
    else {
      conflicts.push({
        id: ours.id,
        field: name,
        reason: name === "parent" || name === "order" ? "move/move" : "edit/edit",
        ours: ours[name],
        theirs: theirs[name],
      });
      // Remembering the old base keeps the conflict visible at every import until one side gives in.
      if (had === undefined) delete remembered[name];
      else remembered[name] = had;
    }
  }
  const next: Imported = { ...imported, fields: remembered };
  if (!equalJson(before as Json | undefined, next as unknown as Json))
    fields["imported"] = { from: before as Json | undefined, to: next as unknown as Json };
  if (Object.keys(fields).length > 0) changes.push({ op: "update", id: ours.id, fields });
}

/** What an earlier import of this source brought and the file no longer has goes, unless someone worked on it. */
function removeGone(
  reader: RecordReader,
  source: string,
  inFile: ReadonlySet<RecordId>,
  changes: Change[],
  conflicts: Conflict[],
  sums: Checksums,
  isOwn: OwnField,
): void {
  const goneBefore = new Set<RecordId>();
  const goes = (record: WorldRecord): boolean => {
    if (inFile.has(record.id) || importedOf(record)?.source !== source) return false;
    if (isUntouched(record, sums, isOwn)) return true;
    conflicts.push({ id: record.id, field: undefined, reason: "edit/delete", ours: record as Json });
    return false;
  };
  const removeBelow = (parent: RecordId): boolean => {
    let empty = true;
    for (const child of childrenOfRecord(reader, parent)) empty = remove(child) && empty;
    return empty;
  };
  const remove = (record: WorldRecord): boolean => {
    const own = goes(record);
    const empty = removeBelow(record.id);
    if (!own || !empty) return false;
    if (!goneBefore.has(record.id)) changes.push({ op: "delete", record });
    goneBefore.add(record.id);
    return true;
  };
  for (const kind of ["shell", "conceptDescription", "submodel"]) {
    const ofSource = reader.query({ kind, index: { name: "source", value: source } });
    const seen = new Set(ofSource.map(({ id }) => id));
    for (const record of ofSource) remove(record);
    // What another source brought too: this one may have added to it, and taken that away again.
    for (const id of inFile) {
      const record = seen.has(id) || !id.startsWith(`${kind}:`) ? undefined : reader.get(id);
      if (record !== undefined) remove(record);
    }
  }
}

function isUntouched(record: WorldRecord, sums: Checksums, isOwn: OwnField): boolean {
  const { fields } = importedOf(record)!;
  const present = Object.entries(sums.ofFields(record)).filter(([field]) => Object.hasOwn(fields, field) || !isOwn(record, field));
  return equalJson(fields, Object.fromEntries(present));
}

function importedOf(record: WorldRecord | undefined): Imported | undefined {
  return record?.["imported"] as Imported | undefined;
}

const MAX_REMEMBERED = 10_000;

/** Checksums of values, those of texts remembered: what names a class, a parent or a place in a list comes again and again. */
class Checksums {
  readonly #ofTexts = new Map<string, string>();

  of(value: Json | undefined): string {
    if (typeof value !== "string") return checksum(value);
    let sum = this.#ofTexts.get(value);
    if (sum !== undefined) return sum;
    sum = checksum(value);
    if (this.#ofTexts.size >= MAX_REMEMBERED) this.#ofTexts.clear();
    this.#ofTexts.set(value, sum);
    return sum;
  }

  ofFields(record: WorldRecord): { readonly [field: string]: string } {
    const sums: Record<string, string> = {};
    for (const name in record) {
      const value = record[name];
      if (name !== "id" && name !== "kind" && name !== "imported" && value !== undefined) sums[name] = this.of(value);
    }
    return sums;
  }
}

/**
 * 64 bits over the canonical text, by two multiplications a character (after FNV-1a and MurmurHash3's finish), base 36. Tells an edit from none, a dozen
 * times a record; who could forge a collision may import anyway.
 */
function checksum(value: Json | undefined): string {
  const text = canonicalJson(value);
  let [low, high] = [0x811c9dc5, 0x9e3779b9];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code ^ (low >>> 15), 0x85ebca6b);
    high = (high << 13) | (high >>> 19);
  }
  low = mixed(low ^ text.length);
  high = mixed(high ^ low);
  return low.toString(36) + high.toString(36).padStart(7, "0");
}

function mixed(bits: number): number {
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
