import { expect, test } from "vitest";
import { anchoredIn, headerOfBlock, proveReceipt, verifyReceipt, type NodeObject, type ReceiptProof } from "./index.ts";
import { decodeRlp, encodeRlp, hexPairs, rlpNumber, type RlpValue } from "./rlp.ts";
import { proveInTrie, valueInTrie } from "./trie.ts";
import { keccak_256 } from "@noble/hashes/sha3.js";

const seed = Number(process.env["SEED"] ?? 50);
/** mulberry32 */
function randomOf(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (value: Uint8Array): string => [...value].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text: string): Uint8Array => Uint8Array.from(hexPairs(text));
const below = (random: () => number, limit: number): number => Math.floor(random() * limit);
const randomBytes = (random: () => number, length: number): Uint8Array => Uint8Array.from({ length }, () => below(random, 256));

test("[T50] values of RLP are read as they are written: the examples of the specification, and no second encoding of any", () => {
  const examples: readonly (readonly [RlpValue, string])[] = [
    [bytes("dog"), "83646f67"],
    [[bytes("cat"), bytes("dog")], "c88363617483646f67"],
    [new Uint8Array(0), "80"],
    [[], "c0"],
    [rlpNumber(0), "80"],
    [Uint8Array.of(0), "00"],
    [rlpNumber(15), "0f"],
    [rlpNumber(1_024), "820400"],
    [[[], [[]], [[], [[]]]], "c7c0c1c0c3c0c1c0"],
    [
      bytes("Lorem ipsum dolor sit amet, consectetur adipisicing elit"),
      `b838${hex(bytes("Lorem ipsum dolor sit amet, consectetur adipisicing elit"))}`,
    ],
  ];
  for (const [value, text] of examples) {
    expect(hex(encodeRlp(value))).toBe(text);
    expect(encodeRlp(decodeRlp(unhex(text))!)).toEqual(unhex(text));
  }
  for (const wrong of [
    "",
    "8100",
    "817f",
    "b800",
    "b837" + "00".repeat(55),
    "b90038" + "00".repeat(56),
    "83646f",
    "c883636174",
    "8363617400",
    "f800",
    "bfffffffffffffff",
    "ff".repeat(9),
    "c1".repeat(40) + "c0",
  ])
    expect(decodeRlp(unhex(wrong)), wrong).toBeUndefined();
});

test(`[T50] whatever is read is written the same again (SEED=${seed})`, () => {
  const random = randomOf(seed);
  const value = (depth: number): RlpValue =>
    depth === 0 || random() < 0.6
      ? randomBytes(random, [0, 1, 2, 55, 56, 300, 70_000][below(random, depth === 3 ? 7 : 6)]!)
      : Array.from({ length: below(random, 5) }, () => value(depth - 1));
  for (let run = 0; run < 500; run++) {
    const whole = encodeRlp(value(3)).slice();
    expect(encodeRlp(decodeRlp(whole)!)).toEqual(whole);
    for (let change = 0; change < 3; change++) {
      const other = whole.slice(0, random() < 0.2 ? below(random, whole.length + 1) : whole.length);
      if (other.length > 0) other[below(random, Math.min(12, other.length))] = below(random, 256);
      const read = decodeRlp(other);
      if (read !== undefined) expect(encodeRlp(read)).toEqual(other);
    }
  }
});

test("[T51] the root of a trie is that of the trie tests of Ethereum, and each key leads to its value alone", () => {
  const tries: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ A: "a".repeat(50) }, "d23786fb4a010da3ce639d66d5e904a11dbc02746d1ce25029e53290cabf28ab"],
    [{ doe: "reindeer", dog: "puppy", dogglesworth: "cat" }, "8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3"],
    [{ do: "verb", horse: "stallion", doge: "coin", dog: "puppy" }, "5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84"],
  ];
  for (const [values, root] of tries) {
    const entries = Object.entries(values).map(([key, value]) => [bytes(key), bytes(value)] as const);
    for (const [key, value] of Object.entries(values)) {
      const proof = proveInTrie(entries, bytes(key));
      expect(hex(proof.root)).toBe(root);
      expect(valueInTrie(proof.root, bytes(key), proof.nodes)).toEqual(bytes(value));
      for (const other of ["", "d", "x", `${key}x`, key.slice(0, -1)])
        if (values[other] === undefined) expect(valueInTrie(proof.root, bytes(other), proof.nodes), other).toBeUndefined();
      expect(valueInTrie(proof.root, bytes(key), [...proof.nodes, Uint8Array.of(0x80)])).toBeUndefined();
      expect(valueInTrie(proof.root, bytes(key), proof.nodes.slice(0, -1))).toBeUndefined();
    }
  }
});

