import { setTimeout as sleep } from "node:timers/promises";
import { AttributeIds, type DataValue } from "node-opcua";
import { readAll } from "./ask-server.ts";
import type { Link } from "./link.ts";

/** Looks are rarer and rarer: what is found is found soon, and what stands for hours costs a server little. */
const LOOK_MS = { first: 1_000, most: 60_000 };
/** A change that was read is told by then, where the server tells changes. */
const TOLD_WITHIN_MS = 1_500;

export interface QuietNode {
  readonly handle: number;
  readonly nodeId: string;
}

/**
 * Whether a server tells every change by itself. Some accept the request for exceptions (sampling interval 0) also of nodes whose values they only fetch when
 * they are asked (open62541's data sources), and then never tell a change: what was not heard is read, and what changed unheard proves it.
 */
export class QuietWatch {
  /** How often each handle was received; more than its first value is enough. */
  readonly #heard: Uint8Array;
  readonly #nodes: readonly QuietNode[];

  constructor(nodes: readonly QuietNode[]) {
    this.#nodes = nodes;
    this.#heard = new Uint8Array(nodes.reduce((most, { handle }) => Math.max(most, handle + 1), 0));
  }

  heard(handle: number): void {
    if (handle < this.#heard.length && this.#heard[handle]! < 2) this.#heard[handle]!++;
  }

  #quiet(nodes: readonly QuietNode[]): readonly QuietNode[] {
    return nodes.filter(({ handle }) => this.#heard[handle]! < 2);
  }

  /** True when a change was not told; false when there is nothing left to watch, or the link is gone. */
  async findsUntold(link: Link): Promise<boolean> {
    const seen = new Map<number, string>();
    for (let wait = LOOK_MS.first; ; wait = Math.min(wait * 2, LOOK_MS.most)) {
      await Promise.race([sleep(wait, undefined, { ref: false }), link.lost]);
      const quiet = this.#quiet(this.#nodes);
      if (!link.isAlive() || quiet.length === 0) return false;
      const values = await readAll(
        link,
        quiet.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
      );
      const changed = quiet.filter(({ handle }, n) => seen.has(handle) && seen.get(handle) !== shown(values[n]!));
      for (const [n, { handle }] of quiet.entries()) seen.set(handle, shown(values[n]!));
      if (changed.length === 0) continue;
      await Promise.race([sleep(TOLD_WITHIN_MS, undefined, { ref: false }), link.lost]);
      if (link.isAlive() && this.#quiet(changed).length > 0) return true;
    }
  }
}

/** Equal for values that a server would not tell as a change: the same value and status. */
export function shown({ statusCode, value }: DataValue): string {
  return `${statusCode.value} ${String(value?.value)}`;
}
