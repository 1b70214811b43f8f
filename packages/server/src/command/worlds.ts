import { existsSync } from "node:fs";
import { join } from "node:path";
import { HOME_WORLD, type ListedWorld, type WorldContent } from "@doppelwerk/client";
import { printAnswer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { isOwned, readDataFormat } from "@doppelwerk/storage/files";
import { DoppelwerkError } from "@doppelwerk/world";
import { archivedFile, restoredFile } from "../worlds/world-file.ts";
import { WorldFolders, type WorldFolder } from "../worlds/world-folders.ts";
import { noWorld } from "../worlds/world-names.ts";

export interface WorldsCommandOptions {
  readonly data: string;
  readonly json?: boolean;
}

const foldersOf = (data: string): WorldFolders => new WorldFolders(data, `doppelwerk worlds ${process.pid}`);

/** Worlds of a data folder, whether a server runs on it or not. */
export async function listWorlds(options: WorldsCommandOptions): Promise<void> {
  requireData(options.data);
  const folders = foldersOf(options.data);
  const home: ListedWorld = { name: HOME_WORLD, title: folders.homeTitle(), state: stateOf(options.data) };
  const worlds = [home, ...folders.list().map(listed)];
  printAnswer(options, { worlds }, worlds.map(({ name, state, title }) => `${name.padEnd(24)} ${state.padEnd(9)} ${title}`).join("\n"));
}

export async function createWorld(name: string, options: WorldsCommandOptions & { readonly title?: string }): Promise<void> {
  const made = await foldersOf(options.data).create(name, options.title);
  printAnswer(options, listed(made), `${name} is created`);
}

export async function renameWorld(name: string, next: string, options: WorldsCommandOptions): Promise<void> {
  const renamed = await existing(name, options).rename(name, next);
  printAnswer(options, listed(renamed), `${name} is now ${next}`);
}

export async function archiveWorld(name: string, options: WorldsCommandOptions): Promise<void> {
  const archivedAt = new Date().toISOString();
  const archived = await existing(name, options).change(name, (file) => archivedFile(file, archivedAt));
  printAnswer(options, listed(archived), `${name} is archived: it cannot be used until it is restored`);
}

export async function restoreWorld(name: string, options: WorldsCommandOptions): Promise<void> {
  const restored = await existing(name, options).change(name, restoredFile);
  printAnswer(options, listed(restored), `${name} is restored`);
}

export async function deleteWorld(name: string, options: WorldsCommandOptions): Promise<void> {
  const folders = existing(name, options);
  const { title } = listed(folders.find(name)!);
  const went: WorldContent = { name, title, state: "closed", ...folders.content(name) };
  await folders.remove(name);
  const parts = went.parts.map(({ part, files, bytes }) => `  ${part.padEnd(10)} ${files} files, ${bytes} bytes`);
  printAnswer(options, went, [`${name} is deleted: ${went.files} files, ${went.bytes} bytes`, ...parts].join("\n"));
}

/** Errors: DW_NOT_FOUND; DW_CONFLICT for the default world, which always exists. */
function existing(name: string, { data }: WorldsCommandOptions): WorldFolders {
  requireData(data);
  if (name === HOME_WORLD) throw new DoppelwerkError("DW_CONFLICT", message("server.worldIsHome", { name }));
  const folders = foldersOf(data);
  if (folders.find(name) === undefined) throw noWorld(name);
  return folders;
}

/** Errors: DW_NOT_FOUND, DW_FORMAT_NEWER, DW_DAMAGED. */
function requireData(directory: string): void {
  if (!existsSync(join(directory, "format.json")))
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.noDataFolderDoppelwerk", { directory }));
  readDataFormat(directory);
}

function listed({ name, directory, file }: WorldFolder): ListedWorld {
  if (file instanceof DoppelwerkError) return { name, title: name, state: "failed", message: file.message, reason: file.reason };
  return { name, title: file.title, state: file.archivedAt === undefined ? stateOf(directory) : "archived" };
}

/** Whoever has a world open owns its folder. */
function stateOf(directory: string): "open" | "closed" {
  return isOwned(join(directory, "lease.sqlite")) ? "open" : "closed";
}
