import type { RecordId, WorldRecord } from "@doppelwerk/world";
import type { RecordBatch } from "./record-batch.ts";
import type { CachedVersion } from "./record-cache.ts";

/** A version that is not in the file yet. What was made is kept as the JSON that goes there, what was changed as the record: most of it is that of others. */
export interface FreshVersion extends CachedVersion {
  /** Undefined = deleted. */
  readonly place: number | undefined;
  readonly line?: string;
  /** Of an update of a searched kind: what its fields say now. */
  readonly text?: string | undefined;
}

/** About what a version told by what differs takes. */
const CHANGED_CHARACTERS = 200;

/** The version with its record. */
export function versionOf(version: FreshVersion): CachedVersion {
  const { revision, place, line } = version;
  if (line === undefined) return version;
  const record = JSON.parse(line) as WorldRecord;
  return { revision, record, whole: { place: place!, record, characters: line.length } };
}

/** How much there was, to go back to. */
export type FreshMark = Readonly<Record<"versions" | "keys" | "revisions" | "forks" | "branches", number>>;

/** Mostly there is one, and an import makes many thousands of these. */
type FewOf<T extends FreshVersion | RecordId> = T | T[];

function isSeveral<T extends FreshVersion | RecordId>(few: FewOf<T>): few is T[] {
  return Array.isArray(few);
}

function listOf<T extends FreshVersion | RecordId>(few: FewOf<T> | undefined): readonly T[] {
  return few === undefined ? [] : isSeveral(few) ? few : [few];
}

function lastOf<T extends FreshVersion | RecordId>(few: FewOf<T>): T {
  return isSeveral(few) ? few.at(-1)! : few;
}

function withOneMore<T extends FreshVersion | RecordId>(few: FewOf<T>, one: T): T[] {
  if (!isSeveral(few)) return [few, one];
  few.push(one);
  return few;
}

/** Ids of records that were made here, ascending once they are asked for. */
interface Created {
  readonly ids: RecordId[];
  sorted: boolean;
}

/** What was folded since the last batch went to the file: read from here until it is there. */
export class FreshRecords {
  characters = 0;
  /** By branch and id, of the first `#versionsIn` versions: made when one is asked for, since most are read from the cache of records until they are in the file. */
  readonly #versionsOf = new Map<number, Map<RecordId, FewOf<FreshVersion>>>();
  #versionsIn = 0;
  readonly #created = new Map<string, Created>();
  /** By key, of the first `#keysIn` index entries. */
  readonly #keyed = new Map<number, FewOf<RecordId>>();
  #keysIn = 0;
  /** Keys whose ids are not ascending yet. */
  readonly #unsorted = new Set<number>();
  readonly #versions: FreshVersion[] = [];
  readonly #ids: string[] = [];
  readonly #branchOf: number[] = [];
  readonly #keys: number[] = [];
  readonly #refs: number[] = [];
  readonly #revision: number[] = [];
  readonly #revisionBranch: number[] = [];
  readonly #time: number[] = [];
  readonly #hash: string[] = [];
  readonly #start: number[] = [];
  readonly #forks: { readonly revision: number; readonly entry: string }[] = [];
  readonly #branches: { readonly key: number; readonly branch: string }[] = [];

  get versions(): number {
    return this.#ids.length;
  }

  get isEmpty(): boolean {
    return this.#revision.length === 0;
  }

  get first(): number {
    return this.#revision[0] ?? Infinity;
  }

  beginRevision(revision: number, branch: number, time: number, hash: string): void {
    this.#revision.push(revision);
    this.#revisionBranch.push(branch);
    this.#time.push(time);
    this.#hash.push(hash);
    this.#start.push(this.#ids.length);
  }

  addBranch(key: number, branch: string): void {
    this.#branches.push({ key, branch });
  }

  addFork(revision: number, entry: string): void {
    this.#forks.push({ revision, entry });
  }

  addVersion(branch: number, id: RecordId, version: FreshVersion, kindIfCreated: string | undefined): void {
    this.#ids.push(id);
    this.#branchOf.push(branch);
    this.#versions.push(version);
    this.characters += version.line?.length ?? CHANGED_CHARACTERS;
    if (kindIfCreated === undefined) return;
    const key = `${branch} ${kindIfCreated}`;
    const created = this.#created.get(key);
    if (created === undefined) this.#created.set(key, { ids: [id], sorted: true });
    else if (created.ids.push(id) > 1) created.sorted = false;
  }

  /** An index key of the version that was added last. */
  addKey(key: number): void {
    this.#keys.push(key);
    this.#refs.push(this.#ids.length - 1);
  }

  #versionsById(branch: number): Map<RecordId, FewOf<FreshVersion>> | undefined {
    for (; this.#versionsIn < this.#ids.length; this.#versionsIn++) {
      const [at, id, version] = [this.#branchOf[this.#versionsIn]!, this.#ids[this.#versionsIn]!, this.#versions[this.#versionsIn]!];
      let ofBranch = this.#versionsOf.get(at);
      if (ofBranch === undefined) this.#versionsOf.set(at, (ofBranch = new Map()));
      const known = ofBranch.get(id);
      if (known === undefined) ofBranch.set(id, version);
      else if (lastOf(known).revision !== version.revision) ofBranch.set(id, withOneMore(known, version));
      else if (isSeveral(known)) known[known.length - 1] = version;
      else ofBranch.set(id, version);
    }
    return this.#versionsOf.get(branch);
  }

