import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BackedUpWorld } from "./manifest.ts";
import { folderOf } from "./point-in-time.ts";
import type { SharedOptions } from "./shared-stores.ts";

/** What PostgreSQL has of a world, as it lies in a world folder. */
const DOCUMENTS = ["changes", "changes.checkpoint.json", "blobs.sqlite", "blobs.sqlite-wal", "blobs.sqlite-shm", "blobs-files"];
const HISTORY = ["history", "events"];

/** Before anything is restored. Errors: DW_CONFLICT where the database has a world already, DW_UNAVAILABLE, DW_FORMAT_NEWER. */
export async function checkDatabase({ url }: SharedOptions): Promise<void> {
  const { openPostgres, requireNoWorld } = await import("@doppelwerk/storage/postgres");
  const database = await openPostgres(url);
  try {
    await requireNoWorld(database);
  } finally {
    await database.close();
  }
}

/**
 * Writes what was restored and verified to PostgreSQL, reads it back, and removes it from the folder; all of it or nothing. To "only try" leaves the database as it
 * was. Errors: DW_CONFLICT, DW_DAMAGED where something else is read than was written, DW_UNAVAILABLE.
 */
// oxlint-disable-next-line max-params -- what goes where, and whether it stays
export async function loadShared(
  data: string,
  worlds: readonly BackedUpWorld[],
  { url, history }: SharedOptions,
  purpose: "keep" | "only try",
): Promise<void> {
  const { inTransaction, loadWorld, requireNoWorld } = await import("@doppelwerk/storage/postgres");
  const withHistory = history === "postgres";
  await inTransaction(url, async (database) => {
    await requireNoWorld(database);
    for (const world of worlds)
      await loadWorld(database, { world: world.id, folder: folderOf(data, world), epoch: world.epoch, withHistory });
    return purpose === "keep";
  });
  if (purpose === "only try") return;
  for (const world of worlds)
    for (const name of [...DOCUMENTS, ...(withHistory ? HISTORY : [])])
      rmSync(join(folderOf(data, world), name), { recursive: true, force: true });
}
