import { DatabaseSync, type StatementSync } from "node:sqlite";
import {
  canonicalJson,
  changedId,
  DoppelwerkError,
  foldChange,
  GENESIS_HASH,
  indexValues,
  matches,
  type BranchId,
  type LastWritten,
  type Lineage,
  type LogEntry,
  type RecordId,
  type RecordKind,
  type RecordQuery,
  type RecordStore,
  type RecordVersion,
  type WorldRecord,
} from "@doppelwerk/world";
import { checkpointBeside } from "./checkpoint.ts";
import { NEVER_WRITTEN, RecordCache, type CachedVersion } from "./record-cache.ts";
import { RecordIndex } from "./record-index.ts";
import { RecordPacks } from "./record-packs.ts";

export interface SqliteRecordStoreOptions {
  /** File of the cache, or ":memory:". It may be deleted at any time: the log is truth. */
  readonly path: string;
  readonly kinds: readonly RecordKind[];
}

/** Raised when the tables change; a cache of another layout is dropped and rebuilt from the log. */
const LAYOUT = 4;
const TAIL = Number.MAX_SAFE_INTEGER;
/** What an entry with more changes writes is not kept at hand: an import must not push out what people look at. */
const BULK = 1_000;
/** So much is folded before it goes to the file at the latest, in changes and in time; a killed process folds that again from the log. */
const COMMIT_CHANGES = 100_000;
/** A commit is prepared in steps of so many rows; whoever folds faster than that waits for it at so many times as much. */
const STEP_ROWS = 10_000;
const WAIT_FACTOR = 3;
const COMMIT_MS = 5_000;
/** After so many changes the file is brought up to its log beside the main thread; fewer are left to SQLite. */
const CHECKPOINT_CHANGES = 2_000;

/**
 * The cache of the fold in SQLite (WAL). Versions are keyed by (branch, id, revision) and say in which pack the record lies; the index table holds every id that ever had a value, under a
 * hash of it: a superset that is checked at the revision read. The log is on disk before anything is folded, so many groups share one SQLite
 * transaction, which this connection reads while it is open. Errors: DW_UNAVAILABLE when the file cannot be opened or written.
 */
export function openSqliteRecordStore(options: SqliteRecordStoreOptions): RecordStore {
  return new SqliteRecordStore(options);
}

class SqliteRecordStore implements RecordStore {
  readonly #database: DatabaseSync;
  readonly #kinds: ReadonlyMap<string, RecordKind>;
  readonly #statements: Statements;
  readonly #packs: RecordPacks;
  readonly #index: RecordIndex;
  readonly #path: string;
  readonly #cache = new RecordCache();
  readonly #branchKeys = new Map<BranchId, number>();
  readonly #branchNames = new Map<number, BranchId>();
  readonly #bases = new Map<BranchId, { readonly parent: BranchId; readonly baseRevision: number }>();
  /** Folded and not yet in the file: folded once more should the disk refuse them. */
  #uncommitted: LogEntry[] = [];
  #uncommittedChanges = 0;
  #commitLater: NodeJS.Timeout | undefined;
  #committing = false;
  #forks: LogEntry[] = [];
  #revision = 0;
  #hash = GENESIS_HASH;

  constructor({ path, kinds }: SqliteRecordStoreOptions) {
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    this.#database = openDatabase(path, layoutOf(kinds));
    this.#path = path;
    this.#statements = prepare(this.#database);
    this.#packs = new RecordPacks(this.#database);
    this.#index = new RecordIndex(this.#database);
    this.#load();
  }

  appliedRevision(): number {
    return this.#revision;
  }

  appliedHash(): string {
    return this.#hash;
  }

