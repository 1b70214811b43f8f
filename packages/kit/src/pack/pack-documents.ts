import { equalJson, type Change, type Json, type RecordId, type WorldRecord } from "@doppelwerk/world";
import type { KindDeclaration } from "../feature/feature.ts";
import { recordKindOf } from "../feature/kind-documents.ts";

/** Documents of a feature as its pack knows them: in the version of their kinds that its manifest declares, whatever version they were stored in. */
export interface PackDocuments {
  /** Undefined where it is of a newer version than the pack knows; it stays as it is. Records of other kinds are as they are. */
  read(record: WorldRecord): WorldRecord | undefined;
  /** What stores the change: a document that was of an older version is of the present one then. `get`: as it is stored. */
  write(change: Change, get: (id: RecordId) => WorldRecord | undefined): Change;
}

export function packDocuments(kinds: readonly KindDeclaration[]): PackDocuments {
  const byKind = new Map(kinds.map((kind) => [recordKindOf(kind), kind]));
  const kindOf = (record: WorldRecord | undefined): KindDeclaration | undefined => record && byKind.get(record.kind);
  return {
    read: (record) => {
      const kind = kindOf(record);
      return kind === undefined ? record : inVersionOf(kind, record);
    },
    write(change, get) {
      if (change.op === "create") {
        const kind = kindOf(change.record);
        return kind === undefined || kind.version === 1 ? change : { ...change, record: { ...change.record, version: kind.version } };
      }
      const before = get(change.op === "delete" ? change.record.id : change.id);
      const kind = kindOf(before);
      if (before === undefined || kind === undefined) return change;
      const now = inVersionOf(kind, before);
      if (now === undefined || now === before) return change;
      return change.op === "delete" ? { ...change, record: before } : { ...change, fields: editsOf(before, now, change.fields) };
    },
  };
}

/** Undefined for a newer version. */
function inVersionOf({ version: newest, upcast }: KindDeclaration, record: WorldRecord): WorldRecord | undefined {
  const { id, kind, version = 1, readers, ...stored } = record;
  if (typeof version !== "number" || !(version <= newest)) return undefined;
  if (version === newest) return record;
  let fields: unknown = stored;
  for (let step = version; step < newest; step++) fields = upcast[step]?.(fields as never) ?? fields;
  return { ...(fields as Readonly<Record<string, Json>>), ...(readers !== undefined && { readers }), id, kind, version: newest };
}

type Edits = Extract<Change, { readonly op: "update" }>["fields"];

/** From what is stored to what the pack makes of the document as it knows it. */
function editsOf(before: WorldRecord, now: WorldRecord, given: Edits): Edits {
  const after: WorldRecord = { ...now, ...Object.fromEntries(Object.entries(given).map(([name, { to }]) => [name, to])) };
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const edit = Object.hasOwn(given, name) ? given[name] : undefined;
      // an edit of a value that is another one by now stays one: it is refused as a conflict
      const from = edit !== undefined && !equalJson(edit.from, now[name]) ? edit.from : before[name];
      return equalJson(from, after[name]) ? [] : [[name, { from, to: after[name] }] as const];
    }),
  );
}
