import { BUFFER, CONVEYOR, CUSTOM, FIFO, type FlowNode, LIFO, SOURCE } from "./compiled-flow.ts";
import { headTime } from "./conveyors.ts";
import { type FlowCore, HEAD, ORDER } from "./flow-core.ts";
import { DONE, EMPTY, WORK } from "./flow-memory.ts";
import { drawTime } from "./flow-time.ts";
import { emptyPlace, offer, waitNoMore } from "./offers.ts";

/** Puts an item into the queue of a node, in its order; a new first one is shown to what is ahead. */
export function append(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory, compiled, events } = flow;
  const at = node.index;
  if (node.dwell !== undefined)
    memory.itemReady[item] = events.now + drawTime(node.dwell, memory.key, node.dwellStream, memory.draws[at]!++);
  memory.queueCount[at]!++;
  const first = memory.queueFirst[at]!;
  let previous = memory.queueLast[at]!;
  if (node.order === LIFO) previous = -1;
  else if (node.order !== FIFO && previous >= 0) {
    const priority = compiled.productPriority[memory.itemProduct[item]!]!;
    previous = -1;
    for (
      let other = first;
      other >= 0 && compiled.productPriority[memory.itemProduct[other]!]! <= priority;
      other = memory.itemNext[other]!
    )
      previous = other;
  }
  const next = previous < 0 ? first : memory.itemNext[previous]!;
  memory.itemNext[item] = next;
  if (previous < 0) memory.queueFirst[at] = item;
  else memory.itemNext[previous] = item;
  if (next < 0) memory.queueLast[at] = item;
  if (previous < 0) presentHead(flow, node);
}

/** Takes the first item of a queue out of it. */
export function takeHead(flow: FlowCore, node: FlowNode): number {
  const { memory } = flow;
  const at = node.index;
  const item = memory.queueFirst[at]!;
  const next = memory.itemNext[item]!;
  memory.queueFirst[at] = next;
  if (next < 0) memory.queueLast[at] = -1;
  memory.itemNext[item] = -1;
  memory.queueCount[at]!--;
  return item;
}

/** Shows the first item of a queue to what is ahead, now or when it is ready. */
export function presentHead(flow: FlowCore, node: FlowNode): void {
  const { memory, events } = flow;
  if (node.kind !== BUFFER && node.kind !== SOURCE && node.kind !== CONVEYOR && node.kind !== CUSTOM) return;
  const place = node.firstPlace;
  const item = memory.queueFirst[node.index]!;
  if (memory.phase[place] === DONE) waitNoMore(flow, node, place);
  if (item < 0) return emptyPlace(flow, place);
  const ready = node.kind === CONVEYOR ? headTime(flow, node, item) : node.dwell === undefined ? events.now : memory.itemReady[item]!;
  if (ready <= events.now) return offer(flow, place, item, node.route!);
  memory.outItem[place] = item;
  memory.phase[place] = WORK;
  if (memory.timer[node.index]! >= 0) events.cancel(memory.timer[node.index]!);
  memory.timer[node.index] = ready === Infinity ? -1 : events.schedule(ready, ORDER.move, HEAD, node.index);
}

/** The first item of a queue is ready. */
export function headReady(flow: FlowCore, node: FlowNode): void {
  const { memory } = flow;
  memory.timer[node.index] = -1;
  if (memory.phase[node.firstPlace] !== EMPTY) offer(flow, node.firstPlace, memory.queueFirst[node.index]!, node.route!);
}
