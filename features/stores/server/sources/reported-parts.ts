import { documentChange, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type Change } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import { partDocumentId, sparePart, type PartFields } from "../../model/part-kind.ts";

export type SeenParts = Readonly<Record<string, PartFields>>;

/**
 * Parts of a source as documents: one that is new there is made, and of one that is there the fields change that changed at the source since it was read last.
 * What people said of the other fields stays.
 */
export async function takeParts(own: PlantView, source: string, seen: SeenParts, parts: readonly PartFields[]): Promise<SeenParts> {
  const reader = own.documents.reader(LIVE);
  const changes = new Map<string, Change>();
  for (const fields of parts) {
    const id = partDocumentId(fields.number);
    const record = reader.get(id);
    const before = record && readDocument(sparePart, record);
    // one of a newer version is left as it is
    if (record !== undefined && before === undefined) continue;
    const change = documentChange(sparePart, id, record, before === undefined ? fields : revised(before, seen[fields.number], fields));
    if (change) changes.set(id, change);
  }
  if (changes.size > 0)
    await own.documents.apply({
      branch: LIVE,
      reason: message("stores.log.taken", { source, count: changes.size }),
      changes: [...changes.values()],
    });
  return Object.fromEntries(parts.map((fields) => [fields.number, fields]));
}

function revised(before: PartFields, seen: PartFields | undefined, now: PartFields): PartFields {
  if (seen === undefined) return before;
  const names = [...new Set([...Object.keys(seen), ...Object.keys(now)])] as (keyof PartFields)[];
  const changed = names.filter((name) => !isSameJson(seen[name] as never, now[name] as never));
  return Object.assign({ ...before }, Object.fromEntries(changed.map((name) => [name, now[name]])));
}
