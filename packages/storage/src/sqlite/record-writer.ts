import type { DatabaseSync, StatementSync } from "node:sqlite";
import { InsertRows } from "./insert-rows.ts";
import { KeyFilter } from "./key-filter.ts";
import type { RecordBatch, WriterAnswer, WriterRequest } from "./record-batch.ts";
import { idKey } from "./record-keys.ts";
import { packLines } from "./line-pack.ts";
import { packText } from "./packed-text.ts";
import { RECORDS_MAX } from "./record-packs.ts";
import { textLine, textOfLine, type SearchedKind } from "./searched-text.ts";
import { TextWriter } from "./text-writer.ts";
import { emptyTables, LEVELS, prepareAll, readSegments, TABLES, type SegmentRow } from "./record-tables.ts";

export interface RecordWriterOptions {
  /** So many segments of a level are merged into one. */
  readonly fan: number;
  /** Rows moved in one transaction of a merge; batches come between. */
  readonly sliceRows: number;
  /** A merged segment of at least so many versions goes up from level 0; of a higher level `fan` times as many each. */
  readonly levelRecords: number;
  /** Kinds whose texts are also kept by kind, in blocks that are looked through. */
  readonly searched: readonly SearchedKind[];
  /** Characters of texts in a block; small for tests. */
  readonly textCharacters?: number;
}

/** A merge under way: `table` → `into`. */
interface Merge {
  readonly from: readonly SegmentRow[];
  readonly table: number;
  readonly into: number;
  readonly number: number;
  readonly steps: Generator<void, SegmentRow>;
}

/** Writes batches into the file of the record cache and merges its segments, in a thread of its own or, for a cache in memory, where it is called. */
export class RecordWriter {
  readonly #database: DatabaseSync;
  readonly #options: RecordWriterOptions;
  readonly #answer: (answer: WriterAnswer) => void;
  readonly #statements: Readonly<Record<keyof typeof statements, StatementSync>>;
  readonly #texts: TextWriter;
  #segments: SegmentRow[] = [];
  /** The disk refused the first: it is tried again with the next request, in order. */
  #waiting: RecordBatch[] = [];
  #merge: Merge | undefined;
  /** Merged and out of the list, but perhaps still read. */
  #left: { readonly table: number; readonly numbers: readonly number[] } | undefined;
  #next = 1;

  constructor(database: DatabaseSync, options: RecordWriterOptions, answer: (answer: WriterAnswer) => void) {
    this.#database = database;
    this.#options = options;
    this.#answer = answer;
    this.#statements = prepareAll(database, statements);
    this.#texts = new TextWriter(database, options.textCharacters);
    this.#load();
  }

  take(request: WriterRequest): void {
    switch (request.kind) {
      case "batch":
        this.#waiting.push(request.batch);
        this.writeWaiting();
        return;
      case "released":
        this.#release(request.numbers);
        return;
      case "reset":
        this.#merge = undefined;
        this.#left = undefined;
        this.#waiting = [];
        this.#database.exec(`BEGIN IMMEDIATE; ${emptyTables()} COMMIT`);
        this.#load();
        this.#answer({ kind: "done" });
        return;
      case "close":
        this.writeWaiting();
        this.#database.close();
        this.#answer({ kind: "done" });
    }
  }

  /** Goes one step on with merging; answers whether there is more to do now. */
  step(): boolean {
    if (this.#waiting.length > 0) return false;
    try {
      this.#merge ??= this.#beginMerge();
      if (this.#merge === undefined) return false;
      const merge = this.#merge;
      let merged: SegmentRow | undefined;
      this.#inTransaction(() => {
        const step = merge.steps.next();
        if (!step.done) return;
        merged = step.value;
        for (const { number } of merge.from) this.#statements.removeSegment.run(number);
        this.#list(merged);
      });
      if (merged !== undefined) this.#finish(merge, merged);
      return true;
    } catch {
      // What was moved so far is in no list: it is cleared away when this merge is begun again.
      this.#merge = undefined;
      return false;
    }
  }

  get refusing(): boolean {
    return this.#waiting.length > 0;
  }

