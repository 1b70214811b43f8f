import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Blobs } from "@doppelwerk/world";
import { arrive, onePiece, piecesOf, STAGED } from "./staged-file.ts";

/**
 * Content-addressed bytes in a SQLite file, and those that came in many pieces as files in the folder beside it, so that neither memory nor the
 * event loop has to take them whole. `put` and `keep` resolve after fsync. Errors: DW_UNAVAILABLE.
 */
export function openSqliteBlobs(path: string): Blobs {
  const directory = path.replace(/(\.sqlite)?$/, "-files");
  const database = openDurable(path);
  prepareFolder(directory);
  database.exec("CREATE TABLE IF NOT EXISTS blobs (hash TEXT PRIMARY KEY, contentType TEXT NOT NULL, bytes BLOB NOT NULL)");
  database.exec("CREATE TABLE IF NOT EXISTS files (hash TEXT PRIMARY KEY, contentType TEXT NOT NULL)");
  const insert = database.prepare("INSERT OR IGNORE INTO blobs (hash, contentType, bytes) VALUES (?, ?, ?)");
  const select = database.prepare("SELECT contentType, bytes FROM blobs WHERE hash = ?");
  const insertFile = database.prepare("INSERT OR IGNORE INTO files (hash, contentType) VALUES (?, ?)");
  const selectFile = database.prepare("SELECT contentType FROM files WHERE hash = ?");
  const isKnown = (hash: string): boolean => selectFile.get(hash) !== undefined || select.get(hash) !== undefined;
  const put = (hash: string, bytes: Uint8Array, contentType: string): void => {
    if (selectFile.get(hash) === undefined) insert.run(hash, contentType, bytes);
  };
  return {
    async put(bytes, contentType) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      await stored(() => put(hash, bytes, contentType));
      return { hash };
    },
    async stage(pieces) {
      const arrived = await arrive(pieces, directory);
      const { hash, size, small } = arrived;
      let isMoved = false;
      return {
        hash,
        size,
        bytes: async () => (isMoved ? readFile(join(directory, hash)) : arrived.bytes()),
        pieces: () => (isMoved ? piecesOf(join(directory, hash)) : arrived.pieces()),
        keep: (contentType) =>
          stored(async () => {
            if (small !== undefined) return put(hash, small, contentType);
            if (isMoved || isKnown(hash)) return;
            await arrived.moveTo(join(directory, hash));
            isMoved = true;
            insertFile.run(hash, contentType);
          }),
        drop: () => arrived.remove(),
      };
    },
    async get(hash) {
      const row = select.get(hash);
      if (row !== undefined) return { bytes: row["bytes"] as Uint8Array, contentType: row["contentType"] as string };
      const file = selectFile.get(hash);
      return file && { bytes: await stored(() => readFile(join(directory, hash))), contentType: file["contentType"] as string };
    },
    async open(hash) {
      const row = select.get(hash);
      if (row !== undefined) {
        const bytes = row["bytes"] as Uint8Array;
        return { contentType: row["contentType"] as string, size: bytes.length, pieces: () => onePiece(bytes) };
      }
      const file = selectFile.get(hash);
      if (file === undefined) return undefined;
      const path = join(directory, hash);
      return {
        contentType: file["contentType"] as string,
        size: await stored(async () => (await stat(path)).size),
        pieces: () => piecesOf(path),
      };
    },
    usage: async () => usageOf(database, directory),
    async close() {
      database.close();
    },
  };
}

/** Hashes of the files in it; none where it is not there. Changes nothing. */
export function blobHashes(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database.prepare("SELECT hash FROM blobs UNION SELECT hash FROM files").all() as unknown as readonly {
      readonly hash: string;
    }[];
    return rows.map(({ hash }) => hash);
  } finally {
    database.close();
  }
}

/** A file that is missing is damage that is told of elsewhere. */
function usageOf(database: DatabaseSync, directory: string): { readonly files: number; readonly bytes: number } {
  const { files, bytes } = database.prepare("SELECT count(*) AS files, coalesce(sum(length(bytes)), 0) AS bytes FROM blobs").get() as {
    readonly files: number;
    readonly bytes: number;
  };
  const large = database.prepare("SELECT hash FROM files").all() as unknown as readonly { readonly hash: string }[];
  const sizes = large.map(({ hash }) => statSync(join(directory, hash), { throwIfNoEntry: false })?.size ?? 0);
  return { files: files + sizes.length, bytes: sizes.reduce((sum, size) => sum + size, bytes) };
}

/** What came in when the process ended was answered by nobody. */
function prepareFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    for (const name of readdirSync(directory)) if (name.startsWith(STAGED)) rmSync(join(directory, name));
  } catch (error) {
    throw new DoppelwerkError(
      "DW_UNAVAILABLE",
      message("storage.folderLargeFilesCannotOpened", { reason: (error as Error).message, directory }),
    );
  }
}

async function stored<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.blobCouldNotStoredOrRead", { reason: (error as Error).message }));
  }
}

/** A SQLite file that is no cache: every commit is fsynced. */
export function openDurable(path: string): DatabaseSync {
  try {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    return database;
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.fileCannotOpened", { reason: (error as Error).message, path }));
  }
}
