import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Lease } from "@doppelwerk/world";

const LOOK_MS = 100;

/** Keeps others out of a folder as its owner does, without writing anything. Errors: DW_UNAVAILABLE where a process owns it. */
export function holdOff(path: string): { release(): void } {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw refusedLease(error, path);
  }
  return {
    release() {
      database.exec("ROLLBACK");
      database.close();
    },
  };
}

/** Whether a process owns the folder now; nothing is written. */
export function isOwned(path: string): boolean {
  if (!existsSync(path)) return false;
  const database = new DatabaseSync(path, { timeout: 0, readOnly: true });
  try {
    // the owner's lock keeps readers out too
    database.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw refusedLease(error, path);
  } finally {
    database.close();
  }
}

/** SQLITE_BUSY and SQLITE_LOCKED; the upper bits of an extended code say why. */
function isBusy(error: unknown): boolean {
  return [5, 6].includes(((error as { errcode?: number }).errcode ?? 0) & 0xff);
}

function refusedLease(error: unknown, path: string): DoppelwerkError {
  return new DoppelwerkError(
    "DW_UNAVAILABLE",
    isBusy(error)
      ? message("storage.anotherDoppelwerkRunningFolder", { path })
      : message("storage.leaseCannotTaken", { reason: (error as Error).message, path }),
  );
}

/**
 * Ownership of a folder by one process. The lock is the operating system's, held through an open SQLite file: it ends with the process, however
 * that ends, so there is no stale lock to clear. The epoch grows at every acquisition. Errors: DW_UNAVAILABLE names the present owner.
 */
export function createFileLease(path: string): Lease {
  let held: DatabaseSync | undefined;
  return {
    async acquire(owner) {
      // long enough for somebody who only looks whether it is owned
      const database = new DatabaseSync(path, { timeout: LOOK_MS });
      try {
        // In this mode the lock of the first write is kept until the file is closed.
        database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; BEGIN EXCLUSIVE");
        database.exec("CREATE TABLE IF NOT EXISTS lease (epoch INTEGER NOT NULL, owner TEXT NOT NULL)");
        const epoch = ((database.prepare("SELECT max(epoch) AS epoch FROM lease").get()?.["epoch"] as number | null) ?? 0) + 1;
        database.exec("DELETE FROM lease");
        database.prepare("INSERT INTO lease (epoch, owner) VALUES (?, ?)").run(epoch, owner);
        database.exec("COMMIT");
        held = database;
        return { epoch };
      } catch (error) {
        database.close();
        throw refusedLease(error, path);
      }
    },
    async release() {
      held?.close();
      held = undefined;
    },
  };
}
