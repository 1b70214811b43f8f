import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  captureChangeLog,
  captureEvents,
  captureHistory,
  captureRest,
  type CapturedFile,
  type CapturedHead,
  type IsKnown,
  type Staging,
} from "@doppelwerk/storage/capture";
import type { PostgresSnapshot, SharedHead } from "@doppelwerk/storage/postgres";
import { HOME_WORLD } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { mirrorOf, SharedMirror } from "./shared-mirror.ts";

export interface SharedOptions {
  /** `postgres://…`; never shown. */
  readonly url: string;
  /** Where samples and events are, as the server was told; undefined: in files, and refused where PostgreSQL has some. */
  readonly history?: "files" | "postgres" | undefined;
}

/** A world folder of the data folder, and what the world is called in PostgreSQL. */
export interface SharedWorld {
  readonly id: string;
  readonly directory: string;
}

/** The worlds of a data folder whose documents are in PostgreSQL, for a backup of it. */
export class SharedStores {
  readonly #options: SharedOptions;
  readonly #mirrors: ReadonlyMap<string, SharedMirror>;
  #snapshot: PostgresSnapshot | undefined;
  #heads = new Map<string, SharedHead>();

  /** `state` is the folder of the data folder for what is known of backups. */
  constructor(options: SharedOptions, state: string, worlds: readonly SharedWorld[]) {
    this.#options = options;
    const { hostname: host, port, pathname } = new URL(options.url);
    const database = `${host}:${port || 5432}${pathname}`;
    this.#mirrors = new Map(worlds.map(({ id }) => [id, new SharedMirror(mirrorOf(state, database, id), id)]));
    forgetOthers(join(state, "mirrors"), new Set([...this.#mirrors.values()].map(({ directory }) => directory)));
  }

  get hasHistory(): boolean {
    return this.#options.history === "postgres";
  }

  logBytes(world: string): number {
    return this.#mirrors.get(world)!.logBytes;
  }

  /** `lease` is that of the data folder. What takes long is done before the snapshot that counts: it is held the shorter. Errors: DW_UNAVAILABLE, DW_NOT_FOUND, DW_INVALID, DW_DAMAGED. */
  async prepare(lease: string): Promise<void> {
    const snapshot = await this.#open();
    try {
      const home = await snapshot.head(HOME_WORLD);
      if (home === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.backupSharedNoWorld"));
      refuseElsewhere(home, lease);
      if (this.#options.history === undefined)
        for (const id of this.#mirrors.keys())
          if (await snapshot.hasSamples(id)) throw new DoppelwerkError("DW_INVALID", message("server.backupSharedHistory"));
      const stored = await snapshot.blobHashes();
      for (const [id, mirror] of this.#mirrors) await mirror.follow(snapshot, await headOf(snapshot, id), stored);
    } finally {
      await snapshot.close();
    }
  }

  /** The instant of the backup, for what is in PostgreSQL; called again it is a later one. Where each log ends then. */
  async begin(): Promise<ReadonlyMap<string, CapturedHead>> {
    await this.close();
    this.#snapshot = await this.#open();
    this.#heads = new Map();
    for (const id of this.#mirrors.keys()) this.#heads.set(id, await headOf(this.#snapshot, id));
    return new Map([...this.#heads].map(([id, { revision, hash, epoch }]) => [id, { revision, hash, epoch }]));
  }

  /** What was there at that instant, as files of the world folders. */
  async capture(worlds: readonly SharedWorld[], staging: Staging, isKnown: IsKnown): Promise<readonly CapturedFile[]> {
    const snapshot = this.#snapshot!;
    const stored = await snapshot.blobHashes();
    for (const [id, mirror] of this.#mirrors) await mirror.follow(snapshot, this.#heads.get(id)!, stored);
    const named = new Set([...this.#mirrors.values()].flatMap((mirror) => [...mirror.known()]));
    const unnamed = [...stored].filter((hash) => !named.has(hash));
    const files: CapturedFile[] = [];
    for (const { id, directory } of worlds) {
      const mirror = this.#mirrors.get(id);
      // made since the backup began
      if (mirror === undefined) continue;
      await mirror.take(snapshot, unnamed);
      if (this.hasHistory) await mirror.takeHistory(snapshot);
      files.push(...(await capturedAs(mirror.directory, staging.nameOf(directory), staging, isKnown)));
    }
    await this.close();
    return files;
  }

  async close(): Promise<void> {
    await this.#snapshot?.close();
    this.#snapshot = undefined;
  }

  async #open(): Promise<PostgresSnapshot> {
    // loaded where it is used
    const { PostgresSnapshot } = await import("@doppelwerk/storage/postgres");
    return PostgresSnapshot.open(this.#options.url);
  }
}

/** A world that was never opened has no log yet. */
async function headOf(snapshot: PostgresSnapshot, world: string): Promise<SharedHead> {
  return (await snapshot.head(world)) ?? { revision: 0, hash: undefined, epoch: 0, owner: undefined };
}

/** The folder of a standby lacks what only the folder of the owner has: samples, jobs, the transparency log. */
function refuseElsewhere({ owner }: SharedHead, lease: string): void {
  if (owner === undefined) return;
  const [, here] = /^(process \d+) on (.*)$/s.exec(owner) ?? [];
  // the owner keeps readers of the database out; its words are in the file all the same
  const isHere = here !== undefined && owner === `${here} on ${hostname()}` && existsSync(lease) && readFileSync(lease).includes(here);
  if (isHere) return;
  throw new DoppelwerkError("DW_CONFLICT", message("server.backupSharedElsewhere", { owner }));
}

/** The files of a mirror under the names that they have in a data folder. */
async function capturedAs(mirror: string, world: string, staging: Staging, isKnown: IsKnown): Promise<readonly CapturedFile[]> {
  const prefix = `${staging.nameOf(mirror)}/`;
  const named = (path: string): string => `${world === "" ? "" : `${world}/`}${path.slice(prefix.length)}`;
  const known: IsKnown = (path, stamp) => isKnown(named(path), stamp);
  const own = new Set(["changes", "changes.checkpoint.json", "history", "events"].map((name) => prefix + name));
  const files = [
    ...captureChangeLog(mirror, staging).files,
    ...captureHistory(mirror, staging),
    ...(await captureEvents(mirror, staging, known)),
    ...(await captureRest(mirror, staging, (path) => own.has(path), known)),
  ];
  return files.map((file) => ({ ...file, path: named(file.path) }));
}

/** Of worlds that are no more, and of other databases. */
function forgetOthers(directory: string, kept: ReadonlySet<string>): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory))
    if (!kept.has(join(directory, name))) rmSync(join(directory, name), { recursive: true, force: true });
}
