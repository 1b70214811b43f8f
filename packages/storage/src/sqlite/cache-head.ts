import { existsSync, statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { openUntouched } from "./open-untouched.ts";

/**
 * Up to where a record cache of any layout follows the log, read before the cache is opened, which may drop it. Undefined where there is none, or where it
 * cannot be read: then it knows nothing. Nothing is written to the file, and with `scratch`, a folder for a copy, nothing beside it.
 */
export function readCacheHead(path: string, scratch?: string): { readonly revision: number; readonly hash: string } | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const database = scratch === undefined ? openForReading(path) : openUntouched(path, scratch);
    try {
      const last = database.prepare("SELECT revision, hash FROM revisions ORDER BY revision DESC LIMIT 1").get();
      return last && { revision: last["revision"] as number, hash: last["hash"] as string };
    } finally {
      database.close();
    }
  } catch {
    return undefined; // No cache, or one whose damage the store reports when it is opened.
  }
}

/** A file that was closed in order is read as it lies, so that SQLite makes no files beside it; otherwise its write-ahead log is read too. */
function openForReading(path: string): DatabaseSync {
  const wasClosed = (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
  return new DatabaseSync(wasClosed ? `${pathToFileURL(path).href}?immutable=1` : path, { readOnly: true, timeout: 10_000 });
}
