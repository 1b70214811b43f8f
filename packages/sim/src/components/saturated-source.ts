import { uniformAt } from "../random/philox.ts";
import type { FlowNode } from "./compiled-flow.ts";
import type { FlowCore } from "./flow-core.ts";
import { admit, makeItem } from "./items.ts";
import { emptyPlace, offer } from "./offers.ts";

export const NONE = -1;

/** The item of a saturated source has begun its way; there is a next one. */
export function saturatedLeft(flow: FlowCore, node: FlowNode, item: number): void {
  admit(flow, item);
  flow.memory.left[node.index]!++;
  emptyPlace(flow, node.firstPlace);
  nextSaturated(flow, node);
}

export function nextSaturated(flow: FlowCore, node: FlowNode): void {
  const { memory } = flow;
  const at = node.index;
  if (memory.sourceCount[at]! >= node.source!.limit) return;
  const product = nextProduct(flow, node);
  if (product === NONE) return;
  memory.sourceCount[at]!++;
  offer(flow, node.firstPlace, makeItem(flow, product), node.route!);
}

export function nextProduct(flow: FlowCore, node: FlowNode): number {
  const { memory } = flow;
  const at = node.index;
  const source = node.source!;
  if (source.orders.length > 0) {
    // sourceBase: the order in work, sourceLeft: what is left of it
    while (memory.sourceLeft[at] === 0) {
      if (memory.sourceBase[at]! >= source.orders.length) {
        if (!source.repeatOrders) return NONE;
        memory.sourceBase[at] = 0;
      }
      memory.sourceLeft[at] = source.orders[memory.sourceBase[at]!]!.quantity;
      memory.sourceBase[at]!++;
    }
    memory.sourceLeft[at]!--;
    return source.orders[memory.sourceBase[at]! - 1]!.product;
  }
  if (source.mix.length === 0) return source.product;
  const u = uniformAt(memory.key, source.streams.product, memory.sourceCount[at]!);
  let product = 0;
  while (product < source.mix.length - 1 && u >= source.mix[product]!) product++;
  return product;
}
