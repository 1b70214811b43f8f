import { message } from "@doppelwerk/messages";
import { hashOfMerge, threeWay } from "../branches/merge.ts";
import { BranchTable } from "../branches/branch-table.ts";
import { diffRecords } from "../branches/diff.ts";
import { confirmation, plannedChanges } from "../branches/planned.ts";
import { messageOfEntry } from "../reason-of-entry.ts";
import { LIVE, type BranchId, type Change, type LogEntry, type Reason, type Transaction } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
import { EventBook } from "../events/event-book.ts";
import type { EventKind } from "../events/event-kind.ts";
import type { NewEvent, RecordedEvents } from "../events/event.ts";
import { createMemoryEventStore } from "../events/memory-event-store.ts";
import type { Instant } from "../instant.ts";
import type { Principal } from "../ports/access-gate.ts";
import type { Lineage } from "../ports/record-store.ts";
import type { RecordId } from "../record.ts";
import type { Allow, Branch, Commit, DiffItem, MergePlan, RecordKind, RecordReader, World, WorldOptions, WorldView } from "../world.ts";
import { headReader, newestVersion, storeReader } from "../branches/branch-reader.ts";
import { catchUp } from "./catch-up.ts";
import { checkInTurns } from "./check-in-turns.ts";
import { statusMerged } from "../merge-request/merge-request.ts";
import { unchangedSince } from "./unchanged-since.ts";
import { lastUndoable, undoChanges } from "./undo.ts";
import { validateChanges } from "./validate-transaction.ts";
import { createWorldView } from "./world-view.ts";
import { LONG, Writer } from "./writer.ts";

/** Opens a world on its log and cache; the cache catches up first. Errors: DW_UNAVAILABLE, DW_DAMAGED, DW_FORMAT_NEWER from the log. */
export async function openWorld(options: WorldOptions): Promise<World> {
  for (const { kind, plannedFields } of options.kinds)
    if ((plannedFields?.length ?? 0) > 1)
      throw new Error(`a kind has at most one planned field, because \`planned\` holds one value: ${kind}`);
  const tail = await catchUp(options.store, options.log);
  const branches = new BranchTable();
  branches.reset(options.store.forks());
  return new OpenWorld(options, branches, (onEntry) => new Writer(options, tail, onEntry));
}

type Listener = (commit: Commit) => void;

class OpenWorld implements World {
  readonly #options: WorldOptions;
  /** The one map that views and readers hold, too. */
  readonly #kinds = new Map<string, RecordKind>();
  readonly #table: BranchTable;
  readonly #writer: Writer;
  readonly events: EventBook;
  readonly #listeners = new Set<Listener>();
  /** Branches whose closing entry is on its way: nothing more may be written there. */
  readonly #closing = new Set<BranchId>();

  constructor(options: WorldOptions, table: BranchTable, createWriter: (onEntry: (entry: LogEntry) => void) => Writer) {
    this.#options = options;
    for (const kind of options.kinds) this.#kinds.set(kind.kind, kind);
    this.#table = table;
    this.#writer = createWriter((entry) => this.#broadcast(entry));
    this.events = new EventBook({
      ...(options.events ?? { store: createMemoryEventStore(), kinds: [] }),
      clock: options.clock,
      branch: (id) => this.#table.get(id),
      exists: (subject, branch) => newestVersion(this.reader(branch), subject) !== undefined,
    });
  }

  declare(kinds: readonly RecordKind[], events: readonly EventKind[]): void {
    this.#kinds.clear();
    for (const kind of kinds) this.#kinds.set(kind.kind, kind);
    this.events.declare(events);
  }

  get branches(): ReadonlyMap<BranchId, Branch> {
    return this.#table.branches;
  }

  revision(): number {
    return this.#writer.committed;
  }

  lineage(branch: BranchId, revision: number = this.revision()): Lineage {
    return this.#table.lineage(branch, Math.min(revision, this.revision()));
  }

  timeOf(revision: number): Instant | undefined {
    return this.#options.store.timeOf(revision);
  }

