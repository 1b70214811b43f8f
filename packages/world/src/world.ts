import type { Message } from "@doppelwerk/messages";
import type { BranchId, Change, LogEntry, Reason, Transaction } from "./change.ts";
import type { NewEvent, RecordedEvents } from "./events/event.ts";
import type { EventBook, EventOptions } from "./events/event-book.ts";
import type { EventKind } from "./events/event-kind.ts";
import type { EventView } from "./events/event-view.ts";
import type { Instant } from "./instant.ts";
import type { Turn } from "./in-turns.ts";
import type { MergeRequests } from "./merge-request/merge-request.ts";
import type { AccessGate, Action, Decision, Principal } from "./ports/access-gate.ts";
import type { CommandClass } from "./ports/approval-classes.ts";
import type { ChangeLog } from "./ports/change-log.ts";
import type { Clock } from "./ports/clock.ts";
import type { IdSource } from "./ports/id-source.ts";
import type { Lineage, RecordQuery, RecordStore, RecordVersion } from "./ports/record-store.ts";
import type { Seal } from "./ports/seal.ts";
import type { Json, RecordId, WorldRecord } from "./record.ts";

/** A record kind: how records of it are checked, indexed and merged. Unknown kinds round-trip opaque. */
export interface RecordKind {
  readonly kind: string;
  readonly validate?: (record: WorldRecord) => readonly Message[];
  /** Index name → the field's value, or several of them; undefined = not indexed. */
  readonly indexes?: Readonly<Record<string, IndexReader>>;
  /** A field with an index of the same name: no transaction gives it a value that another record of the kind has on the branch. */
  readonly unique?: string;
  /** Its records are looked for by any text in them; what fields `without` hold (ids of other records) is not looked for. */
  readonly searched?: { readonly without?: readonly string[] };
  /** P17: on merge into live these fields become the field `planned` instead of replacing as-is. */
  readonly plannedFields?: readonly string[];
}

/** What an index takes from a record. `reads` = the only fields it looks at: while those are the same objects it is not asked again. */
export interface IndexReader {
  (record: WorldRecord): string | readonly string[] | undefined;
  readonly reads?: readonly string[];
}

export interface Branch {
  readonly id: BranchId;
  readonly name: string;
  readonly parent: BranchId | undefined;
  readonly baseRevision: number;
  /** The instant of the plant's history the branch starts from. */
  readonly instant: Instant;
  readonly createdBy: string;
  readonly createdAt: Instant;
  /** Undefined while open. */
  readonly closed?: { readonly as: "merged" | "abandoned"; readonly at: Instant; readonly revision: number };
}

/** Reading a branch at a revision: one mechanism for now, history, time travel and forks. */
export interface RecordReader {
  get(id: RecordId): WorldRecord | undefined;
  query(query: RecordQuery): readonly WorldRecord[];
  versions(id: RecordId, limit?: number): readonly RecordVersion[];
  /** Revisions at which the record, as it stands, was made and last written. */
  written(id: RecordId): { readonly created: number; readonly updated: number } | undefined;
  /** Revision at which something in an index was last written or deleted, of the ids that `counts` keeps; undefined = nothing ever stood there. */
  lastWritten(query: Required<Pick<RecordQuery, "kind" | "index">>, counts?: (id: RecordId) => boolean): number | undefined;
  /** Records written or deleted after a revision, ascending. */
  changedSince(revision: number): readonly RecordId[];
  /** As `RecordStore.holding`: ids that must still be read here. */
  holding?(kind: string, texts: readonly string[]): Iterable<readonly RecordId[]> | undefined;
  /** Readers of one edition answer every question alike. Undefined where something was committed since this one was made. */
  edition?(): string | undefined;
}

export interface Commit {
  readonly entry: LogEntry;
}

export interface DiffItem {
  readonly id: RecordId;
  readonly kind: string;
  readonly before: WorldRecord | undefined;
  readonly after: WorldRecord | undefined;
}

/** `reason` reads parent/branch: `delete/edit` = the parent deleted what the branch edited. `ours` is the parent's, `theirs` the branch's. */
export interface Conflict {
  readonly id: RecordId;
  readonly field: string | undefined;
  readonly reason: "edit/edit" | "delete/edit" | "edit/delete" | "move/move" | "cycle" | "create/create";
  readonly base?: Json;
  readonly ours?: Json;
  readonly theirs?: Json;
}

export interface WorldOptions {
  readonly store: RecordStore;
  readonly log: ChangeLog;
  readonly leaseEpoch: number;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly seal: Seal;
  readonly kinds: readonly RecordKind[];
  readonly gate: AccessGate;
  /** Lets others come between the steps of a long transaction; without it one is written in a single turn. */
  readonly turn?: Turn;
  /** Where events are kept, and which types there are; absent = none, in memory. */
  readonly events?: EventOptions;
  /** Told when a commit listener throws; without it the error is left unhandled, because a throwing listener is a bug. */
  readonly onListenerError?: (error: unknown) => void;
}

/** What a merge would write to the parent, or why it cannot. `diffHash` is over branch, base, changes and the touched records as the parent holds them now. */
export interface MergePlan {
  /** As-is field changes; on a merge into live those of `plannedFields` are written to `planned` instead (see `plannedChanges`). */
  readonly changes: readonly Change[];
  readonly conflicts: readonly Conflict[];
  readonly targetRevision: number;
  readonly diffHash: string;
  /** False when the principal may not see every change: then he can neither approve nor merge. Always true on the raw world. */
  readonly complete: boolean;
}

