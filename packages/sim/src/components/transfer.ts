import { BUFFER, CONVEYOR, CUSTOM, type FlowNode, PORT, ROBOT, SINK, SOURCE, STATION, TRANSPORT } from "./compiled-flow.ts";
import { BY_FIRST, BY_SHORTEST } from "./compile-route.ts";
import { conveyorEntered, conveyorHasRoom, conveyorLeft, foreseeEntrance, stopBelt } from "./conveyors.ts";
import { customHasRoom, customReceive } from "./custom-component.ts";
import { type FlowCore, wakeSoon } from "./flow-core.ts";
import { DONE, EMPTY, ROOM } from "./flow-memory.ts";
import { finishItem, limitsAllow, releaseLimits, takeLimits, bookExit } from "./items.ts";
import { append, presentHead, takeHead } from "./queues.ts";
import { saturatedLeft } from "./saturated-source.ts";
import { show } from "./station-state.ts";
import { placeGave } from "./clear-place.ts";
import { waitAt, offer } from "./offers.ts";

/** Hands the item of a place on if there is room ahead; else the place waits there. */
export function deliver(flow: FlowCore, place: number): void {
  const { memory, compiled } = flow;
  const phase = memory.phase[place]!;
  if ((phase !== DONE && phase !== ROOM) || memory.held[place] !== 0) return;
  const node = compiled.nodes[compiled.placeNode[place]!]!;
  const item = memory.outItem[place]!;
  const target = memory.outTarget[place]!;
  if (target >= 0) {
    const room = hasRoom(flow, target, item);
    if (room && memory.waitFirst[target]! < 0) return hand(flow, node, place, target);
    waitAt(flow, node, place, memory.outLink[place]!);
    // those before may be unable to use the room
    if (room) wakeSoon(memory, target);
  } else {
    const route = compiled.routes[memory.outRoute[place]!]!;
    let best = -1;
    let bestLoad = Infinity;
    for (const choice of route.targets) {
      const room = hasRoom(flow, choice, item);
      if (room && memory.waitFirst[choice]! >= 0) wakeSoon(memory, choice);
      else if (room && route.kind === BY_FIRST) {
        best = choice;
        break;
      } else if (room && route.kind === BY_SHORTEST && loadOf(flow, choice) < bestLoad) {
        best = choice;
        bestLoad = loadOf(flow, choice);
      }
    }
    if (best >= 0) return hand(flow, node, place, best);
    for (const link of route.links) waitAt(flow, node, place, link);
  }
  if (node.kind === STATION) show(flow, place);
  else if (node.kind === CONVEYOR && !node.accumulating) stopBelt(flow, node);
}

/** `aim`, `deliver` and `hand` of a finished item whose one way leads to a sink or to the slots of a station; false where it has to wait. */
export function passOn(flow: FlowCore, node: FlowNode, place: number, item: number): boolean {
  const { memory, compiled, events } = flow;
  const to = node.direct;
  const target = compiled.nodes[to]!;
  if (memory.held[place] !== 0 || memory.waitFirst[to]! >= 0) return false;
  if (!target.swift) {
    if (target.kind !== SINK) return false;
  } else if (memory.content[to]! + memory.reserved[to]! >= target.capacity) return false;
  bookExit(flow, node, item);
  placeGave(flow, node, place);
  memory.entered[to]!++;
  if (!target.swift) {
    if (target.limitsOut.length > 0) for (const limit of target.limitsOut) releaseLimits(flow, item, 1 << limit);
    finishItem(flow, item, to);
    return true;
  }
  const { now } = events;
  memory.itemSince[item] = now;
  memory.integral[to]! -= now;
  if (++memory.content[to]! > memory.most[to]!) memory.most[to] = memory.content[to]!;
  const last = memory.queueLast[to]!;
  memory.queueLast[to] = item;
  memory.queueCount[to]!++;
  memory.itemNext[item] = -1;
  if (last >= 0) memory.itemNext[last] = item;
  else {
    memory.queueFirst[to] = item;
    offer(flow, target.firstPlace, item, target.route!);
  }
  return true;
}

