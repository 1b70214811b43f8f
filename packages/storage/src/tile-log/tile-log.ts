import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import {
  checkpointText,
  consistencyProof,
  entriesOfBundle,
  entryBundle,
  HASH_BYTES,
  inclusionProof,
  isSameHash,
  MAX_ENTRY_BYTES,
  MerkleFrontier,
  nodesOfTiles,
  signatureLine,
  signedNote,
  TILE_HEIGHT,
  TILE_WIDTH,
  tileRoot,
  type MerkleHash,
  type NodeAt,
  type NoteKey,
  type SignBytes,
  type VerifyBytes,
} from "@doppelwerk/trust/log";
import type { FileLayer } from "../files/file-layer.ts";
import { namesIn } from "../files/log-checkpoint.ts";
import { replaceFile } from "../files/replace-file.ts";
import { createJournal, EntryJournal, keepTorn, readJournal } from "./entry-journal.ts";
import { CHECKPOINT, readSignedCheckpoint } from "./signed-checkpoint.ts";
import { TILE_BYTES, TileFiles } from "./tile-files.ts";

export interface TileLogOptions {
  readonly layer: FileLayer;
  readonly directory: string;
  readonly hash: MerkleHash;
  /** Its name is the origin of the log. */
  readonly key: NoteKey;
  readonly sign: SignBytes;
  readonly verify: VerifyBytes;
  /** Full bundles that wait to be written together: each is two files, made durable on their own. */
  readonly foldBundles?: number;
}

const FOLD_BUNDLES = 32;

/**
 * An append-only log of entries in a folder (RFC 6962, C2SP tlog-tiles): each group is durable in a journal before it counts, full tiles are files that never
 * change, and a signed checkpoint says what the log is. One process owns the folder.
 */
export class TileLog {
  readonly #options: TileLogOptions;
  readonly #files: TileFiles;
  readonly #journal: EntryJournal;
  readonly #nodeAt: NodeAt;
  readonly #frontier: MerkleFrontier;
  /** Tiles that are not full, or not written yet, by level and index. */
  readonly #tiles = new Map<string, Uint8Array>();
  /** Entries of bundles that are not written yet, by index of the bundle. */
  readonly #bundles = new Map<number, Uint8Array[]>();
  /** Full bundles that are written. */
  #written: number;
  #note: { readonly size: number; readonly text: string } | undefined;
  /** Bytes that a write of before left behind and that were cut off: nobody was told that they are there. */
  readonly tornBytes: number;

  /** Opens the log of a folder, or begins one. Errors: DW_DAMAGED where it is not what its checkpoint says, and what the layer throws; nothing is touched then. */
  constructor(options: TileLogOptions) {
    const { layer, directory, hash } = options;
    this.#options = options;
    this.#files = new TileFiles(layer, directory);
    this.#nodeAt = nodesOfTiles(hash, (level, index) => this.#tiles.get(`${level} ${index}`) ?? this.#files.read(level, index));
    const found = readJournal(layer, directory);
    this.#written = (found?.first ?? 0) / TILE_WIDTH;
    this.#frontier = this.#restored(found?.first ?? 0);
    for (const entry of found?.entries ?? []) this.#take(entry);
    this.#checkAgainst(found === undefined);
    if (found === undefined) layer.makeDirectory(directory);
    const journal = found ?? createJournal(layer, directory);
    this.tornBytes = journal.size - journal.end;
    keepTorn(layer, directory, journal);
    this.#journal = new EntryJournal(layer, directory, journal);
  }

  get size(): number {
    return this.#frontier.size;
  }

  root(size = this.size): Uint8Array {
    return size === this.size ? this.#frontier.root() : MerkleFrontier.of(this.#options.hash, size, this.#nodeAt).root();
  }

