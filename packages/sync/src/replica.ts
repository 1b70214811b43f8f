import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { BranchId, Change, FieldChange, Json, LogEntry, RecordId, WorldRecord } from "@doppelwerk/world";

export interface ReplicaOptions {
  readonly branch: BranchId;
  /** Only records of these kinds are kept; absent = all. */
  readonly kinds?: readonly string[];
}

export interface PendingPush {
  readonly clientId: string;
  readonly reason: string;
  readonly changes: readonly Change[];
}

/**
 * One branch as a client knows it: what the server confirmed, with this client's own unanswered pushes on top (SPEC S5–S10).
 * A push shows at once, is laid again on every commit, and vanishes when it is rejected.
 */
export interface Replica {
  readonly branch: BranchId;
  /** Last revision folded in. */
  revision(): number;
  complete(): boolean;
  get(id: RecordId): WorldRecord | undefined;
  query(kind: string): readonly WorldRecord[];
  pending(): readonly PendingPush[];
  load(records: readonly WorldRecord[], revision: number, complete: boolean): void;
  commit(entry: LogEntry): void;
  /** Throws DW_CONFLICT, changing nothing, when the changes do not fit what is shown. */
  push(push: PendingPush): void;
  /** True when the id was one of this replica's pending pushes. */
  reject(clientId: string): boolean;
  /** Resolves when the load is complete and this revision is folded in: at once where it is. */
  reached(revision: number): Promise<void>;
  /** Called with the ids whose shown record changed, after each step. */
  onChange(listener: (ids: ReadonlySet<RecordId>) => void): () => void;
}

