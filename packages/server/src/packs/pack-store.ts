import {
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { PACK_PERMISSIONS } from "@doppelwerk/kit/pack";
import { message } from "@doppelwerk/messages";
import { createFileLease, openDataFolder, readDataFormat } from "@doppelwerk/storage/files";
import { DoppelwerkError } from "@doppelwerk/world";
import { z } from "zod";
import { firstDifference, hashOf, signerOf, type FileHashes } from "./integrity.ts";
import { readPackFolder } from "./pack-files.ts";
import { manifestOf, type GivenPack } from "./pack-source.ts";

const Installed = z.object({
  name: z.string(),
  version: z.string(),
  added: z.string(),
  permissions: z.array(z.enum(PACK_PERMISSIONS)),
  features: z.array(z.string()),
  /** Fingerprint of the key that it was signed with. */
  signedBy: z.string().optional(),
  files: z.record(z.string(), z.string()),
});
const Index = z.object({ format: z.literal(1), packs: z.array(Installed) });

/** A pack of the index: what its files were when it was added. */
export type InstalledPack = z.output<typeof Installed>;

const FOLDER = "packs";
const INDEX = "packs.json";
/** What is not added yet: a process that was killed leaves it behind, and the next one takes it away. */
const PART = ".adding";

/** Where the files of an installed pack lie. */
export function packFolder(data: string, { name, version }: Pick<InstalledPack, "name" | "version">): string {
  return join(resolve(data), FOLDER, ...name.split("/"), version);
}

/** Packs of a data folder by name; none where there is no index. Errors: DW_DAMAGED, DW_FORMAT_NEWER. */
export function listPacks(data: string): readonly InstalledPack[] {
  const path = join(resolve(data), FOLDER, INDEX);
  if (!existsSync(path)) return [];
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new DoppelwerkError("DW_DAMAGED", message("packs.indexUnreadable", { reason: (error as Error).message, path }));
  }
  if (((value as { readonly format?: unknown } | null)?.format ?? 1) !== 1)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("packs.indexNewer", { path }));
  const parsed = Index.safeParse(value);
  if (!parsed.success) throw new DoppelwerkError("DW_DAMAGED", message("packs.indexUnreadable", { reason: parsed.error.message, path }));
  return parsed.data.packs;
}

/** Reads an installed pack back and holds it to the index. Errors: DW_DAMAGED with the name of the file that is another one, DW_INVALID as `readPack`. */
export function readInstalled(data: string, pack: InstalledPack): GivenPack {
  const folder = packFolder(data, pack);
  const files = readPackFolder(folder, new Set());
  const difference = firstDifference(pack.files, allHashes(files));
  if (difference !== undefined) throw new DoppelwerkError("DW_DAMAGED", message("packs.tampered", { name: pack.name, reason: difference }));
  return { manifest: manifestOf(files, folder), files, signedBy: signerOf(files) };
}

/**
 * Adds a pack, or another version of it in the place of the present one. The index is written last: a process that is killed before leaves the one that was
 * there. Errors: DW_CONFLICT where this version is there with other files.
 */
export async function addPack(data: string, given: GivenPack, now: Date): Promise<InstalledPack> {
  return changePacks(data, (root) => {
    const { manifest, files, signedBy } = given;
    const { name, version, permissions, features } = manifest;
    const packs = listPacks(data);
    const hashes = allHashes(files);
    const before = packs.find((one) => one.name === name);
    const target = packFolder(data, { name, version });
    if (before?.version === version) {
      if (firstDifference(before.files, hashes) !== undefined)
        throw new DoppelwerkError("DW_CONFLICT", message("packs.versionThere", { name, version }));
      if (existsSync(target)) return before;
    }
    const part = join(root, `${PART}-${process.pid}`);
    rmSync(part, { recursive: true, force: true });
    for (const [path, content] of files) {
      mkdirSync(dirname(join(part, path)), { recursive: true });
      writeFileSync(join(part, path), content, { flush: true });
    }
    rmSync(target, { recursive: true, force: true });
    mkdirSync(dirname(target), { recursive: true });
    renameSync(part, target);
    syncFolder(dirname(target));
    const installed: InstalledPack = {
      name,
      version,
      added: now.toISOString(),
      permissions: [...permissions],
      features: features.map(({ id }) => id),
      ...(signedBy === undefined ? {} : { signedBy }),
      files: hashes,
    };
    writeIndex(root, [...packs.filter((one) => one.name !== name), installed]);
    takeAwayLeftOvers(data, root);
    return installed;
  });
}

/** Takes a pack out of the index, then its files; what the plant recorded with it stays. Errors: DW_NOT_FOUND. */
export async function removePack(data: string, name: string): Promise<InstalledPack> {
  return changePacks(data, (root) => {
    const packs = listPacks(data);
    const removed = packs.find((one) => one.name === name);
    if (removed === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("packs.notThere", { name }));
    writeIndex(
      root,
      packs.filter((one) => one !== removed),
    );
    takeAwayLeftOvers(data, root);
    return removed;
  });
}

/** One process at a time changes the packs of a data folder; the server need not stop for it. */
export async function changePacks<Result>(data: string, work: (root: string) => Result): Promise<Result> {
  const directory = resolve(data);
  // a folder that does not exist yet is a data folder from now on, and one with other things in it is refused
  if (readDataFormat(directory) === undefined) await (await openDataFolder(directory, { owner: `process ${process.pid}` })).close();
  const root = join(directory, FOLDER);
  mkdirSync(root, { recursive: true });
  const lease = createFileLease(join(root, "lease.sqlite"));
  await lease.acquire(`process ${process.pid}`);
  try {
    return work(root);
  } finally {
    await lease.release();
  }
}

/** Hashes of all files, the integrity list too. */
function allHashes(files: GivenPack["files"]): FileHashes {
  return Object.fromEntries([...files].map(([path, content]) => [path, hashOf(content)] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function writeIndex(root: string, packs: readonly InstalledPack[]): void {
  const path = join(root, INDEX);
  const sorted = packs.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(`${path}.new`, `${JSON.stringify({ format: 1, packs: sorted }, undefined, 2)}\n`, { flush: true });
  renameSync(`${path}.new`, path);
  syncFolder(root);
}

function syncFolder(path: string): void {
  // Windows opens no folder
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Versions that the index does not name, and parts of an add that was killed. */
function takeAwayLeftOvers(data: string, root: string): void {
  const kept = new Set(listPacks(data).map((pack) => packFolder(data, pack)));
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(root, entry.name);
    if (entry.name.startsWith(PART)) rmSync(path, { recursive: true, force: true });
    else if (entry.name.startsWith("@")) {
      for (const inner of readdirSync(path)) takeAwayVersions(join(path, inner), kept);
      if (readdirSync(path).length === 0) rmdirSync(path);
    } else takeAwayVersions(path, kept);
  }
}

function takeAwayVersions(folder: string, kept: ReadonlySet<string>): void {
  const versions = readdirSync(folder);
  const gone = versions.filter((version) => !kept.has(join(folder, version)));
  for (const version of gone) rmSync(join(folder, version), { recursive: true, force: true });
  if (gone.length === versions.length) rmSync(folder, { recursive: true, force: true });
}
