import type { FlowNode } from "./compiled-flow.ts";
import { ENTRANCE, type FlowCore, ORDER, wakeSoon } from "./flow-core.ts";

/*
 * An accumulating conveyor lets items run up to the one before; all follow at once when the first leaves. Item i is at the end at
 * max(entry + length/speed, exit of i−1 + pitch/speed). Where the belt itself stops, the same holds on the belt's own clock, its reading.
 */

export function conveyorHasRoom(flow: FlowCore, node: FlowNode): boolean {
  const { memory } = flow;
  const at = node.index;
  return memory.content[at]! + memory.reserved[at]! < node.capacity && reading(flow, node) >= memory.lastIn[at]! + node.gap;
}

/** Notes when an item that enters is at the end; the caller appends it to the queue and foresees the entrance. */
export function conveyorEntered(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory } = flow;
  const at = node.index;
  const read = reading(flow, node);
  memory.lastIn[at] = read;
  memory.itemReady[item] = read + node.travel;
}

/** The first item has left: the next ones follow. */
export function conveyorLeft(flow: FlowCore, node: FlowNode): void {
  const { memory, events } = flow;
  const at = node.index;
  memory.lastOut[at] = node.accumulating ? events.now : reading(flow, node);
  if (memory.beltRuns[at] === 1) return;
  memory.beltRuns[at] = 1;
  memory.beltSince[at] = events.now;
  foreseeEntrance(flow, node);
}

/** When the first item of a conveyor is at the end; infinite while the belt stands. */
export function headTime(flow: FlowCore, node: FlowNode, item: number): number {
  const { memory, events } = flow;
  const at = node.index;
  if (node.accumulating) return Math.max(memory.itemReady[item]!, memory.lastOut[at]! + node.gap);
  return memory.beltRuns[at] === 1 ? events.now + Math.max(0, memory.itemReady[item]! - reading(flow, node)) : Infinity;
}

/** The first item cannot leave a belt that does not accumulate. */
export function stopBelt(flow: FlowCore, node: FlowNode): void {
  const { memory, events } = flow;
  const at = node.index;
  if (memory.beltRuns[at] === 0) return;
  memory.beltRead[at] = reading(flow, node);
  memory.beltRuns[at] = 0;
  if (memory.roomTimer[at]! >= 0) events.cancel(memory.roomTimer[at]!);
  memory.roomTimer[at] = -1;
}

/** The entrance of a conveyor is free. */
export function entranceFree(flow: FlowCore, node: FlowNode): void {
  flow.memory.roomTimer[node.index] = -1;
  wakeSoon(flow.memory, node.index);
}

/** Sets the timer for the instant at which the entrance is free, where it is not. */
export function foreseeEntrance(flow: FlowCore, node: FlowNode): void {
  const { memory, events } = flow;
  const at = node.index;
  if (memory.roomTimer[at]! >= 0) events.cancel(memory.roomTimer[at]!);
  memory.roomTimer[at] = -1;
  if (memory.beltRuns[at] === 0) return;
  const wait = memory.lastIn[at]! + node.gap - reading(flow, node);
  if (wait > 0) memory.roomTimer[at] = events.schedule(events.now + wait, ORDER.move, ENTRANCE, at);
}

/** Belt clock: time, less the time the belt stood. */
function reading(flow: FlowCore, node: FlowNode): number {
  const { memory, events } = flow;
  if (node.accumulating) return events.now;
  const at = node.index;
  return memory.beltRuns[at] === 1 ? memory.beltRead[at]! + events.now - memory.beltSince[at]! : memory.beltRead[at]!;
}
