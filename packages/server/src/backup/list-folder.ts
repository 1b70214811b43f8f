import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { DoppelwerkError } from "@doppelwerk/world";
import { backupsIn, namesOf, timeOf } from "./backup-folder.ts";
import { Catalogue } from "./catalogue.ts";
import type { Keys } from "./encryption.ts";
import { archivesOf, type BackedUpWorld, type Manifest } from "./manifest.ts";
import { readFolderManifest } from "./read-backup.ts";

export interface ListedBackup {
  readonly id: string;
  /** Everything that was acknowledged before is in it: ISO 8601. */
  readonly instant: string;
  /** Of its own archive and manifest. */
  readonly bytes: number;
  /** Archives that it needs, its own among them; 0 where that is not known. */
  readonly needs: number;
  /** When it was last restored as a whole: ISO 8601. */
  readonly verified?: string;
  /** Of its manifest, where a key was given that opens it. */
  readonly worlds?: readonly Pick<BackedUpWorld, "name" | "revision" | "hash">[];
  readonly files?: number;
  /** Why it cannot be restored, in English. */
  readonly problem?: string;
}

export interface ListOptions {
  readonly folder: string;
  readonly keys?: Keys;
  readonly expectedKey?: string;
}

/** The backups of a folder, the oldest first. What one of them lacks is said of it and keeps no other from being listed. Errors: DW_NOT_FOUND. */
export async function listFolder({ folder, keys, expectedKey }: ListOptions): Promise<readonly ListedBackup[]> {
  const catalogue = new Catalogue(folder);
  const listed: ListedBackup[] = [];
  for (const id of backupsIn(folder)) {
    const known = catalogue.of(id);
    const names = namesOf(id);
    const opened = keys === undefined ? {} : await openedManifest(join(folder, names.manifest), keys, expectedKey);
    const needed = opened.manifest === undefined ? (known?.archives ?? []) : archivesOf(opened.manifest);
    const missing = [...new Set([names.archive, ...needed])].find((name) => !existsSync(join(folder, name)));
    const problem = opened.problem ?? (missing === undefined ? undefined : `${missing} is missing`);
    listed.push({
      id,
      instant: opened.manifest?.instant ?? known?.instant ?? new Date(timeOf(id)).toISOString(),
      bytes: [names.archive, names.manifest].reduce(
        (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      ),
      needs: needed.length,
      ...(known?.verified !== undefined && { verified: known.verified }),
      ...(opened.manifest !== undefined && {
        worlds: opened.manifest.worlds.map(({ name, revision, hash }) => ({ name, revision, hash })),
        files: opened.manifest.files.length,
      }),
      ...(problem !== undefined && { problem }),
    });
  }
  return listed;
}

async function openedManifest(
  path: string,
  keys: Keys,
  expectedKey: string | undefined,
): Promise<{ readonly manifest?: Manifest; readonly problem?: string }> {
  try {
    return { manifest: (await readFolderManifest(path, keys, expectedKey)).manifest };
  } catch (error) {
    if (!(error instanceof DoppelwerkError)) throw error;
    return { problem: error.message };
  }
}
