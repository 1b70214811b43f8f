import { join } from "node:path";
import {
  entriesOfBundle,
  HASH_BYTES,
  isSameHash,
  MerkleFrontier,
  TILE_HEIGHT,
  TILE_WIDTH,
  tilePath,
  type MerkleHash,
  type NoteKey,
  type VerifyBytes,
} from "@doppelwerk/trust/log";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { FileLayer } from "../files/file-layer.ts";
import { readWhole } from "../files/scan-log.ts";
import { readJournal } from "./entry-journal.ts";
import { readSignedCheckpoint } from "./signed-checkpoint.ts";
import { TILE_BYTES } from "./tile-files.ts";

export interface VerifiedTileLog {
  readonly size: number;
  /** Entries that the signed checkpoint is of. */
  readonly signed: number;
  /** In English: what is wrong, and in which file. */
  readonly findings: readonly string[];
}

/** Further ones follow from the first. */
const MAX_FINDINGS = 20;

/** Reads a whole log and computes it anew: every entry, every tile, and the root that was signed. Writes nothing. `each` gets the entries in their order. */
// oxlint-disable-next-line max-params -- as the log itself is opened
export function verifyTileLog(
  layer: FileLayer,
  directory: string,
  hash: MerkleHash,
  key: NoteKey,
  verify: VerifyBytes,
  each: (entry: Uint8Array, index: number) => void = () => {},
): VerifiedTileLog {
  const findings: string[] = [];
  const found = (text: string): void => void (findings.length < MAX_FINDINGS && findings.push(text));
  const tiles = new ComputedTiles(layer, directory, found);
  const frontier = new MerkleFrontier(hash);
  const signed = reported(() => readSignedCheckpoint(layer, directory, key, verify), found);
  let signedRoot = signed?.size === 0 ? frontier.root() : undefined;
  const take = (entry: Uint8Array): void => {
    each(entry, frontier.size);
    frontier.append(hash.leaf(entry), (level, index, node) => {
      if (level % TILE_HEIGHT === 0) tiles.take(level / TILE_HEIGHT, index, node, written);
    });
    if (frontier.size === signed?.size) signedRoot = frontier.root();
  };
  const journal = reported(() => readJournal(layer, directory), found);
  const written = journal?.first ?? 0;
  for (let bundle = 0; bundle < written / TILE_WIDTH; bundle++) {
    const path = tilePath("entries", bundle);
    const entries = reported(() => entriesOfBundle(readWhole(layer, join(directory, path))), found);
    if (entries?.length !== TILE_WIDTH) {
      found(`${path}: not a bundle of ${TILE_WIDTH} entries`);
      return { size: frontier.size, signed: signed?.size ?? 0, findings };
    }
    for (const entry of entries) take(entry);
  }
  for (const entry of journal?.entries ?? []) take(entry);
  if (journal === undefined && findings.length === 0) found("journal: missing");
  if (journal !== undefined && journal.size > journal.end) found(`journal: ${journal.size - journal.end} bytes after its last whole group`);
  if (signed !== undefined && signedRoot === undefined)
    found(`checkpoint: signed for ${signed.size} entries, and ${frontier.size} are there`);
  else if (signed !== undefined && !isSameHash(signedRoot!, signed.root))
    found(`checkpoint: the first ${signed.size} entries are not those that were signed`);
  return { size: frontier.size, signed: signed?.size ?? 0, findings };
}

/** Tiles as they must be, compared with the files once they are full. */
class ComputedTiles {
  readonly #layer: FileLayer;
  readonly #directory: string;
  readonly #found: (text: string) => void;
  readonly #levels: Uint8Array[] = [];

  constructor(layer: FileLayer, directory: string, found: (text: string) => void) {
    this.#layer = layer;
    this.#directory = directory;
    this.#found = found;
  }

  /** `written`: entries of full bundles that are files. */
  // oxlint-disable-next-line max-params -- once an entry, without an object
  take(level: number, index: number, node: Uint8Array, written: number): void {
    const tile = (this.#levels[level] ??= new Uint8Array(TILE_BYTES));
    const at = index % TILE_WIDTH;
    tile.set(node, at * HASH_BYTES);
    if (at < TILE_WIDTH - 1 || (index + 1) * TILE_WIDTH ** level > written) return;
    const path = tilePath(level, (index - at) / TILE_WIDTH);
    const stored = reported(() => readWhole(this.#layer, join(this.#directory, path)), this.#found);
    if (stored !== undefined && Buffer.compare(stored, tile) !== 0) this.#found(`${path}: not the hashes of its entries`);
  }
}

function reported<Value>(read: () => Value, found: (text: string) => void): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DoppelwerkError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    found((error as Error).message);
    return undefined;
  }
}
