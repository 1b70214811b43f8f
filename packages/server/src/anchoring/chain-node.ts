import { message, verbatim, type Message } from "@doppelwerk/messages";
import { proveReceipt, type NodeObject, type ReceiptProof } from "@doppelwerk/trust/chain";
import { DoppelwerkError } from "@doppelwerk/world";
import { anchoredAnswer, anchoredCall, ANCHOR_CODE } from "./anchor-contract.ts";

/** Posts JSON to the node; `maxOctets` of the answer, where it may be long. Errors: DW_FORBIDDEN, DW_UNAVAILABLE. */
export type PostJson = (body: string, maxOctets?: number) => Promise<{ readonly status: number; readonly body: Buffer }>;

export interface Receipt {
  readonly transactionHash: string;
  readonly blockHash: string;
  readonly blockNumber: number;
  readonly isDone: boolean;
  readonly contractAddress: string | undefined;
}

export interface Block {
  readonly hash: string;
  readonly number: number;
  /** Seconds since 1970. */
  readonly time: number;
  readonly baseFee: bigint | undefined;
}

/** All receipts of one block. */
const MAX_RECEIPTS_OCTETS = 32_000_000;
/** A block of more transactions is none that is known. */
const MAX_TRANSACTIONS = 20_000;

/**
 * A node of an EVM chain, asked by JSON-RPC. Whatever it answers is checked for its form; what it says of a block and a receipt is proven by `receiptProof`, the rest is
 * believed. Errors: DW_UNAVAILABLE.
 */
export class ChainNode {
  readonly #post: PostJson;
  readonly host: string;
  readonly chain: number;
  #id = 0;
  #isChecked = false;

  constructor({ url, chain }: { readonly url: string; readonly chain: number }, post: PostJson) {
    this.#post = post;
    this.host = new URL(url).host;
    this.chain = chain;
  }

