import { DoppelwerkError, LIVE, type Change, type RecordReader, type WorldView } from "@doppelwerk/world";

/** Tries, and the pause after each: the n-th is 5 n ms, so that what is on its way to the disk, and is not read yet, arrives. */
const TRIES = 25;
const PAUSE_MS = 5;

/**
 * Writes to live what `changesOn` makes of the newest records, and makes it anew when somebody wrote the same fields between reading and writing: for
 * changes that say what shall be, whatever was before. Errors: those of `apply`; DW_CONFLICT only after 25 tries, 1.5 s.
 */
export async function applyOnNewest(
  view: WorldView,
  reason: string,
  changesOn: (reader: RecordReader) => readonly Change[],
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const changes = changesOn(view.reader(LIVE));
    if (changes.length === 0) return;
    try {
      await view.apply({ branch: LIVE, reason, changes });
      return;
    } catch (error) {
      if (!(error instanceof DoppelwerkError) || error.code !== "DW_CONFLICT" || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, tries * PAUSE_MS));
    }
  }
}
