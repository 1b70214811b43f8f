import { basename, join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { FileLayer } from "./file-layer.ts";
import type { LogHead } from "./log-checkpoint.ts";
import { framesOf, unpackedLines } from "./log-frames.ts";
import type { LogIndex } from "./log-index.ts";
import { hashOfLine } from "./log-lines.ts";

/** A head that the log had at some time, and what remembers it. */
export interface KnownHead extends LogHead {
  /** For the refusal: "the checkpoint", "the record cache". */
  readonly from: string;
}

/** Hash of a revision that the index holds. Errors: DW_DAMAGED. */
export function hashAt(layer: FileLayer, directory: string, index: LogIndex, revision: number): string | undefined {
  for (const { name, start, end } of index.stretchesAfter(revision - 1)) {
    const path = join(directory, name);
    const file = layer.open(path, "read");
    try {
      for (const { payload, at, header } of framesOf(file, path, start, end)) {
        const line = revision - header.firstRevision;
        if (line < header.count)
          return hashOfLine(
            Iterator.from(unpackedLines(payload, header, path, at))
              .drop(line)
              .next().value ?? new Uint8Array(),
          );
      }
    } finally {
      file.close();
    }
  }
  return undefined;
}

/** Throws DW_DAMAGED where the log does not hold what is known of it: it was cut off, deleted or replaced. Nothing is touched. */
export function checkKnownHeads(layer: FileLayer, directory: string, index: LogIndex, known: readonly KnownHead[]): void {
  for (const head of known.toSorted((a, b) => b.revision - a.revision)) {
    const problem = headProblem(layer, directory, index, head);
    if (problem === undefined) continue;
    throw new DoppelwerkError(
      "DW_DAMAGED",
      message("storage.nothingTouchedRestoreBackupOrAccept", { problem, directory: basename(directory), directory2: directory }),
      { endsAt: index.lastRevision, known: head },
    );
  }
}

/** What is wrong with the log in the light of one known head. Errors: DW_DAMAGED of a frame that must be read for it. */
export function headProblem(layer: FileLayer, directory: string, index: LogIndex, { revision, hash, from }: KnownHead): string | undefined {
  const { lastRevision } = index;
  if (revision === 0) return undefined;
  if (revision > lastRevision)
    return `the change log ends at revision ${lastRevision}, but ${from} knows revision ${revision}: ${revision - lastRevision} revisions are missing`;
  if (hashAt(layer, directory, index, revision) === hash) return undefined;
  return `revision ${revision} of the change log is not the one that ${from} knows: the log was altered or replaced`;
}
