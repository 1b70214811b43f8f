import { message, textOf } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import type { ChainNode } from "./chain-node.ts";

/** Nodes of others than the one that is asked first, and how many of them must have a block before it counts. */
export interface IndependentNodes {
  readonly needed: number;
  readonly nodes: readonly ChainNode[];
}

export interface BlockAt {
  readonly block: number;
  readonly blockHash: string;
  /** Blocks that must be on top, the own one included. */
  readonly confirmations: number;
}

export interface Agreement {
  /** Hosts of the nodes that have the block so deep. */
  readonly agreed: readonly string[];
  /** Hosts of nodes that have not got so far. */
  readonly behind: readonly string[];
  /** Those that have another block there, or do not answer; in English. */
  readonly others: readonly string[];
}

/** Asks all of them at once. Never rejects for what a node answers. */
export async function askForBlock({ nodes }: Pick<IndependentNodes, "nodes">, at: BlockAt): Promise<Agreement> {
  const answers = await Promise.all(nodes.map((node) => answerOf(node, at)));
  const hosts = (what: "agreed" | "behind"): readonly string[] => nodes.flatMap(({ host }, n) => (answers[n] === what ? [host] : []));
  const others = nodes.flatMap(({ host }, n) => (answers[n] === "agreed" || answers[n] === "behind" ? [] : [`${host}: ${answers[n]}`]));
  return { agreed: hosts("agreed"), behind: hosts("behind"), others };
}

/** Whether enough of them have the block; undefined where that is still to come. Errors: DW_CONFLICT where it can come no more. */
export async function agreedOn(independent: IndependentNodes, at: BlockAt): Promise<readonly string[] | undefined> {
  const { agreed, behind, others } = await askForBlock(independent, at);
  if (agreed.length >= independent.needed) return agreed;
  if (agreed.length + behind.length >= independent.needed) return undefined;
  throw new DoppelwerkError(
    "DW_CONFLICT",
    message("proof.anchorNodesDisagree", {
      count: agreed.length,
      needed: independent.needed,
      of: independent.nodes.length,
      others: others.join("; ").slice(0, 500),
    }),
  );
}

async function answerOf(node: ChainNode, { block, blockHash, confirmations }: BlockAt): Promise<string> {
  try {
    await node.requireChain();
    const height = await node.height();
    const there = await node.block(block);
    if (there === undefined) return height < block ? "behind" : `it has no block ${block}`;
    if (there.hash !== blockHash) return `its block ${block} is ${there.hash}`;
    return height - block + 1 < confirmations ? "behind" : "agreed";
  } catch (error) {
    return textOf(reasonOf(error));
  }
}
