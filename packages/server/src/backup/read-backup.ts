import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, existsSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { backupsIn, isBackupFolder, namesOf, timeOf } from "./backup-folder.ts";
import { decrypted, type Keys } from "./encryption.ts";
import { MANIFEST_ENTRY, readManifest, type Piece, type SignedManifest } from "./manifest.ts";
import { readTar, type TarEntry } from "./tar-stream.ts";

/** A longer manifest is none: of a million files it has a third of that. */
const MAX_MANIFEST_BYTES = 2 ** 30;

/** A piece as it came out of an archive. */
export interface Unpacked {
  readonly path: string;
  readonly length: number;
  readonly sha256: string;
}

export interface BackupSource {
  /** What it restores: in a folder the newest backup, or the first one that was made at or after `atMs`. */
  read(into: string): Promise<{ readonly signed: SignedManifest; readonly pieces: ReadonlyMap<string, Unpacked> }>;
}

export interface SourceOptions {
  readonly from: string;
  readonly keys: Keys;
  readonly expectedKey?: string;
  readonly atMs?: number;
  /** Leave out record caches: they are made again of the change logs. */
  readonly replay?: boolean;
}

/** Pieces are under `ARCHIVE ENTRY`. Errors: DW_NOT_FOUND, DW_FORBIDDEN (no key fits, another server), DW_DAMAGED, DW_FORMAT_NEWER. */
export function openBackup({ from, keys, expectedKey, atMs, replay = false }: SourceOptions): BackupSource {
  if (!existsSync(from)) throw new DoppelwerkError("DW_NOT_FOUND", message("server.backupNone", { path: from }));
  return isBackupFolder(from) ? folderSource() : fileSource();

  function folderSource(): BackupSource {
    return {
      async read(into) {
        const id = chosen(from, atMs);
        const name = namesOf(id).manifest;
        const signed = await readFolderManifest(join(from, name), keys, expectedKey);
        const pieces = new Map<string, Unpacked>();
        const needed = Map.groupBy(
          [...signed.manifest.files, ...(replay ? [] : signed.manifest.caches)].flatMap((file) => file.pieces),
          ({ archive }) => archive,
        );
        for (const [archive, wanted] of needed) {
          const path = join(from, archive);
          if (!existsSync(path)) throw new DoppelwerkError("DW_NOT_FOUND", message("server.backupArchiveMissing", { archive, id }));
          const entries = new Set(wanted.map(({ entry }) => entry));
          await unpack(path, keys, into, pieces, ({ name: entry }) => entries.has(entry));
        }
        return { signed, pieces };
      },
    };
  }

  function fileSource(): BackupSource {
    return {
      async read(into) {
        const pieces = new Map<string, Unpacked>();
        const last = await unpack(from, keys, into, pieces, ({ name }) => !replay || !name.startsWith("cache/"));
        if (last === undefined) throw new DoppelwerkError("DW_DAMAGED", message("server.backupArchiveDamaged"));
        const signed = readManifest(last, from, expectedKey);
        if (atMs !== undefined && Date.parse(signed.manifest.instant) < atMs) throw tooLate(Date.parse(signed.manifest.instant));
        const named = new Set(
          [...signed.manifest.files, ...signed.manifest.caches].flatMap((file) => file.pieces.map(({ archive }) => archive)),
        );
        if (named.size > 1) throw new DoppelwerkError("DW_INVALID", message("server.backupNeedsFolder", { path: from }));
        // the file may have another name by now
        const [name] = named;
        const own = basename(from);
        return { signed, pieces: new Map([...pieces].map(([key, piece]) => [`${name ?? own} ${key.slice(own.length + 1)}`, piece])) };
      },
    };
  }
}

/** A manifest that lies in a folder of backups. Errors: as of `openBackup`. */
export async function readFolderManifest(path: string, keys: Keys, expectedKey: string | undefined): Promise<SignedManifest> {
  const name = basename(path);
  return readManifest(await whole(decrypted(createReadStream(path), keys, name)), name, expectedKey);
}

