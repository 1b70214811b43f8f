import { createHash } from "node:crypto";
import { DatabaseSync } from "node:sqlite";
import { DoppelwerkError, type Blobs } from "@doppelwerk/world";

/** Content-addressed bytes in a SQLite file; `put` resolves after its fsync. Errors: DW_UNAVAILABLE. */
export function openSqliteBlobs(path: string): Blobs {
  const database = openDurable(path);
  database.exec("CREATE TABLE IF NOT EXISTS blobs (hash TEXT PRIMARY KEY, contentType TEXT NOT NULL, bytes BLOB NOT NULL)");
  const insert = database.prepare("INSERT OR IGNORE INTO blobs (hash, contentType, bytes) VALUES (?, ?, ?)");
  const select = database.prepare("SELECT contentType, bytes FROM blobs WHERE hash = ?");
  return {
    async put(bytes, contentType) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      try {
        insert.run(hash, contentType, bytes);
      } catch (error) {
        throw new DoppelwerkError("DW_UNAVAILABLE", `the blob could not be stored: ${(error as Error).message}`);
      }
      return { hash };
    },
    async get(hash) {
      const row = select.get(hash);
      return row && { bytes: row["bytes"] as Uint8Array, contentType: row["contentType"] as string };
    },
    async close() {
      database.close();
    },
  };
}

/** A SQLite file that is no cache: every commit is fsynced. */
export function openDurable(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    return database;
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", `the file cannot be opened: ${(error as Error).message}: ${path}`);
  }
}
