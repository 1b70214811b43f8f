import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testOnSharedData } from "../../../../scripts/shared-data.ts";
import { createMerkleHash, isSameHash } from "./merkle-hash.ts";
import { consistencyProof, inclusionProof, isConsistent, isIncluded, MerkleFrontier, type NodeAt } from "./merkle-tree.ts";

const hash = createMerkleHash();
const encoder = new TextEncoder();

/** As RFC 6962, 2.1 writes it down, with another maker of hashes. */
function naiveRoot(entries: readonly Uint8Array[]): Uint8Array {
  const sha256 = (...parts: readonly Uint8Array[]) => new Uint8Array(createHash("sha256").update(Buffer.concat(parts)).digest());
  if (entries.length === 0) return sha256();
  if (entries.length === 1) return sha256(Uint8Array.of(0), entries[0]!);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return sha256(Uint8Array.of(1), naiveRoot(entries.slice(0, split)), naiveRoot(entries.slice(split)));
}

function entriesOf(count: number): readonly Uint8Array[] {
  return Array.from({ length: count }, (_, n) => encoder.encode(`entry ${n} ${"x".repeat((n * 7) % 30)}`));
}

function treeOf(entries: readonly Uint8Array[]): { readonly frontier: MerkleFrontier; readonly nodeAt: NodeAt } {
  const nodes = new Map<string, Uint8Array>();
  const frontier = new MerkleFrontier(hash);
  for (const entry of entries) frontier.append(hash.leaf(entry), (level, index, node) => void nodes.set(`${level} ${index}`, node));
  return { frontier, nodeAt: (level, index) => nodes.get(`${level} ${index}`)! };
}

test("[T40] the root of a tree of any size is that of RFC 6962, also when it is carried on from its complete subtrees", () => {
  const entries = entriesOf(70);
  const { nodeAt } = treeOf(entries);
  for (let size = 0; size <= entries.length; size++) {
    const { frontier } = treeOf(entries.slice(0, size));
    expect(frontier.size).toBe(size);
    expect(frontier.root(), `size ${size}`).toEqual(naiveRoot(entries.slice(0, size)));
    const carriedOn = MerkleFrontier.of(hash, size, nodeAt);
    for (const entry of entries.slice(size)) carriedOn.append(hash.leaf(entry), () => {});
    expect(carriedOn.root()).toEqual(naiveRoot(entries));
  }
});

test("[T41] every entry of trees up to 40 has a proof, which is of this entry, place, size and root alone", () => {
  const entries = entriesOf(40);
  const { nodeAt } = treeOf(entries);
  for (let size = 1; size <= entries.length; size++) {
    const root = naiveRoot(entries.slice(0, size));
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(hash, nodeAt, index, size);
      const leaf = hash.leaf(entries[index]!);
      expect(isIncluded(hash, leaf, index, size, proof, root), `${index} of ${size}`).toBe(true);
      const other = hash.leaf(entries[(index + 1) % entries.length]!);
      expect(isIncluded(hash, other, index, size, proof, root)).toBe(false);
      expect(isIncluded(hash, leaf, index, size, proof, hash.empty)).toBe(false);
      expect(isIncluded(hash, leaf, index, size, [...proof, root], root)).toBe(false);
      if (proof.length > 0) expect(isIncluded(hash, leaf, index, size, proof.slice(1), root)).toBe(false);
      if (size > 1) expect(isIncluded(hash, leaf, (index + 1) % size, size, proof, root)).toBe(false);
    }
  }
});

test("[T42] a tree is consistent with each one that it was before, and with no other", () => {
  const entries = entriesOf(40);
  const { nodeAt } = treeOf(entries);
  const roots = Array.from({ length: entries.length + 1 }, (_, size) => naiveRoot(entries.slice(0, size)));
  for (let size = 1; size <= entries.length; size++)
    for (let earlier = 1; earlier <= size; earlier++) {
      const proof = consistencyProof(hash, nodeAt, earlier, size);
      expect(isConsistent(hash, earlier, size, proof, roots[earlier]!, roots[size]!), `${earlier} of ${size}`).toBe(true);
      expect(isConsistent(hash, earlier, size, proof, roots[earlier - 1]!, roots[size]!)).toBe(false);
      expect(isConsistent(hash, earlier, size, proof, roots[earlier]!, roots[size - 1]!)).toBe(false);
      expect(isConsistent(hash, earlier, size, [...proof, hash.empty], roots[earlier]!, roots[size]!)).toBe(false);
      if (proof.length > 0) expect(isConsistent(hash, earlier, size, proof.slice(1), roots[earlier]!, roots[size]!)).toBe(false);
    }
  expect(isConsistent(hash, 0, 40, [], hash.empty, roots[40]!)).toBe(true);
  expect(isConsistent(hash, 0, 40, [], roots[1]!, roots[40]!)).toBe(false);
});

