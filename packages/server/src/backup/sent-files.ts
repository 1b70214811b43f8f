import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { CapturedFile } from "@doppelwerk/storage/capture";
import { writePrivateFile } from "../accounts/private-file.ts";
import { firstBytesHash } from "./file-pieces.ts";
import type { BackedUpFile, Piece } from "./manifest.ts";

interface Sent {
  readonly stamp: string;
  readonly length: number;
  /** SHA-256 of the last bytes: what grows may have been cut and written again. */
  readonly end: string;
  readonly pieces: readonly Piece[];
}

/** The record cache of a world, as it was sent last. */
export interface SentCache {
  /** Bytes of the change log then. */
  readonly logBytes: number;
  readonly files: readonly BackedUpFile[];
}

/** A chain of more backups is read slowly, and is lost as soon as one of them is: then a new one begins. */
const MAX_CHAIN = 30;

/** What a folder of backups holds already of a data folder, kept beside the data: without it everything is sent again. */
export class SentFiles {
  readonly #path: string;
  readonly #folder: string;
  #files: ReadonlyMap<string, Sent> = new Map();
  /** Archives that they lie in. */
  archives: readonly string[] = [];
  /** By the folder of the world in the data folder. */
  caches: ReadonlyMap<string, SentCache> = new Map();

  /** `state` is the folder of the data folder for what is known of backups. */
  constructor(state: string, folder: string) {
    this.#folder = folder;
    this.#path = join(state, `sent-${createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 16)}.json`);
    this.#load();
  }

  /** All of it was sent. */
  has(path: string, stamp: string): boolean {
    return stamp !== "" && this.#files.get(path)?.stamp === stamp;
  }

  /** What of a file was sent; the rest begins after it. */
  piecesOf(file: CapturedFile): readonly Piece[] {
    const sent = this.#files.get(file.path);
    if (sent === undefined || file.stamp === "" || sent.stamp !== file.stamp) return [];
    if (!file.grows) return sent.pieces;
    if (sent.length > file.length || firstBytesHash(file.source, sent.length) !== sent.end) return [];
    return sent.pieces;
  }

  save(
    archives: readonly string[],
    files: readonly (CapturedFile & { readonly pieces: readonly Piece[] })[],
    caches: ReadonlyMap<string, SentCache>,
  ): void {
    const sent = files.map(({ path, stamp, length, grows, source, pieces }) => [
      path,
      { stamp, length, end: grows ? firstBytesHash(source, length) : "", pieces },
    ]);
    const known = { archives, files: Object.fromEntries(sent), caches: Object.fromEntries(caches) };
    writePrivateFile(this.#path, JSON.stringify({ format: 1, folder: resolve(this.#folder), ...known }));
  }

  /** Of a file that cannot be read, or where an archive is gone, nothing is known. */
  #load(): void {
    if (!existsSync(this.#path)) return;
    try {
      const { format, archives, files, caches } = JSON.parse(readFileSync(this.#path, "utf8")) as {
        readonly format: number;
        readonly archives: readonly string[];
        readonly files: Readonly<Record<string, Sent>>;
        readonly caches?: Readonly<Record<string, SentCache>>;
      };
      if (format !== 1 || archives.length >= MAX_CHAIN || !archives.every((name) => existsSync(join(this.#folder, name)))) return;
      this.archives = archives;
      this.#files = new Map(Object.entries(files));
      this.caches = new Map(Object.entries(caches ?? {}));
    } catch {
      // everything is sent again
    }
  }
}
