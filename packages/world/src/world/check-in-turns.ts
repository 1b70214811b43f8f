import { canonicalJson } from "../canonical-json.ts";
import type { Change, LogEntry, Transaction } from "../change.ts";
import { changedId, changedKind } from "../fold.ts";
import { finishedInTurns, type Turn } from "../in-turns.ts";
import type { Json, RecordId, WorldRecord } from "../record.ts";
import type { Allow, RecordKind, RecordReader } from "../world.ts";
import { validating, type Validated } from "./validate-transaction.ts";
import type { Writer } from "./writer.ts";

export interface CheckInTurns {
  /** The newest state of the branch, what is on its way to the log included. */
  readonly head: () => RecordReader;
  readonly kinds: ReadonlyMap<string, RecordKind>;
  readonly allow: Allow;
  readonly writer: Pick<Writer, "watch" | "failures">;
  readonly turn: Turn;
}

/** So often a long transaction is checked from the beginning because another one came between; then it is checked in one turn. */
const ATTEMPTS = 3;
/** Changes written as text between two steps. */
const STEP = 500;

/**
 * A long transaction, checked and written as canonical text in steps that other transactions come between. Where one of those touches what was checked, all
 * is checked again: the answer is that of a check in the turn that submits. Undefined = others came between every time. Errors: as `validateChanges`.
 */
export async function checkInTurns({ branch, changes }: Transaction, options: CheckInTurns): Promise<Validated | undefined> {
  const { head, kinds, allow, writer, turn } = options;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const touched = new Map<RecordId, WorldRecord | undefined>();
    const between: LogEntry[] = [];
    const { failures } = writer;
    const stop = writer.watch((entry) => {
      if (entry.branch === branch) between.push(entry);
    });
    try {
      const checked = await finishedInTurns(validating(changes, head, kinds, allow, touched), turn);
      const text = await finishedInTurns(canonicalChanges(checked.changes), turn);
      const isOvertaken = between.some((entry) => entry.changes.some((change) => concerns(change, touched, kinds)));
      if (!isOvertaken && writer.failures === failures) return { ...checked, text };
    } catch (error) {
      // What was refused may have been so for what came between: the next attempt says.
      if (between.length === 0 && writer.failures === failures) throw error;
    } finally {
      stop();
    }
  }
  return undefined;
}

/** Whether a change of another transaction may decide about one of these: of the same record, of a unique value, of a place in the tree. */
function concerns(
  change: Change,
  touched: ReadonlyMap<RecordId, WorldRecord | undefined>,
  kinds: ReadonlyMap<string, RecordKind>,
): boolean {
  if (touched.has(changedId(change)) || kinds.get(changedKind(change))?.unique !== undefined) return true;
  return change.op === "update" && change.fields["parent"] !== undefined;
}

function* canonicalChanges(changes: readonly Change[]): Generator<void, string> {
  const parts: string[] = [];
  for (let at = 0; at < changes.length; at += STEP) {
    parts.push(
      changes
        .slice(at, at + STEP)
        .map((change) => canonicalJson(change as unknown as Json))
        .join(","),
    );
    yield;
  }
  return parts.join(",");
}
