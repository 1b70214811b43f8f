import { message, textOf } from "@doppelwerk/messages";
import type { Change, FieldChange } from "../change.ts";
import { equalJson, plainJson } from "../canonical-json.ts";
import { DoppelwerkError } from "../error.ts";
import { changedId, foldChange, type Folded } from "../fold.ts";
import { finished } from "../in-turns.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { Allow, RecordKind, RecordReader } from "../world.ts";

/** At most so many changes in one transaction: larger imports are split by the caller. */
export const CHANGES_MAX = 200_000;

/** Changes that may go to the log, and the record that each leaves (undefined = none): folded once, here, for all who need it. */
export interface Validated {
  readonly changes: readonly Change[];
  readonly records: Folded;
  /** The canonical text of the changes without brackets, where it was made already. */
  readonly text?: string;
}

/**
 * Private plain copies of the changes, each checked against the state the one before leaves, and allowed by who asks.
 * Refuses DW_INVALID (not JSON, wrong id, refused by its kind), DW_CONFLICT (a field is not what the writer saw; another record has the value of a unique
 * field), DW_NOT_FOUND (nothing to update).
 */
export function validateChanges(
  changes: readonly Change[],
  head: RecordReader,
  kinds: ReadonlyMap<string, RecordKind>,
  allow?: Allow,
): Validated {
  return finished(validating(changes, () => head, kinds, allow));
}

/** Changes checked between two steps. */
const STEP = 500;

/** The same in steps. What `head` answers may be newer after each: the caller begins again where a record of `touched` was written meanwhile. */
export function* validating(
  changes: readonly Change[],
  head: () => RecordReader,
  kinds: ReadonlyMap<string, RecordKind>,
  allow?: Allow,
  touched: Map<RecordId, WorldRecord | undefined> = new Map(),
): Generator<void, Validated> {
  if (changes.length > CHANGES_MAX) throw new DoppelwerkError("DW_INVALID", message("world.moreChangesTransaction", { max: CHANGES_MAX }));
  let reader = head();
  const now = (id: RecordId): WorldRecord | undefined => touched.get(id) ?? (touched.has(id) ? undefined : reader.get(id));
  const placed = new Set<RecordId>();
  const plain: Change[] = [];
  const records: (WorldRecord | undefined)[] = [];
  for (const change of changes) {
    if (plain.length % STEP === STEP - 1) {
      yield;
      reader = head();
    }
    const own = plainChange(change);
    const id = changedId(own);
    const before = now(id);
    allow?.(own, before);
    expect(own, before);
    const after = foldChange(before, own);
    touched.set(id, after);
    plain.push(own);
    records.push(after);
    if (own.op === "create" || (own.op === "update" && own.fields["parent"] !== undefined)) placed.add(id);
  }
  for (const record of touched.values()) if (record !== undefined) checkKind(record, kinds);
  checkUnique(touched, reader, kinds);
  if (placed.size > 0) checkNoCycle(placed, now);
  return { changes: plain, records };
}

/** A record below itself could never be shown, exported or deleted. Only one that got its place here can close a circle. */
function checkNoCycle(placed: ReadonlySet<RecordId>, after: (id: RecordId) => WorldRecord | undefined): void {
  /** From these the way up ends. */
  const ends = new Set<RecordId>();
  for (const id of placed) {
    const way = new Set<RecordId>();
    for (let at: RecordId | undefined = id; at !== undefined && !ends.has(at);) {
      if (way.has(at)) throw new DoppelwerkError("DW_INVALID", message("world.recordWouldStandBelowItself", { id }), { id });
      way.add(at);
      const parent: unknown = after(at)?.["parent"];
      at = typeof parent === "string" ? parent : undefined;
    }
    for (const step of way) ends.add(step);
  }
}