/** Whether a node takes an item now. */
export function hasRoom(flow: FlowCore, at: number, item: number): boolean {
  const { memory, compiled } = flow;
  const node = compiled.nodes[at]!;
  if (node.limitsIn.length > 0 && !limitsAllow(flow, node.limitsIn, item)) return false;
  switch (node.kind) {
    case STATION:
      return memory.open[at]! > memory.reserved[at]!;
    case BUFFER:
    case PORT:
      return memory.content[at]! + memory.reserved[at]! < node.capacity;
    case SINK:
      return true;
    case TRANSPORT:
      return memory.queueCount[at]! + memory.reserved[at]! < node.capacity;
    case CONVEYOR:
      return conveyorHasRoom(flow, node);
    case ROBOT:
      // it comes and takes by itself
      return false;
    default:
      return customHasRoom(flow, node, item);
  }
}

/** Puts an item into a node that has room for it. */
export function enter(flow: FlowCore, at: number, item: number): void {
  const { memory, compiled, events } = flow;
  const node = compiled.nodes[at]!;
  if (node.limitsIn.length > 0) takeLimits(flow, node.limitsIn, item);
  memory.entered[at]!++;
  if (node.kind === SINK) {
    if (node.limitsOut.length > 0) for (const limit of node.limitsOut) releaseLimits(flow, item, 1 << limit);
    return finishItem(flow, item, at);
  }
  const { now } = events;
  memory.itemSince[item] = now;
  memory.integral[at]! -= now;
  if (++memory.content[at]! > memory.most[at]!) memory.most[at] = memory.content[at]!;
  switch (node.kind) {
    case STATION:
      return flow.acts.loadPlace(flow, node, item);
    case BUFFER:
      return append(flow, node, item);
    case PORT:
      append(flow, node, item);
      return wakeSoon(memory, node.parent);
    case CONVEYOR:
      conveyorEntered(flow, node, item);
      append(flow, node, item);
      return foreseeEntrance(flow, node);
    case TRANSPORT:
      append(flow, node, item);
      return flow.acts.callVehicle(flow, node);
    case ROBOT:
      return flow.acts.robotGripped(flow, node, item);
    case CUSTOM:
      return customReceive(flow, node, item);
    default:
      throw new Error(`nothing enters ${node.id}`);
  }
}

/** Items in a component and before it. */
export function loadOf(flow: FlowCore, at: number): number {
  const { memory, compiled } = flow;
  let load = 0;
  for (const node of compiled.nodesOfComponent[compiled.nodes[at]!.component]!) load += memory.content[node]!;
  return load;
}

/** There is room ahead: a finished item moves; a place that waits to begin keeps the room and begins. */
export function hand(flow: FlowCore, node: FlowNode, place: number, target: number): void {
  const { memory } = flow;
  if (memory.phase[place] === ROOM) {
    const { limitsIn } = flow.compiled.nodes[target]!;
    // the card is kept with the room
    if (limitsIn.length > 0) takeLimits(flow, limitsIn, memory.outItem[place]!);
    memory.reserved[target]!++;
    memory.outReserved[place] = 1;
    memory.outTarget[place] = target;
    return flow.acts.advance(flow, place);
  }
  const item = memory.outItem[place]!;
  switch (node.kind) {
    case STATION:
      bookExit(flow, node, item);
      placeGave(flow, node, place);
      break;
    case SOURCE:
      if (node.source!.kind === "saturated") saturatedLeft(flow, node, item);
      else {
        bookExit(flow, node, item);
        memory.phase[place] = EMPTY;
        takeHead(flow, node);
        presentHead(flow, node);
      }
      break;
    case TRANSPORT:
      bookExit(flow, node, item);
      flow.acts.vehicleGave(flow, node, place);
      break;
    case ROBOT:
      bookExit(flow, node, item);
      flow.acts.robotGave(flow, node);
      break;
    default:
      bookExit(flow, node, item);
      memory.phase[place] = EMPTY;
      takeHead(flow, node);
      if (node.kind === CONVEYOR) conveyorLeft(flow, node);
      presentHead(flow, node);
      if (memory.waitFirst[node.index]! >= 0 || node.kind === CUSTOM) wakeSoon(memory, node.index);
  }
  enter(flow, target, item);
}

/** A place that was held tries again, at its old position where it waits already. */
export function retry(flow: FlowCore, place: number): void {
  const { memory, compiled } = flow;
  const node = compiled.nodes[compiled.placeNode[place]!]!;
  const first = node.firstLink + (place - node.firstPlace) * node.targets.length;
  let waits = false;
  for (let link = first; link < first + node.targets.length; link++) {
    if (memory.linkPrevious[link] === -2) continue;
    waits = true;
    wakeSoon(memory, compiled.linkTarget[link]!);
  }
  if (!waits) deliver(flow, place);
}
