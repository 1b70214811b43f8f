import type { Change } from "./change.ts";
import type { Json, RecordId, WorldRecord } from "./record.ts";

/** The id a change is about. */
export function changedId(change: Change): RecordId {
  return change.op === "update" ? change.id : change.record.id;
}

/** The kind a change is about: an id is always `kind:…`, which the world checks on every create. */
export function changedKind(change: Change): string {
  return change.op === "update" ? change.id.slice(0, change.id.indexOf(":")) : change.record.kind;
}

/** What each change of an entry leaves of its record, in their order; undefined = nothing. */
export type Folded = readonly (WorldRecord | undefined)[];

/** One step of the fold: the record after the change. Expects a change that was validated before it was logged. */
export function foldChange(record: WorldRecord | undefined, change: Change): WorldRecord | undefined {
  if (change.op === "create") return change.record;
  if (change.op === "delete") return undefined;
  if (record === undefined) throw new Error(`the log updates a record that does not exist: ${change.id}`);
  const next: Record<string, Json | undefined> = { ...record };
  for (const name in change.fields) {
    const { to } = change.fields[name]!;
    if (to === undefined) delete next[name];
    else next[name] = to;
  }
  return next as unknown as WorldRecord;
}

/** The change that takes this one back. */
export function inverse(change: Change): Change {
  if (change.op === "create") return { op: "delete", record: change.record };
  if (change.op === "delete") return { op: "create", record: change.record };
  const fields = Object.entries(change.fields).map(([name, { from, to }]) => [name, { from: to, to: from }] as const);
  return { op: "update", id: change.id, fields: Object.fromEntries(fields) };
}
