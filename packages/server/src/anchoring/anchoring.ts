import { existsSync, readFileSync, rmSync } from "node:fs";
import { message } from "@doppelwerk/messages";
import { ANCHORED_TOPIC, anchoredIn } from "@doppelwerk/trust/chain";
import { DoppelwerkError } from "@doppelwerk/world";
import { writePrivateFile } from "../accounts/private-file.ts";
import type { Anchor } from "../transparency/outside-records.ts";
import { anchorCall, anchorInitCode } from "./anchor-contract.ts";
import { agreedOn, type IndependentNodes } from "./block-agreement.ts";
import type { ChainNode, Receipt } from "./chain-node.ts";

/** A transaction that is not in a block after this time is sent again, with a higher fee. */
const REPLACE_MS = 180_000;
const GWEI = 1_000_000_000n;
/** A contract is made before this time, or the command ends with an error. */
const DEPLOY_MS = 600_000;

export interface AnchoringAccount {
  readonly contract?: string | undefined;
  /** Private key, hex with 0x. */
  readonly key: string;
  readonly confirmations: number;
  readonly maxFeeGwei: number;
}

/** A checkpoint that is to be written. */
export interface ToAnchor {
  readonly size: number;
  /** Base 64. */
  readonly root: string;
  readonly note: string;
}

/** Sent, and not yet as deep in the chain as asked for. What a restart must know stands in it: the account has one number for each transaction. */
interface Pending extends ToAnchor {
  readonly version: 1;
  readonly nonce: number;
  readonly maxFee: string;
  readonly priorityFee: string;
  readonly gas: string;
  /** The newest last: any of them can get into a block, as they have one number. */
  readonly sent: readonly { readonly hash: string; readonly raw: string; readonly at: number }[];
}

export type AnchorStep =
  | { readonly state: "anchored"; readonly of: ToAnchor; readonly anchor: Anchor }
  | { readonly state: "pending"; readonly size: number; readonly transaction: string; readonly confirmations: number }
  | { readonly state: "idle" };

/** Writes roots of the log to the contract, one at a time, and waits until each is deep enough in the chain. */
export class Anchoring {
  readonly #node: ChainNode;
  readonly #independent: IndependentNodes;
  readonly #account: AnchoringAccount;
  readonly #path: string;
  readonly #now: () => number;
  #pending: Pending | undefined;

