import { statfsSync } from "node:fs";
import { hostname } from "node:os";
import { openDataFolder, type DataFolder } from "@doppelwerk/storage/files";
import { checkWorldFormats } from "@doppelwerk/storage/formats";
import { openSegmentHistory, type SealedSegment } from "@doppelwerk/storage/segments";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { createTieredHistory } from "@doppelwerk/storage/tiers";
import { coreKinds, type EventKind, type EventOptions, type RecordStore, type ThinnableHistory } from "@doppelwerk/world";
import type { Logger } from "pino";
import { openWorldEvents } from "./site-events.ts";
import { openOwnLog, openSharedLog, type SiteLog } from "./site-log.ts";

export interface StoreOptions {
  readonly dataDirectory: string;
  /** What the world is called in PostgreSQL: it stays when the world is renamed. */
  readonly storeKey: string;
  readonly logger: Logger;
  readonly postgres?: string;
  readonly history?: "files" | "postgres";
  /** Types of events that features record. */
  readonly events: readonly EventKind[];
  /** Its writers share threads with those of other worlds. */
  readonly sharesThreads?: boolean;
  readonly onLost?: (why: string) => void;
  /** A segment of the history in the folder changes no more. */
  readonly onSealed?: (sealed: SealedSegment) => void;
}

/** Everything durable of a world. */
export interface Stores {
  readonly folder: DataFolder;
  readonly records: RecordStore;
  readonly kept: SiteLog;
  readonly history: ReturnType<typeof createTieredHistory>;
  readonly events: EventOptions;
  /** Bytes that the disk of the data folder has left for this process; undefined where the system does not say. */
  freeBytes(): number | undefined;
  /** After the world is closed. */
  close(): Promise<void>;
}

/** Newest samples in memory and decoded blocks kept: what a Rail and a rewind touch, within the 300 MB that a line may cost. */
const HISTORY_HEAD_ROWS = 131_072;
const HISTORY_CACHE_BYTES = 12 << 20;

/** Opens the stores of a data folder, its lock first. Where one cannot be opened those before it are closed again. */
export async function openStores(options: StoreOptions): Promise<Stores> {
  const closes: (() => unknown)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closes) await close();
  };
  try {
    return await openEach(options, closes, closeAll);
  } catch (error) {
    await closeAll().catch((failure: unknown) => options.logger.error({ err: failure }, "a store could not be closed"));
    throw error;
  }
}

/** What is opened is closed in the order of `closes`: the lock of the folder last. */
async function openEach(options: StoreOptions, closes: (() => unknown)[], close: () => Promise<void>): Promise<Stores> {
  const { logger, postgres: url, storeKey: world, sharesThreads = false, onLost = () => {} } = options;
  checkWorldFormats(options.dataDirectory);
  const folder = await openDataFolder(options.dataDirectory, { owner: `process ${process.pid}` });
  closes.push(() => folder.close());
  const opened = <Store>(store: Store, closeIt: () => unknown): Store => {
    closes.splice(-1, 0, closeIt);
    return store;
  };
  // A log of one's own comes first: where it is damaged nothing else is touched. A standby fills its cache while it waits.
  let kept: SiteLog | undefined = url === undefined ? await openOwnLog(folder, logger, sharesThreads) : undefined;
  closes.unshift(() => kept?.close());
  const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds, sharesThread: sharesThreads });
  const records = opened(store, () => store.close());
  const owner = `process ${process.pid} on ${hostname()}`;
  kept ??= await openSharedLog({ url: url!, world, owner, folder, store: records, logger, onLost });
  const shared = options.history === "postgres" ? url : undefined;
  const segments = shared === undefined ? await openOwnHistory(folder, options) : await openSharedHistory(shared, world);
  const tiered = createTieredHistory(segments);
  const history = opened(tiered, () => tiered.close());
  const events = await openWorldEvents({ folder, logger, kinds: options.events, postgres: shared, world });
  opened(events, () => events.store.close());
  return { folder, records, kept, history, events, freeBytes: () => freeBytesOf(folder.directory), close };
}

function openOwnHistory(
  folder: DataFolder,
  { logger, sharesThreads = false, onSealed }: Pick<StoreOptions, "logger" | "sharesThreads" | "onSealed">,
): Promise<ThinnableHistory> {
  return openSegmentHistory({
    directory: folder.paths.history,
    headRows: HISTORY_HEAD_ROWS,
    cacheBytes: HISTORY_CACHE_BYTES,
    sharesThread: sharesThreads,
    ...(onSealed && { onSealed }),
    onDamage: (damage) => logger.error({ damage }, "a damaged file of the history was set aside; the rest is served"),
  });
}

async function openSharedHistory(url: string, world: string): Promise<ThinnableHistory> {
  const { openPostgres, openPostgresHistory } = await import("@doppelwerk/storage/postgres");
  return openPostgresHistory({ database: await openPostgres(url), world });
}

function freeBytesOf(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
