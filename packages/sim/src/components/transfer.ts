import { uniformAt } from "../random/philox.ts";
import { ALONE, BUFFER, CONVEYOR, CUSTOM, type FlowNode, PORT, ROBOT, SINK, SOURCE, STATION, TRANSPORT } from "./compile-flow.ts";
import { BY_CHANCE, BY_FIRST, BY_PRODUCT, BY_SHORTEST, BY_TURN, DIRECT, type Route } from "./compile-route.ts";
import { conveyorEntered, conveyorHasRoom, conveyorLeft, stopBelt } from "./conveyors.ts";
import { customHasRoom, customReceive } from "./custom-component.ts";
import { RunError } from "../kernel/run-error.ts";
import { type FlowCore, countStep, offerSoon, wakeSoon } from "./flow-core.ts";
import { DONE, EMPTY, ROOM } from "./flow-memory.ts";
import { finishItem, limitsAllow, releaseLimits, takeLimits } from "./items.ts";
import { robotAsked, robotGave, robotGripped } from "./robots.ts";
import { append, presentHead, takeHead } from "./queues.ts";
import { saturatedLeft } from "./sources.ts";
import { show } from "./station-state.ts";
import { callVehicle, vehicleGave } from "./vehicles.ts";
import { advance, gather, loadPlace, placeGave } from "./work.ts";

/** Carries out everything that is due within the present instant. */
export function settle(flow: FlowCore): void {
  const { memory } = flow;
  const mask = memory.agenda.length - 1;
  while (memory.agendaHead !== memory.agendaTail) {
    const entry = memory.agenda[memory.agendaHead]!;
    memory.agendaHead = (memory.agendaHead + 1) & mask;
    const of = entry >> 1;
    if ((entry & 1) === 1) {
      countStep(flow, flow.compiled.placeNode[of]!);
      memory.placeAsked[of] = 0;
      deliver(flow, of);
    } else {
      countStep(flow, of);
      memory.nodeAsked[of] = 0;
      wake(flow, of);
    }
  }
}

/** Chooses where the item of a place goes next. */
export function aim(flow: FlowCore, place: number, route: Route): void {
  const { memory, compiled } = flow;
  memory.outRoute[place] = route.index;
  let choice = 0;
  switch (route.kind) {
    case DIRECT:
      break;
    case BY_CHANCE: {
      const u = uniformAt(memory.key, route.stream, memory.routeTurn[route.index]!++);
      const { cumulative } = route;
      while (choice < cumulative.length - 1 && u >= cumulative[choice]!) choice++;
      break;
    }
    case BY_PRODUCT: {
      const product = memory.itemProduct[memory.outItem[place]!]!;
      choice = route.byProduct[product]!;
      if (choice < 0)
        throw new RunError(
          `"${compiled.nodes[compiled.placeNode[place]!]!.id}" has no way for product "${compiled.products[product]}": name it in to.map, or give to.else`,
        );
      break;
    }
    case BY_TURN:
      choice = memory.routeTurn[route.index]!++ % route.targets.length;
      break;
    default:
      // decided when there is room
      memory.outTarget[place] = -1;
      return;
  }
  memory.outTarget[place] = route.targets[choice]!;
  memory.outLink[place] = route.links[choice]!;
}

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

/** Asks those that wait for a node, in their order. */
export function wake(flow: FlowCore, at: number): void {
  const { memory, compiled } = flow;
  const node = compiled.nodes[at]!;
  if (node.feeder >= 0) return pull(flow, node);
  if (node.gathers !== ALONE) return gather(flow, node);
  if (node.kind === ROBOT) return robotAsked(flow, node);
  let link = memory.waitFirst[at]!;
  while (link >= 0) {
    const next = memory.linkNext[link]!;
    const place = compiled.linkPlace[link]!;
    if (compiled.placeRobot[place] === 1 && memory.phase[place] === EMPTY) {
      // an idle robot wants to know
      const robot = compiled.nodes[compiled.placeNode[place]!]!;
      waitNoMore(flow, robot, place);
      wakeSoon(memory, robot.index);
    } else if (hasRoom(flow, at, memory.outItem[place]!)) {
      if (memory.held[place] === 0) {
        const giver = compiled.nodes[compiled.placeNode[place]!]!;
        waitNoMore(flow, giver, place);
        hand(flow, giver, place, at);
      }
    } else if (node.limitsIn.length === 0) return;
    link = next;
  }
}