const TOPIC = `0x${"07".repeat(32)}`;
const CONTRACT = `0x${"c0".repeat(20)}`;
const word = (value: number): string => value.toString(16).padStart(64, "0");

/** Receipts as nodes answer them: of every kind, some failed, some with events of others. */
function blockOf(
  random: () => number,
  count: number,
): { readonly block: NodeObject; readonly receipts: readonly NodeObject[]; readonly roots: readonly Uint8Array[] } {
  const roots = Array.from({ length: count }, () => randomBytes(random, 32));
  const receipts = roots.map((root, at) => ({
    type: `0x${at % 4}`,
    status: at % 5 === 4 ? "0x0" : "0x1",
    cumulativeGasUsed: `0x${(21_000 * (at + 1)).toString(16)}`,
    logsBloom: `0x${"00".repeat(256)}`,
    logs: [
      ...(at % 3 === 0 ? [{ address: `0x${"aa".repeat(20)}`, topics: [TOPIC], data: "0x" }] : []),
      { address: CONTRACT, topics: [TOPIC, `0x${hex(root)}`, `0x${"00".repeat(12)}${"b1".repeat(20)}`], data: `0x${word(at + 1)}` },
    ],
  }));
  const fields: Record<string, unknown> = {};
  for (const name of ["parentHash", "sha3Uncles", "stateRoot", "transactionsRoot", "mixHash", "withdrawalsRoot"])
    fields[name] = `0x${hex(randomBytes(random, 32))}`;
  Object.assign(fields, {
    miner: `0x${"01".repeat(20)}`,
    logsBloom: `0x${"00".repeat(256)}`,
    difficulty: "0x0",
    number: "0x1234",
    gasLimit: "0x1c9c380",
    gasUsed: "0x0",
    timestamp: "0x6abcdef0",
    extraData: "0x",
    nonce: "0x0000000000000000",
    baseFeePerGas: "0x7",
  });
  // the root of the receipts by the trie, the hash by its header
  const probe = proveInTrie(
    receipts.map((receipt, at) => [encodeRlp(rlpNumber(at)), receiptOf(receipt)] as const),
    encodeRlp(rlpNumber(0)),
  );
  fields["receiptsRoot"] = `0x${hex(probe.root)}`;
  const order = [
    "parentHash",
    "sha3Uncles",
    "miner",
    "stateRoot",
    "transactionsRoot",
    "receiptsRoot",
    "logsBloom",
    "difficulty",
    "number",
    "gasLimit",
    "gasUsed",
    "timestamp",
    "extraData",
    "mixHash",
    "nonce",
    "baseFeePerGas",
    "withdrawalsRoot",
  ];
  const numbers = new Set(["difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas"]);
  const header = encodeRlp(
    order.map((name) => (numbers.has(name) ? rlpNumber(BigInt(String(fields[name]))) : unhex(String(fields[name]).slice(2)))),
  );
  return { block: { ...fields, hash: `0x${hex(keccak_256(header))}` }, receipts, roots };
}

/** Written here again, by the words of the specification (EIP-2718, EIP-658). */
function receiptOf({ type, status, cumulativeGasUsed, logsBloom, logs }: Record<string, unknown>): Uint8Array {
  const body = encodeRlp([
    rlpNumber(Number(status)),
    rlpNumber(Number(cumulativeGasUsed)),
    unhex(String(logsBloom).slice(2)),
    (logs as { address: string; topics: string[]; data: string }[]).map(({ address, topics, data }) => [
      unhex(address.slice(2)),
      topics.map((topic) => unhex(topic.slice(2))),
      unhex(data.slice(2)),
    ]),
  ]);
  return Number(type) === 0 ? body : Uint8Array.of(Number(type), ...body);
}

