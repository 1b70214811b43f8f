import { equalJson } from "../canonical-json.ts";
import { compareIds } from "./branch-reader.ts";
import type { Json, RecordId } from "../record.ts";
import type { DiffItem, RecordReader } from "../world.ts";

/** What differs between two readings, for the ids that may differ; ascending by id. */
export function diffRecords(ids: Iterable<RecordId>, base: RecordReader, head: RecordReader): readonly DiffItem[] {
  const items: DiffItem[] = [];
  for (const id of [...new Set(ids)].sort(compareIds)) {
    const before = base.get(id);
    const after = head.get(id);
    if (before === after || equalJson(before as Json | undefined, after as Json | undefined)) continue;
    items.push({ id, kind: (after ?? before)!.kind, before, after });
  }
  return items;
}
