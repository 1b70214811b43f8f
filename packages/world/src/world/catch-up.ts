import type { LogEntry } from "../change.ts";
import { DoppelwerkError, said } from "../error.ts";
import type { Instant } from "../instant.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import type { RecordStore } from "../ports/record-store.ts";
import { GENESIS_HASH } from "../ports/seal.ts";

/** Where the log ends: what the next entry continues. */
export interface LogTail {
  readonly revision: number;
  readonly time: Instant;
  readonly hash: string;
}

export interface CatchUpListener {
  /** Hears every entry that is folded. */
  readonly onEntry?: (entry: LogEntry) => void;
  readonly onCacheDropped?: (why: string) => void;
}

/** Folded at once, in entries and in changes: an import is thousands of them in one entry. */
const FOLD_MAX = 1000;
const FOLD_CHANGES_MAX = 10_000;

/**
 * Brings the cache to the end of the log. A cache that is ahead of the log, or of another log, is dropped and rebuilt: the log is truth.
 * Throws DW_DAMAGED when revisions are missing in the log.
 */
export async function catchUp(store: RecordStore, log: ChangeLog, told: CatchUpListener = {}): Promise<LogTail> {
  const { onEntry, onCacheDropped } = told;
  const last = await log.lastRevision();
  if (store.appliedRevision() > last) {
    onCacheDropped?.(`the cache holds revision ${store.appliedRevision()}, the log ends at ${last}`);
    store.reset();
  }
  let tail = await foldAfter(store, log, onEntry);
  if (tail === undefined) {
    onCacheDropped?.(`revision ${store.appliedRevision()} of the cache is not that of the log`);
    store.reset();
    tail = await foldAfter(store, log, onEntry);
  }
  if (tail === undefined || tail.revision < last)
    throw new DoppelwerkError("DW_DAMAGED", said`the change log ends early: revision ${tail?.revision ?? 0} of ${last}`);
  return tail;
}

/** Undefined when the cache does not hold what the log says at its own revision. */
async function foldAfter(
  store: RecordStore,
  log: ChangeLog,
  onEntry: ((entry: LogEntry) => void) | undefined,
): Promise<LogTail | undefined> {
  const applied = store.appliedRevision();
  let tail: LogTail = { revision: Math.max(0, applied - 1), time: 0, hash: GENESIS_HASH };
  let group: LogEntry[] = [];
  let changes = 0;
  const fold = (): void => {
    store.apply(group);
    if (onEntry !== undefined) group.forEach(onEntry);
    group = [];
    changes = 0;
  };
  // Starting one entry back shows whether cache and log tell the same story.
  for await (const entry of log.read(tail.revision)) {
    if (entry.revision !== tail.revision + 1)
      throw new DoppelwerkError("DW_DAMAGED", said`revision ${tail.revision + 1} is missing in the change log`);
    tail = { revision: entry.revision, time: entry.time, hash: entry.hash };
    if (entry.revision > applied) {
      group.push(entry);
      changes += entry.changes.length;
    } else if (entry.hash !== store.appliedHash()) return undefined;
    if (group.length >= FOLD_MAX || changes >= FOLD_CHANGES_MAX) fold();
  }
  fold();
  return tail;
}
