import { existsSync, statSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import { message } from "@doppelwerk/messages";
import type { EventKey, Instant, Origin, StoredEvent } from "@doppelwerk/world";
import { DoppelwerkError } from "@doppelwerk/world/error";

/** What a file holds of a branch: `first` and `last` bound it, `events` counts. */
export interface Extent {
  readonly branch: string;
  readonly first: Instant;
  readonly last: Instant;
  readonly events: number;
}

export const FILE_FORMAT = 1;

/** Texts that come again (branches, subjects, types, actors, names of keys) are numbers in rows and indexes. */
const TABLES = `
  CREATE TABLE about (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
  CREATE TABLE extents (branch INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, events INTEGER NOT NULL);
  CREATE TABLE events (
    arrival INTEGER PRIMARY KEY, branch INTEGER NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL, subject INTEGER NOT NULL, type INTEGER NOT NULL,
    version INTEGER NOT NULL, known INTEGER NOT NULL, origin INTEGER NOT NULL, actor INTEGER, keys TEXT NOT NULL, payload TEXT NOT NULL,
    checksum INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX event_names ON events (branch, at, id);
  CREATE INDEX event_subjects ON events (branch, subject, at);
  CREATE INDEX event_types ON events (branch, type, at, arrival, subject);
  CREATE TABLE event_keys (branch INTEGER, name INTEGER, value TEXT, at INTEGER, arrival INTEGER, PRIMARY KEY (branch, name, value, at, arrival)) WITHOUT ROWID;
  INSERT INTO about VALUES ('format', ${FILE_FORMAT}), ('arrival', 0), ('removed', 0);
`;

/** Names kept at hand; looked up again once there are more. */
const MAX_NAMES = 50_000;

/** `untouched` writes nothing to the file, whatever lies beside it. */
export type FileMode = "create" | "write" | "read" | "untouched";

/** A row of `events` as SQLite gives it. */
export interface EventRow {
  readonly arrival: number;
  readonly branch: number;
  readonly at: Instant;
  readonly id: string;
  readonly subject: number;
  readonly type: number;
  readonly version: number;
  readonly known: Instant;
  readonly origin: number;
  readonly actor: number | null;
  readonly keys: string;
  readonly payload: string;
  readonly checksum: number;
}

/**
 * One file of events, a database of SQLite. A folder holds several, filled one after the other, so that the indexes that are written to stay
 * small enough to be at hand. Errors: DW_DAMAGED, DW_FORMAT_NEWER when it is opened.
 */
export class EventFile {
  readonly database: DatabaseSync;
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string, mode: FileMode, cacheKiB: number) {
    try {
      this.database = openDatabase(path, mode, cacheKiB);
    } catch (error) {
      throw new DoppelwerkError("DW_DAMAGED", message("storage.fileEventsCannotOpened", { reason: (error as Error).message, path }));
    }
    let format: unknown;
    try {
      if (mode === "create") this.database.exec(`BEGIN; ${TABLES} COMMIT`);
      format = this.about("format");
    } catch (error) {
      this.database.close();
      throw new DoppelwerkError("DW_DAMAGED", message("storage.fileEventsCannotRead", { reason: (error as Error).message, path }));
    }
    if (Number(format) > FILE_FORMAT) {
      this.database.close();
      throw new DoppelwerkError(
        "DW_FORMAT_NEWER",
        message("storage.fileEventsWrittenNewerDoppelwerkFormat", { format: String(format), path }),
      );
    }
  }

  /** Prepared once. */
  statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.database.prepare(sql)));
    return statement;
  }

  about(name: "format" | "arrival" | "removed"): number {
    return Number(this.statement("SELECT value FROM about WHERE name = ?").get(name)?.["value"]);
  }

  setAbout(name: "arrival" | "removed", value: number): void {
    this.statement("UPDATE about SET value = ? WHERE name = ?").run(value, name);
  }

  extents(): readonly Extent[] {
    return this.statement("SELECT text AS branch, first, last, events FROM extents JOIN names ON names.id = extents.branch").all() as never;
  }

  /** Undefined for a text that is nowhere in the file. */
  idOf(text: string): number | undefined {
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.statement("SELECT id FROM names WHERE text = ?").get(text)?.["id"] as number | undefined;
      if (id !== undefined) this.#keep(text, id);
    }
    return id;
  }

  makeId(text: string): number {
    let id = this.idOf(text);
    if (id === undefined) {
      id = Number(this.statement("INSERT INTO names (text) VALUES (?)").run(text).lastInsertRowid);
      this.#keep(text, id);
    }
    return id;
  }

  textOf(id: number): string {
    let text = this.#texts.get(id);
    if (text === undefined) {
      text = this.statement("SELECT text FROM names WHERE id = ?").get(id)?.["text"] as string | undefined;
      if (text === undefined) throw new DoppelwerkError("DW_DAMAGED", message("storage.fileEventsLacksName", { id }));
      this.#keep(text, id);
    }
    return text;
  }

  /** After a transaction that was taken back: its names are no more. */
  forgetNames(): void {
    this.#ids.clear();
    this.#texts.clear();
  }

  #keep(text: string, id: number): void {
    if (this.#ids.size >= MAX_NAMES) this.forgetNames();
    this.#ids.set(text, id);
    this.#texts.set(id, text);
  }

  eventOf(row: EventRow): StoredEvent {
    return {
      branch: this.textOf(row.branch),
      at: row.at,
      id: row.id,
      subject: this.textOf(row.subject),
      type: this.textOf(row.type),
      version: row.version,
      known: row.known,
      origin: ORIGINS[row.origin] ?? "derived",
      ...(row.actor === null ? {} : { actor: this.textOf(row.actor) }),
      keys: keysFrom(row.keys),
      payload: row.payload,
    };
  }

  close(): void {
    this.#statements.clear();
    this.database.close();
  }
}

/** By number in a row; append only. */
export const ORIGINS: readonly Origin[] = ["measured", "simulated", "replayed", "entered", "derived"];

function openDatabase(path: string, mode: FileMode, cacheKiB: number): DatabaseSync {
  const database = new DatabaseSync(mode === "untouched" ? untouched(path) : path, { readOnly: mode === "read" || mode === "untouched" });
  const writing =
    mode === "create" || mode === "write" ? "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;" : "";
  try {
    database.exec(`PRAGMA busy_timeout = 10000; ${writing} PRAGMA cache_size = -${cacheKiB}; PRAGMA temp_store = MEMORY`);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Without a write-ahead log SQLite needs no file beside this one, if it is told so. */
function untouched(path: string): string | URL {
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0) return path;
  const url = pathToFileURL(path);
  url.searchParams.set("immutable", "1");
  return url;
}

/** As they lie in a row: name, value, name, value … */
export function keysText(keys: readonly EventKey[]): string {
  return keys.length === 0 ? "" : JSON.stringify(keys.flatMap(({ name, value }) => [name, value]));
}

export function keysFrom(text: string): readonly EventKey[] {
  if (text === "") return [];
  const flat = JSON.parse(text) as readonly string[];
  return Array.from({ length: flat.length / 2 }, (_, i) => ({ name: flat[2 * i]!, value: flat[2 * i + 1]! }));
}

/** Of everything that a row says. SQLite keeps none of its own. */
export function checksumOf(event: StoredEvent, keys: string): number {
  const { branch, at, id, subject, type, version, known, origin, actor = "", payload } = event;
  return crc32(
    `${branch}\u001f${at}\u001f${id}\u001f${subject}\u001f${type}\u001f${version}\u001f${known}\u001f${origin}\u001f${actor}\u001f${keys}\u001f${payload}`,
  );
}