  #idsByKey(key: number): FewOf<RecordId> | undefined {
    for (; this.#keysIn < this.#keys.length; this.#keysIn++) {
      const [at, id] = [this.#keys[this.#keysIn]!, this.#ids[this.#refs[this.#keysIn]!]!];
      const ids = this.#keyed.get(at);
      if (ids === undefined) this.#keyed.set(at, id);
      else if (lastOf(ids) !== id) {
        if (id < lastOf(ids)) this.#unsorted.add(at);
        this.#keyed.set(at, withOneMore(ids, id));
      }
    }
    return this.#keyed.get(key);
  }

  /** Newest first, up to a revision. */
  *versionsOf(branch: number, id: RecordId, upTo: number): Iterable<FreshVersion> {
    const versions = listOf(this.#versionsById(branch)?.get(id));
    for (let i = versions.length - 1; i >= 0; i--) if (versions[i]!.revision <= upTo) yield versions[i]!;
  }

  versionAt(branch: number, id: RecordId, upTo: number): FreshVersion | undefined {
    const versions = this.#versionsById(branch)?.get(id);
    if (versions === undefined) return undefined;
    if (isSeveral(versions)) return versions.findLast(({ revision }) => revision <= upTo);
    return versions.revision <= upTo ? versions : undefined;
  }

  /** Ids under a key after one, ascending; some may come again. */
  *idsOf(key: number, after: RecordId): Generator<RecordId, void> {
    const ids = this.#idsByKey(key);
    if (ids === undefined) return;
    if (!isSeveral(ids)) {
      if (ids > after) yield ids;
      return;
    }
    if (this.#unsorted.delete(key)) ids.sort();
    for (let at = firstAfter(ids, after); at < ids.length; at++) yield ids[at]!;
  }

  /** The first id of a kind made on a branch after one. */
  nextCreated(branch: number, kind: string, after: RecordId): RecordId | undefined {
    const created = this.#created.get(`${branch} ${kind}`);
    if (created === undefined) return undefined;
    if (!created.sorted) {
      created.ids.sort();
      created.sorted = true;
    }
    return created.ids[firstAfter(created.ids, after)];
  }

  changedIds(branch: number, after: number, upTo: number, into: Set<RecordId>): void {
    this.#revision.forEach((revision, i) => {
      if (this.#revisionBranch[i] !== branch || revision <= after || revision > upTo) return;
      const end = this.#start[i + 1] ?? this.#ids.length;
      for (let at = this.#start[i]!; at < end; at++) into.add(this.#ids[at]!);
    });
  }

  /** The last revision whose time is at or before one. */
  revisionAt(time: number): number | undefined {
    const at = this.#time.findLastIndex((own) => own <= time);
    return at < 0 ? undefined : this.#revision[at];
  }

  timeOf(revision: number): number | undefined {
    const at = revision - this.first;
    return this.#time[at];
  }

  /** Ids of the records of a kind of which a version holds one of the texts. */
  holding(kind: string, texts: readonly string[]): readonly RecordId[] {
    const found = new Set<RecordId>();
    this.#versions.forEach(({ line, text = line }, i) => {
      const id = this.#ids[i]!;
      if (text !== undefined && id.startsWith(`${kind}:`) && texts.some((wanted) => text.includes(wanted))) found.add(id);
    });
    return [...found];
  }

  mark(): FreshMark {
    return {
      versions: this.#ids.length,
      keys: this.#keys.length,
      revisions: this.#revision.length,
      forks: this.#forks.length,
      branches: this.#branches.length,
    };
  }

  /** Takes back what came after; index keys stay findable, as a superset may. */
  backTo(mark: FreshMark, forgotten: (branch: number, id: RecordId) => void): void {
    for (let i = this.#ids.length - 1; i >= mark.versions; i--) {
      const [branch, id] = [this.#branchOf[i]!, this.#ids[i]!];
      forgotten(branch, id);
      if (i >= this.#versionsIn) continue;
      const ofBranch = this.#versionsOf.get(branch)!;
      const left = listOf(ofBranch.get(id)).filter(({ revision }) => revision !== this.#versions[i]!.revision);
      if (left.length === 0) ofBranch.delete(id);
      else ofBranch.set(id, left);
    }
    for (const column of [this.#ids, this.#branchOf, this.#versions]) column.length = mark.versions;
    for (const column of [this.#keys, this.#refs]) column.length = mark.keys;
    this.#versionsIn = Math.min(this.#versionsIn, mark.versions);
    this.#keysIn = Math.min(this.#keysIn, mark.keys);
    for (const column of [this.#revision, this.#revisionBranch, this.#time, this.#hash, this.#start]) column.length = mark.revisions;
    this.#forks.length = mark.forks;
  }

  batch(packs: RecordBatch["packs"]): RecordBatch {
    return {
      packs,
      branches: this.#branches,
      forks: this.#forks,
      revisions: {
        revision: this.#revision,
        branch: this.#revisionBranch,
        time: this.#time,
        hash: this.#hash,
        start: this.#start,
      },
      ids: this.#ids,
      branchOf: Float64Array.from(this.#branchOf),
      revisionOf: column(this.#versions, ({ revision }) => revision),
      placeOf: column(this.#versions, ({ place }) => place ?? Number.NaN),
      keys: Float64Array.from(this.#keys),
      refs: Uint32Array.from(this.#refs),
      texts: new Map(this.#versions.flatMap(({ text }, i) => (text === undefined ? [] : [[i, text] as const]))),
    };
  }
}

function column(versions: readonly FreshVersion[], read: (version: FreshVersion) => number): Float64Array<ArrayBuffer> {
  const values = new Float64Array(versions.length);
  for (let i = 0; i < values.length; i++) values[i] = read(versions[i]!);
  return values;
}

/** Where in an ascending list the first id after one stands. */
function firstAfter(ids: readonly RecordId[], after: RecordId): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle]! > after) high = middle;
    else low = middle + 1;
  }
  return low;
}
