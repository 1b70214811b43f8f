import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, entryLine, type LogEntry } from "@doppelwerk/world";
import { readEvents } from "../events/read-events.ts";
import { readLogFolder } from "../files/log-folder.ts";
import { readSamples } from "../segments/read-samples.ts";
import { blobHashes, openSqliteBlobs } from "../sqlite/blobs.ts";
import { createPostgresBlobs } from "./blobs.ts";
import { openPostgresChangeLog } from "./change-log.ts";
import type { PostgresDatabase } from "./database.ts";
import { openPostgresEvents } from "./events.ts";
import { openPostgresHistory } from "./history.ts";

export interface LoadWorldOptions {
  /** What the world is called in PostgreSQL. */
  readonly world: string;
  /** Its folder, which no process has open. */
  readonly folder: string;
  /** Of the lease that wrote it last; the next one comes after it. */
  readonly epoch: number;
  /** Samples and events too. */
  readonly withHistory: boolean;
}

/** Entries of one statement: at most so many, and no more than about so many characters after the first. */
const GROUP_ENTRIES = 500;
const GROUP_CHARACTERS = 8 << 20;

/** Errors: DW_CONFLICT where the database has a world already. */
export async function requireNoWorld(database: PostgresDatabase): Promise<void> {
  const [row] = await database.query<{ count: string }>("SELECT count(*) AS count FROM doppelwerk.worlds");
  if (Number(row!.count) > 0) throw new DoppelwerkError("DW_CONFLICT", message("storage.databaseHoldsWorlds"));
}

/**
 * Writes what a world folder holds of a world to PostgreSQL, and reads it back: every entry, the bytes of every file by their hash, how many samples and events.
 * To be done in a transaction: after an error part of it is there. Errors: DW_DAMAGED where something else is read than was written, DW_UNAVAILABLE.
 */
export async function loadWorld(database: PostgresDatabase, options: LoadWorldOptions): Promise<void> {
  await loadChanges(database, options);
  await loadBlobs(database, options);
  if (!options.withHistory) return;
  await loadSamples(database, options);
  await loadEvents(database, options);
}

async function loadChanges(database: PostgresDatabase, { world, folder, epoch }: LoadWorldOptions): Promise<void> {
  const log = await openPostgresChangeLog({ database, world });
  const written = createHash("sha256");
  let [revision, characters] = [0, 0];
  let group: LogEntry[] = [];
  const send = async (): Promise<void> => {
    await log.append(group, { expectedRevision: revision, leaseEpoch: epoch });
    revision += group.length;
    [group, characters] = [[], 0];
  };
  for await (const entry of readLogFolder(join(folder, "changes")).read(0)) {
    const line = entryLine(entry);
    written.update(line);
    group.push(entry);
    characters += line.length;
    if (group.length === GROUP_ENTRIES || characters > GROUP_CHARACTERS) await send();
  }
  await send();
  // also of a world without an entry
  await database.query("UPDATE doppelwerk.worlds SET epoch = $2 WHERE world = $1", [world, epoch]);
  const read = createHash("sha256");
  for await (const entry of log.read(0)) read.update(entryLine(entry));
  if (read.digest("hex") !== written.digest("hex") || (await log.lastRevision()) !== revision) throw readsOtherwise(world, "change log");
}

async function loadBlobs(database: PostgresDatabase, { world, folder }: LoadWorldOptions): Promise<void> {
  const hashes = blobHashes(join(folder, "blobs.sqlite"));
  if (hashes.length === 0) return;
  const [from, to] = [openSqliteBlobs(join(folder, "blobs.sqlite")), createPostgresBlobs(database)];
  try {
    for (const hash of hashes) {
      const blob = await from.open(hash);
      if (blob === undefined) throw readsOtherwise(world, hash);
      const staged = await to.stage(blob.pieces());
      await staged.keep(blob.contentType);
      await staged.drop();
    }
  } finally {
    await from.close();
  }
  const [row] = await database.query<{ count: string }>(
    "SELECT count(*) AS count FROM doppelwerk.blobs WHERE hash = ANY ($1::text[]) AND hash = encode(sha256(bytes), 'hex')",
    [hashes],
  );
  if (Number(row!.count) !== hashes.length) throw readsOtherwise(world, "files");
}

async function loadSamples(database: PostgresDatabase, { world, folder }: LoadWorldOptions): Promise<void> {
  const directory = join(folder, "history");
  const history = await openPostgresHistory({ database, world });
  if (!existsSync(directory)) return;
  const extents = new Map<string, { first: number; last: number }>();
  for (const { branch, ids, batch } of readSamples(directory)) {
    await history.append(branch, batch, ids);
    for (let row = 0; row < batch.count; row++) {
      const [key, time] = [`${branch}\n${ids[batch.signals[row]!]}`, batch.sourceTimes[row]!];
      const known = extents.get(key);
      if (known === undefined) extents.set(key, { first: time, last: time });
      else [known.first, known.last] = [Math.min(known.first, time), Math.max(known.last, time)];
    }
  }
  for (const [key, { first, last }] of extents) {
    const [branch, signal] = key.split("\n") as [string, string];
    const found = await history.extent({ branch, signal });
    if (found?.first !== first || found.last !== last) throw readsOtherwise(world, `samples of ${signal}`);
  }
}

async function loadEvents(database: PostgresDatabase, { world, folder }: LoadWorldOptions): Promise<void> {
  const directory = join(folder, "events");
  const events = await openPostgresEvents({ database, world });
  if (!existsSync(join(directory, "manifest.json"))) return;
  let count = 0;
  for (const group of readEvents(directory)) {
    await events.record(group);
    count += group.length;
  }
  const [row] = await database.query<{ count: string }>("SELECT count(*) AS count FROM doppelwerk.events WHERE world = $1", [world]);
  if (Number(row!.count) !== count) throw readsOtherwise(world, "events");
}

function readsOtherwise(world: string, what: string): DoppelwerkError {
  return new DoppelwerkError("DW_DAMAGED", message("storage.databaseReadsOtherwise", { world, what }));
}