  /** Errors: DW_CONFLICT where the node is of another chain. */
  async requireChain(): Promise<void> {
    if (this.#isChecked) return;
    const chain = this.#number(await this.#call("eth_chainId", []));
    if (chain !== this.chain)
      throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorOtherChain", { host: this.host, chain, expected: this.chain }));
    this.#isChecked = true;
  }

  async height(): Promise<number> {
    return this.#number(await this.#call("eth_blockNumber", []));
  }

  /** Undefined where the chain has no such block now. */
  async block(which: number | "latest"): Promise<Block | undefined> {
    const block = await this.#call("eth_getBlockByNumber", [which === "latest" ? which : quantity(which), false]);
    if (block === null) return undefined;
    const { hash, number, timestamp, baseFeePerGas } = Object(block) as Record<string, unknown>;
    return {
      hash: this.#hash(hash),
      number: this.#number(number),
      time: this.#number(timestamp),
      baseFee: baseFeePerGas === undefined || baseFeePerGas === null ? undefined : this.#quantity(baseFeePerGas),
    };
  }

  async receipt(transaction: string): Promise<Receipt | undefined> {
    const receipt = await this.#call("eth_getTransactionReceipt", [transaction]);
    if (receipt === null) return undefined;
    const { blockHash, blockNumber, status, contractAddress } = Object(receipt) as Record<string, unknown>;
    return {
      transactionHash: transaction,
      blockHash: this.#hash(blockHash),
      blockNumber: this.#number(blockNumber),
      isDone: this.#number(status) === 1,
      contractAddress: typeof contractAddress === "string" ? contractAddress.toLowerCase() : undefined,
    };
  }

  /**
   * That the receipt of a transaction is in its block: the header hashes to the hash of the block, and the receipt lies in the trie of its receipts. Undefined where
   * the transaction is in no block. Errors: DW_CONFLICT where what the node answers does not fit together.
   */
  async receiptProof(transaction: string): Promise<ReceiptProof | undefined> {
    const receipt = Object((await this.#call("eth_getTransactionReceipt", [transaction])) ?? {}) as Record<string, unknown>;
    if (receipt["blockHash"] === undefined) return undefined;
    const block = Object((await this.#call("eth_getBlockByHash", [this.#hash(receipt["blockHash"]), false])) ?? {}) as Record<
      string,
      unknown
    >;
    const index = this.#number(receipt["transactionIndex"]);
    const { transactions } = block;
    if (!Array.isArray(transactions) || transactions.length > MAX_TRANSACTIONS || transactions[index] !== transaction)
      throw this.#unproven(transaction);
    const proof = proveReceipt(
      block,
      await this.#receiptsOf(
        transactions.map((each) => this.#hash(each)),
        this.#hash(block["hash"]),
      ),
      index,
    );
    if (proof === undefined || block["hash"] !== receipt["blockHash"]) throw this.#unproven(transaction);
    return proof;
  }

  /** The transaction in which a contract said this about a root; undefined where it did not. */
  async transactionOf(contract: string, topic: string, root: Uint8Array): Promise<string | undefined> {
    const topics = [topic, `0x${Buffer.from(root).toString("hex")}`];
    const logs = await this.#call("eth_getLogs", [{ address: contract, fromBlock: "0x0", toBlock: "latest", topics }]);
    const [first] = (Array.isArray(logs) ? logs : []) as readonly unknown[];
    return first === undefined ? undefined : this.#hash((Object(first) as Record<string, unknown>)["transactionHash"]);
  }

  /** In the order of the block. Not every node has the call for all of them. */
  async #receiptsOf(transactions: readonly string[], blockHash: string): Promise<readonly NodeObject[]> {
    const all = await this.#call("eth_getBlockReceipts", [blockHash], MAX_RECEIPTS_OCTETS).catch(() => {
      // asked for one by one below; a node that is away refuses that too
      return undefined;
    });
    if (Array.isArray(all) && all.length === transactions.length) return all.map((each) => Object(each) as NodeObject);
    const receipts: NodeObject[] = [];
    for (const transaction of transactions)
      receipts.push(Object((await this.#call("eth_getTransactionReceipt", [transaction])) ?? {}) as NodeObject);
    return receipts;
  }

  #unproven(transaction: string): DoppelwerkError {
    return new DoppelwerkError("DW_CONFLICT", message("proof.anchorNotProven", { host: this.host, transaction }));
  }

  /** Transactions of an account, those that wait included with `pending`. */
  async count(account: string, which: "latest" | "pending"): Promise<number> {
    return this.#number(await this.#call("eth_getTransactionCount", [account, which]));
  }

  async priorityFee(): Promise<bigint> {
    try {
      return this.#quantity(await this.#call("eth_maxPriorityFeePerGas", []));
    } catch {
      // not every node has the call; one gwei is what most of them suggest
      return 1_000_000_000n;
    }
  }

  async gas(from: string, to: string | undefined, data: string): Promise<bigint> {
    return this.#quantity(await this.#call("eth_estimateGas", [{ from, ...(to !== undefined && { to }), data }]));
  }

  /** Whether the node has the transaction, in a block or waiting. */
  async knows(transaction: string): Promise<boolean> {
    return (await this.#call("eth_getTransactionByHash", [transaction])) !== null;
  }

  async send(raw: string): Promise<void> {
    await this.#call("eth_sendRawTransaction", [raw]);
  }

  /** What the contract has of a root, now or at a block; undefined for none. */
  async anchored(
    contract: string,
    root: Uint8Array,
    at?: number,
  ): Promise<{ readonly time: number; readonly size: number; readonly by: string } | undefined> {
    const block = at === undefined ? "latest" : quantity(Math.max(0, at));
    const answer = await this.#call("eth_call", [{ to: contract, data: anchoredCall(root) }, block]);
    // before the contract was there
    if (answer === "0x" && at !== undefined) return undefined;
    try {
      return anchoredAnswer(String(answer));
    } catch (error) {
      throw this.#wrong(verbatim((error as Error).message));
    }
  }

  /** Whether the code at the address is that of this release, byte by byte. */
  async isContract(address: string): Promise<boolean> {
    return String(await this.#call("eth_getCode", [address, "latest"])).toLowerCase() === `0x${ANCHOR_CODE}`;
  }

  async #call(method: string, params: readonly unknown[], maxOctets?: number): Promise<unknown> {
    const id = ++this.#id;
    const { status, body } = await this.#post(JSON.stringify({ jsonrpc: "2.0", id, method, params }), maxOctets);
    let answer: { readonly id?: unknown; readonly result?: unknown; readonly error?: { readonly message?: unknown } };
    try {
      answer = Object(JSON.parse(body.toString("utf8"))) as typeof answer;
    } catch {
      throw this.#wrong(message("proof.anchorNoJson", { status }));
    }
    if (answer.error !== undefined && answer.error !== null)
      throw this.#wrong(verbatim(`${method}: ${String(answer.error.message ?? "an error").slice(0, 200)}`));
    if (answer.id !== id || answer.result === undefined) throw this.#wrong(message("proof.anchorNoJson", { status }));
    return answer.result;
  }

  #quantity(value: unknown): bigint {
    if (typeof value !== "string" || !/^0x[0-9a-f]{1,64}$/i.test(value))
      throw this.#wrong(verbatim(`a number was expected: ${String(value).slice(0, 100)}`));
    return BigInt(value);
  }

  #number(value: unknown): number {
    const number = Number(this.#quantity(value));
    if (!Number.isSafeInteger(number)) throw this.#wrong(verbatim(`too large a number: ${String(value).slice(0, 100)}`));
    return number;
  }

  #hash(value: unknown): string {
    if (typeof value !== "string" || !/^0x[0-9a-f]{64}$/i.test(value))
      throw this.#wrong(verbatim(`a hash was expected: ${String(value).slice(0, 100)}`));
    return value.toLowerCase();
  }

  #wrong(reason: Message): DoppelwerkError {
    return new DoppelwerkError("DW_UNAVAILABLE", message("proof.anchorNodeWrong", { host: this.host, reason }));
  }
}

const quantity = (value: number): string => `0x${value.toString(16)}`;
