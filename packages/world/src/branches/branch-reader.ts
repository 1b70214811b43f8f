import type { BranchId } from "../change.ts";
import type { Lineage, RecordQuery, RecordStore, RecordVersion } from "../ports/record-store.ts";
import type { RecordId, WorldRecord } from "../record.ts";
import type { RecordKind, RecordReader } from "../world.ts";
import type { Overlay } from "./overlay.ts";

/** Reads committed state along a lineage. */
export function storeReader(store: RecordStore, lineage: Lineage): RecordReader {
  return {
    get: (id) => store.get(lineage, id),
    query: (query) => store.query(lineage, query),
    versions: (id, limit): readonly RecordVersion[] =>
      store.versions(lineage, id, limit).map((version) => {
        const time = store.timeOf(version.revision);
        return time === undefined ? version : { ...version, time };
      }),
    written: (id) => store.written(lineage, id),
    lastWritten: (query, counts = () => true) => store.lastWritten(lineage, query).find(({ id }) => counts(id))?.revision,
    changedSince: (revision) => changedSince(store, lineage, revision),
    holding: (kind, texts) => store.holding?.(kind, texts),
  };
}

/** Reads the head of a branch with what is still on its way to the log: only for validating the next write. */
export function headReader(base: RecordReader, overlay: Overlay, branch: BranchId, kinds: ReadonlyMap<string, RecordKind>): RecordReader {
  const pending = overlay.on(branch);
  if (pending.size === 0) return base;
  return {
    get(id) {
      const record = pending.get(id);
      return record === undefined ? base.get(id) : record.record;
    },
    query(query) {
      const { limit: _limit, ...unlimited } = query;
      const found = base.query(unlimited).filter((record) => !pending.has(record.id));
      for (const { record } of pending.values()) if (record !== undefined && matches(record, query, kinds)) found.push(record);
      found.sort((a, b) => compareIds(a.id, b.id));
      return query.limit === undefined ? found : found.slice(0, query.limit);
    },
    versions: base.versions,
    written: base.written,
    lastWritten: base.lastWritten,
    changedSince: base.changedSince,
  };
}

/** Whether a record answers a query, by the indexes its kind declares. */
export function matches(record: WorldRecord, query: RecordQuery, kinds: ReadonlyMap<string, RecordKind>): boolean {
  if (record.kind !== query.kind) return false;
  if (query.after !== undefined && record.id <= query.after) return false;
  if (query.index === undefined) return true;
  const read = kinds.get(record.kind)?.indexes?.[query.index.name]?.(record);
  return typeof read === "object" ? read.includes(query.index.value) : read === query.index.value;
}

/** What an index reads from a record, as a list. */
export function indexValues(read: string | readonly string[] | undefined): readonly string[] {
  return read === undefined ? [] : typeof read === "string" ? [read] : read;
}

function changedSince(store: RecordStore, lineage: Lineage, after: number): readonly RecordId[] {
  const ids = lineage.map(({ branch, revision }) => (revision > after ? store.changedIds(branch, after, revision) : []));
  return ids.length === 1 ? ids[0]! : [...new Set(ids.flat())].sort();
}

export function compareIds(a: RecordId, b: RecordId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The record now, or as it last was when it is deleted. */
export function newestVersion(reader: RecordReader, id: RecordId): WorldRecord | undefined {
  return reader.get(id) ?? reader.versions(id).find(({ record }) => record !== undefined)?.record;
}