/** `wake` for a station that takes from its own slots alone. */
function pull(flow: FlowCore, node: FlowNode): void {
  const { memory, compiled, events } = flow;
  const at = node.index;
  const feeder = compiled.nodes[node.feeder]!;
  const from = feeder.index;
  const link = feeder.firstLink;
  if (memory.linkPrevious[link] === -2 || memory.open[at]! <= memory.reserved[at]!) return;
  const place = feeder.firstPlace;
  const item = memory.outItem[place]!;
  const next = memory.itemNext[item]!;
  const { now } = events;
  const stayed = now - memory.itemSince[item]!;
  memory.content[from]!--;
  memory.integral[from]! += now;
  memory.stay[from]! += stayed;
  if (stayed > 0) memory.waited[from]!++;
  memory.left[from]!++;
  memory.queueFirst[from] = next;
  memory.queueCount[from]!--;
  memory.itemNext[item] = -1;
  memory.outItem[place] = next;
  memory.entered[at]!++;
  memory.itemSince[item] = now;
  memory.integral[at]! -= now;
  if (++memory.content[at]! > memory.most[at]!) memory.most[at] = memory.content[at]!;
  // the next one goes on waiting; of several places another may take it
  if (next < 0 || node.places > 1) {
    memory.waitFirst[at] = -1;
    memory.waitLast[at] = -1;
    memory.linkPrevious[link] = -2;
    if (next < 0) {
      memory.queueLast[from] = -1;
      memory.phase[place] = EMPTY;
    } else offerSoon(memory, place);
  }
  if (memory.waitFirst[from]! >= 0) wakeSoon(memory, from);
  loadPlace(flow, node, item);
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
      return loadPlace(flow, node, item);
    case BUFFER:
      return append(flow, node, item);
    case PORT:
      append(flow, node, item);
      return wakeSoon(memory, node.parent);
    case CONVEYOR:
      return conveyorEntered(flow, node, item);
    case TRANSPORT:
      append(flow, node, item);
      return callVehicle(flow, node);
    case ROBOT:
      return robotGripped(flow, node, item);
    case CUSTOM:
      return customReceive(flow, node, item);
    default:
      throw new Error(`nothing enters ${node.id}`);
  }
}

/** Books that an item has left a node. */
export function bookExit(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory, events } = flow;
  const at = node.index;
  const stayed = events.now - memory.itemSince[item]!;
  memory.content[at]!--;
  memory.integral[at]! += events.now;
  memory.stay[at]! += stayed;
  if (stayed > 0) memory.waited[at]!++;
  memory.left[at]!++;
  if (node.limitsOut.length > 0) for (const limit of node.limitsOut) releaseLimits(flow, item, 1 << limit);
}

/** Removes a place from every queue it waits in. */
export function waitNoMore(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory, compiled } = flow;
  const first = node.firstLink + (place - node.firstPlace) * node.targets.length;
  for (let link = first; link < first + node.targets.length; link++) {
    const previous = memory.linkPrevious[link]!;
    if (previous === -2) continue;
    const next = memory.linkNext[link]!;
    const target = compiled.linkTarget[link]!;
    if (previous >= 0) memory.linkNext[previous] = next;
    else memory.waitFirst[target] = next;
    if (next >= 0) memory.linkPrevious[next] = previous;
    else memory.waitLast[target] = previous;
    memory.linkPrevious[link] = -2;
    memory.linkNext[link] = -1;
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
    return advance(flow, place);
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
      vehicleGave(flow, node, place);
      break;
    case ROBOT:
      bookExit(flow, node, item);
      robotGave(flow, node);
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

/** Puts a place last in the queue for a node. */
export function waitAt(flow: FlowCore, node: FlowNode, place: number, choice: number): void {
  const { memory, compiled } = flow;
  const link = node.firstLink + (place - node.firstPlace) * node.targets.length + choice;
  if (memory.linkPrevious[link] !== -2) return;
  const target = compiled.linkTarget[link]!;
  const last = memory.waitLast[target]!;
  memory.linkPrevious[link] = last;
  memory.linkNext[link] = -1;
  if (last >= 0) memory.linkNext[last] = link;
  else memory.waitFirst[target] = link;
  memory.waitLast[target] = link;
  if (memory.linkSince.length > 0 && compiled.nodes[target]!.kind === ROBOT) {
    memory.linkSince[link] = flow.events.now;
    wakeSoon(memory, target);
  }
}

/** The item of a place is gone or another: it waits nowhere and holds nothing. */
export function emptyPlace(flow: FlowCore, place: number): void {
  const { memory } = flow;
  memory.outItem[place] = -1;
  memory.phase[place] = EMPTY;
}

/** An item that a place is to give on at once. */
export function offer(flow: FlowCore, place: number, item: number, route: Route): void {
  const { memory } = flow;
  memory.outItem[place] = item;
  memory.phase[place] = DONE;
  aim(flow, place, route);
  offerSoon(memory, place);
}
