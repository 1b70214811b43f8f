import type { ElementRecord, RecordId, RecordReader, WorldRecord } from "@doppelwerk/world";

/** Documents as they would be with other values in some elements; nothing is written. Only what reads the present is overlaid. */
export function overlaid(reader: RecordReader, values: ReadonlyMap<RecordId, string>): RecordReader {
  const changed = <Record extends WorldRecord | undefined>(record: Record): Record => {
    const value = record?.kind === "element" ? values.get(record.id) : undefined;
    return value === undefined ? record : ({ ...(record as unknown as ElementRecord), value } as unknown as Record);
  };
  return {
    get: (id) => changed(reader.get(id)),
    query: (query) => reader.query(query).map(changed),
    versions: (id, limit) => reader.versions(id, limit),
    written: (id) => reader.written(id),
    lastWritten: (query, counts) => reader.lastWritten(query, counts),
    changedSince: (revision) => reader.changedSince(revision),
  };
}
