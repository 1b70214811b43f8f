import { sha256 } from "@noble/hashes/sha2.js";

/** Bytes of a SHA-256. */
export const HASH_BYTES = 32;

/** Hashes of a Merkle tree (RFC 6962, 2.1): leaves and nodes have different prefixes, so that none can be taken for the other. */
export interface MerkleHash {
  /** Of a tree without entries. */
  readonly empty: Uint8Array;
  leaf(entry: Uint8Array): Uint8Array;
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
}

/** `sha256Of` is a faster maker of the same hash, where the machine has one; it gives bytes of its own each time. */
export function createMerkleHash(sha256Of: (bytes: Uint8Array) => Uint8Array = sha256): MerkleHash {
  const pair = new Uint8Array(1 + 2 * HASH_BYTES);
  pair[0] = 1;
  let entryBytes = new Uint8Array(1_024);
  return {
    empty: sha256Of(new Uint8Array(0)),
    leaf(entry) {
      if (entry.length + 1 > entryBytes.length) entryBytes = new Uint8Array(2 * (entry.length + 1));
      entryBytes.set(entry, 1);
      return sha256Of(entryBytes.subarray(0, entry.length + 1));
    },
    node(left, right) {
      pair.set(left, 1);
      pair.set(right, 1 + HASH_BYTES);
      return sha256Of(pair);
    },
  };
}

export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
