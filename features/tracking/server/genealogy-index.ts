import { hash } from "node:crypto";
import { rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Instant, RecordId } from "@doppelwerk/world";
import { LINK_KINDS, type Tracked } from "../model/links.ts";
import type { Direction, LinkReader, LinkRow } from "../model/trace.ts";

/** What one recorded event says, to be indexed. */
export interface Indexed extends Tracked {
  /** Of the event of the world. */
  readonly id: string;
  /** The record that it happened at. */
  readonly subject: RecordId;
}

/** Where a thing was named last. */
export interface LastSeen {
  readonly at: Instant;
  readonly subject: RecordId;
}

export interface KnownThing {
  readonly number: number;
  readonly name: string;
}

/** When a thing was named, and by which event. */
export interface Visit {
  readonly at: Instant;
  /** Number of the event, see `eventNumber`. */
  readonly event: number;
  readonly place: number;
}

const VERSION = 1;
/** Numbers of the things that were named last. */
const MAX_RECENT = 20_000;
const TABLES = `
CREATE TABLE thing(id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, name TEXT NOT NULL);
CREATE INDEX thing_hash ON thing(hash);
CREATE TABLE place(id INTEGER PRIMARY KEY, record TEXT NOT NULL UNIQUE);
CREATE TABLE link_into(src INTEGER NOT NULL, dst INTEGER NOT NULL, at INTEGER NOT NULL, event INTEGER NOT NULL, kind INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY(src, dst, at, event)) WITHOUT ROWID;
CREATE TABLE link_from(dst INTEGER NOT NULL, src INTEGER NOT NULL, at INTEGER NOT NULL, event INTEGER NOT NULL, kind INTEGER NOT NULL, place INTEGER NOT NULL,
  PRIMARY KEY(dst, src, at, event)) WITHOUT ROWID;
CREATE TABLE visit(thing INTEGER NOT NULL, at INTEGER NOT NULL, event INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY(thing, at, event)) WITHOUT ROWID;
`;

/** A number for the id of an event, of 48 bits: two of them at one instant are told apart by it. */
export const eventNumber = (id: string): number => Number.parseInt(hash("sha1", id, "hex").slice(0, 12), 16);

/**
 * Who went into what, of all events, found by thing in both directions: made of the events of the world, and made anew of them where it is missing or damaged.
 * One SQLite file; numbers of things grow with time, so that what was made together lies together.
 */
