import type { RecordId } from "@doppelwerk/world";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { KeyFilter } from "./key-filter.ts";
import { readSegments, TABLES, type SegmentRow } from "./record-tables.ts";

export interface StoredVersion {
  readonly revision: number;
  /** Null = deleted. */
  readonly place: number | null;
}

interface Segment {
  readonly number: number;
  readonly table: number;
  readonly first: number;
  readonly filter: KeyFilter;
}

/** Ids read at a time. */
const CHUNK = 256;

/** What the file holds, segment by segment; each lookup passes over those whose filter knows nothing of it. */
export class SegmentReader {
  readonly #database: DatabaseSync;
  readonly #statements: readonly Statements[];
  /** Newest first. */
  #segments: Segment[] = [];

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = Array.from({ length: TABLES }, (_, table) => prepare(database, table));
  }

  load(): void {
    this.#segments = [];
    for (const row of readSegments(this.#database)) this.add(row);
  }

  add({ number, table, first, filter }: SegmentRow): void {
    this.#segments.push({ number, table, first, filter: KeyFilter.ofBytes(filter) });
    this.#segments.sort((a, b) => b.first - a.first);
  }

  replace(gone: readonly number[], by: SegmentRow): void {
    this.#segments = this.#segments.filter(({ number }) => !gone.includes(number));
    this.add(by);
  }

  versionAt(branch: number, id: RecordId, hash: number, upTo: number): StoredVersion | undefined {
    for (const { number, table, first, filter } of this.#segments) {
      if (first > upTo || !filter.has(hash)) continue;
      const row = this.#statements[table]!.version.get(number, branch, id, upTo);
      if (row !== undefined) return row as unknown as StoredVersion;
    }
    return undefined;
  }

  /** Newest first. */
  *versions(branch: number, id: RecordId, hash: number, upTo: number): Iterable<StoredVersion> {
    for (const { number, table, first, filter } of Array.from(this.#segments)) {
      if (first > upTo || !filter.has(hash)) continue;
      let last = upTo + 1;
      for (;;) {
        const rows = this.#statements[table]!.versions.all(number, branch, id, last) as unknown as StoredVersion[];
        yield* rows;
        if (rows.length < CHUNK) break;
        last = rows.at(-1)!.revision;
      }
    }
  }

  /** First and last revision since the record was last deleted, newest segment first; `gone` = it was deleted in the segment, so nothing older counts. */
  *spans(
    branch: number,
    id: RecordId,
    hash: number,
    upTo: number,
  ): Iterable<{ readonly first: number | null; readonly last: number | null; readonly gone: boolean }> {
    for (const { number, table, first: begin, filter } of this.#segments) {
      if (begin > upTo || !filter.has(hash)) continue;
      const gone = this.#statements[table]!.lastGone.get(number, branch, id, upTo)?.["revision"] as number | undefined;
      const span = this.#statements[table]!.span.get(number, branch, id, gone ?? 0, upTo) as { first: number | null; last: number | null };
      yield { ...span, gone: gone !== undefined };
    }
  }

  /** The first id on a branch between two, exclusive, as one cursor a segment. */
  cursors(branch: number, after: RecordId, before: RecordId): ((after: RecordId) => RecordId | undefined)[] {
    return this.#segments.map(({ number, table }) => {
      const statement = this.#statements[table]!.nextId;
      return (from) => statement.get(number, branch, from < after ? after : from, before)?.["id"] as RecordId | undefined;
    });
  }

  /** The ids under an index key after one, ascending, one stream a segment. */
  idStreams(key: number, after: RecordId): Iterator<RecordId>[] {
    return this.#segments.filter(({ filter }) => filter.has(key)).map(({ number, table }) => this.#ids(table, number, key, after));
  }

  *#ids(table: number, segment: number, key: number, after: RecordId): Generator<RecordId, void> {
    for (let last = after; ;) {
      const rows = this.#statements[table]!.ids.all(segment, key, last);
      for (const row of rows) yield row["id"] as RecordId;
      if (rows.length < CHUNK) return;
      last = rows.at(-1)!["id"] as RecordId;
    }
  }
}

type Statements = Readonly<Record<"version" | "versions" | "nextId" | "lastGone" | "span" | "ids", StatementSync>>;

function prepare(database: DatabaseSync, table: number): Statements {
  const of = `FROM versions_${table} WHERE segment = ? AND branch = ? AND id`;
  return {
    version: database.prepare(`SELECT revision, place ${of} = ? AND revision <= ? ORDER BY revision DESC LIMIT 1`),
    versions: database.prepare(`SELECT revision, place ${of} = ? AND revision < ? ORDER BY revision DESC LIMIT ${CHUNK}`),
    nextId: database.prepare(`SELECT id ${of} > ? AND id < ? ORDER BY id LIMIT 1`),
    lastGone: database.prepare(`SELECT revision ${of} = ? AND revision <= ? AND place IS NULL ORDER BY revision DESC LIMIT 1`),
    span: database.prepare(`SELECT min(revision) AS first, max(revision) AS last ${of} = ? AND revision > ? AND revision <= ?`),
    ids: database.prepare(`SELECT id FROM ids_${table} WHERE segment = ? AND key = ? AND id > ? ORDER BY id LIMIT ${CHUNK}`),
  };
}
