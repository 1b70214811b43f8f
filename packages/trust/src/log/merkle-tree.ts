import { HASH_BYTES, isSameHash, type MerkleHash } from "./merkle-hash.ts";

// Trees of up to 2^53 entries: sizes are halved and not shifted, which would cut them to 32 bits.

/** Hash of the complete subtree of 2^level entries that begins at entry index × 2^level. */
export type NodeAt = (level: number, index: number) => Uint8Array;

/** The roots of the complete subtrees of a tree, from the left: all that is needed to append, and to know the root. */
export class MerkleFrontier {
  readonly #hash: MerkleHash;
  /** By level; those above which the size has no bit are left over from earlier. */
  readonly #roots: Uint8Array[] = [];
  #size = 0;

  constructor(hash: MerkleHash) {
    this.#hash = hash;
  }

  /** The tree of this size whose complete subtrees are known. */
  static of(hash: MerkleHash, size: number, nodeAt: NodeAt): MerkleFrontier {
    const frontier = new MerkleFrontier(hash);
    frontier.#size = size;
    for (let [level, rest] = [0, size]; rest > 0; level++, rest = Math.floor(rest / 2))
      if (rest % 2 === 1) frontier.#roots[level] = nodeAt(level, rest - 1);
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  /** `complete` is called for each subtree that the leaf completes, from the leaf upwards. */
  append(leaf: Uint8Array, complete: (level: number, index: number, hash: Uint8Array) => void): void {
    let [level, index, hash] = [0, this.#size, leaf];
    complete(0, index, hash);
    while (index % 2 === 1) {
      hash = this.#hash.node(this.#roots[level]!, hash);
      level++;
      index = (index - 1) / 2;
      complete(level, index, hash);
    }
    this.#roots[level] = hash;
    this.#size++;
  }

  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (let [level, rest] = [0, this.#size]; rest > 0; level++, rest = Math.floor(rest / 2))
      if (rest % 2 === 1) root = root === undefined ? this.#roots[level]! : this.#hash.node(this.#roots[level]!, root);
    return root ?? this.#hash.empty;
  }
}

/** Audit path (RFC 6962, 2.1.1) of the entry in the tree of that size, from its sibling upwards. `index` is below `size`. */
export function inclusionProof(hash: MerkleHash, nodeAt: NodeAt, index: number, size: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  for (let [begin, end] = [0, size]; end - begin > 1;) {
    const split = begin + splitOf(end - begin);
    if (index < split) {
      path.push(spanHash(hash, nodeAt, split, end));
      end = split;
    } else {
      path.push(spanHash(hash, nodeAt, begin, split));
      begin = split;
    }
  }
  return path.toReversed();
}

/** That the tree of `size` begins with the tree of `earlier` (RFC 6962, 2.1.2). 0 < `earlier` ≤ `size`; from equal ones it is empty. */
export function consistencyProof(hash: MerkleHash, nodeAt: NodeAt, earlier: number, size: number): readonly Uint8Array[] {
  const proof: Uint8Array[] = [];
  let isKnown = true;
  let [begin, end] = [0, size];
  while (earlier !== end) {
    const split = begin + splitOf(end - begin);
    if (earlier <= split) {
      proof.push(spanHash(hash, nodeAt, split, end));
      end = split;
    } else {
      proof.push(spanHash(hash, nodeAt, begin, split));
      begin = split;
      isKnown = false;
    }
  }
  if (!isKnown) proof.push(spanHash(hash, nodeAt, begin, end));
  return proof.toReversed();
}

/** Whether the proof leads from the leaf to the root (RFC 9162, 2.1.3.2). Whatever is handed in is an answer, never an exception. */
// oxlint-disable-next-line max-params -- what a proof is of
export function isIncluded(
  hash: MerkleHash,
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!isCount(index) || !isCount(size) || index >= size || !areHashes([leaf, root, ...proof])) return false;
  let [node, last, found] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      found = hash.node(sibling, found);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else found = hash.node(found, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSameHash(found, root);
}

/** Whether the tree of `size` begins with that of `earlier` (RFC 9162, 2.1.4.2). Every tree begins with the empty one, which needs no proof. */
// oxlint-disable-next-line max-params -- what a proof is of
export function isConsistent(
  hash: MerkleHash,
  earlier: number,
  size: number,
  proof: readonly Uint8Array[],
  earlierRoot: Uint8Array,
  root: Uint8Array,
): boolean {
  if (!isCount(earlier) || !isCount(size) || earlier > size) return false;
  if (earlier === size && size > 0) return proof.length === 0 && isSameHash(earlierRoot, root);
  if (!areHashes([earlierRoot, root, ...proof])) return false;
  if (earlier === 0) return proof.length === 0 && isSameHash(earlierRoot, hash.empty) && (size > 0 || isSameHash(root, hash.empty));
  let [node, last] = [earlier - 1, size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  // a complete tree is a subtree itself, and its root is known
  const path = node === 0 ? [earlierRoot, ...proof] : proof;
  if (path.length === 0) return false;
  let [before, after] = [path[0]!, path[0]!];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      before = hash.node(sibling, before);
      after = hash.node(sibling, after);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else after = hash.node(after, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && isSameHash(before, earlierRoot) && isSameHash(after, root);
}

/** Hash of the entries `begin` to `end`, which begin where a subtree does. */
function spanHash(hash: MerkleHash, nodeAt: NodeAt, begin: number, end: number): Uint8Array {
  const count = end - begin;
  const level = Math.log2(count);
  if (Number.isInteger(level) && 2 ** level === count) return nodeAt(level, begin / count);
  const split = begin + splitOf(count);
  return hash.node(spanHash(hash, nodeAt, begin, split), spanHash(hash, nodeAt, split, end));
}

/** The largest power of two below `count`, which is at least 2. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

const half = (value: number): number => Math.floor(value / 2);

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function areHashes(all: readonly Uint8Array[]): boolean {
  return all.every(({ length }) => length === HASH_BYTES);
}