  /** Rows of segments that are in no list are what a killed process left of a merge or of clearing up after one. */
  #load(): void {
    this.#segments = readSegments(this.#database).map(known);
    this.#next = 1;
    for (let table = 0; table < TABLES; table++)
      for (const kind of ["versions", "ids"]) {
        const last = this.#database.prepare(`SELECT max(segment) AS last FROM ${kind}_${table}`).get()!["last"] as number | null;
        this.#next = Math.max(this.#next, 1 + (last ?? 0));
      }
    for (const { number } of this.#segments) this.#next = Math.max(this.#next, number + 1);
  }

  /** Batches the disk refused before come first; what it refuses now waits for the next time. */
  writeWaiting(): void {
    while (this.#waiting.length > 0) {
      let segment: SegmentRow | undefined;
      try {
        this.#inTransaction(() => (segment = this.#write(this.#waiting[0]!)));
      } catch (error) {
        this.#answer({ kind: "refused", why: (error as Error).message });
        return;
      }
      this.#waiting.shift();
      this.#segments.push(known(segment!));
      this.#answer({ kind: "written", segment: segment! });
    }
  }

  #inTransaction(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #write(batch: RecordBatch): SegmentRow {
    const { ids, branchOf, revisionOf, placeOf, keys, refs, revisions } = batch;
    const statements = this.#statements;
    for (const { key, lines } of batch.packs) statements.addPack.run(key, packLines(lines) ?? packText(lines.join("\n")));
    for (const { key, branch } of batch.branches) statements.addBranch.run(key, branch);
    for (const { revision, entry } of batch.forks) statements.addFork.run(revision, entry);
    revisions.revision.forEach((revision, i) => {
      const changed = packedIds(ids.slice(revisions.start[i]!, revisions.start[i + 1] ?? ids.length));
      statements.addRevision.run(revision, revisions.branch[i]!, revisions.time[i]!, revisions.hash[i]!, changed);
    });
    this.#writeTexts(batch);
    const table = this.#filling(0);
    const number = this.#next++;
    const [first, last] = [revisions.revision[0]!, revisions.revision.at(-1)!];
    const order = Uint32Array.from(ids.keys()).sort(
      (a, b) => branchOf[a]! - branchOf[b]! || (ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : revisionOf[a]! - revisionOf[b]! || a - b),
    );
    const byKey = Uint32Array.from(keys.keys());
    const rank = new Uint32Array(ids.length);
    order.forEach((at, i) => (rank[at] = i));
    byKey.sort((a, b) => keys[a]! - keys[b]! || rank[refs[a]!]! - rank[refs[b]!]!);
    const distinct = differing(order, (at) => ids[at]!) + differing(byKey, (at) => keys[at]!);
    const filter = KeyFilter.forKeys(distinct);
    // Where one entry changes a record twice the later version stands.
    const prepare = (sql: string): StatementSync => this.#prepared(sql);
    const toVersions = new InsertRows(prepare, `INSERT OR REPLACE INTO versions_${table} (segment, branch, id, revision, place)`, 5);
    for (const at of order) {
      const place = placeOf[at]!;
      toVersions.add(number, branchOf[at]!, ids[at]!, revisionOf[at]!, Number.isNaN(place) ? null : place);
      filter.add(idKey(ids[at]!));
    }
    toVersions.end();
    const toIds = new InsertRows(prepare, `INSERT OR IGNORE INTO ids_${table} (segment, key, id)`, 3);
    for (const at of byKey) {
      toIds.add(number, keys[at]!, ids[refs[at]!]!);
      filter.add(keys[at]!);
    }
    toIds.end();
    const segment = { number, table, records: ids.length, keys: distinct, first, last, filter: filter.bytes };
    this.#list(segment);
    return segment;
  }

  /** What the versions of each searched kind say, one a line. */
  #writeTexts({ ids, placeOf, packs, texts }: RecordBatch): void {
    const lines = new Map(packs.map((pack) => [pack.key, pack.lines]));
    for (const { kind, without } of this.#options.searched)
      this.#texts.add(
        kind,
        ids.flatMap((id, i) => {
          if (!id.startsWith(`${kind}:`)) return [];
          const changed = texts.get(i);
          if (changed !== undefined) return [textLine(id, changed)];
          const line = lines.get(Math.floor(placeOf[i]! / RECORDS_MAX))?.[placeOf[i]! % RECORDS_MAX];
          return line === undefined ? [] : [textLine(id, textOfLine(line, without))];
        }),
      );
  }

  #list({ number, table, records, keys, first, last, filter }: SegmentRow): void {
    this.#statements.addSegment.run(number, table, records, keys, first, last, filter);
  }

  /** Statements that name a table. */
  readonly #byText = new Map<string, StatementSync>();

  #prepared(sql: string): StatementSync {
    let statement = this.#byText.get(sql);
    if (statement === undefined) this.#byText.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #inTable(table: number): readonly SegmentRow[] {
    return this.#segments.filter((segment) => segment.table === table);
  }

  /** Of the two tables of a level the one that new segments go to: never the one that is being merged, or cleared away, or has to be merged first. */
  #filling(level: number): number {
    const [one, other] = [level * 2, level * 2 + 1];
    const busy = this.#merge?.table ?? this.#left?.table;
    if (busy === one) return other;
    if (busy === other) return one;
    return this.#lastIn(other) > this.#lastIn(one) ? other : one;
  }

  #lastIn(table: number): number {
    return this.#inTable(table).at(-1)?.last ?? 0;
  }

  #beginMerge(): Merge | undefined {
    if (this.#left !== undefined) return undefined;
    for (let level = 0; level < LEVELS; level++) {
      // Both hold some when a merge was cut off: then the older ones go up before newer ones do.
      const isCutOff = this.#lastIn(level * 2) > 0 && this.#lastIn(level * 2 + 1) > 0;
      const table = isCutOff ? this.#filling(level) ^ 1 : this.#filling(level);
      const from = this.#inTable(table);
      if (from.length < this.#options.fan && !isCutOff) continue;
      const records = from.reduce((sum, segment) => sum + segment.records, 0);
      const isLarge = level + 1 < LEVELS && records >= this.#options.levelRecords * this.#options.fan ** level;
      const into = isLarge ? this.#filling(level + 1) : table ^ 1;
      const keys = from.reduce((sum, segment) => sum + segment.keys, 0);
      const number = this.#next++;
      const steps = this.#merging({ from, table, into, number, records, keys });
      return { from, table, into, number, steps };
    }
    return undefined;
  }

  *#merging(merge: Omit<Merge, "steps"> & { readonly records: number; readonly keys: number }): Generator<void, SegmentRow> {
    const { from, into, number, records, keys } = merge;
    const filter = KeyFilter.forKeys(keys);
    let distinct = 0;
    yield* this.#clear(into);
    yield* this.#move(merge, "versions", "branch, id, revision", "place");
    yield* this.#move(merge, "ids", "key, id", undefined);
    const nextIds = this.#prepared(
      `SELECT branch, id FROM versions_${into} WHERE segment = ? AND (branch, id) > (?, ?) GROUP BY branch, id ORDER BY branch, id LIMIT ${this.#options.sliceRows}`,
    );
    // Rows as lists take half the time of rows as objects.
    nextIds.setReturnArrays(true);
    for (let last: readonly [number, string] | undefined = [0, ""]; last !== undefined;) {
      const rows = nextIds.all(number, ...last) as unknown as (readonly [branch: number, id: string])[];
      for (const [, id] of rows) filter.add(idKey(id));
      distinct += rows.length;
      last = rows.at(-1);
      yield;
    }
    const nextKeys = this.#prepared(
      `SELECT DISTINCT key FROM ids_${into} WHERE segment = ? AND key > ? ORDER BY key LIMIT ${this.#options.sliceRows}`,
    );
    nextKeys.setReturnArrays(true);
    for (let last: number | undefined = -1; last !== undefined;) {
      const rows = nextKeys.all(number, last) as unknown as (readonly [key: number])[];
      for (const [key] of rows) filter.add(key);
      distinct += rows.length;
      last = rows.at(-1)?.[0];
      yield;
    }
    return { number, table: into, records, keys: distinct, first: from[0]!.first, last: from.at(-1)!.last, filter: filter.bytes };
  }

  /** What an earlier merge into the table left there. */
  *#clear(table: number): Generator<void, void> {
    for (const kind of ["versions", "ids"]) {
      const next = this.#prepared(`SELECT segment FROM ${kind}_${table} WHERE segment > ? ORDER BY segment LIMIT 1`);
      for (let at = 0; ;) {
        const segment = next.get(at)?.["segment"] as number | undefined;
        if (segment === undefined) break;
        at = segment;
        // Looked up again each time: batches arrive between the steps.
        if (this.#segments.some(({ number }) => number === segment)) continue;
        if (this.#inTable(table).length === 0) this.#prepared(`DELETE FROM ${kind}_${table}`).run();
        else this.#prepared(`DELETE FROM ${kind}_${table} WHERE segment = ?`).run(segment);
        yield;
      }
    }
  }

  /** Copies rows in the order of the table, a slice at a time; SQLite merges the segments' own orders and drops what is there twice. */
  *#move({ from, table, into, number }: Omit<Merge, "steps">, kind: string, key: string, rest: string | undefined): Generator<void, void> {
    const columns = rest === undefined ? key : `${key}, ${rest}`;
    const names = key.split(", ");
    const positions = names.map((_, i) => i + 2).join(", ");
    const marks = names.map(() => "?").join(", ");
    const selects = from.map(
      (segment) => `SELECT ${number}, ${columns} FROM ${kind}_${table} WHERE segment = ${segment.number} AND (${key}) > (${marks})`,
    );
    const insert = this.#database.prepare(
      `INSERT INTO ${kind}_${into} (segment, ${columns}) ${selects.join(" UNION ")} ORDER BY ${positions} LIMIT ${this.#options.sliceRows}`,
    );
    const end = this.#database.prepare(
      `SELECT ${key} FROM ${kind}_${into} WHERE segment = ? ORDER BY ${names.map((name) => `${name} DESC`).join(", ")} LIMIT 1`,
    );
    let last: (string | number)[] = names.map((name) => (name === "id" ? "" : -1));
    for (;;) {
      const { changes } = insert.run(...from.flatMap(() => last));
      if (Number(changes) === 0) return;
      last = Object.values(end.get(number)!) as (string | number)[];
      yield;
    }
  }

  #finish({ from, table }: Merge, segment: SegmentRow): void {
    const gone = from.map(({ number }) => number);
    this.#segments = [known(segment), ...this.#segments.filter(({ number }) => !gone.includes(number))].sort((a, b) => a.first - b.first);
    this.#merge = undefined;
    this.#left = { table, numbers: gone };
    this.#answer({ kind: "merged", gone, segment });
  }

  /** Nobody reads them any more. */
  #release(numbers: readonly number[]): void {
    const left = this.#left;
    if (left === undefined || numbers[0] !== left.numbers[0]) return;
    this.#left = undefined;
    try {
      this.#inTransaction(() => {
        for (const kind of ["versions", "ids"]) this.#database.exec(`DELETE FROM ${kind}_${left.table}`);
      });
    } catch {
      // Cleared away before the next merge into this table.
    }
  }
}

