import { streamOf, uniformAt } from "../random/philox.ts";
import type { FlowNode } from "./compiled-flow.ts";
import type { ComponentContext } from "./component-definition.ts";
import { ALARM, type FlowCore, ORDER, wakeSoon } from "./flow-core.ts";
import { MICROSECONDS } from "./flow-time.ts";
import { scrapItem, bookExit } from "./items.ts";
import { append } from "./queues.ts";

export function customHasRoom(flow: FlowCore, node: FlowNode, item: number): boolean {
  return node.definition!.hasRoom(contextOf(flow, node), item);
}

export function customReceive(flow: FlowCore, node: FlowNode, item: number): void {
  hold(flow, node, item);
  node.definition!.receive(contextOf(flow, node), item);
}

export function customAlarm(flow: FlowCore, entity: number): void {
  const node = flow.compiled.nodes[entity & 0xffff]!;
  node.definition!.alarm?.(contextOf(flow, node), entity >> 16);
}

export function customStart(flow: FlowCore, node: FlowNode): void {
  node.definition!.start?.(contextOf(flow, node));
}

/** A view onto the run; it holds nothing. */
export function contextOf(flow: FlowCore, node: FlowNode): ComponentContext {
  const { memory, compiled, events } = flow;
  const at = node.index;
  const names = Object.keys(node.definition!.columns);
  const column = (name: string): number => {
    const index = names.indexOf(name);
    if (index < 0) throw new Error(`the component model ${node.definition!.model} has no column ${name}`);
    return node.firstColumn + index;
  };
  return {
    nowS: events.now / MICROSECONDS,
    number: (name) => memory.custom[column(name)]!,
    set: (name, value) => {
      memory.custom[column(name)] = value;
    },
    parameter: (name) => Number(node.parameters[name]),
    text: (name) => String(node.parameters[name]),
    get held() {
      return memory.content[at]! - memory.queueCount[at]!;
    },
    get waiting() {
      return memory.queueCount[at]!;
    },
    productOf: (item) => compiled.products[memory.itemProduct[item]!]!,
    first: () => memory.heldFirst[at]!,
    release: (item) => {
      letGo(flow, node, item);
      append(flow, node, item);
    },
    scrap: (item) => {
      letGo(flow, node, item);
      bookExit(flow, node, item);
      scrapItem(flow, item, at);
    },
    after: (seconds, code) => {
      if (!Number.isInteger(code) || code < 0 || code > 1000) throw new Error(`an alarm code is 0 to 1000, not ${code}`);
      events.schedule(events.now + Math.round(seconds * MICROSECONDS), ORDER.move, ALARM, at | (code << 16));
    },
    uniform: (purpose) => uniformAt(memory.key, streamOf(node.id, `custom ${purpose}`), memory.draws[at]!++),
    roomAhead: () => wakeSoon(memory, at),
  };
}

function hold(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory } = flow;
  const at = node.index;
  memory.itemNext[item] = -1;
  let last = memory.heldFirst[at]!;
  if (last < 0) {
    memory.heldFirst[at] = item;
    return;
  }
  while (memory.itemNext[last]! >= 0) last = memory.itemNext[last]!;
  memory.itemNext[last] = item;
}

function letGo(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory } = flow;
  const at = node.index;
  let previous = -1;
  let other = memory.heldFirst[at]!;
  while (other >= 0 && other !== item) {
    previous = other;
    other = memory.itemNext[other]!;
  }
  if (other < 0) throw new Error(`${node.id} does not hold the item it lets go`);
  if (previous < 0) memory.heldFirst[at] = memory.itemNext[item]!;
  else memory.itemNext[previous] = memory.itemNext[item]!;
  memory.itemNext[item] = -1;
}
