import { createHash } from "node:crypto";
import type { ImportedFile } from "@doppelwerk/aas-server";
import type { Blobs } from "@doppelwerk/world";

/** A file that is read piece by piece, from the first byte each time it is asked for. */
export interface FileSource {
  /** In bytes. */
  readonly size: number;
  pieces(): AsyncIterable<Uint8Array>;
}

export function sourceOf(bytes: Uint8Array): FileSource {
  return { size: bytes.length, pieces: () => onePiece(bytes) };
}

export async function bytesOf({ pieces }: Pick<FileSource, "pieces">): Promise<Uint8Array> {
  const held: Uint8Array[] = [];
  for await (const piece of pieces()) held.push(piece);
  return held.length === 1 ? held[0]! : Buffer.concat(held);
}

/** A file that a package carries. */
export interface CarriedFile extends ImportedFile, FileSource {
  /** Makes it a blob; resolves when on disk. */
  keep(): Promise<void>;
}

/** Takes one file of a package in. */
export type TakeFile<File> = (contentType: string, pieces: AsyncIterable<Uint8Array>) => Promise<File>;

/** Files of packages on disk while an import decides about them; `drop` removes those that were not kept. */
export class StagedFiles {
  readonly #blobs: Blobs;
  readonly #drops: (() => Promise<void>)[] = [];

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  readonly take: TakeFile<CarriedFile> = async (contentType, pieces) => {
    const staged = await this.#blobs.stage(pieces);
    this.#drops.push(() => staged.drop());
    const { hash, size } = staged;
    return { contentType, hash, size, pieces: () => staged.pieces(), keep: () => staged.keep(contentType) };
  };

  async drop(): Promise<void> {
    await Promise.all(this.#drops.splice(0).map((drop) => drop()));
  }
}

/** A file that is in memory already. */
export function carriedBytes(
  blobs: Blobs,
  { contentType, bytes }: { readonly contentType: string; readonly bytes: Uint8Array },
): CarriedFile {
  return {
    ...sourceOf(bytes),
    contentType,
    hash: createHash("sha256").update(bytes).digest("hex"),
    keep: async () => void (await blobs.put(bytes, contentType)),
  };
}

async function* onePiece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
