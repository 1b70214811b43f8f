import { dirname, join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { entriesOfBundle, HASH_BYTES, TILE_WIDTH, tilePath } from "@doppelwerk/trust/log";
import type { FileLayer } from "../files/file-layer.ts";
import { replaceFile } from "../files/replace-file.ts";
import { readWhole } from "../files/scan-log.ts";

export const TILE_BYTES = TILE_WIDTH * HASH_BYTES;
/** Full tiles and bundles that are kept at hand, least recently used first to go. */
const KEPT = 256;

/** The full tiles and bundles of a log as files. They never change once they are written. */
export class TileFiles {
  readonly #layer: FileLayer;
  readonly #directory: string;
  readonly #kept = new Map<string, Uint8Array>();
  readonly #made = new Set<string>();
  /** Folders with names that a power loss could still take. */
  readonly #unsynced = new Set<string>();

  constructor(layer: FileLayer, directory: string) {
    this.#layer = layer;
    this.#directory = directory;
  }

  /** Errors: DW_DAMAGED for one that is missing or not whole, and what the layer throws. */
  read(level: number | "entries", index: number): Uint8Array {
    const path = tilePath(level, index);
    const known = this.#kept.get(path);
    this.#kept.delete(path);
    const bytes = known ?? this.#whole(level, join(this.#directory, path));
    this.#kept.set(path, bytes);
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return bytes;
  }

  /** There whole or not; durable after `sync`. One that is there is the same already, or was left by a start that was cut short. */
  write(level: number | "entries", index: number, bytes: Uint8Array): void {
    const path = join(this.#directory, tilePath(level, index));
    this.#make(dirname(path));
    replaceFile(this.#layer, path, bytes);
    this.#unsynced.add(dirname(path));
  }

  sync(): void {
    for (const folder of this.#unsynced) this.#layer.fsyncDirectory(folder);
    this.#unsynced.clear();
  }

  #whole(level: number | "entries", path: string): Uint8Array {
    let bytes: Uint8Array | undefined;
    try {
      bytes = readWhole(this.#layer, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    const isWhole =
      level === "entries" ? bytes !== undefined && entriesOfBundle(bytes)?.length === TILE_WIDTH : bytes?.length === TILE_BYTES;
    if (!isWhole) throw new DoppelwerkError("DW_DAMAGED", message("storage.tileLogFileNotWhole", { path }));
    return bytes!;
  }

  #make(folder: string): void {
    if (this.#made.has(folder)) return;
    if (folder !== this.#directory) this.#make(dirname(folder));
    this.#layer.makeDirectory(folder);
    this.#made.add(folder);
    if (folder !== this.#directory) this.#unsynced.add(dirname(folder));
  }
}
