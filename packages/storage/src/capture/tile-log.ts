import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { JOURNAL } from "../tile-log/entry-journal.ts";
import { CHECKPOINT } from "../tile-log/signed-checkpoint.ts";
import type { CapturedFile, Staging } from "./staging.ts";

/**
 * A log of proof: what was signed first, then what is in no tile yet, then the tiles, so that each knows no more than the next. Tiles never change and are
 * never removed: they are read where they lie.
 */
export function captureTileLog(directory: string, staging: Staging): readonly CapturedFile[] {
  const checkpoint = staging.file(join(directory, CHECKPOINT));
  const journal = staging.file(join(directory, JOURNAL), true);
  if (journal === undefined) return [];
  const tiles = filesOf(join(directory, "tile")).map((path): CapturedFile => {
    const { size, mode, ino, mtimeNs } = statSync(path, { bigint: true });
    const stamp = `${ino} ${size} ${mtimeNs}`;
    return { path: staging.nameOf(path), source: path, length: Number(size), grows: false, mode: Number(mode) & 0o777, stamp };
  });
  return [...(checkpoint === undefined ? [] : [checkpoint]), journal, ...tiles];
}

function filesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith(".next"))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
