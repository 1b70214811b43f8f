import { basename, dirname } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { crc32c } from "./crc32c.ts";
import type { FileLayer } from "./file-layer.ts";
import { replaceFile } from "./replace-file.ts";
import { readWhole } from "./scan-log.ts";

/** The last entry of a log: its revision, and its hash, which depends on everything before it. */
export interface LogHead {
  readonly revision: number;
  readonly hash: string;
}

const VERSION = 1;

/** Beside the folder of the log, so that who deletes or replaces the folder does not delete this too. */
export function checkpointPath(directory: string): string {
  return `${directory}.checkpoint.json`;
}

export interface ReadCheckpoint {
  /** Undefined where there is none (a folder of an older release) or it cannot be read. */
  readonly head: LogHead | undefined;
  /** Why the file that is there cannot be read. */
  readonly damage?: string;
}

/** What the log is known to hold at least. Errors: DW_FORMAT_NEWER, and what the layer throws. */
export function readCheckpoint(layer: FileLayer, directory: string): ReadCheckpoint {
  const path = checkpointPath(directory);
  if (!namesIn(layer, dirname(path)).includes(basename(path))) return { head: undefined };
  const text = new TextDecoder().decode(readWhole(layer, path));
  const damage = `the checkpoint of the change log cannot be read; it is written again when the server starts: ${path}`;
  let stored: { readonly version?: unknown; readonly revision?: unknown; readonly hash?: unknown; readonly check?: unknown };
  try {
    stored = JSON.parse(text) as typeof stored;
  } catch {
    return { head: undefined, damage };
  }
  const { version, revision, hash, check } = stored;
  if (check !== checkOf({ version, revision, hash })) return { head: undefined, damage };
  if (version !== VERSION) throw new DoppelwerkError("DW_FORMAT_NEWER", message("storage.checkpointWrittenNewerDoppelwerk", { path }));
  return { head: { revision: revision as number, hash: hash as string } };
}

/** Durable once it returns. Errors: as the layer throws them; the checkpoint before is then still there. */
export function writeCheckpoint(layer: FileLayer, directory: string, { revision, hash }: LogHead): void {
  const path = checkpointPath(directory);
  const content = { version: VERSION, revision, hash };
  replaceFile(layer, path, new TextEncoder().encode(`${JSON.stringify({ ...content, check: checkOf(content) })}\n`));
  layer.fsyncDirectory(dirname(path));
}

/** A checkpoint with a flipped bit must not refuse a whole log. */
function checkOf(content: { readonly version: unknown; readonly revision: unknown; readonly hash: unknown }): number {
  return crc32c(new TextEncoder().encode(JSON.stringify([content.version, content.revision, content.hash])));
}

/** Names in a folder, none where it does not exist. */
export function namesIn(layer: FileLayer, directory: string): readonly string[] {
  try {
    return layer.list(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
