import { createHash, randomUUID } from "node:crypto";
import { open, readFile, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Bytes that came in pieces: few of them in memory, many in a file of their own. */
export interface Arrived {
  readonly hash: string;
  readonly size: number;
  /** Set where they are in memory. */
  readonly small: Uint8Array | undefined;
  bytes(): Promise<Uint8Array>;
  pieces(): AsyncIterable<Uint8Array>;
  /** Gives the file its last name, on disk; only where they are not in memory. */
  moveTo(path: string): Promise<void>;
  remove(): Promise<void>;
}

/** Larger ones go into a file while they come. */
export const MAX_IN_MEMORY = 1_000_000;

/** Begins the names of files that are not whole or not wanted yet. */
export const STAGED = "staged-";

/** Takes the pieces to their end; what they throw is thrown on, and nothing of them is left. Errors: DW_UNAVAILABLE (the disk refuses). */
export async function arrive(pieces: AsyncIterable<Uint8Array>, directory: string): Promise<Arrived> {
  const hash = createHash("sha256");
  const path = join(directory, `${STAGED}${randomUUID()}`);
  const held: Uint8Array[] = [];
  let size = 0;
  let file: FileHandle | undefined;
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      size += piece.length;
      if (file !== undefined) await writeWhole(file, piece);
      else {
        held.push(piece);
        if (size > MAX_IN_MEMORY) {
          file = await onDisk(() => open(path, "wx"));
          await writeWhole(file, Buffer.concat(held.splice(0)));
        }
      }
    }
    if (file !== undefined) await onDisk(() => file!.sync());
  } catch (error) {
    await file?.close();
    await rm(path, { force: true });
    throw error;
  }
  await file?.close();
  const small = file === undefined ? Buffer.concat(held) : undefined;
  return {
    hash: hash.digest("hex"),
    size,
    small,
    bytes: async () => small ?? (await readFile(path)),
    pieces: () => (small === undefined ? piecesOf(path) : onePiece(small)),
    async moveTo(last) {
      await rename(path, last);
      await syncDirectory(directory);
    },
    remove: () => rm(path, { force: true }),
  };
}

/** Bytes of a file that are in memory while it is read. */
const PIECE_BYTES = 1 << 18;

/** A file piece by piece; it is opened with the first. Errors: DW_UNAVAILABLE. */
export async function* piecesOf(path: string): AsyncIterable<Uint8Array> {
  const file = await onDisk(() => open(path, "r"));
  try {
    for (;;) {
      const { bytesRead, buffer } = await onDisk(() => file.read(Buffer.allocUnsafe(PIECE_BYTES)));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export async function* onePiece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await onDisk(() => file.write(bytes, at))).bytesWritten;
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.fileCouldNotStored", { reason: (error as Error).message }));
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows has no fsync of directories and makes names durable by itself.
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
