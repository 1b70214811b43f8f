import type { LogEntry } from "../change.ts";

/**
 * The log is truth. `append` resolves only when the entries are on disk (fsynced in a group), and refuses with DW_CONFLICT when the log's last
 * revision differs from `expectedRevision`, with DW_FENCED when `leaseEpoch` is older than the newest seen. All or nothing.
 */
export interface ChangeLog {
  lastRevision(): Promise<number>;
  append(entries: readonly LogEntry[], options: { readonly expectedRevision: number; readonly leaseEpoch: number }): Promise<void>;
  /** Entries with revision > `after`, ascending. */
  read(after: number): AsyncIterable<LogEntry>;
  close(): Promise<void>;
}

/** One process owns a world. `acquire` returns a higher epoch each time; a holder that lost it is fenced by `ChangeLog.append`. */
export interface Lease {
  acquire(owner: string): Promise<{ readonly epoch: number }>;
  release(): Promise<void>;
}
