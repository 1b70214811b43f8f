import { message } from "@doppelwerk/messages";
import {
  changedId,
  DoppelwerkError,
  foldChange,
  GENESIS_HASH,
  indexValues,
  lastRecord,
  matches,
  type BranchId,
  type Lineage,
  type LogEntry,
  type RecordId,
  type RecordKind,
  type RecordStore,
  type RecordVersion,
  type WorldRecord,
} from "@doppelwerk/world";

interface Version {
  readonly revision: number;
  readonly record: WorldRecord | undefined;
}

interface BranchState {
  readonly versions: Map<RecordId, Version[]>;
}

/** Records in memory: for tests, for short-lived worlds, and as the oracle the other drivers are compared with. */
export function createMemoryRecordStore(kinds: readonly RecordKind[]): RecordStore {
  const kindOf = new Map(kinds.map((kind) => [kind.kind, kind]));
  const branches = new Map<BranchId, BranchState>();
  const index = new SortedIndex();
  let revisions: { readonly time: number }[] = [];
  let forks: LogEntry[] = [];
  let lastHash = GENESIS_HASH;

  const bases = new Map<BranchId, { readonly parent: BranchId; readonly baseRevision: number }>();
  const stateOf = (branch: BranchId): BranchState => {
    let state = branches.get(branch);
    if (state === undefined) branches.set(branch, (state = { versions: new Map() }));
    return state;
  };
  const versionAt = (branch: BranchId, id: RecordId, revision: number): Version | undefined => {
    const versions = branches.get(branch)?.versions.get(id);
    if (versions === undefined) return undefined;
    for (let i = versions.length - 1; i >= 0; i--) if (versions[i]!.revision <= revision) return versions[i];
    return undefined;
  };
  const get = (lineage: Lineage, id: RecordId): WorldRecord | undefined => {
    for (const { branch, revision } of lineage) {
      const version = versionAt(branch, id, revision);
      if (version !== undefined) return version.record;
    }
    return undefined;
  };
  const lineageOf = (branch: BranchId): Lineage => {
    const steps = [{ branch, revision: Number.MAX_SAFE_INTEGER }];
    for (let base = bases.get(branch); base !== undefined; base = bases.get(base.parent))
      steps.push({ branch: base.parent, revision: Math.min(base.baseRevision, steps.at(-1)!.revision) });
    return steps;
  };

  const fold = (entry: LogEntry): void => {
    if (entry.fork !== undefined) bases.set(entry.branch, entry.fork);
    if (entry.fork !== undefined || entry.merge !== undefined || entry.abandon) forks.push(entry);
    const { versions } = stateOf(entry.branch);
    const lineage = lineageOf(entry.branch);
    for (const change of entry.changes) {
      const id = changedId(change);
      const record = foldChange(get(lineage, id), change);
      let own = versions.get(id);
      if (own === undefined) versions.set(id, (own = []));
      if (own.at(-1)?.revision === entry.revision) own.pop();
      own.push({ revision: entry.revision, record });
      if (record !== undefined) index.add(record, kindOf.get(record.kind));
    }
    revisions.push({ time: entry.time });
    lastHash = entry.hash;
  };

  const versions = (lineage: Lineage, id: RecordId, limit = Infinity): readonly RecordVersion[] => {
    const found: RecordVersion[] = [];
    for (const { branch, revision } of lineage) {
      const own = branches.get(branch)?.versions.get(id) ?? [];
      for (let i = own.length - 1; i >= 0 && found.length < limit; i--)
        if (own[i]!.revision <= revision) found.push({ revision: own[i]!.revision, branch, record: own[i]!.record });
    }
    return found;
  };

  return {
    get,
    appliedRevision: () => revisions.length,
    appliedHash: () => lastHash,
    apply(entries) {
      for (const entry of entries) {
        if (entry.revision <= revisions.length) continue;
        if (entry.revision !== revisions.length + 1)
          throw new DoppelwerkError(
            "DW_DAMAGED",
            message("storage.revisionMissingBefore", { count: revisions.length + 1, revision: entry.revision }),
          );
        fold(entry);
      }
    },
    query(lineage, query) {
      const found: WorldRecord[] = [];
      for (const id of index.ids(query.kind, query.index, query.after)) {
        if (found.length >= (query.limit ?? Infinity)) break;
        if (query.skip?.(id) === true) continue;
        const record = get(lineage, id) ?? (query.deleted ? lastRecord(versions(lineage, id)) : undefined);
        if (record !== undefined && matches(record, query, kindOf)) found.push(record);
      }
      return found;
    },
    versions,
    written(lineage, id) {
      let found: { created: number; updated: number } | undefined;
      for (const { branch, revision } of lineage) {
        const versions = (branches.get(branch)?.versions.get(id) ?? []).filter((version) => version.revision <= revision);
        const gone = versions.findLastIndex(({ record }) => record === undefined);
        const first = versions[gone + 1];
        if (first !== undefined) found = { created: first.revision, updated: found?.updated ?? versions.at(-1)!.revision };
        if (gone >= 0) return found;
      }
      return found;
    },
    lastWritten(lineage, query) {
      const last = (id: RecordId): number =>
        Math.max(0, ...lineage.map(({ branch, revision }) => versionAt(branch, id, revision)?.revision ?? 0));
      return [...index.ids(query.kind, query.index)]
        .map((id) => ({ id, revision: last(id) }))
        .filter(({ revision }) => revision > 0)
        .sort((a, b) => b.revision - a.revision);
    },
    holding(kind, texts) {
      if (kindOf.get(kind)?.searched === undefined || texts.includes("")) return undefined;
      const written = texts.map((text) => JSON.stringify(text).slice(1, -1));
      const holds = (record: WorldRecord | undefined): boolean => {
        const line = record?.kind === kind ? JSON.stringify(record) : undefined;
        return line !== undefined && written.some((text) => line.includes(text));
      };
      return [...branches.values()].map(({ versions }) =>
        [...versions].flatMap(([id, all]) => (all.some(({ record }) => holds(record)) ? [id] : [])),
      );
    },
    changedIds(branch, after, upTo) {
      const ids: RecordId[] = [];
      for (const [id, versions] of branches.get(branch)?.versions ?? [])
        if (versions.some(({ revision }) => revision > after && revision <= upTo)) ids.push(id);
      return ids.sort();
    },
    forks: () => forks,
    revisionAt(_branch, time) {
      let low = 0;
      let high = revisions.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (revisions[middle]!.time <= time) low = middle + 1;
        else high = middle;
      }
      return low;
    },
    timeOf: (revision) => revisions[revision - 1]?.time,
    reset() {
      branches.clear();
      bases.clear();
      index.clear();
      revisions = [];
      forks = [];
      lastHash = GENESIS_HASH;
    },
    close() {},
  };
}