export function createReplica(options: ReplicaOptions): Replica {
  const kinds = options.kinds === undefined ? undefined : new Set(options.kinds);
  const listeners = new Set<(ids: ReadonlySet<RecordId>) => void>();
  let confirmed = new Map<RecordId, WorldRecord>();
  let shown = new Map<RecordId, WorldRecord>();
  let pending: readonly PendingPush[] = [];
  let revision = 0;
  let complete = false;
  let loading: Map<RecordId, WorldRecord> | undefined;
  // Commits that overtake the pages of a load are folded in once it is complete.
  let overtaking: LogEntry[] = [];
  let waiting: readonly { readonly revision: number; readonly resolve: () => void }[] = [];

  const keeps = (kind: string): boolean => kinds === undefined || kinds.has(kind);

  const answerWaiting = (): void => {
    const reached = waiting.filter((wait) => wait.revision <= revision);
    waiting = waiting.filter((wait) => wait.revision > revision);
    for (const { resolve } of reached) resolve();
  };

  const rebuild = (): void => {
    const before = shown;
    const next = new Map(confirmed);
    for (const push of pending) {
      // One that no longer fits is not shown; the server will reject it, or has it in a commit still to come.
      if (conflictOf(next, push.changes) === undefined) applyAll(next, push.changes, keeps);
    }
    shown = next;
    const changed = differing(before, next);
    if (changed.size > 0) for (const listener of listeners) listener(changed);
  };

  const fold = (entry: LogEntry): void => {
    // Answered, whether or not a load already brought its effect.
    if (entry.clientId !== undefined) pending = pending.filter((push) => push.clientId !== entry.clientId);
    if (entry.revision <= revision) return;
    applyAll(confirmed, entry.changes, keeps);
    revision = entry.revision;
  };

  return {
    branch: options.branch,
    revision: () => revision,
    complete: () => complete,
    get: (id) => shown.get(id),
    query: (kind) => [...shown.values()].filter((record) => record.kind === kind).sort((a, b) => (a.id < b.id ? -1 : 1)),
    pending: () => pending,
    load(records, atRevision, isComplete) {
      loading ??= new Map();
      for (const record of records) if (keeps(record.kind)) loading.set(record.id, record);
      if (!isComplete) return;
      confirmed = loading;
      loading = undefined;
      complete = true;
      revision = atRevision;
      const late = overtaking;
      overtaking = [];
      for (const entry of late) fold(entry);
      rebuild();
      answerWaiting();
    },
    commit(entry) {
      if (entry.branch !== options.branch) return;
      if (loading !== undefined || !complete) overtaking.push(entry);
      if (!complete) return;
      fold(entry);
      rebuild();
      answerWaiting();
    },
    push(push) {
      const conflict = conflictOf(shown, push.changes);
      if (conflict !== undefined) throw new DoppelwerkError("DW_CONFLICT", conflict);
      pending = [...pending, push];
      rebuild();
    },
    reject(clientId) {
      const kept = pending.filter((push) => push.clientId !== clientId);
      const mine = kept.length < pending.length;
      pending = kept;
      if (mine) rebuild();
      return mine;
    },
    reached(wanted) {
      if (complete && revision >= wanted) return Promise.resolve();
      return new Promise((resolve) => {
        waiting = [...waiting, { revision: wanted, resolve }];
      });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The change that takes a field of a record from what it holds to `to`: the form every edit of the studio has. */
export function fieldChange(record: WorldRecord, field: string, to: Json | undefined): Change {
  const from = record[field];
  const change: FieldChange = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return { op: "update", id: record.id, fields: { [field]: change } };
}

/** Why the changes do not fit these records, undefined when they do. Later changes see the earlier ones. */
function conflictOf(records: ReadonlyMap<RecordId, WorldRecord>, changes: readonly Change[]): Message | undefined {
  const trial = new Map<RecordId, WorldRecord | undefined>();
  const now = (id: RecordId): WorldRecord | undefined => (trial.has(id) ? trial.get(id) : records.get(id));
  for (const change of changes) {
    if (change.op === "create") {
      if (now(change.record.id) !== undefined) return message("sync.recordExists", { id: change.record.id });
      trial.set(change.record.id, change.record);
    } else if (change.op === "delete") {
      const held = now(change.record.id);
      if (held === undefined) return message("sync.recordGone", { id: change.record.id });
      if (!sameJson(held, change.record)) return message("sync.recordChangedByOther", { id: change.record.id });
      trial.set(change.record.id, undefined);
    } else {
      const held = now(change.id);
      if (held === undefined) return message("sync.recordGone", { id: change.id });
      for (const [field, { from }] of Object.entries(change.fields)) {
        if (!sameJson(held[field], from)) return message("sync.fieldChangedByOther", { field, id: change.id });
      }
      trial.set(change.id, updated(held, change.fields));
    }
  }
  return undefined;
}

function applyAll(records: Map<RecordId, WorldRecord>, changes: readonly Change[], keeps: (kind: string) => boolean): void {
  for (const change of changes) {
    if (change.op === "create") {
      if (keeps(change.record.kind)) records.set(change.record.id, change.record);
    } else if (change.op === "delete") records.delete(change.record.id);
    else {
      const held = records.get(change.id);
      if (held !== undefined) records.set(change.id, updated(held, change.fields));
    }
  }
}

function updated(record: WorldRecord, fields: Readonly<Record<string, FieldChange>>): WorldRecord {
  const next: Record<string, Json | undefined> = { ...record };
  for (const [field, { to }] of Object.entries(fields)) {
    if (to === undefined) delete next[field];
    else next[field] = to;
  }
  return next as WorldRecord;
}

function differing(before: ReadonlyMap<RecordId, WorldRecord>, after: ReadonlyMap<RecordId, WorldRecord>): ReadonlySet<RecordId> {
  const ids = new Set<RecordId>();
  for (const [id, record] of after) if (!sameJson(before.get(id), record)) ids.add(id);
  for (const id of before.keys()) if (!after.has(id)) ids.add(id);
  return ids;
}

function sameJson(a: Json | WorldRecord | undefined, b: Json | WorldRecord | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  const left = a as Readonly<Record<string, Json | undefined>>;
  const right = b as Readonly<Record<string, Json | undefined>>;
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) if (!sameJson(left[key], right[key])) return false;
  return true;
}
