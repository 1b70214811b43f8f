import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { changeLogBytes } from "@doppelwerk/storage/capture";
import { openEvents } from "@doppelwerk/storage/events";
import { nodeFileLayer, openFileChangeLog, readLogFolder } from "@doppelwerk/storage/files";
import type { PostgresSnapshot, SharedEvent, SharedHead } from "@doppelwerk/storage/postgres";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { blobHashes, openSqliteBlobs } from "@doppelwerk/storage/sqlite";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, GENESIS_HASH, type Blobs, type LogEntry, type StoredEvent } from "@doppelwerk/world";

/** Every file of a world is named by its hash in some change. */
const HASH = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;
/** The lease of a log that one process writes alone; whoever restores it comes after the epoch in the manifest. */
const EPOCH = 1;

/** Folder of what a backup keeps of a world that is in PostgreSQL. */
export function mirrorOf(state: string, database: string, world: string): string {
  const name = createHash("sha256").update(`${database}\n${world}`).digest("hex").slice(0, 16);
  return join(state, "mirrors", name);
}

/**
 * A world of PostgreSQL in the form of a data folder: its change log, appended to at each backup, and the files that its changes name; rebuilt where it is of another
 * past. So a backup of PostgreSQL sends what is new, and is restored as any other.
 */
export class SharedMirror {
  readonly directory: string;
  readonly #world: string;

  constructor(directory: string, world: string) {
    this.directory = directory;
    this.#world = world;
  }

  get logBytes(): number {
    return changeLogBytes(this.directory);
  }

  /** Up to where the snapshot ends. Errors: DW_UNAVAILABLE, DW_DAMAGED. */
  async follow(snapshot: PostgresSnapshot, head: SharedHead, stored: ReadonlySet<string>): Promise<void> {
    await this.#keepOrBegin(snapshot, head);
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const blobs = openSqliteBlobs(join(this.directory, "blobs.sqlite"));
    const log = await openFileChangeLog({ directory: join(this.directory, "changes"), layer: nodeFileLayer });
    try {
      let revision = await log.lastRevision();
      for await (const page of snapshot.entries(this.#world, revision)) {
        // files first: what names them is there only with them
        const named = new Set(page.flatMap(({ line }) => line.match(HASH) ?? []));
        for (const hash of named) if (stored.has(hash)) await copyBlob(snapshot, blobs, hash);
        const entries: readonly LogEntry[] = page.map(({ entry }) => entry);
        await log.append(entries, { expectedRevision: revision, leaseEpoch: EPOCH });
        revision += entries.length;
      }
    } finally {
      await log.close();
      await blobs.close();
    }
  }

  /** Hashes of the files that it has. */
  known(): ReadonlySet<string> {
    return new Set(blobHashes(join(this.directory, "blobs.sqlite")));
  }

  /** Files that no change names: of jobs, or on their way into a change. */
  async take(snapshot: PostgresSnapshot, hashes: Iterable<string>): Promise<void> {
    const blobs = openSqliteBlobs(join(this.directory, "blobs.sqlite"));
    try {
      for (const hash of hashes) await copyBlob(snapshot, blobs, hash);
    } finally {
      await blobs.close();
    }
  }

  /** The samples and events as segments and files of events, written anew: of rows that went in between nothing is known. */
  async takeHistory(snapshot: PostgresSnapshot): Promise<void> {
    for (const name of ["history", "events"]) rmSync(join(this.directory, name), { recursive: true, force: true });
    const history = await openSegmentHistory({ directory: join(this.directory, "history") });
    try {
      for (const { id, branch, signal } of await snapshot.series(this.#world))
        for await (const rows of snapshot.samples(id)) {
          const texts = new Map(rows.flatMap(({ text }, at) => (text === null ? [] : [[at, text] as const])));
          const batch = {
            origin: "measured" as const,
            origins: Uint8Array.from(rows, ({ origin }) => origin),
            count: rows.length,
            signals: new Uint32Array(rows.length),
            sourceTimes: Float64Array.from(rows, ({ time }) => Number(time)),
            serverTimes: Float64Array.from(rows, ({ server_time: time }) => Number(time)),
            values: Float64Array.from(rows, ({ value }) => value),
            qualities: Uint8Array.from(rows, ({ quality }) => quality),
            texts,
          };
          await history.append(branch, batch, [signal]);
        }
      await history.settle();
    } finally {
      await history.close();
    }
    const events = openEvents({ directory: join(this.directory, "events") });
    try {
      for await (const rows of snapshot.events(this.#world)) await events.record(rows.map(eventOf));
    } finally {
      await events.close();
    }
  }

  /** Whether what is here is the beginning of what PostgreSQL has; else nothing of it is kept. */
  async #keepOrBegin(snapshot: PostgresSnapshot, head: SharedHead): Promise<void> {
    const changes = join(this.directory, "changes");
    if (!existsSync(changes)) return;
    const log = readLogFolder(changes);
    const end = log.damage === undefined ? (log.head() ?? { revision: 0, hash: GENESIS_HASH }) : undefined;
    const isBeginning =
      end !== undefined &&
      end.revision <= head.revision &&
      (end.revision === 0 || (await snapshot.hashAt(this.#world, end.revision)) === end.hash);
    if (!isBeginning) rmSync(this.directory, { recursive: true, force: true });
  }
}

async function copyBlob(snapshot: PostgresSnapshot, blobs: Blobs, hash: string): Promise<void> {
  if ((await blobs.open(hash)) !== undefined) return;
  const blob = await snapshot.blob(hash);
  if (blob === undefined) return;
  const staged = await blobs.stage(blob.pieces());
  // PostgreSQL has other bytes under this hash: the backup would hold what nobody can check
  if (staged.hash !== hash) {
    await staged.drop();
    throw new DoppelwerkError("DW_DAMAGED", message("server.backupSharedFileDamaged", { hash }));
  }
  await staged.keep(blob.contentType);
}

function eventOf({ at, known, actor, keys, ...row }: SharedEvent): StoredEvent {
  const flat = JSON.parse(keys) as readonly string[];
  return {
    ...row,
    origin: row.origin as StoredEvent["origin"],
    at: Number(at),
    known: Number(known),
    ...(actor === null ? {} : { actor }),
    keys: Array.from({ length: flat.length / 2 }, (_, i) => ({ name: flat[2 * i]!, value: flat[2 * i + 1]! })),
  };
}
