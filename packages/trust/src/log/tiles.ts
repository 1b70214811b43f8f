import { HASH_BYTES, type MerkleHash } from "./merkle-hash.ts";
import type { NodeAt } from "./merkle-tree.ts";

// The layout of C2SP tlog-tiles: hashes by 256 of one level in files that never change once they are full, entries by 256 beside them.

/** Hashes of a full tile, entries of a full bundle. */
export const TILE_WIDTH = 256;
/** Levels of the tree from one tile to the tile above. */
export const TILE_HEIGHT = 8;
/** A bundle has the length of each entry in 16 bits. */
export const MAX_ENTRY_BYTES = 65_535;

/** Path of a tile below the prefix of the log; `width` of a partial one. */
export function tilePath(level: number | "entries", index: number, width = TILE_WIDTH): string {
  let digits = String(index);
  digits = digits.padStart(Math.ceil(digits.length / 3) * 3, "0");
  const groups = digits.match(/.{3}/g)!;
  const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level}/${path}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

/** Which tile a path names, else undefined. */
export function parseTilePath(
  path: string,
): { readonly level: number | "entries"; readonly index: number; readonly width: number } | undefined {
  const found = /^tile\/(entries|[1-5]?\d|6[0-3])\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (found === null) return undefined;
  const [, level, digits, partial] = found;
  const index = Number(digits!.replaceAll(/[x/]/g, ""));
  const width = partial === undefined ? TILE_WIDTH : Number(partial);
  const named = { level: level === "entries" ? level : Number(level), index, width } as const;
  // one name for each tile: no further zeroes, and no partial one of full width
  return Number.isSafeInteger(index) && tilePath(named.level, index, width) === path && (partial === undefined || width < TILE_WIDTH)
    ? named
    : undefined;
}

/** The tiles of a tree of that size with their widths, lowest level first. */
export function tilesOf(size: number): readonly { readonly level: number; readonly full: number; readonly partial: number }[] {
  const tiles: { readonly level: number; readonly full: number; readonly partial: number }[] = [];
  for (let [level, count] = [0, size]; count > 0; level++, count = Math.floor(count / TILE_WIDTH))
    tiles.push({ level, full: Math.floor(count / TILE_WIDTH), partial: count % TILE_WIDTH });
  return tiles;
}

/** Nodes of a tree of that size from its tiles; those between two levels of tiles are hashed. `tileAt` may give more hashes than asked for. */
export function nodesOfTiles(hash: MerkleHash, tileAt: (level: number, index: number) => Uint8Array): NodeAt {
  return (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const width = 2 ** (level % TILE_HEIGHT);
    const first = index * width;
    const tile = tileAt(tileLevel, Math.floor(first / TILE_WIDTH));
    const begin = first % TILE_WIDTH;
    return rootOf(
      hash,
      Array.from({ length: width }, (_, at) => hashIn(tile, begin + at)),
    );
  };
}

/** Of a full tile: the hash that the tile above has of it. */
export function tileRoot(hash: MerkleHash, tile: Uint8Array): Uint8Array {
  return rootOf(
    hash,
    Array.from({ length: TILE_WIDTH }, (_, at) => hashIn(tile, at)),
  );
}

export function hashIn(tile: Uint8Array, at: number): Uint8Array {
  return tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
}

/** Of a complete subtree. */
function rootOf(hash: MerkleHash, hashes: readonly Uint8Array[]): Uint8Array {
  let level = hashes;
  while (level.length > 1) level = Array.from({ length: level.length / 2 }, (_, at) => hash.node(level[2 * at]!, level[2 * at + 1]!));
  return level[0]!;
}

/** Entries one after the other, each after its length in 16 bits, big-endian. */
export function entryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    bundle[at] = entry.length >> 8;
    bundle[at + 1] = entry.length & 0xff;
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/** The entries of a bundle; undefined where it ends within one. */
export function entriesOfBundle(bundle: Uint8Array): readonly Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bundle.length;) {
    const end = at + 2 + bundle[at]! * 256 + (bundle[at + 1] ?? 0);
    if (at + 2 > bundle.length || end > bundle.length) return undefined;
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
