import { DatabaseSync, type StatementSync } from "node:sqlite";

/**
 * The file of the record cache. What was folded in one batch is a segment: its versions and the ids of its index keys, both in the order of their table,
 * so that writing goes forward through the file whatever the ids are. Segments of a level lie in one of two tables; when there are many they are merged
 * into one, of the next level where it is large enough. Numbers and order of revisions of segments never overlap, so a reader asks the newest first.
 */
export const LEVELS = 4;
export const TABLES = LEVELS * 2;

const shared = ["packs", "texts", "text_signatures", "text_slices", "branches", "forks", "revisions", "segments"];
const ofLevels = Array.from({ length: TABLES }, (_, table) => [`versions_${table}`, `ids_${table}`]).flat();

/** Raised when the tables change; a cache of another layout is dropped and rebuilt from the log. */
export const LAYOUT = 8;

const create = `
  CREATE TABLE branches (key INTEGER PRIMARY KEY, branch TEXT NOT NULL UNIQUE);
  CREATE TABLE packs (key INTEGER PRIMARY KEY, records BLOB NOT NULL);
  CREATE TABLE texts (kind TEXT NOT NULL, number INTEGER NOT NULL, lines INTEGER NOT NULL, records BLOB NOT NULL, PRIMARY KEY (kind, number)) WITHOUT ROWID;
  CREATE TABLE text_signatures (kind TEXT NOT NULL, number INTEGER NOT NULL, bits BLOB NOT NULL, PRIMARY KEY (kind, number)) WITHOUT ROWID;
  CREATE TABLE text_slices (kind TEXT NOT NULL, first INTEGER NOT NULL, chunk INTEGER NOT NULL, bits BLOB NOT NULL, PRIMARY KEY (kind, first, chunk)) WITHOUT ROWID;
  CREATE TABLE forks (revision INTEGER PRIMARY KEY, entry TEXT NOT NULL);
  CREATE TABLE revisions (revision INTEGER PRIMARY KEY, branch INTEGER NOT NULL, time INTEGER NOT NULL, hash TEXT NOT NULL, changed BLOB NOT NULL);
  CREATE INDEX revisions_by_time ON revisions (time, revision);
  CREATE INDEX revisions_by_branch ON revisions (branch, revision);
  CREATE TABLE segments (number INTEGER PRIMARY KEY, home INTEGER NOT NULL, records INTEGER NOT NULL, keys INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, filter BLOB NOT NULL);
  ${Array.from(
    { length: TABLES },
    (_, table) => `
  CREATE TABLE versions_${table} (segment INTEGER NOT NULL, branch INTEGER NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, place INTEGER, PRIMARY KEY (segment, branch, id, revision)) WITHOUT ROWID;
  CREATE TABLE ids_${table} (segment INTEGER NOT NULL, key INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (segment, key, id)) WITHOUT ROWID;`,
  ).join("")}
`;

/** Tables of layouts before this one. */
const past = ["versions", "ids"];

/** Opens the file and makes its tables, dropping those of another layout. Errors: as SQLite throws them. */
export function openRecordTables(path: string, layout: string): DatabaseSync {
  const database = connect(path, 65_536);
  database.exec("CREATE TABLE IF NOT EXISTS layout (text TEXT NOT NULL)");
  if (database.prepare("SELECT text FROM layout").get()?.["text"] !== layout) {
    const drops = [...past, ...shared, ...ofLevels].map((name) => `DROP TABLE IF EXISTS ${name};`).join("");
    database.exec(`BEGIN IMMEDIATE; ${drops} ${create}`);
    database.prepare("DELETE FROM layout").run();
    database.prepare("INSERT INTO layout (text) VALUES (?)").run(layout);
    database.exec("COMMIT");
  }
  return database;
}

/** A connection to a file that has its tables. */
export function connect(path: string, cacheKiB: number): DatabaseSync {
  const database = new DatabaseSync(path);
  // NORMAL in WAL: after a power loss the cache is whole but may be behind, and then catches up from the log.
  database.exec(
    `PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -${cacheKiB}; PRAGMA wal_autocheckpoint = 16384; PRAGMA temp_store = MEMORY`,
  );
  return database;
}

export function prepareAll<Name extends string>(
  database: DatabaseSync,
  statements: Readonly<Record<Name, string>>,
): Readonly<Record<Name, StatementSync>> {
  return Object.fromEntries(Object.entries<string>(statements).map(([name, sql]) => [name, database.prepare(sql)])) as Record<
    Name,
    StatementSync
  >;
}

/** Statements that empty all tables. */
export function emptyTables(): string {
  return [...shared, ...ofLevels].map((name) => `DELETE FROM ${name};`).join("");
}

/** A segment as its readers know it; `table` is where its rows lie. */
export interface SegmentRow {
  readonly number: number;
  readonly table: number;
  readonly records: number;
  /** Different ids and index keys, about. */
  readonly keys: number;
  readonly first: number;
  readonly last: number;
  readonly filter: Uint8Array;
}

/** All whole segments, oldest first. */
export function readSegments(database: DatabaseSync): readonly SegmentRow[] {
  return database
    .prepare('SELECT number, home AS "table", records, keys, first, last, filter FROM segments ORDER BY first')
    .all() as unknown as readonly SegmentRow[];
}
