import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Contents by path from the folder of the pack, with `/`. */
export type PackFiles = ReadonlyMap<string, Uint8Array>;

export const MAX_FILES = 5_000;
export const MAX_FILE_BYTES = 50e6;
/** Of all files together. */
export const MAX_PACK_BYTES = 200e6;
const MAX_NAME_LENGTH = 200;
/** A folder of an author has more in it than its pack. */
const LEFT_OUT: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/** A name that stands inside the folder on every system, and that no terminal or file system takes for another one. Errors: DW_INVALID. */
export function checkName(path: string): void {
  const parts = path.split("/");
  const isPlain = parts.every(
    (part) => part !== "" && part !== "." && part !== ".." && !/[\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}]/u.test(part) && !/[. ]$/.test(part),
  );
  if (!isPlain || path.length > MAX_NAME_LENGTH)
    throw new DoppelwerkError("DW_INVALID", message("packs.nameOutside", { name: path.slice(0, MAX_NAME_LENGTH) }));
}

/** Errors: DW_INVALID for more files or octets than a pack may have, or two names that differ in case alone. */
export function checkCount(files: PackFiles): void {
  if (files.size > MAX_FILES) throw new DoppelwerkError("DW_INVALID", message("packs.tooManyFiles", { max: MAX_FILES }));
}

/** Errors: DW_INVALID where all of it is larger than a pack may be, or two names are one on some systems. */
export function checkWhole(files: PackFiles): void {
  const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  if (bytes > MAX_PACK_BYTES) throw new DoppelwerkError("DW_INVALID", message("packs.tooLarge", { max: MAX_PACK_BYTES / 1e6 }));
  const seen = new Map<string, string>();
  for (const name of files.keys()) {
    const folded = name.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) throw new DoppelwerkError("DW_INVALID", message("packs.sameName", { name, other }));
    seen.set(folded, name);
  }
}

/** The files of a folder, of an author's without what npm and git keep in it. Links are refused: DW_INVALID. */
export function readPackFolder(folder: string, leftOut: ReadonlySet<string> = LEFT_OUT): PackFiles {
  const files = new Map<string, Uint8Array>();
  for (const path of listPackFolder(folder, leftOut)) {
    const full = join(folder, path);
    if (lstatSync(full).size > MAX_FILE_BYTES)
      throw new DoppelwerkError("DW_INVALID", message("packs.fileTooLarge", { name: path, max: MAX_FILE_BYTES / 1e6 }));
    files.set(path, readFileSync(full));
  }
  return files;
}

/** Paths of the files of a folder, sorted. Errors: DW_INVALID for links and names that no pack has, DW_NOT_FOUND where there is no folder. */
export function listPackFolder(folder: string, leftOut: ReadonlySet<string> = LEFT_OUT): readonly string[] {
  const found: string[] = [];
  const walk = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = relative(folder, join(directory, entry.name)).replaceAll(sep, "/");
      if (leftOut.has(entry.name)) continue;
      checkName(path);
      if (entry.isDirectory()) walk(join(directory, entry.name));
      else if (entry.isFile()) found.push(path);
      else throw new DoppelwerkError("DW_INVALID", message("packs.archiveNotFile", { name: path }));
      if (found.length > MAX_FILES) throw new DoppelwerkError("DW_INVALID", message("packs.tooManyFiles", { max: MAX_FILES }));
    }
  };
  try {
    walk(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_NOT_FOUND", message("packs.cannotRead", { reason: code ?? String(error), path: folder }));
  }
  return found.toSorted();
}
