import { message } from "@doppelwerk/messages";
import { uniformAt } from "../random/philox.ts";
import { type FlowNode, ROBOT } from "./compiled-flow.ts";
import { BY_CHANCE, BY_PRODUCT, BY_TURN, DIRECT, type Route } from "./compile-route.ts";
import { RunError } from "../kernel/run-error.ts";
import { type FlowCore, offerSoon, wakeSoon } from "./flow-core.ts";
import { DONE, EMPTY } from "./flow-memory.ts";

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
          message("sim.flowNoWay", { component: compiled.nodes[compiled.placeNode[place]!]!.id, product: compiled.products[product]! }),
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
