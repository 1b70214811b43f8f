import { message } from "@doppelwerk/messages";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  canonicalJson,
  changedId,
  DoppelwerkError,
  foldChange,
  GENESIS_HASH,
  lastRecord,
  matches,
  type BranchId,
  type Folded,
  type IndexReader,
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
import { FreshRecords, versionOf, type FreshVersion } from "./fresh-records.ts";
import { IndexLists, mergedIds } from "./index-lists.ts";
import type { WriterAnswer } from "./record-batch.ts";
import { NEVER_WRITTEN, RecordCache, type CachedVersion, type WholeVersion } from "./record-cache.ts";
import { idKey, indexKey } from "./record-keys.ts";
import { differenceLine, RecordPacks } from "./record-packs.ts";
import { ReadTurn } from "./read-turn.ts";
import { LAYOUT, openRecordTables, prepareAll } from "./record-tables.ts";
import { writerHere, writerThread, type RecordWriterClient } from "./record-writer-client.ts";
import { textOf, written } from "./searched-text.ts";
import { SegmentReader } from "./segment-reader.ts";
import { TextBlocks } from "./text-blocks.ts";
import { unpackText } from "./packed-text.ts";

export interface SqliteRecordStoreOptions {
  /** File of the cache, or ":memory:". It may be deleted at any time: the log is truth. */
  readonly path: string;
  readonly kinds: readonly RecordKind[];
  /** So many changes go to the file at once, default 20,000; so many segments are merged into one, default 16. Small for tests. */
  readonly batchChanges?: number;
  readonly fan?: number;
  /** So many characters of texts are packed and looked through together, default 131,072. */
  readonly textCharacters?: number;
  /** Its writer shares a thread with those of other worlds. */
  readonly sharesThread?: boolean;
}

const TAIL = Number.MAX_SAFE_INTEGER;
/** What an entry with more changes writes is not kept at hand: an import must not push out what people look at. */
const BULK = 1_000;
/** Changes folded between two steps. */
const FOLD_STEP = 500;
/** What was folded goes to the file after so many changes or characters, or so long; a killed process folds that again from the log. */
const BATCH_CHANGES = 20_000;
const BATCH_CHARACTERS = 32 << 20;
const BATCH_MS = 5_000;
const TEXT_CHARACTERS = 131_072;
/** Batches on their way to the file; whoever folds faster waits, and is refused while the disk refuses. */
const WAITING_MAX = 3;

/**
 * The cache of the fold in SQLite. What is folded is read from memory until a thread of its own has written it, batch by batch; the index tables hold
 * every id that ever had a value, under a hash of it: a superset that is checked at the revision read. Errors: DW_UNAVAILABLE when the file cannot be
 * opened, or has refused so long that no more can wait for it.
 */
export function openSqliteRecordStore(options: SqliteRecordStoreOptions): RecordStore {
  return new SqliteRecordStore(options);
}

class SqliteRecordStore implements RecordStore {
  readonly #options: SqliteRecordStoreOptions;
  readonly #database: DatabaseSync;
  readonly #kinds: ReadonlyMap<string, RecordKind>;
  readonly #statements: Readonly<Record<keyof typeof statements, StatementSync>>;
  readonly #segments: SegmentReader;
  readonly #packs: RecordPacks;
  readonly #texts: TextBlocks;
  /** Of a file; a cache in memory is written through the same connection. */
  readonly #turn: ReadTurn | undefined;
  readonly #cache = new RecordCache();
  readonly #lists = new IndexLists();
  readonly #branchKeys = new Map<BranchId, number>();
  readonly #bases = new Map<BranchId, { readonly parent: BranchId; readonly baseRevision: number }>();
  #writer: RecordWriterClient;
  /** What is not in the file, oldest first; the last is still filling. */
  #fresh: FreshRecords[] = [new FreshRecords()];
  #refusal: string | undefined;
  #sealLater: NodeJS.Timeout | undefined;
  #forks: LogEntry[] = [];
  #revision = 0;
  /** Between the steps of a fold: its entries are in part in memory, and nobody reads at their revisions yet. */
  #folding = false;
  #hash = GENESIS_HASH;

