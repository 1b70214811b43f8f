import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { HOME_WORLD, type WorldContent } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { createFileLease, makeFolder, nodeFileLayer, openDataFolder, readDataFormat } from "@doppelwerk/storage/files";
import { DoppelwerkError } from "@doppelwerk/world";
import { contentOf } from "./world-content.ts";
import { readWorldFile, WORLD_FORMAT, writeWorldFile, type WorldFile } from "./world-file.ts";
import { checkNewName, checkTitle, isWorldName, noWorld } from "./world-names.ts";

/** A folder below `worlds`, as it lies there. */
export interface WorldFolder {
  readonly name: string;
  readonly directory: string;
  /** What it says of itself, or why that could not be read. */
  readonly file: WorldFile | DoppelwerkError;
}

/** What is being made, and what is being removed: no world has such a name. */
const [NEW, GONE] = [".new-", ".gone-"];
/** What is being made is renamed within moments. */
const NEW_AGE_MS = 3_600_000;
const [MAX_ATTEMPTS, ATTEMPT_MS] = [50, 20];

/**
 * The folders of the worlds beside the default one. Each step is one rename within `DATA/worlds`, so that a process that is killed leaves a world whole,
 * or none. Whoever changes or removes one holds its lease meanwhile: DW_UNAVAILABLE where another process has it open.
 */
export class WorldFolders {
  readonly data: string;
  readonly #root: string;
  readonly #owner: string;

  constructor(data: string, owner: string) {
    this.data = data;
    this.#root = join(data, "worlds");
    this.#owner = owner;
  }

  /** What the default world is called: it lies in the data folder itself. Its name where nothing else was declared, or that cannot be read. */
  homeTitle(): string {
    try {
      return readWorldFile(this.data)?.title ?? HOME_WORLD;
    } catch {
      return HOME_WORLD;
    }
  }

  /** By the process that has the default world open. Errors: DW_DAMAGED, DW_FORMAT_NEWER, DW_UNAVAILABLE. */
  retitleHome(title: string): void {
    const made = { format: WORLD_FORMAT, id: HOME_WORLD, createdAt: new Date().toISOString() };
    try {
      writeWorldFile(this.data, { ...(readWorldFile(this.data) ?? made), title });
    } catch (error) {
      throw refusalOf(error, this.data);
    }
  }

