import { readdirSync } from "node:fs";
import { join } from "node:path";
import { captureDatabase, type IsKnown } from "./databases.ts";
import { refuseLink, type CapturedFile, type Staging } from "./staging.ts";

/** Appended to, a line at a time. */
const GROWS = /\.jsonl$/;
/** Not finished, or of SQLite, which makes it anew. */
const LEFT_OUT = /\.(new|next)$|\.sqlite-(wal|shm|journal)$|(^|\/)\.write-test-\d+$|(^|\/)staged-[^/]*$/;

/**
 * Every other file of a folder; `skip` gets its path in the data folder. Such files are replaced as a whole or appended to. Databases last: what others refer
 * to is in them by then. Errors: those of `Staging`.
 */
export async function captureRest(
  directory: string,
  staging: Staging,
  skip: (path: string) => boolean,
  isKnown: IsKnown,
): Promise<readonly CapturedFile[]> {
  const files: CapturedFile[] = [];
  const databases: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      const name = staging.nameOf(path);
      if (skip(name) || LEFT_OUT.test(name)) continue;
      if (entry.isSymbolicLink()) refuseLink(path);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && name.endsWith(".sqlite")) databases.push(path);
      else if (entry.isFile()) files.push(...present(staging.file(path, GROWS.test(name))));
    }
  };
  walk(directory);
  for (const path of databases) files.push(...present(await captureDatabase(path, staging, isKnown)));
  return files;
}

const present = (file: CapturedFile | undefined): readonly CapturedFile[] => (file === undefined ? [] : [file]);

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    // removed meanwhile
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
