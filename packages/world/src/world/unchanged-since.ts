import { message } from "@doppelwerk/messages";
import type { Change } from "../change.ts";
import { DoppelwerkError } from "../error.ts";
import { changedId } from "../fold.ts";
import type { RecordId, WorldRecord } from "../record.ts";
import type { Allow, RecordReader } from "../world.ts";

/**
 * Refuses a change of what was written after the revision that the writer looked at, on disk or on its way there: so nobody writes over what he never
 * saw. An element that is made is one too many where something beside it was written since: what deletes leave no record, but their place in the index does.
 */
export function unchangedSince(since: number, head: RecordReader, isPending: (id: RecordId) => boolean): Allow {
  const refuse = (id: RecordId): never => {
    throw new DoppelwerkError("DW_CHANGED", message("world.someoneElseChangedAfterRevision", { since, id }), {
      id,
      since,
    });
  };
  /** By parent: revision at which something below it was last written or deleted. */
  const below = new Map<string, number>();
  return (change: Change, before: WorldRecord | undefined) => {
    const id = changedId(change);
    if (isPending(id)) refuse(id);
    if (change.op !== "create") {
      // what this very transaction made before has no revision yet
      if (before !== undefined && (head.written(id)?.updated ?? 0) > since) refuse(id);
      return;
    }
    const { kind, parent } = change.record;
    if (kind !== "element" || typeof parent !== "string") return;
    const last = below.get(parent) ?? head.lastWritten({ kind, index: { name: "parent", value: parent } }) ?? 0;
    below.set(parent, last);
    if (last > since) refuse(parent);
  };
}