  revisionAt(time: Instant): number {
    return Math.min(this.#options.store.revisionAt(LIVE, time), this.revision());
  }

  reader(branch: BranchId, at: { readonly revision?: number; readonly time?: Instant } = {}): RecordReader {
    const byTime = at.time === undefined ? this.revision() : this.#options.store.revisionAt(branch, at.time);
    return storeReader(this.#options.store, this.lineage(branch, Math.min(at.revision ?? byTime, byTime)));
  }

  async apply(transaction: Transaction, allow?: Allow): Promise<Commit> {
    if (!this.#writer.healthy) await this.#writer.ready();
    const { branch, actor, reason, clientId, since } = transaction;
    this.#open(branch);
    if (transaction.changes.length === 0) throw new DoppelwerkError("DW_INVALID", message("world.transactionWithoutChanges"));
    const head = this.#head(branch);
    const unchanged = since === undefined ? undefined : unchangedSince(since, head, (id) => this.#writer.overlay.on(branch).has(id));
    const allowed: Allow = (change, before) => {
      allow?.(change, before);
      unchanged?.(change, before);
    };
    const { turn } = this.#options;
    const checked =
      turn === undefined || since !== undefined || transaction.changes.length <= LONG
        ? undefined
        : await checkInTurns(transaction, {
            head: () => this.#head(branch),
            kinds: this.#kinds,
            allow: allowed,
            writer: this.#writer,
            turn,
          });
    // From here on in one turn: nothing comes between the check and the log. A branch may have been closed, the log may have failed meanwhile.
    if (checked !== undefined) this.#open(branch);
    const { changes, records, text } = checked ?? validateChanges(transaction.changes, this.#head(branch), this.#kinds, allowed);
    return this.#writer.submit({ branch, actor, reason, changes, clientId }, records, text);
  }

  record(events: readonly NewEvent[]): Promise<RecordedEvents> {
    return this.events.record(events);
  }

  async fork(options: {
    readonly name: string;
    readonly parent: BranchId;
    readonly instant: Instant;
    readonly actor: string;
    readonly reason: Reason;
  }): Promise<Branch> {
    if (!this.#writer.healthy) await this.#writer.ready();
    const { name, parent, actor, reason } = options;
    if (!Number.isSafeInteger(options.instant))
      throw new DoppelwerkError("DW_INVALID", message("world.instantWholeMicroseconds", { instant: options.instant }));
    this.#table.get(parent);
    // P13: nothing is ever in the future; a viewer's clock may run ahead of ours.
    const now = this.#options.clock.now();
    const instant = Math.min(options.instant, now);
    // An instant before the first revision has samples (a plant's archive) but no documents: then those of now are the best that is known of it.
    const baseRevision =
      options.instant >= now ? this.#writer.tailRevision : this.#options.store.revisionAt(parent, instant) || this.#writer.tailRevision;
    const branch = this.#options.ids.next("branch");
    await this.#writer.submit({ branch, actor, reason, changes: [], fork: { name, parent, baseRevision, instant } }, []);
    return this.#table.get(branch);
  }

  async abandon(branch: BranchId, actor: string, reason: Reason): Promise<void> {
    if (!this.#writer.healthy) await this.#writer.ready();
    if (branch === LIVE) throw new DoppelwerkError("DW_INVALID", message("world.liveBranchCannotAbandoned"));
    this.#open(branch);
    await this.#closed(branch, this.#writer.submit({ branch, actor, reason, changes: [], abandon: true }, []));
  }

  diff(branch: BranchId): readonly DiffItem[] {
    return this.#diff(branch, this.reader(branch));
  }

  planMerge(branch: BranchId): MergePlan {
    // read also while the branch is being closed: that may take as long as the disk does
    const { parent } = parentOf(this.#table.open(branch));
    return this.#plan(branch, this.reader(branch), this.reader(parent), this.revision());
  }

  async merge(options: Parameters<World["merge"]>[0]): Promise<Commit> {
    if (!this.#writer.healthy) await this.#writer.ready();
    const { branch, actor, reason, request, planned } = options;
    const { parent } = this.#mergeable(branch);
    this.#open(parent);
    // Planned against the pending state too: an edit that is on its way to the log is neither lost nor overwritten.
    const target = this.#head(parent);
    const plan = this.#plan(branch, this.#head(branch), target, this.#writer.tailRevision);
    if (plan.diffHash !== options.diffHash)
      throw new DoppelwerkError("DW_STALE_APPROVAL", message("world.branchOrTouchesMovedSince", { branch }), {
        expected: options.diffHash,
        actual: plan.diffHash,
      });
    if (plan.conflicts.length > 0)
      throw new DoppelwerkError("DW_CONFLICT", message("world.conflictsResolveBranchFirst", { count: plan.conflicts.length, branch }), {
        conflicts: plan.conflicts,
      });
    const written =
      parent === LIVE
        ? [...plannedChanges(plan.changes, target, this.#kinds, { ...planned, request }), ...statusMerged(target, request)]
        : plan.changes;
    const { changes, records } = validateChanges(written, target, this.#kinds);
    const merge = { source: branch, sourceRevision: this.#writer.tailRevision, request };
    return this.#closed(branch, this.#writer.submit({ branch: parent, actor, reason, changes, merge }, records));
  }

  async undo(branch: BranchId, actor: string, clientId?: string, allowOf?: (changes: readonly Change[]) => Allow): Promise<Commit> {
    if (!this.#writer.healthy) await this.#writer.ready();
    this.#open(branch);
    const entry = await lastUndoable(this.#options.log, branch, actor, this.revision());
    const inverse = await undoChanges(entry, this.reader(branch), this.#options.log);
    this.#open(branch);
    const { changes, records } = validateChanges(inverse, this.#head(branch), this.#kinds, allowOf?.(inverse));
    const undo = { revision: entry.revision };
    return this.#writer.submit(
      { branch, actor, reason: message("changes.logUndo", { name: messageOfEntry(entry) ?? entry.reason }), changes, clientId, undo },
      records,
    );
  }

  async confirm(id: RecordId, actor: string, reason: Reason): Promise<Commit> {
    const record = this.reader(LIVE).get(id);
    if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("world.noRecord", { id }));
    return this.apply({ branch: LIVE, actor, reason, changes: [confirmation(record, this.#kinds)] });
  }

  onCommit(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  view(principal: Principal): WorldView {
    return createWorldView(this, principal, this.#options, this.#kinds);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    this.#listeners.clear();
  }

  #head(branch: BranchId): RecordReader {
    return headReader(this.reader(branch), this.#writer.overlay, branch, this.#kinds);
  }

  #diff(branch: BranchId, head: RecordReader): readonly DiffItem[] {
    const { parent, baseRevision } = this.#table.get(branch);
    if (parent === undefined) return [];
    const base = this.reader(parent, { revision: baseRevision });
    const ids = new Set(this.#options.store.changedIds(branch, 0, this.revision()));
    for (const id of this.#writer.overlay.on(branch).keys()) ids.add(id);
    return diffRecords(ids, base, head);
  }

  #mergeable(branch: BranchId): { readonly parent: BranchId } {
    return parentOf(this.#open(branch));
  }

  #plan(branch: BranchId, theirs: RecordReader, ours: RecordReader, targetRevision: number): MergePlan {
    const { parent, baseRevision } = this.#table.get(branch);
    const base = this.reader(parent!, { revision: baseRevision });
    const merged = threeWay(this.#diff(branch, theirs), { base, ours, theirs, kinds: this.#kinds, planning: parent === LIVE });
    return { ...merged, targetRevision, diffHash: hashOfMerge(branch, baseRevision, merged, ours), complete: true };
  }

  #open(branch: BranchId): Branch {
    if (this.#closing.has(branch)) throw new DoppelwerkError("DW_CONFLICT", message("world.branchBeingClosed", { branch }));
    return this.#table.open(branch);
  }

  /** Keeps the branch shut for writers until its closing entry is on disk or refused. */
  #closed(branch: BranchId, commit: Promise<Commit>): Promise<Commit> {
    this.#closing.add(branch);
    return commit.finally(() => this.#closing.delete(branch));
  }

  #broadcast(entry: LogEntry): void {
    this.#table.fold(entry);
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener({ entry });
      } catch (error) {
        if (this.#options.onListenerError !== undefined) this.#options.onListenerError(error);
        else void Promise.reject(error);
      }
    }
  }
}

function parentOf({ parent }: Branch): { readonly parent: BranchId } {
  if (parent === undefined) throw new DoppelwerkError("DW_INVALID", message("world.liveBranchNoParentMergeInto"));
  return { parent };
}
