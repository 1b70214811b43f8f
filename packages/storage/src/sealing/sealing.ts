import { existsSync, readdirSync, statSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { makeFolder } from "../files/make-folder.ts";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { replaceFile } from "../files/replace-file.ts";
import { readKeyMaterial, sealKeyOf, type SealKey } from "./seal-key.ts";
import { isSealed, keyOfSealed, openText, sealText } from "./sealed-text.ts";

/** Says that the secrets of a data folder are sealed, and with which key. */
export const SEALED = "sealed.json";

interface SealedFolder {
  readonly format: 1;
  readonly key: string;
  readonly salt?: string;
}

/** The key that this process seals with; undefined: secrets are kept as they are. */
let sealing: SealKey | undefined;
/** Of the key that this process was given. */
let keyFile: string | undefined;
/** Of sealed files, by id; a passphrase is slow to make a key of. */
const keys = new Map<string, SealKey>();

/**
 * From now on this process seals the secrets of a data folder as the folder says. With `sealsNew` a new folder is sealed where a key is given; one with
 * secrets that are not sealed stays as it is: the answer is false then. Errors: DW_FORBIDDEN where the key is missing or another, DW_INVALID, DW_DAMAGED, DW_FORMAT_NEWER.
 */
export function useSealing(data: string, file?: string, { sealsNew = false }: { readonly sealsNew?: boolean } = {}): boolean {
  keyFile = file === undefined ? undefined : resolve(file);
  sealing = undefined;
  keys.clear();
  const folder = readSealedFolder(data);
  if (folder === undefined) {
    if (file === undefined || !sealsNew || !isNewFolder(data)) return false;
    sealWith(sealKeyOf(readKeyMaterial(file, data)));
    makeFolder(data);
    writeSealedFolder(data, sealing!);
    return true;
  }
  if (file === undefined) throw new DoppelwerkError("DW_FORBIDDEN", message("storage.sealKeyMissing", { data, key: folder.key }));
  const key = sealKeyOf(readKeyMaterial(file, data), folder.salt);
  if (key.id !== folder.key)
    throw new DoppelwerkError("DW_FORBIDDEN", message("storage.sealKeyOther", { path: file, data, key: folder.key, given: key.id }));
  sealWith(key);
  return true;
}

/** What is no folder is named by whoever opens it. */
function isNewFolder(data: string): boolean {
  if (!existsSync(data)) return true;
  return statSync(data).isDirectory() && readdirSync(data).every((name) => name.startsWith("lease.sqlite"));
}

/** For processes that are started by one that seals: they open with the same key. */
export const sealKeyFileInUse = (): string | undefined => keyFile;

/** Such a process opens with the key of this file. */
export function openWithKeyFile(file: string | undefined): void {
  keyFile = file;
}

/** From now on; undefined: secrets are kept as they are. */
function sealWith(key: SealKey | undefined): void {
  sealing = key;
  if (key !== undefined) keys.set(key.id, key);
}

/** The key in use; undefined where nothing is sealed. */
export function usedKey(): SealKey | undefined {
  return sealing;
}

/** Says in the folder that it is sealed with the key in use. Durable once it returns. */
export function writeSealedFolder(data: string, { id, salt }: SealKey): void {
  const text = JSON.stringify({ format: 1, key: id, ...(salt !== undefined && { salt }) } satisfies SealedFolder);
  replaceFile(nodeFileLayer, join(data, SEALED), Buffer.from(`${text}\n`));
  nodeFileLayer.fsyncDirectory(data);
}

/** Undefined where the folder is not sealed. Errors: DW_DAMAGED, DW_FORMAT_NEWER. */
export function readSealedFolder(data: string): SealedFolder | undefined {
  const path = join(data, SEALED);
  if (!existsSync(path)) return undefined;
  let folder: { readonly format?: number; readonly key?: string; readonly salt?: string };
  try {
    folder = JSON.parse(readFileSync(path, "utf8")) as typeof folder;
  } catch {
    throw new DoppelwerkError("DW_DAMAGED", message("storage.sealedDamaged", { name: path }));
  }
  if (typeof folder.format === "number" && folder.format > 1)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("storage.sealedNewer", { name: path }));
  if (folder.format !== 1 || typeof folder.key !== "string")
    throw new DoppelwerkError("DW_DAMAGED", message("storage.sealedDamaged", { name: path }));
  return folder as SealedFolder;
}

/** What a secret file is to hold: sealed where this process seals. `name` is its path in its folder, with `/`. */
export function sealedForDisk(name: string, text: string): string {
  return sealing === undefined ? text : sealText(name, text, sealing);
}

/** What a secret file says, sealed or not. Errors: DW_FORBIDDEN (no key, another key), DW_DAMAGED. */
export function openedFromDisk(name: string, text: string): string {
  if (!isSealed(text)) return text;
  const { id, salt } = keyOfSealed(name, text);
  return openText(name, text, keys.get(id) ?? keyFor(name, id, salt));
}

function keyFor(name: string, id: string, salt: string | undefined): SealKey {
  if (keyFile === undefined) throw new DoppelwerkError("DW_FORBIDDEN", message("storage.sealKeyMissing", { data: name, key: id }));
  const key = sealKeyOf(readKeyMaterial(keyFile), salt);
  keys.set(key.id, key);
  return key;
}
