import { documentChange, DoppelwerkError, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { LIVE, type RecordId } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import { storesSource, type SourceFields } from "../../model/source-kind.ts";

export interface KnownSource {
  readonly id: RecordId;
  readonly fields: SourceFields;
}

/** Sources as documents of live. */
export function sourcesOf(view: PlantView): readonly KnownSource[] {
  return view.documents
    .reader(LIVE)
    .query({ kind: storesSource.record })
    .flatMap((record) => {
      const stored = readDocument(storesSource, record);
      return stored === undefined ? [] : [{ id: record.id, fields: stored.source }];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export async function storeSource(view: PlantView, id: RecordId, fields: SourceFields): Promise<void> {
  const before = view.documents.reader(LIVE).get(id);
  const change = documentChange(storesSource, id, before, { title: fields.name, source: fields });
  if (change) await view.documents.apply({ branch: LIVE, reason: message("stores.log.source", { name: fields.name }), changes: [change] });
}

/** Errors: DW_NOT_FOUND. */
export function requireSource(view: PlantView, id: RecordId): KnownSource {
  const found = sourcesOf(view).find((source) => source.id === id);
  if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stores.noSource", { id: id.slice(0, 100) }));
  return found;
}

export async function removeSource(view: PlantView, id: RecordId): Promise<void> {
  const { fields } = requireSource(view, id);
  const record = view.documents.reader(LIVE).get(id)!;
  const reason = message("stores.log.sourceRemoved", { name: fields.name });
  await view.documents.apply({ branch: LIVE, reason, changes: [{ op: "delete", record }] });
}