test(`[T52] a proof shows what a contract said in a transaction that succeeded, of blocks of any size; that of a failed one shows nothing (SEED=${seed})`, () => {
  const random = randomOf(seed);
  for (const count of [1, 2, 17, 127, 128, 129, 300]) {
    const { block, receipts, roots } = blockOf(random, count);
    expect(headerOfBlock(block)).toBeDefined();
    for (const index of new Set([0, 1, 4, 16, 126, 127, 128, count - 1, below(random, count)])) {
      if (index >= count) continue;
      const proof = proveReceipt(block, receipts, index)!;
      const shown = anchoredIn(proof, { topic: TOPIC, contract: CONTRACT, root: roots[index]! });
      if (index % 5 === 4) expect(shown).toBeUndefined();
      else
        expect(shown).toEqual({ block: 0x1234, blockHash: block["hash"], time: 0x6abcdef0, size: index + 1, by: `0x${"b1".repeat(20)}` });
      expect(anchoredIn(proof, { topic: TOPIC, contract: CONTRACT, root: roots[(index + 1) % count]! })).toEqual(
        count === 1 ? shown : undefined,
      );
      expect(anchoredIn(proof, { topic: `0x${"08".repeat(32)}`, contract: CONTRACT, root: roots[index]! })).toBeUndefined();
      expect(anchoredIn(proof, { topic: TOPIC, contract: `0x${"c1".repeat(20)}`, root: roots[index]! })).toBeUndefined();
    }
    expect(proveReceipt(block, receipts, count)).toBeUndefined();
  }
});

test(`[T52] a block or receipts that are altered anywhere cannot be proven; a proof that is altered shows nothing, or a block with another hash (SEED=${seed})`, () => {
  const random = randomOf(seed);
  const { block, receipts, roots } = blockOf(random, 40);
  for (const name of Object.keys(block))
    for (const value of [undefined, null, "0x", "0xzz", 7, `${String(block[name])}01`, "0x1"])
      if (value !== block[name]) expect(proveReceipt({ ...block, [name]: value }, receipts, 3), `${name} ${String(value)}`).toBeUndefined();
  for (const change of [
    { status: "0x0" },
    { type: "0x5" },
    { type: "0x80" },
    { logs: [] },
    { logs: "none" },
    { logs: [{}] },
    { cumulativeGasUsed: "0x1" },
    { logsBloom: "0x" },
  ])
    expect(proveReceipt(block, receipts.with(7, { ...receipts[7], ...change }), 3), JSON.stringify(change)).toBeUndefined();
  expect(proveReceipt(block, receipts.toReversed(), 3)).toBeUndefined();
  expect(proveReceipt(block, receipts.slice(1), 3)).toBeUndefined();

  const proof = proveReceipt(block, receipts, 3)!;
  const shown = { ...verifyReceipt(proof)! };
  const altered = (text: string): string => {
    const at = 2 + below(random, text.length - 2);
    return text.slice(0, at) + ((Number.parseInt(text[at]!, 16) + 1 + below(random, 15)) % 16).toString(16) + text.slice(at + 1);
  };
  let others = 0;
  for (let run = 0; run < 1_500; run++) {
    const at = below(random, proof.nodes.length + 2);
    const other: ReceiptProof =
      at === proof.nodes.length
        ? { ...proof, header: altered(proof.header) }
        : at > proof.nodes.length
          ? { ...proof, index: below(random, 41) }
          : { ...proof, nodes: proof.nodes.with(at, altered(proof.nodes[at]!)) };
    const read = verifyReceipt(other);
    if (read === undefined || other.index === 3) {
      // only a header can be another, and then the hash of its block is
      if (read !== undefined && at === proof.nodes.length) expect([others++, read.blockHash]).not.toEqual([others, shown.blockHash]);
      else expect(read === undefined || (at > proof.nodes.length && read.blockHash === shown.blockHash)).toBe(true);
      continue;
    }
    expect(read).toBeUndefined();
  }
  expect(others).toBeGreaterThan(20);
  for (const wrong of [
    {},
    { header: 1, index: 0, nodes: [] },
    { ...proof, nodes: "x" },
    { ...proof, index: 1.5 },
    { ...proof, index: -1 },
    { ...proof, nodes: [] },
    { ...proof, nodes: [1] },
    { ...proof, header: `0x${"00".repeat(600)}` },
  ])
    expect(verifyReceipt(wrong as unknown as ReceiptProof)).toBeUndefined();
  expect(roots).toHaveLength(40);
});
