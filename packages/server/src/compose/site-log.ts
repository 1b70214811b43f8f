import { openFileChangeLog, type DataFolder } from "@doppelwerk/storage/files";
import type { PostgresChangeLog } from "@doppelwerk/storage/postgres";
import { openSqliteBlobs } from "@doppelwerk/storage/sqlite";
import { catchUp, DoppelwerkError } from "@doppelwerk/world";
import type { Blobs, ChangeLog, Lease, RecordStore } from "@doppelwerk/world";
import type { Logger } from "pino";

/** Where a site's documents are kept: the log they are the fold of, and the files they name. */
export interface SiteLog {
  readonly log: ChangeLog;
  readonly blobs: Blobs;
  /** For `WorldOptions.leaseEpoch`: this process owns the world. */
  readonly epoch: number;
  close(): Promise<void>;
}

/** In the data folder, which is this process's already. */
export async function openOwnLog(folder: DataFolder, logger: Logger): Promise<SiteLog> {
  const log = await openFileChangeLog({ directory: folder.paths.changes });
  if (log.tornTail)
    logger.warn({ tornTail: log.tornTail }, "the last write before a power loss was torn and cut off; nothing acknowledged is lost");
  const blobs = openSqliteBlobs(folder.paths.blobs);
  return {
    log,
    blobs,
    epoch: folder.epoch,
    async close() {
      await log.close();
      await blobs.close();
    },
  };
}

export interface SharedLogOptions {
  /** `postgres://…`; never logged. */
  readonly url: string;
  readonly world: string;
  /** Shown to who wants the world too. */
  readonly owner: string;
  /** This process's cache of the fold: a standby keeps it at the end of the log. */
  readonly store: RecordStore;
  readonly logger: Logger;
  /** The world belongs to another process from now on. */
  readonly onLost: (why: string) => void;
}

/** How long a standby sleeps when nothing is told: the lease ends without a word. */
const LOOK_MS = 500;

/**
 * In a PostgreSQL that several processes share. Resolves when this one owns the world; until then it stands by: it folds what the owner appends, so
 * that taking over is a lease and the last entries, however large the world is.
 */
export async function openSharedLog(options: SharedLogOptions): Promise<SiteLog> {
  // Loaded where it is used: most servers keep their log in the folder.
  const { createPostgresBlobs, createPostgresLease, openPostgres, openPostgresChangeLog } = await import("@doppelwerk/storage/postgres");
  const database = await openPostgres(options.url);
  try {
    const log = await openPostgresChangeLog({ database, world: options.world });
    const lease = createPostgresLease({ database, world: options.world, onLost: options.onLost });
    const epoch = await standBy(log, lease, options);
    return {
      log,
      blobs: createPostgresBlobs(database),
      epoch,
      async close() {
        await lease.release().catch(() => undefined); // It ends by itself when PostgreSQL is gone.
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function standBy(log: PostgresChangeLog, lease: Lease, { owner, store, logger }: SharedLogOptions): Promise<number> {
  let wake: () => void = () => {};
  let waiting: (() => Promise<void>) | undefined;
  try {
    for (;;) {
      try {
        return (await lease.acquire(owner)).epoch;
      } catch (error) {
        if (!(error instanceof DoppelwerkError) || error.code !== "DW_UNAVAILABLE") throw error;
        if (waiting === undefined) {
          logger.warn(`standing by: ${error.message}`);
          waiting = await log.follow(() => wake());
        }
      }
      await catchUp(store, log).catch((error: unknown) => logger.warn({ err: error }, "the log cannot be read now"));
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    await waiting?.();
  }
}
