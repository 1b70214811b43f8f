import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { parseCheckpoint, parseNote, verifyNote, type Checkpoint, type NoteKey, type VerifyBytes } from "@doppelwerk/trust/log";
import type { FileLayer } from "../files/file-layer.ts";
import { namesIn } from "../files/log-checkpoint.ts";
import { readWhole } from "../files/scan-log.ts";

export const CHECKPOINT = "checkpoint";

/** The checkpoint that is stored with a log; undefined where there is none. Errors: DW_DAMAGED for one that the key of the log did not sign. */
export function readSignedCheckpoint(layer: FileLayer, directory: string, key: NoteKey, verify: VerifyBytes): Checkpoint | undefined {
  if (!namesIn(layer, directory).includes(CHECKPOINT)) return undefined;
  const path = join(directory, CHECKPOINT);
  const note = parseNote(new TextDecoder().decode(readWhole(layer, path)));
  const checkpoint = note === undefined ? undefined : parseCheckpoint(note.text);
  const isSigned = note !== undefined && verifyNote(note, [key], verify)?.length === 1;
  if (!isSigned || checkpoint?.origin !== key.name)
    throw new DoppelwerkError("DW_DAMAGED", message("storage.tileLogCheckpointNotSigned", { path, name: key.name }));
  return checkpoint;
}