  apply(entries: readonly LogEntry[]): void {
    const fresh = entries.filter(({ revision }) => revision > this.#revision);
    if (fresh.length === 0) return;
    try {
      this.#begin();
      for (const entry of fresh) this.#fold(entry);
    } catch (error) {
      this.#foldAgain();
      throw refused(error);
    }
    for (const entry of fresh) {
      this.#uncommitted.push(entry);
      this.#uncommittedChanges += entry.changes.length;
    }
    if (this.#uncommittedChanges >= WAIT_FACTOR * COMMIT_CHANGES) this.#commit();
    else if (this.#uncommittedChanges >= COMMIT_CHANGES && !this.#committing) this.#commitAfter(0);
    else if (this.#commitLater === undefined) this.#commitAfter(COMMIT_MS);
  }

  get(lineage: Lineage, id: RecordId): WorldRecord | undefined {
    for (const { branch, revision } of lineage) {
      const version = this.#versionAt(branch, id, revision);
      if (version !== undefined) return version.record;
    }
    return undefined;
  }

  query(lineage: Lineage, query: RecordQuery): readonly WorldRecord[] {
    const found: WorldRecord[] = [];
    const limit = query.limit ?? Infinity;
    for (const id of query.index === undefined ? this.#idsOfKind(lineage, query) : this.#index.ids(query.kind, query.index, query.after)) {
      if (found.length >= limit) break;
      const record = this.get(lineage, id);
      if (record !== undefined && matches(record, query, this.#kinds)) found.push(record);
    }
    return found;
  }

  /** An id begins with its kind, so those of a kind lie together; from each to the next by one search, however many versions there are of it. */
  *#idsOfKind(lineage: Lineage, { kind, after = "" }: RecordQuery): Iterable<RecordId> {
    const keys = lineage.flatMap(({ branch }) => this.#branchKeys.get(branch) ?? []);
    const nextOf = (key: number, id: string): RecordId | undefined =>
      this.#statements.nextId.get(key, id, `${kind};`)?.["id"] as RecordId | undefined;
    const next = keys.map((key) => nextOf(key, after > `${kind}:` ? after : `${kind}:`));
    for (;;) {
      const id = next.reduce((least, one) => (one !== undefined && (least === undefined || one < least) ? one : least), undefined);
      if (id === undefined) return;
      yield id;
      keys.forEach((key, i) => {
        if (next[i] === id) next[i] = nextOf(key, id);
      });
    }
  }

  versions(lineage: Lineage, id: RecordId, limit: number = Infinity): readonly RecordVersion[] {
    const found: RecordVersion[] = [];
    for (const { branch, revision } of lineage) {
      const key = this.#branchKeys.get(branch);
      if (key === undefined || this.#cache.get(key, id) === NEVER_WRITTEN) continue;
      for (const row of this.#statements.versions.iterate(key, id, revision)) {
        if (found.length >= limit) return found;
        found.push({ revision: row["revision"] as number, branch, record: this.#packs.record(row["place"]) });
      }
    }
    return found;
  }

  written(lineage: Lineage, id: RecordId): { readonly created: number; readonly updated: number } | undefined {
    let found: { created: number; updated: number } | undefined;
    for (const { branch, revision } of lineage) {
      const key = this.#branchKeys.get(branch);
      if (key === undefined) continue;
      const upTo = Math.min(revision, TAIL);
      const gone = (this.#statements.lastGone.get(key, id, upTo)?.["revision"] as number | undefined) ?? 0;
      const { first, last } = this.#statements.span.get(key, id, gone, upTo) as { first: number | null; last: number | null };
      if (first !== null) found = { created: first, updated: found?.updated ?? last! };
      if (gone !== 0) return found;
    }
    return found;
  }

  lastWritten(lineage: Lineage, query: Required<Pick<RecordQuery, "kind" | "index">>): readonly LastWritten[] {
    const found: LastWritten[] = [];
    for (const id of this.#index.ids(query.kind, query.index)) {
      let revision = 0;
      for (const step of lineage) revision = Math.max(revision, this.#versionAt(step.branch, id, step.revision)?.revision ?? 0);
      if (revision > 0 && this.#everMatched(lineage, id, query)) found.push({ id, revision });
    }
    return found.sort((a, b) => b.revision - a.revision);
  }

  /** Two values may share a hash, so an id in the list need never have had this one. */
  #everMatched(lineage: Lineage, id: RecordId, query: RecordQuery): boolean {
    const is = (record: WorldRecord | undefined): boolean => record !== undefined && matches(record, query, this.#kinds);
    return is(this.get(lineage, id)) || this.versions(lineage, id).some(({ record }) => is(record));
  }

  changedIds(branch: BranchId, after: number, upTo: number): readonly RecordId[] {
    const key = this.#branchKeys.get(branch);
    const ids = new Set<RecordId>();
    if (key !== undefined)
      for (const row of this.#statements.changed.iterate(key, after, Math.min(upTo, TAIL)))
        for (const id of JSON.parse(row["changed"] as string) as RecordId[]) ids.add(id);
    return [...ids].sort();
  }

  forks(): readonly LogEntry[] {
    return this.#forks;
  }

  revisionAt(_branch: BranchId, time: number): number {
    return (
      (this.#statements.revisionAt.get(Number.isFinite(time) ? Math.floor(time) : time > 0 ? TAIL : 0)?.["revision"] as
        | number
        | undefined) ?? 0
    );
  }

  timeOf(revision: number): number | undefined {
    return this.#statements.timeOf.get(revision)?.["time"] as number | undefined;
  }

  reset(): void {
    this.#forget();
    this.#database.exec(
      "BEGIN IMMEDIATE; DELETE FROM versions; DELETE FROM packs; DELETE FROM ids; DELETE FROM branches; DELETE FROM forks; DELETE FROM revisions; COMMIT",
    );
    this.#load();
  }

  close(): void {
    try {
      this.#commit();
    } catch {
      // What the file lacks the log has: it is folded again when the file is opened.
    }
    clearTimeout(this.#commitLater);
    this.#database.close();
  }

  #begin(): void {
    if (!this.#database.isTransaction) this.#database.exec("BEGIN IMMEDIATE");
  }

  #commit(): void {
    clearTimeout(this.#commitLater);
    this.#commitLater = undefined;
    this.#committing = false;
    if (!this.#database.isTransaction) return;
    try {
      this.#index.write();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#foldAgain();
      throw refused(error);
    }
    if (this.#uncommittedChanges >= CHECKPOINT_CHANGES && this.#path !== ":memory:") checkpointBeside(this.#path);
    this.#uncommitted = [];
    this.#uncommittedChanges = 0;
  }

  #commitAfter(ms: number): void {
    clearTimeout(this.#commitLater);
    this.#committing = ms === 0;
    this.#commitLater = setTimeout(() => this.#commitStep(), ms).unref();
  }

  /** Others come between the steps. A refusal costs nothing yet: all of it is in the log, is read from the open transaction, and is tried again. */
  #commitStep(): void {
    try {
      if (this.#index.write(STEP_ROWS)) this.#commit();
      else this.#commitAfter(0);
    } catch {
      this.#foldAgain();
      this.#commitAfter(COMMIT_MS);
    }
  }

  /** Back to what the file holds, and from there to what was folded before; where even that is refused, the next write catches up from the log. */
  #foldAgain(): void {
    const [entries, changes] = [this.#uncommitted, this.#uncommittedChanges];
    this.#forget();
    this.#load();
    if (entries.length === 0) return;
    try {
      this.#begin();
      for (const entry of entries) this.#fold(entry);
      [this.#uncommitted, this.#uncommittedChanges] = [entries, changes];
    } catch {
      this.#forget();
      this.#load();
    }
  }

  #forget(): void {
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    this.#uncommitted = [];
    this.#uncommittedChanges = 0;
  }

  #load(): void {
    this.#cache.clear();
    this.#index.forget();
    this.#packs.load();
    this.#branchKeys.clear();
    this.#branchNames.clear();
    this.#bases.clear();
    for (const { key, branch } of this.#statements.branches.all() as { key: number; branch: string }[]) {
      this.#branchKeys.set(branch, key);
      this.#branchNames.set(key, branch);
    }
    this.#forks = this.#statements.forks.all().map((row) => JSON.parse(row["entry"] as string) as LogEntry);
    for (const { branch, fork } of this.#forks) if (fork !== undefined) this.#bases.set(branch, fork);
    const last = this.#statements.last.get();
    this.#revision = (last?.["revision"] as number | undefined) ?? 0;
    this.#hash = (last?.["hash"] as string | undefined) ?? GENESIS_HASH;
  }

  #fold(entry: LogEntry): void {
    if (entry.revision !== this.#revision + 1)
      throw new DoppelwerkError("DW_DAMAGED", `revision ${this.#revision + 1} is missing before ${entry.revision}`);
    const branch = this.#keyOf(entry.branch);
    if (entry.fork !== undefined) this.#bases.set(entry.branch, entry.fork);
    if (entry.fork !== undefined || entry.merge !== undefined || entry.abandon) {
      const light: LogEntry = { ...entry, changes: [] };
      this.#statements.addFork.run(entry.revision, JSON.stringify(light));
      this.#forks = [...this.#forks, light];
    }
    const lineage = this.#tailOf(entry.branch);
    const isBulk = entry.changes.length > BULK;
    for (const change of entry.changes) {
      const id = changedId(change);
      const before = change.op === "create" ? undefined : this.get(lineage, id);
      const record = foldChange(before, change);
      this.#statements.addVersion.run(branch, id, entry.revision, record === undefined ? null : this.#packs.add(record));
      if (isBulk) this.#cache.forget(branch, id);
      else this.#cache.set(branch, id, { revision: entry.revision, record });
      if (record !== undefined) this.#indexed(before, record);
    }
    this.#packs.finish();
    this.#statements.addRevision.run(entry.revision, branch, entry.time, entry.hash, JSON.stringify(entry.changes.map(changedId)));
    this.#revision = entry.revision;
    this.#hash = entry.hash;
  }

  /** What had the same value before is in the index already. */
  #indexed(before: WorldRecord | undefined, record: WorldRecord): void {
    for (const [name, read] of Object.entries(this.#kinds.get(record.kind)?.indexes ?? {})) {
      const values = read(record);
      if (values === undefined) continue;
      const known = before === undefined ? undefined : read(before);
      if (values === known) continue;
      for (const value of indexValues(values)) if (!indexValues(known).includes(value)) this.#index.add(record, name, value);
    }
  }

  #versionAt(branch: BranchId, id: RecordId, revision: number): CachedVersion | undefined {
    const key = this.#branchKeys.get(branch);
    if (key === undefined) return undefined;
    const cached = this.#cache.get(key, id);
    if (cached === NEVER_WRITTEN) return undefined;
    if (cached !== undefined && cached.revision <= revision) return cached;
    const row = this.#statements.version.get(key, id, Math.min(revision, TAIL));
    const version = row === undefined ? NEVER_WRITTEN : { revision: row["revision"] as number, record: this.#packs.record(row["place"]) };
    // Only the newest version of a branch is kept: an older one may not hide it.
    if (cached === undefined && revision >= this.#revision) this.#cache.set(key, id, version);
    return row === undefined ? undefined : version;
  }

  #tailOf(branch: BranchId): Lineage {
    const steps = [{ branch, revision: TAIL }];
    for (let base = this.#bases.get(branch); base !== undefined; base = this.#bases.get(base.parent))
      steps.push({ branch: base.parent, revision: Math.min(base.baseRevision, steps.at(-1)!.revision) });
    return steps;
  }

  #keyOf(branch: BranchId): number {
    let key = this.#branchKeys.get(branch);
    if (key !== undefined) return key;
    key = Number(this.#statements.addBranch.run(branch).lastInsertRowid);
    this.#branchKeys.set(branch, key);
    this.#branchNames.set(key, branch);
    return key;
  }
}

function refused(error: unknown): DoppelwerkError {
  return error instanceof DoppelwerkError
    ? error
    : new DoppelwerkError("DW_UNAVAILABLE", `the record cache refused: ${(error as Error).message}`);
}

/** A cache built with other indexes answers wrongly, so its layout names them. */
function layoutOf(kinds: readonly RecordKind[]): string {
  return canonicalJson([LAYOUT, ...kinds.map(({ kind, indexes }) => [kind, ...Object.keys(indexes ?? {}).sort()])]);
}

function openDatabase(path: string, layout: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path);
    // NORMAL in WAL: after a power loss the cache is whole but may be behind, and then catches up from the log.
    database.exec(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384; PRAGMA temp_store = MEMORY",
    );
    database.exec("CREATE TABLE IF NOT EXISTS layout (text TEXT NOT NULL)");
    if (database.prepare("SELECT text FROM layout").get()?.["text"] !== layout) {
      database.exec(
        "BEGIN IMMEDIATE; DROP TABLE IF EXISTS versions; DROP TABLE IF EXISTS packs; DROP TABLE IF EXISTS ids; DROP TABLE IF EXISTS branches; DROP TABLE IF EXISTS forks; DROP TABLE IF EXISTS revisions",
      );
      database.exec(tables);
      database.prepare("DELETE FROM layout").run();
      database.prepare("INSERT INTO layout (text) VALUES (?)").run(layout);
      database.exec("COMMIT");
    }
    return database;
  } catch (error) {
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      `the record cache cannot be opened (it may be deleted, the log is truth): ${(error as Error).message}: ${path}`,
    );
  }
}

const tables = `
  CREATE TABLE branches (key INTEGER PRIMARY KEY, branch TEXT NOT NULL UNIQUE);
  CREATE TABLE versions (branch INTEGER NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, place INTEGER, PRIMARY KEY (branch, id, revision)) WITHOUT ROWID;
  CREATE TABLE packs (key INTEGER PRIMARY KEY, records TEXT NOT NULL);
  CREATE TABLE ids (key INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID;
  CREATE TABLE forks (revision INTEGER PRIMARY KEY, entry TEXT NOT NULL);
  CREATE TABLE revisions (revision INTEGER PRIMARY KEY, branch INTEGER NOT NULL, time INTEGER NOT NULL, hash TEXT NOT NULL, changed TEXT NOT NULL);
  CREATE INDEX revisions_by_time ON revisions (time, revision);
  CREATE INDEX revisions_by_branch ON revisions (branch, revision);
`;

type Statements = Readonly<Record<keyof typeof statements, StatementSync>>;

const statements = {
  branches: "SELECT key, branch FROM branches",
  forks: "SELECT entry FROM forks ORDER BY revision",
  last: "SELECT revision, hash FROM revisions ORDER BY revision DESC LIMIT 1",
  version: "SELECT revision, place FROM versions WHERE branch = ? AND id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1",
  versions: "SELECT revision, place FROM versions WHERE branch = ? AND id = ? AND revision <= ? ORDER BY revision DESC",
  nextId: "SELECT id FROM versions WHERE branch = ? AND id > ? AND id < ? ORDER BY id LIMIT 1",
  lastGone: "SELECT revision FROM versions WHERE branch = ? AND id = ? AND revision <= ? AND place IS NULL ORDER BY revision DESC LIMIT 1",
  span: "SELECT min(revision) AS first, max(revision) AS last FROM versions WHERE branch = ? AND id = ? AND revision > ? AND revision <= ?",
  changed: "SELECT changed FROM revisions WHERE branch = ? AND revision > ? AND revision <= ?",
  revisionAt: "SELECT revision FROM revisions WHERE time <= ? ORDER BY time DESC, revision DESC LIMIT 1",
  timeOf: "SELECT time FROM revisions WHERE revision = ?",
  addBranch: "INSERT INTO branches (branch) VALUES (?)",
  addFork: "INSERT INTO forks (revision, entry) VALUES (?, ?)",
  addVersion: "INSERT OR REPLACE INTO versions (branch, id, revision, place) VALUES (?, ?, ?, ?)",
  addRevision: "INSERT INTO revisions (revision, branch, time, hash, changed) VALUES (?, ?, ?, ?, ?)",
} as const;

function prepare(database: DatabaseSync): Statements {
  return Object.fromEntries(Object.entries(statements).map(([name, sql]) => [name, database.prepare(sql)])) as Statements;
}
