import { message, type Message } from "@doppelwerk/messages";
import { faultsOf } from "@doppelwerk/messages/faults";
import type { Change, Json, RecordId, WorldRecord } from "@doppelwerk/world";
import { equalJson } from "@doppelwerk/world";
import type { z } from "zod";
import type { KindDeclaration } from "./feature.ts";

/** The `kind` of the records of a declared kind. */
export function recordKindOf({ id, record }: KindDeclaration): string {
  return record ?? id;
}

type Read<Fields> = { readonly fields: Fields } | { readonly faults: readonly Message[] };

/** The fields of a record as the newest version of its kind has them, or what keeps them from being read: a newer version, a field that does not fit. */
function read<Schema extends z.ZodType>(kind: KindDeclaration<Schema>, record: WorldRecord): Read<z.output<Schema>> {
  const { id: _id, kind: _kind, version = 1, ...stored } = record;
  if (typeof version !== "number" || version > kind.version)
    return { faults: [message("messages.kindNewer", { kind: kind.id, version: String(version), present: kind.version })] };
  let fields: unknown = stored;
  for (let step = version; step < kind.version; step++) fields = kind.upcast[step]!(fields as never);
  const parsed = kind.schema.safeParse(fields);
  if (parsed.success) return { fields: parsed.data };
  return { faults: faultsOf(parsed.error.issues, fields) };
}

/** What keeps a record from being one of its kind; empty: nothing. */
export function documentFaults(kind: KindDeclaration, record: WorldRecord): readonly Message[] {
  const result = read(kind, record);
  return "faults" in result ? result.faults : [];
}

/** Undefined where the record is of a newer version or does not fit: it is kept as it is. */
export function readDocument<Schema extends z.ZodType>(kind: KindDeclaration<Schema>, record: WorldRecord): z.output<Schema> | undefined {
  const result = read(kind, record);
  return "fields" in result ? result.fields : undefined;
}

/**
 * What stores these fields in place of a record; undefined where it says the same already. Fields that the schema does not know stay. `readers`: the roles
 * that alone may read it, where what it is about may not be read by all; only administrators write them.
 */
export function documentChange<Schema extends z.ZodType>(
  kind: KindDeclaration<Schema>,
  id: RecordId,
  before: WorldRecord | undefined,
  fields: z.input<Schema>,
  readers?: readonly string[],
): Change | undefined {
  const own = { version: kind.version, ...(fields as Readonly<Record<string, Json | undefined>>), ...(readers && { readers }) };
  if (before === undefined) return { op: "create", record: { id, kind: recordKindOf(kind), ...own } };
  // a field of the former version that the new one does not have is taken out
  const former = Object.keys((readDocument(kind, before) ?? {}) as object);
  const names = new Set([...Object.keys(own), ...former]);
  const changed = [...names].filter((name) => !equalJson(before[name], (own as Readonly<Record<string, Json | undefined>>)[name]));
  if (changed.length === 0) return undefined;
  return {
    op: "update",
    id,
    fields: Object.fromEntries(changed.map((name) => [name, { from: before[name], to: (own as Record<string, Json | undefined>)[name] }])),
  };
}

/** The roles that may read all of these records; undefined where all may. */
export function readersOfAll(records: readonly (WorldRecord | undefined)[]): readonly string[] | undefined {
  const limited = records.flatMap((record) => (Array.isArray(record?.["readers"]) ? [record["readers"] as readonly string[]] : []));
  if (limited.length === 0) return undefined;
  return limited[0]!.filter((role) => limited.every((readers) => readers.includes(role)));
}

/** Whether two values are the same JSON, whatever the order of their fields. */
export function isSameJson(a: unknown, b: unknown): boolean {
  return equalJson(a as Json | undefined, b as Json | undefined);
}
