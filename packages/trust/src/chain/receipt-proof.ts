import { keccak_256 } from "@noble/hashes/sha3.js";
import { isSameHash } from "../log/merkle-hash.ts";
import { decodeRlp, encodeRlp, hexPairs, joined, numberOf, rlpNumber, type RlpValue } from "./rlp.ts";
import { proveInTrie, valueInTrie } from "./trie.ts";

/** That a receipt is in a block with a hash, for who has neither the chain nor a node of it. Hex with 0x. */
export interface ReceiptProof {
  /** The header of the block, in RLP: its Keccak-256 is the hash of the block. */
  readonly header: string;
  /** Place of the transaction in its block. */
  readonly index: number;
  /** Nodes of the trie of receipts, from its root to the receipt. */
  readonly nodes: readonly string[];
}

/** What a contract said in a transaction that succeeded. */
export interface ProvenLog {
  readonly address: string;
  readonly topics: readonly string[];
  readonly data: string;
}

export interface ProvenReceipt {
  readonly blockHash: string;
  readonly block: number;
  /** Of the block, seconds since 1970. */
  readonly time: number;
  readonly logs: readonly ProvenLog[];
}

/** A block and a receipt as nodes answer them (JSON-RPC of Ethereum); nothing of them is believed. */
export type NodeObject = Readonly<Record<string, unknown>>;

/** Fields of a header in their order; those from `baseFeePerGas` on came with forks, and are there where the block has them. */
const HEADER = [
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
] as const;
const LATER = ["baseFeePerGas", "withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"] as const;
const NUMBERS: ReadonlySet<string> = new Set([
  "difficulty",
  "number",
  "gasLimit",
  "gasUsed",
  "timestamp",
  "baseFeePerGas",
  "blobGasUsed",
  "excessBlobGas",
]);
const [RECEIPTS_ROOT, NUMBER, TIMESTAMP] = [HEADER.indexOf("receiptsRoot"), HEADER.indexOf("number"), HEADER.indexOf("timestamp")];
/** A longer text is in no block. */
const MAX_HEX = 1 << 21;

/** The header in RLP where its hash is that of the block; undefined for a block that is altered, or of a chain with other headers. */
export function headerOfBlock(block: NodeObject): Uint8Array | undefined {
  const later = LATER.filter((name) => block[name] !== undefined && block[name] !== null);
  const fields = [...HEADER, ...later].map((name) => bytesOf(block[name], NUMBERS.has(name)));
  const hash = bytesOf(block["hash"], false);
  if (hash === undefined || fields.includes(undefined)) return undefined;
  const header = encodeRlp(fields as readonly Uint8Array[]);
  return isSameHash(keccak_256(header), hash) ? header : undefined;
}

/** A receipt as it stands in the trie of its block; undefined for one that has not the form of any. */
export function receiptBytes(receipt: NodeObject): Uint8Array | undefined {
  const { type, status, root, cumulativeGasUsed, logsBloom, logs } = receipt;
  const kind = type === undefined || type === null ? 0 : numberOf(bytesOf(type, true));
  const outcome = status === undefined || status === null ? bytesOf(root, false) : bytesOf(status, true);
  const fields = [outcome, bytesOf(cumulativeGasUsed, true), bytesOf(logsBloom, false)];
  if (kind === undefined || kind > 0x7f || fields.includes(undefined) || !Array.isArray(logs)) return undefined;
  const said = (logs as readonly unknown[]).map((each) => {
    const { address, topics, data } = Object(each) as NodeObject;
    const parts = [
      bytesOf(address, false),
      bytesOf(data, false),
      ...(Array.isArray(topics) ? topics.map((topic) => bytesOf(topic, false)) : []),
    ];
    if (parts.includes(undefined) || !Array.isArray(topics)) return undefined;
    const [place, text, ...names] = parts as readonly Uint8Array[];
    return [place!, names, text!];
  });
  if (said.includes(undefined)) return undefined;
  const body = encodeRlp([...(fields as readonly Uint8Array[]), said as RlpValue]);
  return kind === 0 ? body : joined([Uint8Array.of(kind), body]);
}

