import { openFileChangeLog, readLogFolder, type DataFolder } from "@doppelwerk/storage/files";
import type { PostgresChangeLog } from "@doppelwerk/storage/postgres";
import { openSqliteBlobs, readCacheHead } from "@doppelwerk/storage/sqlite";
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

/** In the data folder, which is this process's already. A log that lacks what the cache or the checkpoint knows is refused: DW_DAMAGED. */
export async function openOwnLog(folder: DataFolder, logger: Logger, sharesThread = false): Promise<SiteLog> {
  const cached = readCacheHead(folder.paths.records);
  const known = cached === undefined ? [] : [{ ...cached, from: `the record cache ${folder.paths.records}` }];
  const log = await openFileChangeLog({ directory: folder.paths.changes, known, sharesThread });
  if (log.checkpointDamage !== undefined) logger.warn(log.checkpointDamage);
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
  readonly folder: DataFolder;
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
 * that taking over is a lease and the last entries, however large the world is. DW_DAMAGED: the database lacks what the cache knows.
 */
export async function openSharedLog(options: SharedLogOptions): Promise<SiteLog> {
  // Loaded where it is used: most servers keep their log in the folder.
  const { createPostgresBlobs, createPostgresLease, openPostgres, openPostgresChangeLog } = await import("@doppelwerk/storage/postgres");
  const database = await openPostgres(options.url);
  try {
    const log = await openPostgresChangeLog({ database, world: options.world });
    const lease = createPostgresLease({ database, world: options.world, onLost: options.onLost });
    await followFromHere(log, options);
    const epoch = await standBy(log, lease, options);
    return {
      log,
      blobs: createPostgresBlobs(database),
      epoch,
      async close() {
        await lease.release().catch(() => {
          // it ends by itself when PostgreSQL is gone
        });
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A cache that follows the folder's own log is none of this one's, and no witness against it: the world was moved to PostgreSQL. */
async function followFromHere(log: PostgresChangeLog, { folder, store, logger }: SharedLogOptions): Promise<void> {
  try {
    await catchUp(store, log);
  } catch (error) {
    if (!isDamage(error)) return; // PostgreSQL is away: the standby waits for it.
    const head = { revision: store.appliedRevision(), hash: store.appliedHash(), from: "the record cache" };
    const own = readLogFolder(folder.paths.changes);
    if (own.lastRevision === 0 || own.problemWith(head) !== undefined) throw error;
    logger.warn(`the record cache followed the log of the folder (revision ${head.revision}); it is made again from PostgreSQL`);
    store.reset();
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof DoppelwerkError && error.code === "DW_DAMAGED";
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
      await catchUp(store, log).catch((error: unknown) => {
        if (isDamage(error)) throw error;
        logger.warn({ err: error }, "the log cannot be read now");
      });
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
