import { ALONE, type FlowNode } from "./compiled-flow.ts";
import { type FlowCore, wakeSoon } from "./flow-core.ts";
import { EMPTY, WORK } from "./flow-memory.ts";
import { scrapItem, bookExit } from "./items.ts";
import { leaveOperators } from "./staff.ts";
import { S_STARVED, show, showAs } from "./station-state.ts";
import { offer } from "./offers.ts";

/** Stops the clock of what a place is at; what is left is kept. */
export function interrupt(flow: FlowCore, place: number): void {
  const { memory, compiled, events } = flow;
  if (memory.running[place] === 0) return;
  events.cancel(memory.handle[place]!);
  memory.running[place] = 0;
  const node = compiled.nodes[compiled.placeNode[place]!]!;
  if (node.hasStops) settleClocks(flow, node, place);
  else memory.todo[place]! -= events.now - memory.since[place]!;
}

/** An item has left a place: the next of what it holds, or it is empty. */
export function placeGave(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory } = flow;
  memory.outTarget[place] = -1;
  const next = memory.rest[place]!;
  if (next >= 0) {
    memory.rest[place] = memory.itemNext[next]!;
    memory.itemNext[next] = -1;
    const own = memory.itemRoute[next]!;
    memory.itemRoute[next] = -1;
    return offer(flow, place, next, own >= 0 ? flow.compiled.routes[own]! : node.route!);
  }
  clearPlace(flow, place);
}

/** The item in work is destroyed and the place is empty; operators and kept room are given back. */
export function destroyWork(flow: FlowCore, place: number): void {
  const { compiled } = flow;
  const node = compiled.nodes[compiled.placeNode[place]!]!;
  if (node.needs.length > 0) leaveOperators(flow, place);
  giveRoomBack(flow, place);
  scrapAll(flow, node, place);
  clearPlace(flow, place);
}

export function clearPlace(flow: FlowCore, place: number): void {
  const { memory, compiled } = flow;
  const at = compiled.placeNode[place]!;
  memory.outItem[place] = -1;
  memory.phase[place] = EMPTY;
  memory.setUpDone[place] = 0;
  if (memory.drawn.length > 0) memory.drawn[place] = 0;
  if (memory.held[place] === 0 && memory.closed[at] === 0) {
    memory.isOpen[place] = 1;
    memory.open[at]!++;
    // where nobody waits nobody need be asked
    if (memory.waitFirst[at]! >= 0 || compiled.nodes[at]!.gathers !== ALONE) wakeSoon(memory, at);
    return showAs(flow, place, S_STARVED);
  }
  show(flow, place);
}

export function giveRoomBack(flow: FlowCore, place: number): void {
  const { memory } = flow;
  if (memory.outReserved[place] === 0) return;
  memory.outReserved[place] = 0;
  memory.reserved[memory.outTarget[place]!]!--;
  wakeSoon(memory, memory.outTarget[place]!);
}

/** Every item a place holds is destroyed. */
export function scrapAll(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory } = flow;
  let item = memory.outItem[place]!;
  let next = memory.rest[place]!;
  memory.rest[place] = -1;
  for (;;) {
    bookExit(flow, node, item);
    scrapItem(flow, item, node.index);
    if (next < 0) return;
    item = next;
    next = memory.itemNext[item]!;
  }
}

/** Takes the time since the segment began off what is left and off the operating clocks. */
export function settleClocks(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory, compiled, events } = flow;
  const passed = events.now - memory.since[place]!;
  memory.todo[place]! -= passed;
  if (memory.phase[place] !== WORK) return;
  for (const stop of node.stops[place - node.firstPlace]!) if (compiled.stops[stop]!.clock === 0) memory.stopLeft[stop]! -= passed;
}