/** A value of a unique field that a record did not have before is that of no other record. */
function checkUnique(
  after: ReadonlyMap<RecordId, WorldRecord | undefined>,
  head: RecordReader,
  kinds: ReadonlyMap<string, RecordKind>,
): void {
  const taken = new Set<string>();
  for (const [id, record] of after) {
    const name = record && kinds.get(record.kind)?.unique;
    const value = name && record[name];
    if (typeof value !== "string" || head.get(id)?.[name!] === value) continue;
    const { kind } = record!;
    const hasIt = (other: WorldRecord): boolean =>
      other.id !== id && (after.has(other.id) ? after.get(other.id) : other)?.[name!] === value;
    const key = JSON.stringify([kind, value]);
    if (taken.has(key) || head.query({ kind, index: { name: name!, value } }).some(hasIt))
      throw new DoppelwerkError("DW_CONFLICT", message("world.another", { kind, name: name!, value }), { id });
    taken.add(key);
  }
}

function plainChange(change: Change): Change {
  if (change.op === "create" || change.op === "delete") return { op: change.op, record: plainRecord(change.record) };
  if (change.op !== "update")
    throw new DoppelwerkError("DW_INVALID", message("world.unknownChange", { op: String((change as { op?: unknown }).op) }));
  if (typeof change.id !== "string") throw new DoppelwerkError("DW_INVALID", message("world.updateNamesIdRecord"));
  const fields: Record<string, FieldChange> = {};
  for (const name of Object.keys(change.fields)) {
    if (name === "id" || name === "kind" || name === "__proto__")
      throw new DoppelwerkError("DW_INVALID", message("world.fieldNeverChanges", { name, id: change.id }));
    fields[name] = plainField(change.fields[name]!, change.id, name);
  }
  // In canonical order, like what is in it: the seal then writes it in one go.
  return { fields, id: change.id, op: "update" };
}

/** Most fields are texts, which are plain already. */
function plainField({ from, to }: FieldChange, id: RecordId, name: string): FieldChange {
  if (typeof from === "string" && typeof to === "string") return { from, to };
  return plainJson({ from, to }, `${id}.${name}`) as FieldChange;
}

function plainRecord(record: WorldRecord): WorldRecord {
  const plain = plainJson(record, String(record?.id)) as unknown as WorldRecord;
  if (
    typeof plain?.id !== "string" ||
    typeof plain.kind !== "string" ||
    plain.kind === "" ||
    plain.kind.includes(":") ||
    !plain.id.startsWith(`${plain.kind}:`) ||
    plain.id.length === plain.kind.length + 1
  )
    throw new DoppelwerkError("DW_INVALID", message("world.idRecordKind", { id: String(plain?.id) }));
  return plain;
}

function expect(change: Change, before: WorldRecord | undefined): void {
  if (change.op === "create") {
    if (before !== undefined)
      throw new DoppelwerkError("DW_CONFLICT", message("world.recordExists", { id: change.record.id }), { id: change.record.id });
    return;
  }
  const id = changedId(change);
  if (before === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id }), { id });
  if (change.op === "delete") {
    if (!equalJson(change.record as Json, before as Json))
      throw new DoppelwerkError("DW_CONFLICT", message("world.recordChangedSinceRead", { id }), { id, actual: before });
    return;
  }
  for (const name in change.fields) {
    const { from } = change.fields[name]!;
    if (!equalJson(from, before[name]))
      throw new DoppelwerkError("DW_CONFLICT", message("world.fieldChangedSinceRead", { name, id }), {
        id,
        field: name,
        expected: from,
        actual: before[name],
      });
  }
}

function checkKind(record: WorldRecord, kinds: ReadonlyMap<string, RecordKind>): void {
  const findings = kinds.get(record.kind)?.validate?.(record);
  if (findings !== undefined && findings.length > 0)
    throw new DoppelwerkError("DW_INVALID", message("world.recordNotValid", { id: record.id, findings }), {
      id: record.id,
      findings: findings.map(textOf),
    });
}
