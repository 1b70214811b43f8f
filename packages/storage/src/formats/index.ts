import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { EVENTS_FORMAT } from "../events/manifest.ts";
import { checkpointPath, readCheckpoint } from "../files/log-checkpoint.ts";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { FILE_MAGIC, isLogFile, isOfNewerFormat } from "../files/scan-log.ts";
import { refuseNewerJobs } from "../jobs/file-job-queue.ts";
import { isMagic, spanOf } from "../segments/segment-file.ts";
import { isLogMagic, logNumberOf } from "../segments/write-ahead-log.ts";
import { JOURNAL_MAGIC } from "../tile-log/entry-journal.ts";

const HEAD_BYTES = 8;

/**
 * Looks at the first bytes of every file of a world that names its format, before anything of it is opened: one of a newer format refuses the world as a whole,
 * and nothing is half upgraded. What is damaged is found where it is opened. Errors: DW_FORMAT_NEWER.
 */
export function checkWorldFormats(world: string): void {
  const changes = join(world, "changes");
  for (const name of namesIn(changes).filter(isLogFile))
    if (isOfNewerFormat(headOf(join(changes, name)), FILE_MAGIC))
      throw newer(message("storage.changeLogNewer", { path: join(changes, name) }));
  if (existsSync(checkpointPath(changes))) readCheckpoint(nodeFileLayer, changes);
  const history = join(world, "history");
  for (const name of namesIn(history)) {
    const path = join(history, name);
    if (spanOf(name) !== undefined) {
      const head = headOf(path);
      if (!isMagic(head) && /^DWHIST\d\n$/.test(asciiOf(head))) throw newer(message("storage.historyWrittenNewerDoppelwerk", { path }));
    } else if (logNumberOf(name) !== undefined) {
      const head = asciiOf(headOf(path));
      if (!isLogMagic(head) && /^DWHWAL\d\n$/.test(head)) throw newer(message("storage.historyLogWrittenNewerDoppelwerk", { path }));
    }
  }
  checkEvents(join(world, "events", "manifest.json"));
  refuseNewerJobs(join(world, "jobs"));
}

/** Of the log of proof in a folder. Errors: DW_FORMAT_NEWER. */
export function checkTileLogFormat(directory: string): void {
  const path = join(directory, "journal");
  if (existsSync(path) && isOfNewerFormat(headOf(path), JOURNAL_MAGIC)) throw newer(message("storage.tileLogNewer", { path }));
}

function checkEvents(path: string): void {
  if (!existsSync(path)) return;
  let format: unknown;
  try {
    ({ format } = JSON.parse(readFileSync(path, "utf8")) as { readonly format?: unknown });
  } catch {
    // damaged: said where it is opened
    return;
  }
  if (typeof format === "number" && format > EVENTS_FORMAT)
    throw newer(message("storage.eventsWrittenNewerDoppelwerkFormat", { format, path }));
}

function newer(reason: Message): DoppelwerkError {
  return new DoppelwerkError("DW_FORMAT_NEWER", reason);
}

function namesIn(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory) : [];
}

function headOf(path: string): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  const file = openSync(path, "r");
  try {
    return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

function asciiOf(head: Uint8Array): string {
  return Buffer.from(head).toString("latin1");
}