/** The readers need the filter, the writer does not. */
function known(segment: SegmentRow): SegmentRow {
  return { ...segment, filter: new Uint8Array() };
}

/** How many different values there are in a sequence in which equal ones stand together. */
function differing(order: Uint32Array, valueOf: (at: number) => string | number): number {
  let count = 0;
  for (let i = 0; i < order.length; i++) if (i === 0 || valueOf(order[i]!) !== valueOf(order[i - 1]!)) count++;
  return count;
}

/** Ids as JSON, packed where that pays. */
function packedIds(ids: readonly string[]): string | Uint8Array {
  const text = JSON.stringify(ids);
  return text.length < 512 ? text : packText(text);
}

const statements = {
  addPack: "INSERT INTO packs (key, records) VALUES (?, ?)",
  addBranch: "INSERT INTO branches (key, branch) VALUES (?, ?)",
  addFork: "INSERT INTO forks (revision, entry) VALUES (?, ?)",
  addRevision: "INSERT INTO revisions (revision, branch, time, hash, changed) VALUES (?, ?, ?, ?, ?)",
  addSegment: "INSERT INTO segments (number, home, records, keys, first, last, filter) VALUES (?, ?, ?, ?, ?, ?, ?)",
  removeSegment: "DELETE FROM segments WHERE number = ?",
} as const;
