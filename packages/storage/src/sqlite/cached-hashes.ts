import { DatabaseSync } from "node:sqlite";

/** What a record cache has noted of each revision, ascending. Errors: as SQLite throws them. */
export function* cachedHashes(path: string): Generator<{ readonly revision: number; readonly hash: string }, undefined> {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    for (const row of database.prepare("SELECT revision, hash FROM revisions ORDER BY revision").iterate())
      yield { revision: row["revision"] as number, hash: row["hash"] as string };
  } finally {
    database.close();
  }
}

/** Makes a cache that was copied with its write-ahead log one file. Errors: as SQLite throws them. */
export function settleCache(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}