  /**
   * Index of the first entry; all of them are durable once it returns. Errors: DW_INVALID for an entry of more than 65,535 bytes, DW_UNAVAILABLE when the disk
   * refuses; then none of them is there.
   */
  append(entries: readonly Uint8Array[]): number {
    const first = this.size;
    if (entries.length === 0) return first;
    const tooLong = entries.findIndex(({ length }) => length > MAX_ENTRY_BYTES);
    if (tooLong >= 0) {
      const bytes = entries[tooLong]!.length;
      throw new DoppelwerkError("DW_INVALID", message("storage.tileLogEntryTooLong", { bytes, max: MAX_ENTRY_BYTES }), { entry: tooLong });
    }
    try {
      this.#journal.append(first, entries);
    } catch (error) {
      throw this.#refused(error);
    }
    for (const entry of entries) this.#take(entry);
    if (Math.floor(this.size / TILE_WIDTH) - this.#written >= (this.#options.foldBundles ?? FOLD_BUNDLES)) this.#fold();
    return first;
  }

  /** The signed checkpoint of all that was appended, stored beside the tiles. Errors: DW_UNAVAILABLE when the disk refuses. */
  checkpoint(): string {
    if (this.#note?.size === this.size) return this.#note.text;
    const { key, sign, layer, directory } = this.#options;
    const text = checkpointText({ origin: key.name, size: this.size, root: this.root() });
    const note = signedNote(text, [signatureLine(text, key, sign, 0)]);
    try {
      replaceFile(layer, join(directory, CHECKPOINT), new TextEncoder().encode(note));
      layer.fsyncDirectory(directory);
    } catch (error) {
      throw this.#refused(error);
    }
    this.#note = { size: this.size, text: note };
    return note;
  }

  /** Undefined beyond the end. */
  entry(index: number): Uint8Array | undefined {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.size) return undefined;
    const bundle = Math.floor(index / TILE_WIDTH);
    return (this.#bundles.get(bundle) ?? entriesOfBundle(this.#files.read("entries", bundle))!)[index % TILE_WIDTH];
  }

  /** Audit path of an entry in the log as it was at `size` (RFC 6962, 2.1.1). `index` < `size` ≤ the size now. */
  inclusion(index: number, size = this.size): readonly Uint8Array[] {
    return inclusionProof(this.#options.hash, this.#nodeAt, index, size);
  }

  /** That the log at `size` begins with what it was at `earlier` (RFC 6962, 2.1.2). 0 < `earlier` ≤ `size` ≤ the size now. */
  consistency(earlier: number, size = this.size): readonly Uint8Array[] {
    return consistencyProof(this.#options.hash, this.#nodeAt, earlier, size);
  }

  /** A tile or bundle of that width, as it is served; undefined for one that the log is too small for. */
  tile(level: number | "entries", index: number, width: number): Uint8Array | undefined {
    const count = level === "entries" ? this.size : Math.floor(this.size / TILE_WIDTH ** level);
    if (width < 1 || width > TILE_WIDTH || index * TILE_WIDTH + width > count) return undefined;
    if (level !== "entries") return (this.#tiles.get(`${level} ${index}`) ?? this.#files.read(level, index)).slice(0, width * HASH_BYTES);
    const entries = this.#bundles.get(index) ?? entriesOfBundle(this.#files.read("entries", index))!;
    return entryBundle(entries.slice(0, width));
  }

  /** Errors: DW_UNAVAILABLE when the last checkpoint cannot be written; the folder is released all the same. */
  close(): void {
    try {
      this.checkpoint();
    } finally {
      this.#journal.close();
    }
  }

  #take(entry: Uint8Array): void {
    const bundle = Math.floor(this.size / TILE_WIDTH);
    let entries = this.#bundles.get(bundle);
    if (entries === undefined) this.#bundles.set(bundle, (entries = []));
    entries.push(new Uint8Array(entry));
    this.#frontier.append(this.#options.hash.leaf(entry), (level, index, node) => {
      if (level % TILE_HEIGHT === 0) this.#keep(level / TILE_HEIGHT, index, node);
    });
  }

  #keep(level: number, index: number, node: Uint8Array): void {
    const name = `${level} ${Math.floor(index / TILE_WIDTH)}`;
    let tile = this.#tiles.get(name);
    if (tile === undefined) this.#tiles.set(name, (tile = new Uint8Array(TILE_BYTES)));
    tile.set(node, (index % TILE_WIDTH) * HASH_BYTES);
  }

  /** The tree at the beginning of the journal. Tiles that were not full then are made again of those below. */
  #restored(size: number): MerkleFrontier {
    for (let [level, count] = [1, size / TILE_WIDTH]; count >= 1; level++, count = Math.floor(count / TILE_WIDTH))
      for (let index = count - (count % TILE_WIDTH); index < count; index++)
        this.#keep(level, index, tileRoot(this.#options.hash, this.#files.read(level - 1, index)));
    return MerkleFrontier.of(this.#options.hash, size, this.#nodeAt);
  }

  /** Writes what is full to files of its own, and leaves in the journal what is not. */
  #fold(): void {
    const written = Math.floor(this.size / TILE_WIDTH);
    try {
      for (let bundle = this.#written; bundle < written; bundle++)
        this.#files.write("entries", bundle, entryBundle(this.#bundles.get(bundle)!));
      const full = [...this.#tiles].flatMap(([name, tile]) => {
        const [level, index] = name.split(" ").map(Number) as [number, number];
        return (index + 1) * TILE_WIDTH <= Math.floor(this.size / TILE_WIDTH ** level) ? [{ name, level, index, tile }] : [];
      });
      for (const { level, index, tile } of full) this.#files.write(level, index, tile);
      this.#files.sync();
      this.#journal.replace(written * TILE_WIDTH, this.#bundles.get(written) ?? []);
      for (const { name } of full) this.#tiles.delete(name);
      for (let bundle = this.#written; bundle < written; bundle++) this.#bundles.delete(bundle);
      this.#written = written;
    } catch {
      // the journal has all of it, and the next group tries again
    }
  }

  /** Nothing that was signed may be missing. */
  #checkAgainst(isNew: boolean): void {
    const { layer, directory, key, verify } = this.#options;
    const known = readSignedCheckpoint(layer, directory, key, verify);
    if (known === undefined && !(isNew && namesIn(layer, join(directory, "tile", "entries")).length > 0)) return;
    const isThere = !isNew && known !== undefined && known.size <= this.size && isSameHash(this.root(known.size), known.root);
    if (isThere) return;
    const signed = known?.size ?? 0;
    const params = { size: signed, found: this.size, directory };
    throw new DoppelwerkError("DW_DAMAGED", message("storage.tileLogNotItsCheckpoint", params), { size: this.size, signed });
  }

  #refused(error: unknown): DoppelwerkError {
    const params = { reason: (error as Error).message, directory: this.#options.directory };
    return new DoppelwerkError("DW_UNAVAILABLE", message("storage.tileLogCouldNotWritten", params));
  }
}
