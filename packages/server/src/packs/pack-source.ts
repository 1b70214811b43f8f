import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { hasOrMakes, readPackManifest, type PackManifest } from "@doppelwerk/kit/pack";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { signerOf } from "./integrity.ts";
import { checkWhole, listPackFolder, MAX_PACK_BYTES, readPackFolder, type PackFiles } from "./pack-files.ts";
import { readTarGz } from "./tar-files.ts";

const PACKAGE_JSON = "package.json";

/** A pack as somebody gives it, checked; nothing of it has run. */
export interface GivenPack {
  readonly manifest: PackManifest;
  readonly files: PackFiles;
  /** Fingerprint of the key that it is signed with; undefined = unsigned. */
  readonly signedBy: string | undefined;
}

/** Reads an archive of `npm pack` or a folder. Errors: DW_NOT_FOUND, DW_INVALID with everything that is wrong, DW_DAMAGED where it is not as it was signed. */
export function readPack(path: string): GivenPack {
  return givenOf(filesAt(path), path);
}

/** The same of an archive that is in memory; it may have at most `maxBytes` once it is inflated. Errors: as `readPack`. */
export function readPackArchive(archive: Uint8Array, path: string, maxBytes: number): GivenPack {
  return givenOf(readTarGz(archive, maxBytes), path);
}

function givenOf(files: PackFiles, path: string): GivenPack {
  checkWhole(files);
  return { manifest: manifestOf(files, path), files, signedBy: signerOf(files) };
}

/** An author's folder: modules for the browser may stand in it as they are written, as `.tsx` or `.ts`. Errors: as `readPack`. */
export function readAuthorsFolder(folder: string): GivenPack {
  const files = readPackFolder(folder);
  checkWhole(files);
  return {
    manifest: manifestWith(
      packageJsonOf(files),
      folder,
      hasOrMakes((name) => files.has(name)),
    ),
    files,
    signedBy: signerOf(files),
  };
}

/** The manifest of a folder as it is now, without its other files. Errors: DW_INVALID. */
export function manifestOfFolder(folder: string): PackManifest {
  const content = readFileSync(join(folder, PACKAGE_JSON));
  const paths = new Set(listPackFolder(folder));
  return manifestWith(
    packageJsonOf(new Map([[PACKAGE_JSON, content]])),
    folder,
    hasOrMakes((name) => paths.has(name)),
  );
}

function filesAt(path: string): PackFiles {
  let isFolder: boolean;
  try {
    const stats = statSync(path);
    isFolder = stats.isDirectory();
    if (!isFolder && stats.size > MAX_PACK_BYTES)
      throw new DoppelwerkError("DW_INVALID", message("packs.tooLarge", { max: MAX_PACK_BYTES / 1e6 }));
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError(
      "DW_NOT_FOUND",
      message("packs.cannotRead", { reason: (error as NodeJS.ErrnoException).code ?? String(error), path }),
    );
  }
  return isFolder ? readPackFolder(path) : readTarGz(readFileSync(path));
}

/** The manifest of these files. Errors: DW_INVALID. */
export function manifestOf(files: PackFiles, path: string): PackManifest {
  return manifestWith(packageJsonOf(files), path, (name) => files.has(name));
}

function manifestWith(packageJson: unknown, path: string, has: (path: string) => boolean): PackManifest {
  const reading = readPackManifest(packageJson, has);
  if (reading.manifest !== undefined) return reading.manifest;
  throw new DoppelwerkError("DW_INVALID", message("packs.refused", { path, faults: reading.faults }));
}

function packageJsonOf(files: PackFiles): unknown {
  try {
    return JSON.parse(Buffer.from(files.get(PACKAGE_JSON) ?? []).toString());
  } catch {
    return undefined;
  }
}
