import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { refuseLink, type CapturedFile, type Staging } from "./staging.ts";

const BUSY_MS = 10_000;
const MAX_ATTEMPTS = 10;
/** All pages in one step: a database that is written to meanwhile is copied as it was when the step began. */
const ALL_PAGES = 2 ** 31 - 1;

/** Whether an earlier backup has this file with this stamp: it need not be copied. */
export type IsKnown = (path: string, stamp: string) => boolean;

/** A database that a server writes to, as it was at one instant, in one file. Errors: DW_UNAVAILABLE. */
export async function captureDatabase(path: string, staging: Staging, isKnown: IsKnown): Promise<CapturedFile | undefined> {
  refuseLink(path);
  const before = stampOf(path);
  if (before === undefined) return undefined;
  const name = staging.nameOf(path);
  if (isKnown(name, before.stamp)) return { ...before, path: name, source: path, grows: false };
  const source = staging.newPath();
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
    try {
      await backup(database, source, { rate: ALL_PAGES });
    } finally {
      database.close();
    }
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.captureDatabase", { path, reason: (error as Error).message }));
  }
  // written to meanwhile, the next backup copies it again
  const stamp = stampOf(path)?.stamp === before.stamp ? before.stamp : "";
  return { path: name, source, length: statSync(source).size, grows: false, mode: before.mode, stamp };
}

/** The events of a world. The list of the files and what is known of their end first: each file that is listed is there, with no event less. */
export async function captureEvents(world: string, staging: Staging, isKnown: IsKnown): Promise<readonly CapturedFile[]> {
  const directory = join(world, "events");
  refuseLink(directory);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const small = ["head", "manifest.json"].flatMap((name) => staging.copy(join(directory, name)) ?? []);
    const names = namesIn(directory).filter((name) => name.endsWith(".sqlite"));
    const files: CapturedFile[] = [];
    for (const name of names) {
      const file = await captureDatabase(join(directory, name), staging, isKnown);
      if (file !== undefined) files.push(file);
    }
    // files that began meanwhile have later events; one that was removed is listed still
    if (files.length === names.length) return [...small, ...files];
  }
  throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.captureFolderChanges", { directory }));
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Of the file and of what was written and is not in it yet; who only reads may leave an empty log behind. */
function stampOf(path: string): { readonly stamp: string; readonly length: number; readonly mode: number } | undefined {
  const file = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (file === undefined) return undefined;
  const log = statSync(`${path}-wal`, { bigint: true, throwIfNoEntry: false });
  const of = ({ ino, size, mtimeNs }: typeof file): string => `${ino} ${size} ${mtimeNs}`;
  return {
    stamp: `${of(file)} ${log === undefined || log.size === 0n ? "" : of(log)}`,
    length: Number(file.size),
    mode: Number(file.mode) & 0o777,
  };
}
