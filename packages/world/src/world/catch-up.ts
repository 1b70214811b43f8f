import { message } from "@doppelwerk/messages";
import type { LogEntry } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
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
}

/** Folded at once, in entries and in changes: an import is thousands of them in one entry. */
const FOLD_MAX = 1000;
const FOLD_CHANGES_MAX = 10_000;

/**
 * Brings the cache to the end of the log. Throws DW_DAMAGED when revisions are missing in the log, and when the cache knows what the log does not hold: a
 * cache only ever follows what was on disk, so the log was cut, replaced or set back. The cache stays as it is, because it is what remembers.
 */
export async function catchUp(store: RecordStore, log: ChangeLog, { onEntry }: CatchUpListener = {}): Promise<LogTail> {
  const last = await log.lastRevision();
  const applied = store.appliedRevision();
  if (applied > last) throw new DoppelwerkError("DW_DAMAGED", message("world.changeLogEndsRevision", { last, applied }));
  const tail = await foldAfter(store, log, onEntry);
  if (tail === undefined) throw new DoppelwerkError("DW_DAMAGED", message("world.revisionChangeLogNotRecordCache", { applied }));
  if (tail.revision < last) throw new DoppelwerkError("DW_DAMAGED", message("world.changeLogEndsEarly", { revision: tail.revision, last }));
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
      throw new DoppelwerkError("DW_DAMAGED", message("world.revisionMissingChangeLog", { revision: tail.revision + 1 }));
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
