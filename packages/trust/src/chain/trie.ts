import { keccak_256 } from "@noble/hashes/sha3.js";
import { isSameHash } from "../log/merkle-hash.ts";
import { decodeRlp, encodeRlp, type RlpValue } from "./rlp.ts";

/** A Merkle-Patricia trie (Ethereum Yellow Paper, appendix D): what it holds under each key is proven by the nodes on the way from its root. */

const HASH_BYTES = 32;
const EMPTY = new Uint8Array(0);
/** A way of more nodes is none: keys here have at most nine bytes. */
const MAX_NODES = 64;

type Entry = readonly [key: readonly number[], value: Uint8Array];

/** Root, and the nodes that lead from it to a key. */
export interface TrieProof {
  readonly root: Uint8Array;
  readonly nodes: readonly Uint8Array[];
}

/** The trie of some keys and values, and the way to one of the keys. */
export function proveInTrie(values: readonly (readonly [key: Uint8Array, value: Uint8Array])[], key: Uint8Array): TrieProof {
  const entries = values.map(([each, value]) => [nibblesOf(each), value] as const);
  const nodes: Uint8Array[] = [];
  const root = nodeOf(entries, 0, nibblesOf(key), nodes);
  const bytes = encodeRlp(root);
  return { root: keccak_256(bytes), nodes: [bytes, ...nodes.toReversed()] };
}

/** What a trie with this root has under a key; undefined where the nodes do not prove it. */
export function valueInTrie(root: Uint8Array, key: Uint8Array, nodes: readonly Uint8Array[]): Uint8Array | undefined {
  if (nodes.length > MAX_NODES) return undefined;
  let rest = nibblesOf(key);
  let expected: RlpValue = root;
  let used = 0;
  for (;;) {
    const node: RlpValue | undefined = Array.isArray(expected) ? expected : hashedNode(expected as Uint8Array, nodes[used++]);
    if (!Array.isArray(node)) return undefined;
    const isPath: boolean = node.length === 2;
    if (!isPath && node.length !== 17) return undefined;
    const step: Step | undefined = isPath ? pathStep(node, rest) : branchStep(node, rest);
    if (step === undefined) return undefined;
    if (step.isValue) return used === nodes.length && step.next instanceof Uint8Array && step.next.length > 0 ? step.next : undefined;
    ({ next: expected, rest } = step);
  }
}

interface Step {
  readonly next: RlpValue;
  readonly rest: readonly number[];
  readonly isValue: boolean;
}

function hashedNode(hash: Uint8Array, bytes: Uint8Array | undefined): RlpValue | undefined {
  if (hash.length !== HASH_BYTES || bytes === undefined || !isSameHash(keccak_256(bytes), hash)) return undefined;
  return decodeRlp(bytes);
}

/** A leaf or an extension. */
function pathStep([path, next]: readonly RlpValue[], rest: readonly number[]): Step | undefined {
  if (!(path instanceof Uint8Array) || path.length === 0) return undefined;
  const [flags, ...nibbles] = nibblesOf(path) as [number, ...number[]];
  if (flags > 3 || (flags % 2 === 0 && nibbles[0] !== 0)) return undefined;
  const own = flags % 2 === 0 ? nibbles.slice(1) : nibbles;
  const isValue = flags >= 2;
  if (own.some((nibble, at) => rest[at] !== nibble) || (isValue && own.length !== rest.length)) return undefined;
  // an extension goes on
  return !isValue && own.length === 0 ? undefined : { next: next!, rest: rest.slice(own.length), isValue };
}

function branchStep(node: readonly RlpValue[], rest: readonly number[]): Step | undefined {
  const [first, ...after] = rest;
  return first === undefined ? { next: node[16]!, rest: [], isValue: true } : { next: node[first]!, rest: after, isValue: false };
}

/** The node of entries whose keys are alike up to `depth`; nodes on the way to `wanted` that are found by their hash go into `way`, the lowest first. */
// oxlint-disable-next-line max-params -- where in the trie, and what is wanted of it
function nodeOf(entries: readonly Entry[], depth: number, wanted: readonly number[] | undefined, way: Uint8Array[]): RlpValue {
  const [first] = entries;
  if (first === undefined) return EMPTY;
  if (entries.length === 1) return [compact(first[0].slice(depth), true), first[1]];
  const shared = sharedFrom(entries, depth);
  if (shared > 0) {
    const path = first[0].slice(depth, depth + shared);
    const isOnWay = wanted !== undefined && path.every((nibble, at) => wanted[depth + at] === nibble);
    return [compact(path, false), referenceTo(entries, depth + shared, isOnWay ? wanted : undefined, way)];
  }
  const children = Array.from({ length: 16 }, (_, nibble) => {
    const below = entries.filter(([key]) => key[depth] === nibble);
    return below.length === 0 ? EMPTY : referenceTo(below, depth + 1, wanted?.[depth] === nibble ? wanted : undefined, way);
  });
  return [...children, entries.find(([key]) => key.length === depth)?.[1] ?? EMPTY];
}

/** A node of fewer than 32 bytes stands itself where its hash would. */
// oxlint-disable-next-line max-params -- as nodeOf
function referenceTo(entries: readonly Entry[], depth: number, wanted: readonly number[] | undefined, way: Uint8Array[]): RlpValue {
  const node = nodeOf(entries, depth, wanted, way);
  const bytes = encodeRlp(node);
  if (bytes.length < HASH_BYTES) return node;
  if (wanted !== undefined) way.push(bytes);
  return keccak_256(bytes);
}

function sharedFrom(entries: readonly Entry[], depth: number): number {
  const [[first]] = entries as readonly [Entry];
  let length = 0;
  while (depth + length < first.length && entries.every(([key]) => key[depth + length] === first[depth + length])) length++;
  return length;
}

/** Nibbles with a flag of what they lead to, in whole bytes. */
function compact(nibbles: readonly number[], isLeaf: boolean): Uint8Array {
  const flag = isLeaf ? 2 : 0;
  const all = nibbles.length % 2 === 0 ? [flag, 0, ...nibbles] : [flag + 1, ...nibbles];
  return Uint8Array.from({ length: all.length / 2 }, (_, at) => all[2 * at]! * 16 + all[2 * at + 1]!);
}

function nibblesOf(bytes: Uint8Array): readonly number[] {
  return [...bytes].flatMap((byte) => [byte >> 4, byte & 15]);
}