/** Every id that ever had a value, ascending: a superset that the reader checks at its own revision. */
class SortedIndex {
  readonly #sets = new Map<string, { readonly ids: Set<RecordId>; sorted: RecordId[] | undefined }>();

  add(record: WorldRecord, kind: RecordKind | undefined): void {
    this.#put(keyOf(record.kind), record.id);
    for (const [name, read] of Object.entries(kind?.indexes ?? {}))
      for (const value of indexValues(read(record))) this.#put(keyOf(record.kind, { name, value }), record.id);
  }

  *ids(kind: string, index: { readonly name: string; readonly value: string } | undefined, after = ""): Iterable<RecordId> {
    const set = this.#sets.get(keyOf(kind, index));
    if (set === undefined) return;
    const sorted = (set.sorted ??= [...set.ids].sort());
    for (let i = firstAfter(sorted, after); i < sorted.length; i++) yield sorted[i]!;
  }

  clear(): void {
    this.#sets.clear();
  }

  #put(key: string, id: RecordId): void {
    let set = this.#sets.get(key);
    if (set === undefined) this.#sets.set(key, (set = { ids: new Set(), sorted: undefined }));
    if (set.ids.has(id)) return;
    set.ids.add(id);
    set.sorted = undefined;
  }
}

function keyOf(kind: string, index?: { readonly name: string; readonly value: string }): string {
  return index === undefined ? kind : `${kind}\n${index.name}\n${index.value}`;
}

function firstAfter(sorted: readonly RecordId[], after: RecordId): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= after) low = middle + 1;
    else high = middle;
  }
  return low;
}
