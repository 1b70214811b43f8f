import { LIVE, type Change, type Reason, type RecordReader, type WorldView } from "@doppelwerk/world";
import { untilWritten } from "./until-written.ts";

/**
 * Writes to live what `changesOn` makes of the newest records, and makes it anew when somebody wrote the same fields between reading and writing: for
 * changes that say what shall be, whatever was before. Errors: those of `apply`.
 */
export function applyOnNewest(view: WorldView, reason: Reason, changesOn: (reader: RecordReader) => readonly Change[]): Promise<void> {
  return untilWritten(async () => {
    const changes = changesOn(view.reader(LIVE));
    if (changes.length > 0) await view.apply({ branch: LIVE, reason, changes });
  });
}
