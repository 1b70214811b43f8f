import { message } from "@doppelwerk/messages";
import type { BranchId, Change, LogEntry } from "../change.ts";
import { equalJson } from "../canonical-json.ts";
import { DoppelwerkError } from "../error.ts";
import { changedId, changedKind, foldChange, inverse } from "../fold.ts";
import type { ChangeLog } from "../ports/change-log.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { RecordReader } from "../world.ts";
import { requestKinds } from "../merge-request/merge-request.ts";

/** How far back the first look goes; each further look goes ten times as far. */
const FIRST_LOOK = 1000;

/** The actor's newest transaction on the branch that is neither an undo nor undone; merge requests and comments do not count. */
export async function lastUndoable(log: ChangeLog, branch: BranchId, actor: string, last: number): Promise<LogEntry> {
  for (let look = FIRST_LOOK; ; look *= 10) {
    const after = Math.max(0, last - look);
    const undone = new Set<number>();
    const own: LogEntry[] = [];
    for await (const entry of log.read(after)) {
      if (entry.branch !== branch || entry.actor !== actor) continue;
      if (entry.undo !== undefined) undone.add(entry.undo.revision);
      else if (
        entry.merge !== undefined ||
        (entry.changes.length > 0 && !entry.changes.every((change) => requestKinds.has(changedKind(change))))
      )
        own.push(entry);
    }
    const found = own.findLast((entry) => !undone.has(entry.revision));
    if (found?.merge !== undefined)
      throw new DoppelwerkError("DW_CONFLICT", message("world.mergeTakenBackNewMergeRequest", { revision: found.revision }));
    if (found !== undefined) return found;
    if (after === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("world.nothingYoursUndoBranch", { branch }));
  }
}

/** The inverse of an entry where everything it wrote still stands; else DW_CONFLICT naming who changed it and when. */
export async function undoChanges(entry: LogEntry, head: RecordReader, log: ChangeLog): Promise<readonly Change[]> {
  const changes = entry.changes.map(inverse).reverse();
  const touched = new Map<RecordId, WorldRecord | undefined>();
  for (const change of changes) {
    const id = changedId(change);
    const now = touched.has(id) ? touched.get(id) : head.get(id);
    const field = changedSince(change, now);
    if (field !== undefined) throw await changedBySomeone(id, field, head, log);
    touched.set(id, foldChange(now, change));
  }
  return changes;
}

/** Name of the first field that no longer holds what was written, "" for the record as a whole, undefined when all stands. */
function changedSince(change: Change, now: WorldRecord | undefined): string | undefined {
  if (change.op === "create") return now === undefined ? undefined : "";
  if (now === undefined) return "";
  if (change.op === "update") return Object.entries(change.fields).find(([name, { from }]) => !equalJson(from, now[name]))?.[0];
  const names = [...Object.keys(change.record), ...Object.keys(now)];
  return names.find((name) => !equalJson(change.record[name], now[name]));
}

async function changedBySomeone(id: RecordId, field: string, head: RecordReader, log: ChangeLog): Promise<DoppelwerkError> {
  const versions = head.versions(id);
  const value = (record: WorldRecord | undefined): Json | undefined => (field === "" ? (record as Json | undefined) : record?.[field]);
  let index = 0;
  while (index + 1 < versions.length && equalJson(value(versions[index]!.record), value(versions[index + 1]!.record))) index++;
  const revision = versions[index]?.revision;
  const by = revision === undefined ? undefined : await actorOf(log, revision);
  const what = field === "" ? "the record" : `the field ${field}`;
  return new DoppelwerkError(
    "DW_CONFLICT",
    message("world.changedSince", { what, by: by ?? "someone", revision: revision ?? "unknown", id }),
    { id, field, by, revision },
  );
}

async function actorOf(log: ChangeLog, revision: number): Promise<string | undefined> {
  for await (const entry of log.read(revision - 1)) return entry.revision === revision ? entry.actor : undefined;
  return undefined;
}