export class GenealogyIndex implements LinkReader {
  readonly #db: DatabaseSync;
  readonly #places = new Map<RecordId, number>();
  readonly #records: RecordId[] = [];
  readonly #recent = new Map<string, number>();
  readonly #thingsOfHash: StatementSync;
  readonly #addThing: StatementSync;
  readonly #addInto: StatementSync;
  readonly #addFrom: StatementSync;
  readonly #addVisit: StatementSync;
  readonly #removed: readonly StatementSync[];
  readonly #links: Readonly<Record<Direction, StatementSync>>;
  readonly #emptied: StatementSync;
  readonly #named: StatementSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    const rows = (sql: string): StatementSync => {
      const statement = db.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    };
    this.#thingsOfHash = rows("SELECT id, name FROM thing WHERE hash = ?");
    this.#addThing = db.prepare("INSERT INTO thing(hash, name) VALUES(?, ?)");
    this.#addInto = db.prepare("INSERT OR IGNORE INTO link_into(src, dst, at, event, kind, place) VALUES(?, ?, ?, ?, ?, ?)");
    this.#addFrom = db.prepare("INSERT OR IGNORE INTO link_from(src, dst, at, event, kind, place) VALUES(?, ?, ?, ?, ?, ?)");
    this.#addVisit = db.prepare("INSERT OR IGNORE INTO visit(thing, at, event, place) VALUES(?, ?, ?, ?)");
    this.#removed = ["link_into", "link_from"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE src = ? AND dst = ? AND at = ? AND event = ?`),
    );
    const columns = "l.src, l.dst, l.at, l.event, l.kind, l.place";
    this.#links = {
      into: rows(`SELECT ${columns} FROM json_each(?) j CROSS JOIN link_into l ON l.src = j.value`),
      from: rows(`SELECT ${columns} FROM json_each(?) j CROSS JOIN link_from l ON l.dst = j.value`),
    };
    this.#emptied = rows(`SELECT ${columns} FROM json_each(?) j CROSS JOIN link_into l ON l.src = j.value AND l.dst = j.value`);
    this.#named = rows("SELECT t.id, t.name FROM json_each(?) j CROSS JOIN thing t ON t.id = j.value");
    for (const row of db.prepare("SELECT id, record FROM place").all()) this.#know(Number(row["id"]), String(row["record"]));
  }

  /** `isNew`: there was none, or one that cannot be read: events have to be added again. */
  static open(path: string): { readonly index: GenealogyIndex; readonly isNew: boolean } {
    const opened = tryOpen(path);
    if (opened !== undefined) return { index: new GenealogyIndex(opened), isNew: false };
    for (const end of ["", "-wal", "-shm"]) rmSync(path + end, { force: true });
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; ${TABLES}`);
    db.exec(`PRAGMA user_version = ${VERSION}`);
    return { index: new GenealogyIndex(db), isNew: true };
  }

  /** Adding an event again changes nothing. All or nothing. */
  add(events: readonly Indexed[]): void {
    this.#transaction(() => {
      for (const event of events) this.#addOne(event);
    });
  }

  /** What an event says went into what is no longer so; that it named its things stays. */
  withdrawLinks(event: Indexed): void {
    const number = eventNumber(event.id);
    this.#transaction(() => {
      for (const { from, into } of event.links) {
        const [src, dst] = [this.#find(from), this.#find(into)];
        if (src === undefined || dst === undefined) continue;
        for (const statement of this.#removed) statement.run(src, dst, event.at, number);
      }
    });
  }

  /** The number of a thing; undefined where no event names it. */
  thing(name: string): number | undefined {
    return this.#find(name);
  }

  /** Names of things, by their numbers. */
  names(things: readonly number[]): ReadonlyMap<number, string> {
    return new Map((this.#named.all(JSON.stringify(things)) as unknown as [number, string][]).map(([id, name]) => [id, name]));
  }

  links(things: readonly number[], direction: Direction): readonly LinkRow[] {
    return rowsOf(this.#links[direction], things);
  }

  emptied(containers: readonly number[]): readonly LinkRow[] {
    return rowsOf(this.#emptied, containers);
  }

  /** Newest first. */
  visits(thing: number, limit: number, before: Instant): readonly Visit[] {
    const rows = this.#db
      .prepare("SELECT at, event, place FROM visit WHERE thing = ? AND at < ? ORDER BY at DESC, event LIMIT ?")
      .all(thing, before, limit);
    return rows.map((row) => ({ at: Number(row["at"]), event: Number(row["event"]), place: Number(row["place"]) }));
  }

  /** Things whose names have a text in them, newest first. Where few fit the whole list is read, and nothing else is done meanwhile. */
  search(text: string, limit: number): readonly KnownThing[] {
    const rows = this.#db
      .prepare("SELECT id, name FROM thing WHERE instr(lower(name), ?) > 0 ORDER BY id DESC LIMIT ?")
      .all(text.toLowerCase(), limit);
    return rows.map((row) => ({ number: Number(row["id"]), name: String(row["name"]) }));
  }

  recordOf(place: number): RecordId {
    return this.#records[place]!;
  }

  counts(): { readonly things: number; readonly bytes: number } {
    const [things, pages, size] = ["SELECT max(id) n FROM thing", "PRAGMA page_count", "PRAGMA page_size"].map((sql) =>
      Number(Object.values(this.#db.prepare(sql).get() ?? {})[0] ?? 0),
    ) as [number, number, number];
    return { things, bytes: pages * size };
  }

  close(): void {
    this.#db.close();
  }

  #addOne(event: Indexed): void {
    const number = eventNumber(event.id);
    const place = this.#place(event.subject);
    const numbers = new Map(event.things.map((name) => [name, this.#numberOf(name)]));
    for (const thing of numbers.values()) this.#addVisit.run(thing, event.at, number, place);
    for (const { from, into, kind } of event.links) {
      const [src, dst] = [numbers.get(from)!, numbers.get(into)!];
      const code = LINK_KINDS.indexOf(kind);
      this.#addInto.run(src, dst, event.at, number, code, place);
      this.#addFrom.run(src, dst, event.at, number, code, place);
    }
  }

  #numberOf(name: string): number {
    const recent = this.#recent.get(name);
    if (recent !== undefined) return recent;
    const number = this.#find(name) ?? Number(this.#addThing.run(hashOf(name), name).lastInsertRowid);
    if (this.#recent.size >= MAX_RECENT) this.#recent.clear();
    this.#recent.set(name, number);
    return number;
  }

  #find(name: string): number | undefined {
    return (this.#thingsOfHash.all(hashOf(name)) as unknown as [number, string][]).find(([, known]) => known === name)?.[0];
  }

  #place(record: RecordId): number {
    const known = this.#places.get(record);
    if (known !== undefined) return known;
    const id = Number(this.#db.prepare("INSERT INTO place(record) VALUES(?)").run(record).lastInsertRowid);
    this.#know(id, record);
    return id;
  }

  #know(id: number, record: RecordId): void {
    this.#places.set(record, id);
    this.#records[id] = record;
  }

  #transaction(work: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      // places and things that were given a number in it have none
      this.#recent.clear();
      this.#places.clear();
      this.#records.length = 0;
      for (const row of this.#db.prepare("SELECT id, record FROM place").all()) this.#know(Number(row["id"]), String(row["record"]));
      throw error;
    }
  }
}

const hashOf = (name: string): number => Number.parseInt(hash("sha1", name, "hex").slice(0, 12), 16);

function rowsOf(statement: StatementSync, things: readonly number[]): readonly LinkRow[] {
  const rows = statement.all(JSON.stringify(things)) as unknown as [number, number, number, number, number, number][];
  return rows.map(([from, into, at, event, kind, place]) => ({ from, into, at, event, kind, place }));
}

/** Undefined where there is none that can be used. */
function tryOpen(path: string): DatabaseSync | undefined {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path);
    const version = Number(Object.values(db.prepare("PRAGMA user_version").get()!)[0]);
    if (version === VERSION && db.prepare("SELECT count(*) FROM place").get() !== undefined) {
      db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384");
      return db;
    }
  } catch {
    // damaged, or none: made anew
  }
  db?.close();
  return undefined;
}