/**
 * Files of the newest backup in a folder that was made at or before an instant, written below `into` under their names. False where there is none. Errors: as
 * of `openBackup`.
 */
export async function readEarlierFiles(
  { from, keys, expectedKey, atMs }: SourceOptions & { readonly atMs: number },
  names: readonly string[],
  into: string,
): Promise<boolean> {
  const id = isBackupFolder(from) ? backupsIn(from).findLast((each) => timeOf(each) <= atMs) : undefined;
  if (id === undefined) return false;
  const { manifest } = await readFolderManifest(join(from, namesOf(id).manifest), keys, expectedKey);
  for (const { path, pieces } of manifest.files.filter((file) => names.includes(file.path))) {
    // each is small and replaced as a whole
    const bytes = await Promise.all(pieces.map((piece) => pieceOf(from, keys, piece, path)));
    writeFileSync(join(into, path), Buffer.concat(bytes), { mode: 0o600 });
  }
  return true;
}

/** Errors: DW_NOT_FOUND, DW_DAMAGED. */
async function pieceOf(from: string, keys: Keys, { archive, entry, sha256 }: Piece, path: string): Promise<Uint8Array> {
  if (!existsSync(join(from, archive)))
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.backupArchiveMissing", { archive, id: archive.replace(/\..*$/, "") }));
  for await (const { name, content } of readTar(decrypted(createReadStream(join(from, archive)), keys, archive))) {
    if (name !== entry) continue;
    const bytes = await whole(content);
    // the rest of the archive is not read: the manifest is signed and has the hash
    if (createHash("sha256").update(bytes).digest("hex") === sha256) return bytes;
    break;
  }
  throw new DoppelwerkError("DW_DAMAGED", message("server.restorePieceDamaged", { path, archive }));
}

function chosen(folder: string, atMs: number | undefined): string {
  const ids = backupsIn(folder);
  const [newest] = ids.slice(-1);
  if (newest === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.backupNone", { path: folder }));
  if (atMs === undefined) return newest;
  const id = ids.find((each) => timeOf(each) >= atMs);
  if (id === undefined) throw tooLate(timeOf(newest));
  return id;
}

function tooLate(instantMs: number): DoppelwerkError {
  return new DoppelwerkError("DW_NOT_FOUND", message("server.backupEndsBefore", { instant: new Date(instantMs).toISOString() }));
}

/** Writes the wanted entries under numbers, never under names of the archive. Gives the bytes of its manifest. */
// oxlint-disable-next-line max-params -- where from, with what, where to, what is found, what is wanted
async function unpack(
  path: string,
  keys: Keys,
  into: string,
  pieces: Map<string, Unpacked>,
  isWanted: (entry: TarEntry) => boolean,
): Promise<Uint8Array | undefined> {
  let manifest: Uint8Array | undefined;
  const archive = basename(path);
  for await (const entry of readTar(decrypted(createReadStream(path), keys, archive))) {
    if (entry.name === MANIFEST_ENTRY) {
      if (entry.size > MAX_MANIFEST_BYTES) throw new DoppelwerkError("DW_DAMAGED", message("server.backupArchiveDamaged"));
      manifest = await whole(entry.content);
    } else if (isWanted(entry)) {
      const key = `${archive} ${entry.name}`;
      if (pieces.has(key)) throw new DoppelwerkError("DW_DAMAGED", message("server.backupArchiveDamaged"));
      pieces.set(key, await written(entry, join(into, String(pieces.size))));
    }
  }
  return manifest;
}

async function written({ content, size }: TarEntry, path: string): Promise<Unpacked> {
  const hash = createHash("sha256");
  const hashing = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk);
      done(undefined, chunk);
    },
  });
  await pipeline(content, hashing, createWriteStream(path, { flags: "wx", mode: 0o600 }));
  return { path, length: size, sha256: hash.digest("hex") };
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of bytes) {
    length += part.length;
    if (length > MAX_MANIFEST_BYTES) throw new DoppelwerkError("DW_DAMAGED", message("server.backupArchiveDamaged"));
    parts.push(part);
  }
  return Buffer.concat(parts);
}
