import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { nodeFileLayer } from "@doppelwerk/storage/files";
import { DoppelwerkError } from "@doppelwerk/world";

/** What `world.json` in the folder of a world says; fields that are not known here are kept. */
export interface WorldFile {
  readonly format: number;
  /** Stays when the world is renamed: what is stored outside of the folder is found by it. */
  readonly id: string;
  readonly title: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601; present = in the archive. */
  readonly archivedAt?: string;
  /** It has connections that are switched on: it opens with the server. */
  readonly opensWithServer?: true;
}

export const WORLD_FILE = "world.json";
export const WORLD_FORMAT = 1;

/** Undefined where there is none. Errors: DW_DAMAGED, DW_FORMAT_NEWER. */
export function readWorldFile(folder: string): WorldFile | undefined {
  const path = join(folder, WORLD_FILE);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || (error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw new DoppelwerkError("DW_DAMAGED", message("server.worldFileUnreadable", { path, reason: (error as Error).message }));
  }
  const file = parsed(text, path);
  if (file.format > WORLD_FORMAT)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.worldFileNewer", { path, format: file.format, known: WORLD_FORMAT }));
  return file;
}

function parsed(text: string, path: string): WorldFile {
  let value: Partial<WorldFile> | null;
  try {
    value = JSON.parse(text) as Partial<WorldFile> | null;
  } catch (error) {
    throw new DoppelwerkError("DW_DAMAGED", message("server.worldFileUnreadable", { path, reason: (error as Error).message }));
  }
  const isWhole = typeof value?.format === "number" && typeof value.id === "string" && typeof value.title === "string";
  if (!isWhole) throw new DoppelwerkError("DW_DAMAGED", message("server.worldFileUnreadable", { path, reason: "format, id or title" }));
  return value as WorldFile;
}

/** Into the archive, where it is not there already. `at` is ISO 8601. */
export function archivedFile(file: WorldFile, at: string): WorldFile {
  return { ...file, archivedAt: file.archivedAt ?? at };
}

export function restoredFile(file: WorldFile): WorldFile {
  const { archivedAt: _, ...rest } = file;
  return rest;
}

export function openingFile(file: WorldFile, withServer: boolean): WorldFile {
  const { opensWithServer: _, ...rest } = file;
  return { ...rest, ...(withServer && { opensWithServer: true as const }) };
}

/** Replaced whole, and on disk when this returns. */
export function writeWorldFile(folder: string, file: WorldFile): void {
  const path = join(folder, WORLD_FILE);
  const open = openSync(`${path}.new`, "w");
  try {
    writeSync(open, `${JSON.stringify(file)}\n`);
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  renameSync(`${path}.new`, path);
  nodeFileLayer.fsyncDirectory(folder);
}
