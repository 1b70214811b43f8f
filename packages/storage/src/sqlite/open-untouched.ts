import { copyFileSync, existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";

/**
 * Opens a SQLite file for reading so that neither it nor its folder changes: as it lies where it was closed in order, else a copy of it and of its
 * write-ahead log in `scratch`. Errors: as SQLite and the disk throw them.
 */
export function openUntouched(path: string, scratch: string): DatabaseSync {
  const beside = ["-wal", "-journal"].filter((end) => (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0) > 0);
  if (beside.length === 0) return new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true });
  const copy = join(scratch, basename(path));
  for (const end of ["", ...beside]) if (existsSync(path + end)) copyFileSync(path + end, copy + end);
  return new DatabaseSync(copy);
}