  constructor(options: SqliteRecordStoreOptions) {
    const { path, kinds } = options;
    this.#options = options;
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    try {
      this.#database = openRecordTables(path, layoutOf(kinds));
    } catch (error) {
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("storage.recordCacheCannotOpenedMayDeleted", { reason: (error as Error).message, path }),
      );
    }
    this.#statements = prepareAll(this.#database, statements);
    this.#segments = new SegmentReader(this.#database);
    this.#packs = new RecordPacks(this.#database);
    this.#texts = new TextBlocks(this.#database);
    this.#turn = path === ":memory:" ? undefined : new ReadTurn(this.#database);
    this.#writer = this.#startWriter();
    this.#load();
  }

  appliedRevision(): number {
    return this.#revision;
  }

  appliedHash(): string {
    return this.#hash;
  }

  apply(entries: readonly LogEntry[], folded?: readonly Folded[]): void {
    const steps = this.applying(entries, folded);
    while (!steps.next().done);
  }

  *applying(entries: readonly LogEntry[], folded?: readonly Folded[]): Generator<void, void> {
    const known = this.#revision;
    if (!entries.some(({ revision }) => revision > known)) return;
    this.#writer.drain();
    this.#makeRoom();
    const { filling } = this;
    const [mark, revision, hash, forks] = [filling.mark(), this.#revision, this.#hash, this.#forks];
    this.#folding = true;
    try {
      for (let i = 0; i < entries.length; i++) if (entries[i]!.revision > known) yield* this.#fold(entries[i]!, filling, folded?.[i]);
    } catch (error) {
      // Another thread writes the file by now, and the cache begins again with what that holds.
      if (this.filling !== filling) throw refused(error);
      filling.backTo(mark, (branch, id) => this.#cache.forget(branch, id));
      [this.#revision, this.#hash, this.#forks] = [revision, hash, forks];
      throw refused(error);
    } finally {
      this.#folding = false;
    }
    const { batchChanges = BATCH_CHANGES } = this.#options;
    if (filling.versions >= batchChanges || filling.characters >= BATCH_CHARACTERS) this.#seal();
    else this.#sealLater ??= setTimeout(() => this.#sealNow(), BATCH_MS).unref();
  }

  get(lineage: Lineage, id: RecordId): WorldRecord | undefined {
    return this.#versionOn(lineage, id)?.record;
  }

  #versionOn(lineage: Lineage, id: RecordId): CachedVersion | undefined {
    for (const { branch, revision } of lineage) {
      const version = this.#versionAt(branch, id, revision);
      if (version !== undefined) return version;
    }
    return undefined;
  }

  query(lineage: Lineage, query: RecordQuery): readonly WorldRecord[] {
    const found: WorldRecord[] = [];
    const limit = query.limit ?? Infinity;
    for (const id of query.index === undefined ? this.#idsOfKind(lineage, query) : this.#idsOf(query.kind, query.index, query.after)) {
      if (found.length >= limit) break;
      if (query.skip?.(id) === true) continue;
      const record = this.get(lineage, id) ?? (query.deleted ? lastRecord(this.versions(lineage, id)) : undefined);
      if (record !== undefined && matches(record, query, this.#kinds)) found.push(record);
    }
    return found;
  }

  versions(lineage: Lineage, id: RecordId, limit: number = Infinity): readonly RecordVersion[] {
    const found: RecordVersion[] = [];
    const hash = idKey(id);
    for (const { branch, revision } of lineage) {
      const key = this.#branchKeys.get(branch);
      if (key === undefined || this.#cache.get(key, id) === NEVER_WRITTEN) continue;
      for (let i = this.#fresh.length - 1; i >= 0; i--)
        for (const version of this.#fresh[i]!.versionsOf(key, id, revision)) {
          if (found.length >= limit) return found;
          found.push({ revision: version.revision, branch, record: versionOf(version).record });
        }
      for (const version of this.#segments.versions(key, id, hash, Math.min(revision, TAIL))) {
        if (found.length >= limit) return found;
        found.push({ revision: version.revision, branch, record: this.#packs.version(version.revision, version.place).record });
      }
    }
    return found;
  }

  written(lineage: Lineage, id: RecordId): { readonly created: number; readonly updated: number } | undefined {
    let found: { created: number; updated: number } | undefined;
    const hash = idKey(id);
    for (const { branch, revision } of lineage) {
      const key = this.#branchKeys.get(branch);
      if (key === undefined) continue;
      for (let i = this.#fresh.length - 1; i >= 0; i--)
        for (const version of this.#fresh[i]!.versionsOf(key, id, revision)) {
          if (version.place === undefined) return found;
          found = { created: version.revision, updated: found?.updated ?? version.revision };
        }
      for (const { first, last, gone } of this.#segments.spans(key, id, hash, Math.min(revision, TAIL))) {
        if (first !== null) found = { created: first, updated: found?.updated ?? last! };
        if (gone) return found;
      }
    }
    return found;
  }

  lastWritten(lineage: Lineage, query: Required<Pick<RecordQuery, "kind" | "index">>): readonly LastWritten[] {
    const found: LastWritten[] = [];
    for (const id of this.#idsOf(query.kind, query.index)) {
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

  holding(kind: string, texts: readonly string[]): Iterable<readonly RecordId[]> | undefined {
    // What JSON writes as an escape is looked for as that; half a character is written otherwise than where its other half follows.
    if (this.#kinds.get(kind)?.searched === undefined || !texts.every((text) => text !== "" && text.isWellFormed())) return undefined;
    return this.#holding(kind, [...new Set(texts.map(written))]);
  }

  *#holding(kind: string, texts: readonly string[]): Iterable<readonly RecordId[]> {
    yield* this.#texts.holding(kind, texts);
    // In the same turn as the end of the file was seen, so that nothing is on its way from here to there.
    yield this.#fresh.flatMap((fresh) => fresh.holding(kind, texts));
  }

  changedIds(branch: BranchId, after: number, upTo: number): readonly RecordId[] {
    const key = this.#branchKeys.get(branch);
    const ids = new Set<RecordId>();
    if (key === undefined) return [];
    for (const row of this.#statements.changed.iterate(key, after, Math.min(upTo, TAIL))) {
      const changed = row["changed"] as string | Uint8Array;
      const text = typeof changed === "string" ? changed : unpackText(changed).toString();
      for (const id of JSON.parse(text) as RecordId[]) ids.add(id);
    }
    for (const fresh of this.#fresh) fresh.changedIds(key, after, upTo, ids);
    return [...ids].sort();
  }

  forks(): readonly LogEntry[] {
    return this.#forks;
  }

  revisionAt(_branch: BranchId, time: number): number {
    for (let i = this.#fresh.length - 1; i >= 0; i--) {
      const revision = this.#fresh[i]!.revisionAt(time);
      if (revision !== undefined) return revision;
    }
    return (
      (this.#statements.revisionAt.get(Number.isFinite(time) ? Math.floor(time) : time > 0 ? TAIL : 0)?.["revision"] as
        | number
        | undefined) ?? 0
    );
  }

  timeOf(revision: number): number | undefined {
    for (const fresh of this.#fresh) if (revision >= fresh.first) return this.#freshTime(revision);
    return this.#statements.timeOf.get(revision)?.["time"] as number | undefined;
  }

  #freshTime(revision: number): number | undefined {
    return this.#fresh.findLast(({ first }) => revision >= first)?.timeOf(revision);
  }

  reset(): void {
    this.#done = false;
    this.#writer.send({ kind: "reset" });
    this.#untilDone();
    this.#startOver();
    this.#load();
  }

  close(): void {
    try {
      this.#seal();
      this.#done = false;
      this.#writer.send({ kind: "close" });
      this.#untilDone();
    } catch {
      // What the file lacks the log has: it is folded again when the file is opened.
    }
    clearTimeout(this.#sealLater);
    this.#turn?.end();
    if (this.#database.isOpen) this.#database.close();
  }

  /** What was folded last; the ones before are on their way to the file. */
  get filling(): FreshRecords {
    return this.#fresh.at(-1)!;
  }

  #startWriter(): RecordWriterClient {
    const { path, kinds, batchChanges = BATCH_CHANGES, fan = 16, textCharacters = TEXT_CHARACTERS } = this.#options;
    const searched = kinds.flatMap(({ kind, searched }) => (searched === undefined ? [] : [{ kind, without: searched.without ?? [] }]));
    const options = { searched, textCharacters, fan, sliceRows: Math.min(50_000, 3 * batchChanges), levelRecords: batchChanges * 8 };
    const told = (answer: WriterAnswer): void => this.#hear(answer);
    if (path === ":memory:") return writerHere(this.#database, options, told);
    const onEnd = (): void => {
      // What it had not written is folded again from the log by the next write, which finds this cache behind.
      this.#startOver();
      this.#writer = this.#startWriter();
      this.#load();
    };
    return writerThread(path, options, told, onEnd, this.#options.sharesThread);
  }

  #startOver(): void {
    clearTimeout(this.#sealLater);
    this.#sealLater = undefined;
    this.#fresh = [new FreshRecords()];
    this.#refusal = undefined;
  }

  #done = false;

  #untilDone(): void {
    this.#writer.drain();
    while (!this.#done) this.#writer.wait();
  }

  #hear(answer: WriterAnswer): void {
    // What it tells of is in the file since this turn began.
    this.#turn?.end();
    switch (answer.kind) {
      case "written":
        this.#fresh.shift();
        this.#segments.add(answer.segment);
        this.#refusal = undefined;
        return;
      case "refused":
        this.#refusal = answer.why;
        return;
      case "merged":
        this.#segments.replace(answer.gone, answer.segment);
        this.#writer.send({ kind: "released", numbers: answer.gone });
        return;
      case "done":
        this.#done = true;
    }
  }

  #makeRoom(): void {
    while (this.#fresh.length > WAITING_MAX) {
      if (this.#refusal !== undefined) throw refused(new Error(this.#refusal));
      this.#writer.wait();
    }
  }

  #sealNow(): void {
    this.#sealLater = undefined;
    this.#writer.drain();
    // Otherwise the next group that is folded waits for it.
    if (!this.#folding && this.#fresh.length <= WAITING_MAX) this.#seal();
  }

  #seal(): void {
    clearTimeout(this.#sealLater);
    this.#sealLater = undefined;
    const { filling } = this;
    if (filling.isEmpty) return;
    const batch = filling.batch(this.#packs.take());
    this.#fresh.push(new FreshRecords());
    this.#writer.send({ kind: "batch", batch }, [
      batch.branchOf.buffer,
      batch.revisionOf.buffer,
      batch.placeOf.buffer,
      batch.keys.buffer,
      batch.refs.buffer,
    ]);
  }

  #load(): void {
    this.#turn?.end();
    this.#cache.clear();
    this.#lists.clear();
    this.#packs.load();
    this.#segments.load();
    this.#branchKeys.clear();
    this.#bases.clear();
    for (const { key, branch } of this.#statements.branches.all() as { key: number; branch: string }[]) this.#branchKeys.set(branch, key);
    this.#forks = this.#statements.forks.all().map((row) => JSON.parse(row["entry"] as string) as LogEntry);
    for (const { branch, fork } of this.#forks) if (fork !== undefined) this.#bases.set(branch, fork);
    const last = this.#statements.last.get();
    this.#revision = (last?.["revision"] as number | undefined) ?? 0;
    this.#hash = (last?.["hash"] as string | undefined) ?? GENESIS_HASH;
  }

  *#fold(entry: LogEntry, into: FreshRecords, folded: Folded | undefined): Generator<void, void> {
    const { revision, changes } = entry;
    if (revision !== this.#revision + 1)
      throw new DoppelwerkError("DW_DAMAGED", message("storage.revisionMissingBefore", { count: this.#revision + 1, revision }));
    const branch = this.#keyOf(entry.branch, into);
    into.beginRevision(revision, branch, entry.time, entry.hash);
    if (entry.fork !== undefined) this.#bases.set(entry.branch, entry.fork);
    if (entry.fork !== undefined || entry.merge !== undefined || entry.abandon) {
      const light: LogEntry = { ...entry, changes: [] };
      into.addFork(revision, JSON.stringify(light));
      this.#forks = [...this.#forks, light];
    }
    const lineage = this.#tailOf(entry.branch);
    const isBulk = changes.length > BULK;
    for (let i = 0; i < changes.length; i++) {
      if (i % FOLD_STEP === FOLD_STEP - 1) {
        yield;
        if (this.filling !== into) throw new Error("the record cache was opened again");
      }
      const change = changes[i]!;
      const id = changedId(change);
      const before = change.op === "update" ? this.#versionOn(lineage, id) : undefined;
      const record = folded === undefined ? foldChange(before?.record, change) : folded[i];
      const text = change.op === "update" && record !== undefined ? this.#changedText(record, change.fields) : undefined;
      const version = this.#packed(revision, record, isBulk ? undefined : before?.whole, text);
      into.addVersion(branch, id, version, before?.record === undefined ? record?.kind : undefined);
      if (isBulk) this.#cache.forget(branch, id);
      else this.#cache.set(branch, id, cachedVersion(version, record));
      if (record !== undefined) this.#indexed(before?.record, record, into);
    }
    this.#revision = revision;
    this.#hash = entry.hash;
  }

  /** What the changed fields of a record of a searched kind say now. */
  #changedText(record: WorldRecord, changed: object): string | undefined {
    const searched = this.#kinds.get(record.kind)?.searched;
    return searched && textOf(record, searched.without ?? [], changed);
  }

  /** Gives a version its place, told by what differs from an earlier one where that is shorter. */
  #packed(revision: number, record: WorldRecord | undefined, whole: WholeVersion | undefined, text: string | undefined): FreshVersion {
    if (record === undefined) return { revision, place: undefined };
    if (whole !== undefined) {
      const difference = differenceLine(whole, record);
      if (difference !== undefined) return { revision, place: this.#packs.add(difference), record, whole, text };
    }
    const line = JSON.stringify(record);
    return { revision, place: this.#packs.add(line), line, text };
  }

  /** What had the same value before is in the index already. */
  #indexed(before: WorldRecord | undefined, record: WorldRecord, into: FreshRecords): void {
    const indexes = this.#kinds.get(record.kind)?.indexes;
    for (const name in indexes) {
      const read = indexes[name]!;
      if (before !== undefined && readsTheSame(read, before, record)) continue;
      const values = read(record);
      if (values === undefined) continue;
      const known = before === undefined ? undefined : read(before);
      if (typeof values === "string") this.#addKey(record.kind, name, values, known, into);
      else for (const value of values) this.#addKey(record.kind, name, value, known, into);
    }
  }

  #addKey(kind: string, name: string, value: string, known: string | readonly string[] | undefined, into: FreshRecords): void {
    if (value === known || (typeof known === "object" && known.includes(value))) return;
    const key = indexKey(kind, name, value);
    this.#lists.forget(key);
    into.addKey(key);
  }

  /** Every id that ever had the value, ascending, without doubles. */
  #idsOf(kind: string, { name, value }: NonNullable<RecordQuery["index"]>, after: RecordId = ""): Iterable<RecordId> {
    const key = indexKey(kind, name, value);
    return this.#lists.ids(key, after, () =>
      mergedIds([...this.#segments.idStreams(key, after), ...this.#fresh.map((fresh) => fresh.idsOf(key, after))]),
    );
  }

  /** An id begins with its kind, so those of a kind lie together; from each to the next by one search, however many versions there are of it. */
  *#idsOfKind(lineage: Lineage, { kind, after = "" }: RecordQuery): Iterable<RecordId> {
    const from = after > `${kind}:` ? after : `${kind}:`;
    const keys = lineage.flatMap(({ branch }) => this.#branchKeys.get(branch) ?? []);
    const cursors = keys.flatMap((key) => [
      ...this.#segments.cursors(key, from, `${kind};`),
      ...this.#fresh.map((fresh) => (last: RecordId) => fresh.nextCreated(key, kind, last)),
    ]);
    yield* mergedIds(cursors.map((next) => following(next, from)));
  }

  #versionAt(branch: BranchId, id: RecordId, revision: number): CachedVersion | undefined {
    const key = this.#branchKeys.get(branch);
    if (key === undefined) return undefined;
    const cached = this.#cache.get(key, id);
    if (cached === NEVER_WRITTEN) return undefined;
    if (cached !== undefined && cached.revision <= revision) return cached;
    const version = this.#readAt(key, id, Math.min(revision, TAIL));
    // Only the newest version of a branch is kept: an older one may not hide it.
    if (cached === undefined && revision >= this.#revision && !this.#folding) this.#cache.set(key, id, version ?? NEVER_WRITTEN);
    return version;
  }

  #readAt(branch: number, id: RecordId, revision: number): CachedVersion | undefined {
    for (let i = this.#fresh.length - 1; i >= 0; i--) {
      const fresh = this.#fresh[i]!.versionAt(branch, id, revision);
      if (fresh !== undefined) return versionOf(fresh);
    }
    this.#turn?.begin();
    const stored = this.#segments.versionAt(branch, id, idKey(id), revision);
    return stored && this.#packs.version(stored.revision, stored.place);
  }

  #tailOf(branch: BranchId): Lineage {
    const steps = [{ branch, revision: TAIL }];
    for (let base = this.#bases.get(branch); base !== undefined; base = this.#bases.get(base.parent))
      steps.push({ branch: base.parent, revision: Math.min(base.baseRevision, steps.at(-1)!.revision) });
    return steps;
  }

  #keyOf(branch: BranchId, into: FreshRecords): number {
    let key = this.#branchKeys.get(branch);
    if (key !== undefined) return key;
    key = 1 + Math.max(0, ...this.#branchKeys.values());
    this.#branchKeys.set(branch, key);
    into.addBranch(key, branch);
    return key;
  }
}

/** Whether all that an index looks at is the same in both. */
function readsTheSame({ reads }: IndexReader, before: WorldRecord, record: WorldRecord): boolean {
  if (reads === undefined) return false;
  for (const field of reads) if (before[field] !== record[field]) return false;
  return true;
}

/** Ids from one on, each found from the one before. */
function* following(next: (last: RecordId) => RecordId | undefined, from: RecordId): Generator<RecordId, void> {
  for (let id = next(from); id !== undefined; id = next(id)) yield id;
}

/** What is read again soon, with the record that was folded. */
function cachedVersion(version: FreshVersion, record: WorldRecord | undefined): CachedVersion {
  const { revision, place, line } = version;
  if (record === undefined || line === undefined) return version;
  return { revision, record, whole: { place: place!, record, characters: line.length } };
}

function refused(error: unknown): DoppelwerkError {
  return error instanceof DoppelwerkError
    ? error
    : new DoppelwerkError("DW_UNAVAILABLE", message("storage.recordCacheRefused", { reason: (error as Error).message }));
}

/** A cache built with other indexes answers wrongly, so its layout names them. */
function layoutOf(kinds: readonly RecordKind[]): string {
  return canonicalJson([
    LAYOUT,
    ...kinds.map(({ kind, indexes, searched }) => [
      kind,
      searched === undefined ? false : (searched.without ?? []),
      ...Object.keys(indexes ?? {}).sort(),
    ]),
  ]);
}

const statements = {
  branches: "SELECT key, branch FROM branches",
  forks: "SELECT entry FROM forks ORDER BY revision",
  last: "SELECT revision, hash FROM revisions ORDER BY revision DESC LIMIT 1",
  changed: "SELECT changed FROM revisions WHERE branch = ? AND revision > ? AND revision <= ?",
  revisionAt: "SELECT revision FROM revisions WHERE time <= ? ORDER BY time DESC, revision DESC LIMIT 1",
  timeOf: "SELECT time FROM revisions WHERE revision = ?",
} as const;
