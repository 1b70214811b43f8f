import type { BranchId, LogEntry } from "../change.ts";
import { changedId, type Folded } from "../fold.ts";
import type { RecordId, WorldRecord } from "../record.ts";

interface PendingRecord {
  readonly record: WorldRecord | undefined;
  readonly revision: number;
}

/** What is validated and on its way to the log, not yet on disk: the next transaction is validated against it. */
export class Overlay {
  readonly #branches = new Map<BranchId, Map<RecordId, PendingRecord>>();
  /** The newest entry on its way, by branch. */
  readonly #newest = new Map<BranchId, number>();

  on(branch: BranchId): ReadonlyMap<RecordId, PendingRecord> {
    return this.#branches.get(branch) ?? nothing;
  }

  add(entry: LogEntry, folded: Folded): void {
    if (entry.changes.length === 0) return;
    let records = this.#branches.get(entry.branch);
    if (records === undefined) this.#branches.set(entry.branch, (records = new Map()));
    this.#newest.set(entry.branch, entry.revision);
    for (let i = 0; i < folded.length; i++) records.set(changedId(entry.changes[i]!), { record: folded[i], revision: entry.revision });
  }

  /** The entry is folded into the store: what it wrote is read from there, unless a later pending entry wrote over it. */
  release(entry: LogEntry): void {
    const records = this.#branches.get(entry.branch);
    if (records === undefined) return;
    if (this.#newest.get(entry.branch) === entry.revision) {
      this.#branches.delete(entry.branch);
      this.#newest.delete(entry.branch);
      return;
    }
    for (const change of entry.changes) {
      const id = changedId(change);
      if (records.get(id)?.revision === entry.revision) records.delete(id);
    }
  }

  clear(): void {
    this.#branches.clear();
    this.#newest.clear();
  }
}

const nothing: ReadonlyMap<RecordId, PendingRecord> = new Map();