test("[T41] [T42] numbers that are no sizes are no proofs, and no exceptions", () => {
  const leaf = hash.leaf(new Uint8Array(0));
  for (const wrong of [-1, 0.5, Number.NaN, Infinity, 2 ** 53, 2 ** 60]) {
    expect(isIncluded(hash, leaf, wrong, 2, [leaf], leaf)).toBe(false);
    expect(isIncluded(hash, leaf, 0, wrong, [leaf], leaf)).toBe(false);
    expect(isConsistent(hash, wrong, 2, [leaf], leaf, leaf)).toBe(false);
    expect(isConsistent(hash, 1, wrong, [leaf], leaf, leaf)).toBe(false);
  }
  expect(isConsistent(hash, 3, 2, [], leaf, leaf)).toBe(false);
});

test("[T41] [T42] proofs of large trees use no arithmetic of 32 bits", () => {
  const size = 2 ** 40 + 12_345;
  const made = new Map<string, Uint8Array>();
  // every complete subtree has a hash of its own; those on the way are made of their halves
  const nodeAt: NodeAt = (level, index) => {
    const name = `${level} ${index}`;
    return made.get(name) ?? made.set(name, hash.leaf(encoder.encode(name))).get(name)!;
  };
  const root = MerkleFrontier.of(hash, size, nodeAt).root();
  // the last entry alone is a complete subtree of its own here
  const proof = inclusionProof(hash, nodeAt, size - 1, size);
  expect(isIncluded(hash, nodeAt(0, size - 1), size - 1, size, proof, root)).toBe(true);
  const earlier = 2 ** 40;
  const consistent = consistencyProof(hash, nodeAt, earlier, size);
  expect(isConsistent(hash, earlier, size, consistent, nodeAt(40, 0), root)).toBe(true);
});

interface InclusionCase {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}

interface ConsistencyCase {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly desc: string;
  readonly wantErr: boolean;
}

testOnSharedData(
  "[T41] [T42] published cases of inclusion and consistency, right and wrong ones",
  "trust/rfc6962-merkle-proofs.tar.gz",
  (archive) => {
    const bytes = (text: string | undefined) => new Uint8Array(Buffer.from(text ?? "", "base64"));
    const cases = <Case>(kind: string): readonly Case[] =>
      execFileSync("tar", ["tzf", archive], { encoding: "utf8" })
        .split("\n")
        .filter((name) => name.includes(`${kind}/`) && name.endsWith(".json"))
        .map((name) => JSON.parse(execFileSync("tar", ["xzOf", archive, name], { encoding: "utf8" })) as Case);
    const inclusions = cases<InclusionCase>("inclusion");
    const consistencies = cases<ConsistencyCase>("consistency");
    expect(inclusions.length + consistencies.length).toBe(196);
    for (const { leafIdx, treeSize, root, leafHash, proof, desc, wantErr } of inclusions) {
      const found = isIncluded(hash, bytes(leafHash), leafIdx, treeSize, (proof ?? []).map(bytes), bytes(root));
      expect(found, join("inclusion", String(treeSize), desc)).toBe(!wantErr);
    }
    for (const { size1, size2, root1, root2, proof, desc, wantErr } of consistencies) {
      const found = isConsistent(hash, size1, size2, (proof ?? []).map(bytes), bytes(root1), bytes(root2));
      expect(found, join("consistency", `${size1} ${size2}`, desc)).toBe(!wantErr);
    }
    expect(isSameHash(hash.empty, bytes("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="))).toBe(true);
  },
);
