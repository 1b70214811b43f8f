import { copyFileSync, linkSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** A file as it was at the instant of a capture: its first `length` bytes. */
export interface CapturedFile {
  /** In the data folder, with `/`. */
  readonly path: string;
  /** Where its bytes are read: they stay there, whatever becomes of the file. */
  readonly source: string;
  readonly length: number;
  /** It is only ever appended to: a later capture has more of the same bytes. */
  readonly grows: boolean;
  readonly mode: number;
  /** The same as at an earlier capture = the same bytes. */
  readonly stamp: string;
}

const MAX_ATTEMPTS = 40;

/**
 * Names of its own for the files of a data folder that a server goes on writing to. A name given to a file keeps its bytes, also when the server replaces or
 * removes the file; nothing is copied. Errors: DW_UNAVAILABLE where the file system has no second names for a file, DW_INVALID for a symbolic link, behind
 * which something may be that belongs to the folder or to somebody else.
 */
export class Staging {
  readonly directory: string;
  readonly #root: string;
  #count = 0;

  /** `root` is the data folder; `directory` lies in it. */
  constructor(root: string, directory: string) {
    this.#root = root;
    this.directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  /** Undefined where the file is gone meanwhile. */
  file(path: string, grows = false): CapturedFile | undefined {
    const source = this.newPath();
    refuseLink(path);
    if (!linked(path, source)) return undefined;
    const { size, mode, ino, mtimeNs } = statSync(source, { bigint: true });
    return {
      path: this.nameOf(path),
      source,
      length: Number(size),
      grows,
      mode: Number(mode) & 0o777,
      stamp: grows ? `${ino}` : `${ino} ${size} ${mtimeNs}`,
    };
  }

  /** A small file that is written in place, as it is now. */
  copy(path: string): CapturedFile | undefined {
    const source = this.newPath();
    refuseLink(path);
    try {
      copyFileSync(path, source);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    const { size, mode } = statSync(source);
    return { path: this.nameOf(path), source, length: size, grows: false, mode: mode & 0o777, stamp: "" };
  }

  /** All files of a folder that belong together: none was added or removed while they were captured. Errors: DW_UNAVAILABLE. */
  folder(directory: string, pick: (name: string) => { readonly grows: boolean } | undefined): readonly CapturedFile[] {
    refuseLink(directory);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const names = picked(directory, pick);
      const files = names.flatMap((name) => this.file(join(directory, name), pick(name)!.grows) ?? []);
      if (files.length === names.length && String(picked(directory, pick)) === String(names)) return files;
      for (const { source } of files) rmSync(source, { force: true });
    }
    throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.captureFolderChanges", { directory }));
  }

  newPath(): string {
    return join(this.directory, String(this.#count++));
  }

  nameOf(path: string): string {
    return relative(this.#root, path).replaceAll("\\", "/");
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new DoppelwerkError("DW_INVALID", message("storage.captureSymbolicLink", { path }));
}

function picked(directory: string, pick: (name: string) => unknown): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => pick(name) !== undefined)
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** False where the file is gone. */
function linked(path: string, source: string): boolean {
  try {
    linkSync(path, source);
    return true;
  } catch (error) {
    const { code, message: reason } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return false;
    if (code === "EXDEV" || code === "EPERM" || code === "ENOTSUP")
      throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.captureNeedsHardLinks", { path, reason }));
    throw error;
  }
}
