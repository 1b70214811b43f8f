import { readFileSync, statSync } from "node:fs";
import { readPackManifest, type PackManifest } from "@doppelwerk/kit/pack";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { signerOf } from "./integrity.ts";
import { checkWhole, MAX_PACK_BYTES, readPackFolder, type PackFiles } from "./pack-files.ts";
import { readTarGz } from "./tar-files.ts";

/** A pack as somebody gives it, checked; nothing of it has run. */
export interface GivenPack {
  readonly manifest: PackManifest;
  readonly files: PackFiles;
  /** Fingerprint of the key that it is signed with; undefined = unsigned. */
  readonly signedBy: string | undefined;
}

/** Reads an archive of `npm pack` or a folder. Errors: DW_NOT_FOUND, DW_INVALID with everything that is wrong, DW_DAMAGED where it is not as it was signed. */
export function readPack(path: string): GivenPack {
  const files = filesAt(path);
  checkWhole(files);
  return { manifest: manifestOf(files, path), files, signedBy: signerOf(files) };
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
  const reading = readPackManifest(packageJsonOf(files), (name) => files.has(name));
  if (reading.manifest !== undefined) return reading.manifest;
  throw new DoppelwerkError("DW_INVALID", message("packs.refused", { path, faults: reading.faults }));
}

function packageJsonOf(files: PackFiles): unknown {
  try {
    return JSON.parse(Buffer.from(files.get("package.json") ?? []).toString());
  } catch {
    return undefined;
  }
}
