import { verifyReceipt, type ReceiptProof } from "./receipt-proof.ts";

/** Keccak-256 of `Anchored(bytes32,address,uint64)`. */
export const ANCHORED_TOPIC = "0x0733e5a0823eaea6686da77c223c685bd0c96ab61f1323c5ab21d5ecc786f53a";

/** An event of a contract with a root, who sent it, and a size: `Anchored(bytes32 indexed root, address indexed by, uint64 size)`. */
export interface AnchoredEvent {
  /** Keccak-256 of its signature; hex with 0x, as the address of the contract. */
  readonly topic?: string;
  readonly contract: string;
  readonly root: Uint8Array;
}

/** What a block holds about a root. */
export interface AnchoredRoot {
  readonly block: number;
  readonly blockHash: string;
  /** Seconds since 1970. */
  readonly time: number;
  readonly size: number;
  readonly by: string;
}

/** What a proof shows of a root; undefined where it shows nothing of it. That the chain has the block is another question. */
export function anchoredIn(proof: ReceiptProof, { topic = ANCHORED_TOPIC, contract, root }: AnchoredEvent): AnchoredRoot | undefined {
  const receipt = verifyReceipt(proof);
  const hex = `0x${[...root].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
  const said = receipt?.logs.find(
    ({ address, topics }) => address === contract.toLowerCase() && topics.length === 3 && topics[0] === topic && topics[1] === hex,
  );
  if (receipt === undefined || said === undefined || !/^0x[0-9a-f]{64}$/.test(said.data)) return undefined;
  const size = Number(BigInt(said.data));
  if (!Number.isSafeInteger(size)) return undefined;
  const { block, blockHash, time } = receipt;
  return { block, blockHash, time, size, by: `0x${said.topics[2]!.slice(26)}` };
}