  /** `path` is where what was sent is kept until it counts. Errors: DW_DAMAGED. */
  // oxlint-disable-next-line max-params -- what it is given by others, and by tests
  constructor(
    node: ChainNode,
    account: AnchoringAccount,
    path: string,
    now: () => number = Date.now,
    independent: IndependentNodes = { needed: 0, nodes: [] },
  ) {
    this.#node = node;
    this.#independent = independent;
    this.#account = account;
    this.#path = path;
    this.#now = now;
    this.#pending = readPending(path);
  }

  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /** Sends a checkpoint, or finds that the contract has it. Errors: DW_UNAVAILABLE, DW_CONFLICT (another chain or contract, fee too high). */
  async begin(of: ToAnchor): Promise<AnchorStep> {
    if (this.#pending !== undefined) return this.step();
    const contract = await this.#contract();
    const root = new Uint8Array(Buffer.from(of.root, "base64"));
    if ((await this.#node.anchored(contract, root)) !== undefined) return this.#found(of, undefined);
    const { addr } = await import("micro-eth-signer");
    const from = addr.fromPrivateKey(this.#account.key);
    const gas = ((await this.#node.gas(from, contract, anchorCall(root, of.size))) * 12n) / 10n;
    const { maxFee, priorityFee } = await this.#fees();
    const nonce = await this.#node.count(from, "latest");
    await this.#send({ version: 1, ...of, nonce, maxFee: String(maxFee), priorityFee: String(priorityFee), gas: String(gas), sent: [] });
    return this.step();
  }

  /** How it is with what was sent. Errors: DW_UNAVAILABLE; DW_CONFLICT where it was refused or another transaction took its number: then it is sent no more. */
  async step(): Promise<AnchorStep> {
    const pending = this.#pending;
    if (pending === undefined) return { state: "idle" };
    await this.#contract();
    for (const { hash } of pending.sent.toReversed()) {
      const receipt = await this.#node.receipt(hash);
      if (receipt !== undefined) return this.#inBlock(pending, receipt);
    }
    const { addr } = await import("micro-eth-signer");
    const count = await this.#node.count(addr.fromPrivateKey(this.#account.key), "latest");
    if (count > pending.nonce) return this.#replaced(pending);
    const last = pending.sent.at(-1)!;
    // not in a block, or no more: the node gets it again, which is no other transaction
    if (this.#now() - last.at > REPLACE_MS) await this.#send(await this.#dearer(pending));
    else if (!(await this.#node.knows(last.hash))) await this.#node.send(last.raw);
    return { state: "pending", size: pending.size, transaction: this.#pending!.sent.at(-1)!.hash, confirmations: 0 };
  }

  /** Makes the contract and waits for it; its address. Errors: DW_UNAVAILABLE, DW_CONFLICT. */
  async deploy(wait: (ms: number) => Promise<void>): Promise<{ readonly contract: string; readonly transaction: string }> {
    await this.#node.requireChain();
    const { addr } = await import("micro-eth-signer");
    const from = addr.fromPrivateKey(this.#account.key);
    const data = `0x${anchorInitCode()}`;
    const gas = ((await this.#node.gas(from, undefined, data)) * 12n) / 10n;
    const { maxFee, priorityFee } = await this.#fees();
    const nonce = await this.#node.count(from, "pending");
    const { hash, raw } = await this.#signed({ to: "0x", data, nonce, gas, maxFee, priorityFee });
    await this.#node.send(raw);
    const until = this.#now() + DEPLOY_MS;
    for (;;) {
      const receipt = await this.#node.receipt(hash);
      if (receipt?.isDone === false) throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorRefused", { transaction: hash }));
      if (receipt?.contractAddress !== undefined && (await this.#node.height()) >= receipt.blockNumber + this.#account.confirmations - 1)
        return { contract: receipt.contractAddress, transaction: hash };
      if (this.#now() > until) throw new DoppelwerkError("DW_UNAVAILABLE", message("proof.anchorNotDeployed", { transaction: hash }));
      await wait(1_000);
    }
  }

  /** The address, of the right chain and with the right code. */
  async #contract(): Promise<string> {
    await this.#node.requireChain();
    const { contract } = this.#account;
    if (contract === undefined) throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorNoContract"));
    if (!(await this.#node.isContract(contract)))
      throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorOtherContract", { contract }));
    return contract;
  }

  async #inBlock(pending: Pending, { transactionHash: transaction, blockHash, blockNumber, isDone }: Receipt): Promise<AnchorStep> {
    // refused by the contract: somebody else wrote the root first, which is as good, or it ran out of gas
    if (!isDone) return this.#replaced(pending);
    const confirmations = (await this.#node.height()) - blockNumber + 1;
    const block = await this.#node.block(blockNumber);
    // a node that is between two chains
    if (block?.hash !== blockHash || confirmations < this.#account.confirmations)
      return { state: "pending", size: pending.size, transaction, confirmations: Math.max(0, confirmations) };
    return this.#found(pending, transaction);
  }

  /** Its number was used by another transaction, or it was refused: what counts is whether the contract has the root. */
  async #replaced(pending: Pending): Promise<AnchorStep> {
    const root = new Uint8Array(Buffer.from(pending.root, "base64"));
    if ((await this.#node.anchored(this.#account.contract!, root)) !== undefined) return this.#found(pending, undefined);
    this.#forget();
    throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorReplaced", { transaction: pending.sent.at(-1)!.hash }));
  }

  /** What the contract has counts: the first who wrote the root, and when. */
  async #found(of: ToAnchor, transaction: string | undefined): Promise<AnchorStep> {
    const contract = this.#account.contract!;
    const root = new Uint8Array(Buffer.from(of.root, "base64"));
    const has = await this.#node.anchored(contract, root);
    if (has === undefined || has.size !== of.size) {
      this.#forget();
      throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorOtherSize", { size: of.size, found: has?.size ?? 0 }));
    }
    const sent = transaction ?? (await this.#node.transactionOf(contract, ANCHORED_TOPIC, root));
    const proof = sent === undefined ? undefined : await this.#node.receiptProof(sent);
    if (sent === undefined || proof === undefined) return { state: "pending", size: of.size, transaction: sent ?? "", confirmations: 0 };
    const shown = anchoredIn(proof, { contract, root });
    // the node says one thing and shows another
    if (shown === undefined || shown.size !== has.size || shown.time !== has.time || shown.by !== has.by)
      throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorNotProven", { host: this.#node.host, transaction: sent }));
    const confirmations = (await this.#node.height()) - shown.block + 1;
    const pending = { state: "pending", size: of.size, transaction: sent, confirmations: Math.max(0, confirmations) } as const;
    if (confirmations < this.#account.confirmations) return pending;
    const agreed = await agreedOn(this.#independent, { ...shown, confirmations: this.#account.confirmations });
    if (agreed === undefined) return pending;
    const { note, size } = of;
    this.#forget();
    return {
      state: "anchored",
      of: { note, size, root: of.root },
      anchor: {
        chain: String(this.#node.chain),
        contract: contract.toLowerCase(),
        transaction: sent,
        block: shown.block,
        blockHash: shown.blockHash,
        time: shown.time,
        by: shown.by,
        proof,
        ...(agreed.length > 0 && { agreed }),
      },
    };
  }

  /** Kept before it is sent: after a crash it is known under which hash to look for it. */
  async #send(pending: Omit<Pending, "sent"> & Pick<Pending, "sent">): Promise<void> {
    const data = anchorCall(new Uint8Array(Buffer.from(pending.root, "base64")), pending.size);
    const [maxFee, priorityFee, gas] = [BigInt(pending.maxFee), BigInt(pending.priorityFee), BigInt(pending.gas)];
    const signed = await this.#signed({ to: this.#account.contract!, data, nonce: pending.nonce, gas, maxFee, priorityFee });
    this.#pending = { ...pending, sent: [...pending.sent, { ...signed, at: this.#now() }] };
    writePrivateFile(this.#path, JSON.stringify(this.#pending));
    await this.#node.send(signed.raw);
  }

  async #signed({ to, data, nonce, gas, maxFee, priorityFee }: ToSign): Promise<{ readonly hash: string; readonly raw: string }> {
    const { Transaction } = await import("micro-eth-signer");
    const fields = {
      type: "eip1559",
      to,
      data,
      value: 0n,
      nonce: BigInt(nonce),
      gasLimit: gas,
      chainId: BigInt(this.#node.chain),
      maxFeePerGas: maxFee,
      maxPriorityFeePerGas: priorityFee,
    } as const;
    const transaction = Transaction.prepare(fields, false).signBy(this.#account.key);
    return { hash: hexed(transaction.hash), raw: hexed(transaction.toHex()) };
  }

  /** Errors: DW_CONFLICT where the gas costs more than was allowed. */
  async #fees(): Promise<{ readonly maxFee: bigint; readonly priorityFee: bigint }> {
    const { baseFee } = (await this.#node.block("latest")) ?? {};
    if (baseFee === undefined) throw new DoppelwerkError("DW_CONFLICT", message("proof.anchorNoFees"));
    const priorityFee = await this.#node.priorityFee();
    const [needed, most] = [baseFee + priorityFee, BigInt(this.#account.maxFeeGwei) * GWEI];
    if (needed > most) throw this.#tooDear(needed);
    const maxFee = 2n * baseFee + priorityFee;
    return { maxFee: maxFee < most ? maxFee : most, priorityFee };
  }

  /** Nodes take a transaction of the same number where both fees are a tenth higher. */
  async #dearer(pending: Pending): Promise<Pending> {
    const { maxFee, priorityFee } = await this.#fees();
    const raised = (before: string, now: bigint): bigint => {
      const least = (BigInt(before) * 9n) / 8n + 1n;
      return least > now ? least : now;
    };
    const raisedMax = raised(pending.maxFee, maxFee);
    if (raisedMax > BigInt(this.#account.maxFeeGwei) * GWEI) throw this.#tooDear(raisedMax);
    return { ...pending, maxFee: String(raisedMax), priorityFee: String(raised(pending.priorityFee, priorityFee)) };
  }

  #tooDear(fee: bigint): DoppelwerkError {
    return new DoppelwerkError("DW_CONFLICT", message("proof.anchorTooDear", { gwei: Number(fee / GWEI), max: this.#account.maxFeeGwei }));
  }

  #forget(): void {
    this.#pending = undefined;
    rmSync(this.#path, { force: true });
  }
}

interface ToSign {
  readonly to: string;
  readonly data: string;
  readonly nonce: number;
  readonly gas: bigint;
  readonly maxFee: bigint;
  readonly priorityFee: bigint;
}

const hexed = (text: string): string => (text.startsWith("0x") ? text : `0x${text}`);

function readPending(path: string): Pending | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const pending = JSON.parse(readFileSync(path, "utf8")) as Pending;
    if (pending.version !== 1 || !Array.isArray(pending.sent) || pending.sent.length === 0) throw new Error("its members");
    return pending;
  } catch (error) {
    throw new DoppelwerkError("DW_DAMAGED", message("proof.anchorPendingUnreadable", { path, reason: (error as Error).message }));
  }
}
