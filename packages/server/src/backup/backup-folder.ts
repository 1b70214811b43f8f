import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { writePrivateFile } from "../accounts/private-file.ts";

/** Says whose backups a folder holds. */
const OWNER = "doppelwerk-backups.json";
const NAME = /^(\d{8}T\d{9}Z-[0-9a-f]{8})\.(tar|manifest)\.age$/;
export const PART = ".part";

/** A backup in a folder is two files; the manifest is there last, so that one without it is none. */
export function namesOf(id: string): { readonly archive: string; readonly manifest: string } {
  return { archive: `${id}.tar.age`, manifest: `${id}.manifest.age` };
}

/** Begins with its time, so that names sort by it. */
export function backupId(instant: string, random: string): string {
  return `${instant.replaceAll(/[-:.]/g, "")}-${random}`;
}

/** Ids of whole backups, the oldest first. Errors: DW_NOT_FOUND. */
export function backupsIn(folder: string): readonly string[] {
  return listed(folder)
    .flatMap((name) => {
      const [, id, kind] = NAME.exec(name) ?? [];
      return id !== undefined && kind === "manifest" ? [id] : [];
    })
    .toSorted();
}

/** Makes the folder this server's. Errors: DW_CONFLICT, DW_INVALID, DW_UNAVAILABLE. */
export function prepareFolder(folder: string, server: string): void {
  const path = join(folder, OWNER);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("server.fileNotWritten", { reason: (error as Error).message, path: folder }));
  }
  if (existsSync(path)) {
    if (ownerIn(path) !== server) throw new DoppelwerkError("DW_CONFLICT", message("server.backupFolderOfOther", { folder }));
  } else {
    if (readdirSync(folder).length > 0) throw new DoppelwerkError("DW_INVALID", message("server.backupFolderHoldsOther", { folder }));
    writePrivateFile(path, `${JSON.stringify({ format: 1, server })}\n`);
  }
}

/** Removes what a backup left that was ended before it was whole, and archives that no backup needs. `needed` undefined: that is not known. */
export function clearFolder(folder: string, needed: ReadonlySet<string> | undefined): void {
  const whole = new Set(backupsIn(folder));
  for (const name of listed(folder)) {
    const id = NAME.exec(name)?.[1];
    const isLeft = id !== undefined && !whole.has(id) && needed !== undefined && !needed.has(name);
    if (name.endsWith(PART) || isLeft) rmSync(join(folder, name), { force: true });
  }
}

/** When a backup was made, by its id. */
export function timeOf(id: string): number {
  return Date.parse(id.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z.*$/, "$1-$2-$3T$4:$5:$6.$7Z"));
}

export function isBackupFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function ownerIn(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { readonly server?: string }).server;
  } catch {
    // of nobody that is known here
    return undefined;
  }
}

function listed(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.backupNone", { path: `${folder} (${(error as Error).message})` }));
  }
}