/** Whether a change may meet the record that stands before it (undefined = none does): throws when it may not. */
export type Allow = (change: Change, before: WorldRecord | undefined) => void;

/** The raw world: only compose holds it. Everyone else has a `WorldView`. */
export interface World {
  readonly branches: ReadonlyMap<BranchId, Branch>;
  revision(): number;
  lineage(branch: BranchId, revision?: number): Lineage;
  timeOf(revision: number): Instant | undefined;
  revisionAt(time: Instant): number;
  reader(branch: BranchId, at?: { readonly revision?: number; readonly time?: Instant }): RecordReader;
  /**
   * Validates against committed and pending state, appends, resolves after fsync; listeners are told after that too. `allow` is asked of every change,
   * with the record it meets, and throws what is refused.
   */
  apply(transaction: Transaction, allow?: Allow): Promise<Commit>;
  /** Records structured facts; resolves when all are durable, else none is. Errors: see `EventBook.record`. */
  record(events: readonly NewEvent[]): Promise<RecordedEvents>;
  readonly events: EventBook;
  /** Other kinds of documents and types of events than those that it was opened with: what is written from now on is held to them. */
  declare(kinds: readonly RecordKind[], events: readonly EventKind[]): void;
  fork(options: {
    readonly name: string;
    readonly parent: BranchId;
    readonly instant: Instant;
    readonly actor: string;
    readonly reason: Reason;
  }): Promise<Branch>;
  abandon(branch: BranchId, actor: string, reason: Reason): Promise<void>;
  diff(branch: BranchId): readonly DiffItem[];
  /** Three-way against the branch's base: what would be written to the parent, or the conflicts. Never a silent loss. */
  planMerge(branch: BranchId): MergePlan;
  /** Writes exactly the planned changes as one revision; refuses DW_STALE_APPROVAL when diffHash differs by now. */
  merge(options: {
    readonly branch: BranchId;
    readonly diffHash: string;
    readonly request: RecordId;
    readonly actor: string;
    readonly reason: Reason;
    readonly planned: PlannedMeta;
  }): Promise<Commit>;
  /** Inverse of the actor's last transaction on the branch, where fields still hold what was written; else DW_CONFLICT naming who changed it. */
  undo(branch: BranchId, actor: string, clientId?: string, allowOf?: (changes: readonly Change[]) => Allow): Promise<Commit>;
  /** P17: the planned value became real: it is copied to as-is and the plan removed, on live. */
  confirm(id: RecordId, actor: string, reason: Reason): Promise<Commit>;
  onCommit(listener: (commit: Commit) => void): () => void;
  view(principal: Principal): WorldView;
  close(): Promise<void>;
}

/** P17: owner, date and action of a planned value. */
export interface PlannedMeta {
  readonly owner: string;
  readonly effectiveFrom: string;
  readonly action: string;
}

/** The world as one principal may see it: same calls, every record and change passes the gate. Routes only ever see this. */
export interface WorldView {
  readonly principal: Principal;
  branches(): readonly Branch[];
  branch(id: BranchId): Branch;
  revision(): number;
  reader(branch: BranchId, at?: { readonly revision?: number; readonly time?: Instant }): RecordReader;
  /** The revision ↔ time table: commit time of a revision, and the last revision at or before a time (0 before the first). */
  timeOf(revision: number): Instant | undefined;
  revisionAt(time: Instant): number;
  apply(transaction: Omit<Transaction, "actor">): Promise<Commit>;
  fork(options: { readonly name: string; readonly parent: BranchId; readonly instant: Instant; readonly reason: Reason }): Promise<Branch>;
  abandon(branch: BranchId, reason: Reason): Promise<void>;
  diff(branch: BranchId): readonly DiffItem[];
  planMerge(branch: BranchId): MergePlan;
  /** Only with an approved request whose approval is still bound to this diff (see `requests`). */
  merge(options: Omit<Parameters<World["merge"]>[0], "actor">): Promise<Commit>;
  undo(branch: BranchId, clientId?: string): Promise<Commit>;
  confirm(id: RecordId, reason: Reason): Promise<Commit>;
  /** What the principal may do, for screens and for routes that do more than read and write records. */
  /** What the property classes say of commands of a connection to a signal, or to the connection itself. */
  commandClasses(connection: RecordId, signal?: RecordId): readonly CommandClass[];
  /** `subject`: the record that it is done to. */
  may(action: Action, branch: BranchId, subject?: RecordId): Decision;
  /** Whether it may be done to some record: what it is done to is decided then, by `may` or with the change. */
  mayAnywhere(action: Action, branch: BranchId): Decision;
  /** A log entry as this principal may see it; undefined when the branch itself is hidden. */
  visible(entry: LogEntry): LogEntry | undefined;
  /** Events of what the principal may read. */
  readonly events: EventView;
  /** Merge requests and their comments: the only way a principal opens, approves or merges one. */
  readonly requests: MergeRequests;
  /** Commits as this principal may see them; entries of which nothing is visible come with no changes. */
  onCommit(listener: (commit: Commit) => void): () => void;
}
