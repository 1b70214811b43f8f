import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDataFolder, openFileChangeLog, type DataFolder } from "@doppelwerk/storage/files";
import { openPostgres, openPostgresChangeLog } from "@doppelwerk/storage/postgres";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { catchUp, coreKinds, type LogEntry } from "@doppelwerk/world";
import pino from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres, type PostgresServer } from "../../../../scripts/postgres-server.ts";
import { acceptLoss } from "./accept-loss.ts";
import { openSharedLog, type SiteLog } from "./site-log.ts";

const root = mkdtempSync(join(tmpdir(), "doppelwerk-site-log-"));
let postgres: PostgresServer;
beforeAll(async () => void (postgres = await startPostgres()), 300_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(root, { recursive: true, force: true });
});

const entryOf = (revision: number): LogEntry => ({
  v: 1,
  revision,
  time: revision,
  branch: "live",
  actor: "a",
  reason: "",
  changes: [{ op: "create", record: { id: `note:${revision}`, kind: "note" } }],
  hash: `hash-${revision}`,
});

async function withFolder<T>(name: string, work: (folder: DataFolder) => Promise<T>): Promise<T> {
  const folder = await openDataFolder(join(root, name), { owner: "test" });
  try {
    return await work(folder);
  } finally {
    await folder.close();
  }
}

/** Opens the shared log with the cache of a folder, and answers how far both are. */
function opened(name: string): Promise<{ readonly log: number; readonly cache: number }> {
  return withFolder(name, async (folder) => {
    const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
    let site: SiteLog | undefined;
    try {
      const logger = pino({ level: "silent" });
      site = await openSharedLog({ url: postgres.url, world: "default", owner: name, folder, store, logger, onLost: () => {} });
      await catchUp(store, site.log);
      return { log: await site.log.lastRevision(), cache: store.appliedRevision() };
    } finally {
      await site?.close();
      store.close();
    }
  });
}

test("[E44] a database that lacks what the record cache knows is refused until the loss is accepted; a cache of the folder's own log is not in the way", async () => {
  await withFolder("moved", async (folder) => {
    const log = await openFileChangeLog({ directory: folder.paths.changes });
    const entries = [1, 2, 3].map(entryOf);
    await log.append(entries, { expectedRevision: 0, leaseEpoch: folder.epoch });
    await log.close();
    const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
    store.apply(entries);
    store.close();
  });
  // The world was moved to an empty PostgreSQL.
  expect(await opened("moved")).toEqual({ log: 0, cache: 0 });

  const database = await openPostgres(postgres.url);
  const log = await openPostgresChangeLog({ database, world: "default" });
  await log.append([1, 2, 3, 4].map(entryOf), { expectedRevision: 0, leaseEpoch: 9 });
  expect(await opened("owner")).toEqual({ log: 4, cache: 4 });

  // A backup was restored that holds less.
  await database.query("DELETE FROM doppelwerk.changes WHERE revision > 2");
  await database.query("UPDATE doppelwerk.worlds SET last_revision = 2");
  await expect(opened("owner")).rejects.toMatchObject({
    code: "DW_DAMAGED",
    message: expect.stringContaining("ends at revision 2, but the record cache knows revision 4"),
  });
  expect(await opened("newcomer")).toEqual({ log: 2, cache: 2 });

  const directory = join(root, "owner");
  await expect(acceptLoss(directory, { endsAt: undefined, postgres: postgres.url })).rejects.toMatchObject({
    code: "DW_INVALID",
    message: expect.stringContaining("--ends-at 2"),
  });
  await acceptLoss(directory, { endsAt: 2, postgres: postgres.url });
  expect(await opened("owner")).toEqual({ log: 2, cache: 2 });
  await database.close();
}, 300_000);