/** The proof of one receipt of a block; undefined where block and receipts, in the order of the block, do not fit together. */
export function proveReceipt(block: NodeObject, receipts: readonly NodeObject[], index: number): ReceiptProof | undefined {
  const header = headerOfBlock(block);
  const values = receipts.map((receipt, at) => [encodeRlp(rlpNumber(at)), receiptBytes(receipt)] as const);
  if (header === undefined || index >= receipts.length || values.some(([, value]) => value === undefined)) return undefined;
  const { root, nodes } = proveInTrie(values as readonly (readonly [Uint8Array, Uint8Array])[], encodeRlp(rlpNumber(index)));
  if (!isSameHash(root, bytesOf(block["receiptsRoot"], false)!)) return undefined;
  return { header: hexOf(header), index, nodes: nodes.map(hexOf) };
}

/** What a proof shows; undefined where it shows nothing, or the transaction failed. That the chain has a block with this hash is another question. */
export function verifyReceipt({ header, index, nodes }: ReceiptProof): ProvenReceipt | undefined {
  const bytes = bytesOf(header, false);
  const way = Array.isArray(nodes) ? nodes.map((node) => bytesOf(node, false)) : [undefined];
  if (bytes === undefined || way.includes(undefined) || !Number.isSafeInteger(index) || index < 0) return undefined;
  const fields = decodeRlp(bytes);
  if (!Array.isArray(fields) || fields.length < HEADER.length) return undefined;
  const [root, block, time] = [fields[RECEIPTS_ROOT], numberOf(fields[NUMBER]), numberOf(fields[TIMESTAMP])];
  if (!(root instanceof Uint8Array) || block === undefined || time === undefined) return undefined;
  const receipt = valueInTrie(root, encodeRlp(rlpNumber(index)), way as readonly Uint8Array[]);
  const logs = receipt === undefined ? undefined : logsOf(receipt);
  return logs && { blockHash: hexOf(keccak_256(bytes)), block, time, logs };
}

/** Of a receipt whose transaction succeeded. */
function logsOf(receipt: Uint8Array): readonly ProvenLog[] | undefined {
  // the encoding of a list begins above 0x7f, a type is below
  const fields = decodeRlp(receipt[0]! < 0x80 ? receipt.subarray(1) : receipt);
  if (!Array.isArray(fields) || fields.length !== 4 || numberOf(fields[0]) !== 1 || !Array.isArray(fields[3])) return undefined;
  const logs = (fields[3] as readonly RlpValue[]).map((each): ProvenLog | undefined => {
    if (!Array.isArray(each) || each.length !== 3) return undefined;
    const [address, topics, data] = each as readonly RlpValue[];
    if (!(address instanceof Uint8Array) || !(data instanceof Uint8Array) || !Array.isArray(topics)) return undefined;
    if (!topics.every((topic): topic is Uint8Array => topic instanceof Uint8Array)) return undefined;
    return { address: hexOf(address), topics: topics.map(hexOf), data: hexOf(data) };
  });
  return logs.includes(undefined) ? undefined : (logs as readonly ProvenLog[]);
}

/** The bytes of a hex text; of a number without leading zeros. Undefined for any other text. */
function bytesOf(value: unknown, isNumber: boolean): Uint8Array | undefined {
  if (typeof value !== "string" || value.length > MAX_HEX || !/^0x[0-9a-f]*$/i.test(value)) return undefined;
  const hex = value.slice(2);
  if (isNumber) return hex === "" || hex.length > 64 ? undefined : rlpNumber(BigInt(value));
  return hex.length % 2 === 0 ? Uint8Array.from(hexPairs(hex)) : undefined;
}

function hexOf(bytes: Uint8Array): string {
  return `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