  directory(name: string): string {
    return join(this.#root, name);
  }

  /** By name, ascending. */
  list(): readonly WorldFolder[] {
    if (!existsSync(this.#root)) return [];
    return readdirSync(this.#root)
      .filter((name) => isWorldName(name) && name !== HOME_WORLD)
      .toSorted()
      .flatMap((name) => this.find(name) ?? []);
  }

  find(name: string): WorldFolder | undefined {
    if (!isWorldName(name) || name === HOME_WORLD) return undefined;
    const directory = this.directory(name);
    try {
      const file = readWorldFile(directory);
      if (file !== undefined) return { name, directory, file };
      if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
      return { name, directory, file: new DoppelwerkError("DW_DAMAGED", message("server.worldFileMissing", { directory })) };
    } catch (error) {
      if (error instanceof DoppelwerkError) return { name, directory, file: error };
      throw error;
    }
  }

  /** Errors: DW_INVALID (name, title), DW_CONFLICT (there is one), DW_UNAVAILABLE (cannot be written). */
  async create(name: string, title = name): Promise<WorldFolder> {
    checkNewName(name);
    const file: WorldFile = { format: WORLD_FORMAT, id: randomUUID(), title: checkTitle(title), createdAt: new Date().toISOString() };
    if (existsSync(this.directory(name))) throw exists(name);
    await this.#makeRoot();
    const made = join(this.#root, `${NEW}${randomUUID()}`);
    try {
      mkdirSync(made);
      const folder = await openDataFolder(made, { owner: this.#owner });
      await folder.close();
      writeWorldFile(made, file);
      this.#rename(made, name);
    } catch (error) {
      rmSync(made, { recursive: true, force: true });
      throw refusalOf(error, made);
    }
    return { name, directory: this.directory(name), file };
  }

  /** Errors: DW_NOT_FOUND, DW_INVALID, DW_CONFLICT, DW_UNAVAILABLE. */
  async rename(name: string, next: string): Promise<WorldFolder> {
    checkNewName(next);
    await this.#holding(name, async ({ directory }) => {
      if (next !== name) this.#rename(directory, next);
    });
    return this.#known(next);
  }

  /** Errors: DW_NOT_FOUND, DW_DAMAGED, DW_UNAVAILABLE. */
  async change(name: string, change: (file: WorldFile) => WorldFile): Promise<WorldFolder> {
    await this.#holding(name, async ({ directory, file }) => {
      if (file instanceof DoppelwerkError) throw file;
      writeWorldFile(directory, change(file));
    });
    return this.#known(name);
  }

  /** The same by the process that has the world open. */
  changeOpen(name: string, change: (file: WorldFile) => WorldFile): void {
    const { directory, file } = this.#known(name);
    if (!(file instanceof DoppelwerkError)) writeWorldFile(directory, change(file));
  }

  /** Errors: DW_NOT_FOUND. */
  content(name: string): Pick<WorldContent, "files" | "bytes" | "parts"> {
    return contentOf(this.#known(name).directory);
  }

  /**
   * Gone for good once this resolves; as soon as it is renamed nothing finds it any more. `forget` removes what is kept elsewhere; where it fails the rest
   * goes with the next start. Errors: DW_NOT_FOUND, DW_UNAVAILABLE, those of `forget`.
   */
  async remove(name: string, forget: () => Promise<void> = async () => {}): Promise<void> {
    const gone = join(this.#root, `${GONE}${name}-${randomUUID()}`);
    await this.#holding(name, async ({ directory }) => {
      renameSync(directory, gone);
      nodeFileLayer.fsyncDirectory(this.#root);
    });
    await forget();
    await rm(gone, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Removes what killed processes left: worlds that were being removed, and those that were being made. */
  async sweep(now: number, forget: (id: string) => Promise<void> = async () => {}): Promise<void> {
    if (!existsSync(this.#root)) return;
    for (const name of readdirSync(this.#root)) {
      const path = join(this.#root, name);
      const isOld = name.startsWith(NEW) && now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now) > NEW_AGE_MS;
      if (name.startsWith(GONE)) await forgetFolder(path, forget);
      if (isOld || name.startsWith(GONE)) await rm(path, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  #known(name: string): WorldFolder {
    const found = this.find(name);
    if (found === undefined) throw noWorld(name);
    return found;
  }

  /** The data folder itself first: one that holds worlds and nothing else would be taken for a foreign folder. */
  async #makeRoot(): Promise<void> {
    for (let attempt = 1; readDataFormat(this.data) === undefined; attempt++) {
      try {
        await (await openDataFolder(this.data, { owner: this.#owner })).close();
      } catch (error) {
        // somebody makes the same folder at this moment
        if (!(error instanceof DoppelwerkError && error.code === "DW_UNAVAILABLE") || attempt === MAX_ATTEMPTS) throw error;
        await setTimeout(ATTEMPT_MS);
      }
    }
    makeFolder(this.#root);
    nodeFileLayer.fsyncDirectory(this.data);
  }

  /** Within `worlds`. A folder is never renamed over one that holds anything. */
  #rename(from: string, name: string): void {
    try {
      renameSync(from, this.directory(name));
    } catch (error) {
      if (["ENOTEMPTY", "EEXIST", "EPERM", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) throw exists(name);
      throw error;
    }
    nodeFileLayer.fsyncDirectory(this.#root);
  }

  async #holding(name: string, work: (folder: WorldFolder) => Promise<void>): Promise<void> {
    const { directory } = this.#known(name);
    const lease = createFileLease(join(directory, "lease.sqlite"));
    await lease.acquire(this.#owner);
    try {
      // read again: another process may have changed it before this one had the lease
      await work(this.#known(name));
    } catch (error) {
      throw refusalOf(error, directory);
    } finally {
      await lease.release();
    }
  }
}

/** A folder that is half removed says nothing any more: what was elsewhere went before it. */
async function forgetFolder(path: string, forget: (id: string) => Promise<void>): Promise<void> {
  let id: string | undefined;
  try {
    id = readWorldFile(path)?.id;
  } catch {
    // as above
  }
  if (id !== undefined) await forget(id);
}

function exists(name: string): DoppelwerkError {
  return new DoppelwerkError("DW_CONFLICT", message("server.worldExists", { name }));
}

/** What the file system refuses, in one line. */
function refusalOf(error: unknown, directory: string): unknown {
  const { code, message: reason } = error as NodeJS.ErrnoException;
  if (error instanceof DoppelwerkError || code === undefined) return error;
  return new DoppelwerkError("DW_UNAVAILABLE", message("server.worldFolderRefused", { directory, reason }));
}
