import { uniformAt } from "../random/philox.ts";
import { BATCH, DISASSEMBLE, type FlowNode, PACK, UNPACK } from "./compiled-flow.ts";
import { BATCH_WAIT, type FlowCore, ORDER, SEGMENT, wakeSoon } from "./flow-core.ts";
import { DONE, NEED, ROOM, SET_UP, WORK } from "./flow-memory.ts";
import { draw, pour } from "./dosing.ts";
import { drawTime } from "./flow-time.ts";
import { admit, joinItem, makeItem, bookExit } from "./items.ts";
import { takeHead } from "./queues.ts";
import { leaveOperators, seizeFor } from "./staff.ts";
import { S_WORKING, show, showAs } from "./station-state.ts";
import { countCycle, strike, strikeAfter, strikeDue } from "./stops.ts";
import { deliver, hand, passOn } from "./transfer.ts";
import { aim } from "./offers.ts";
import { clearPlace, giveRoomBack, scrapAll, settleClocks } from "./clear-place.ts";

/** Puts an item into the first open place of a station. */
export function loadPlace(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory } = flow;
  let place = node.firstPlace;
  while (memory.isOpen[place] === 0) place++;
  fillPlace(flow, node, place, item);
}

/** Takes what a gathering station needs out of its inputs, for as many places as can begin. */
export function gather(flow: FlowCore, node: FlowNode): void {
  const { memory, events } = flow;
  while (memory.open[node.index]! > 0) {
    let complete = true;
    for (let i = 0; i < node.ports.length; i++) if (memory.queueCount[node.ports[i]!]! < node.counts[i]!) complete = false;
    let size = node.counts[0]!;
    if (!complete) {
      if (node.gathers !== BATCH || node.batchWait < 0) return;
      const port = node.ports[0]!;
      if (memory.queueCount[port]! < node.batchMinimum || memory.queueCount[port] === 0) return;
      const due = memory.itemSince[memory.queueFirst[port]!]! + node.batchWait;
      if (due > events.now) {
        if (memory.timer[node.index]! >= 0) events.cancel(memory.timer[node.index]!);
        memory.timer[node.index] = events.schedule(due, ORDER.move, BATCH_WAIT, node.index);
        return;
      }
      size = memory.queueCount[port]!;
    }
    gatherOnce(flow, node, size);
  }
}

/** The next thing a loaded place needs before and for its work: room, operators, set-up, time. */
export function advance(flow: FlowCore, place: number): void {
  const { memory, compiled } = flow;
  const node = compiled.nodes[compiled.placeNode[place]!]!;
  if (node.hasStops && strikeDue(flow, node, place)) return;
  if (memory.held[place]! > 0) return show(flow, place);
  if (node.before && memory.outReserved[place] === 0) {
    if (memory.phase[place] !== ROOM) {
      memory.phase[place] = ROOM;
      aim(flow, place, node.route!);
    }
    return deliver(flow, place);
  }
  if (node.takes.length > 0 && memory.drawn[place] === 0 && !draw(flow, node, place)) return;
  if (node.needs.length > 0 && memory.staffed[place] !== 1) {
    memory.phase[place] = NEED;
    if (memory.staffed[place] === 0 && !seizeFor(flow, place)) return show(flow, place);
    if ((memory.staffed[place] as number) !== 1) return show(flow, place);
  }
  const item = memory.outItem[place]!;
  const product = memory.itemProduct[item]!;
  if (node.setUp !== undefined && memory.setUpDone[place] === 0) {
    memory.setUpDone[place] = 1;
    const time = setUpTime(flow, node, place, product);
    memory.lastProduct[place] = product;
    if (time > 0) {
      memory.phase[place] = SET_UP;
      memory.todo[place] = time;
      return startSegment(flow, place);
    }
  }
  memory.phase[place] = WORK;
  const time = drawTime(node.timeByProduct[product] ?? node.time!, memory.key, node.timeStream, memory.draws[node.index]!++);
  memory.todo[place] = time;
  memory.whole[place] = time;
  startSegment(flow, place);
}

/** Lets the set-up or work of a place run until it ends or an operating clock runs out. */
export function startSegment(flow: FlowCore, place: number): void {
  const { memory, compiled, events } = flow;
  if (memory.held[place]! > 0) return show(flow, place);
  const node = compiled.nodes[compiled.placeNode[place]!]!;
  let time = memory.todo[place]!;
  if (node.hasStops) {
    memory.segmentStop[place] = -1;
    if (memory.phase[place] === WORK)
      for (const stop of node.stops[place - node.firstPlace]!)
        if (compiled.stops[stop]!.clock === 0 && !compiled.stops[stop]!.polite && memory.stopLeft[stop]! < time) {
          time = memory.stopLeft[stop]!;
          memory.segmentStop[place] = stop;
        }
  }
  memory.running[place] = 1;
  memory.since[place] = events.now;
  memory.handle[place] = events.schedule(events.now + time, ORDER.work, SEGMENT, place);
  show(flow, place);
}

/** Set-up or work ends, or the clock of a stop runs out during it. */
export function segmentEnded(flow: FlowCore, place: number): void {
  const { memory, compiled } = flow;
  const node = compiled.nodes[compiled.placeNode[place]!]!;
  memory.running[place] = 0;
  if (node.hasStops) {
    settleClocks(flow, node, place);
    const stop = memory.segmentStop[place]!;
    if (stop >= 0) return strike(flow, stop);
  }
  if (memory.phase[place] === SET_UP) return advance(flow, place);
  finishWork(flow, node, place);
  if (node.hasStops) strikeAfter(flow, node, place);
}

function fillPlace(flow: FlowCore, node: FlowNode, place: number, item: number): void {
  const { memory, events } = flow;
  memory.isOpen[place] = 0;
  memory.open[node.index]!--;
  memory.outItem[place] = item;
  if (!node.plain) {
    memory.outReserved[place] = 0;
    // loaded, and not begun: a stop that is due comes first
    memory.phase[place] = WORK;
    memory.whole[place] = -1;
    return advance(flow, place);
  }
  memory.phase[place] = WORK;
  const time = drawTime(
    node.timeByProduct[memory.itemProduct[item]!] ?? node.time!,
    memory.key,
    node.timeStream,
    memory.draws[node.index]!++,
  );
  memory.handle[place] = events.schedule(events.now + time, ORDER.work, SEGMENT, place);
  showAs(flow, place, S_WORKING);
}

function finishWork(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory } = flow;
  memory.cycles[place]!++;
  if (node.hasStops) countCycle(flow, node, place);
  if (node.needs.length > 0) leaveOperators(flow, place);
  if (node.gives.length > 0 && !pour(flow, node, place)) return;
  judge(flow, node, place);
}

/** What the work of a place gives has been poured. */
export function poured(flow: FlowCore, place: number): void {
  judge(flow, flow.compiled.nodes[flow.compiled.placeNode[place]!]!, place);
}

/** Where a finished item goes: destroyed, rejected, opened, or on. */
function judge(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory } = flow;
  const item = memory.outItem[place]!;
  if (node.scrap > 0 && uniformAt(memory.key, node.verdictStream ^ 0x5c3a9, memory.verdicts[node.index]!++) < node.scrap) {
    giveRoomBack(flow, place);
    scrapAll(flow, node, place);
    return clearPlace(flow, place);
  }
  if (node.rejectByTry.length > 0 && rejected(flow, node, item)) {
    if (node.reject === undefined || memory.itemTries[item]! >= node.maxTries) {
      scrapAll(flow, node, place);
      return clearPlace(flow, place);
    }
    memory.phase[place] = DONE;
    aim(flow, place, node.reject);
    return deliver(flow, place);
  }
  if (node.opens !== 0) return open(flow, node, place, item);
  memory.phase[place] = DONE;
  if (memory.outReserved[place] === 1) {
    // the room was kept when work began, so nobody else has it
    memory.outReserved[place] = 0;
    memory.reserved[memory.outTarget[place]!]!--;
    return hand(flow, node, place, memory.outTarget[place]!);
  }
  if (node.direct >= 0 && passOn(flow, node, place, item)) return;
  aim(flow, place, node.route!);
  deliver(flow, place);
}

function rejected(flow: FlowCore, node: FlowNode, item: number): boolean {
  const { memory } = flow;
  const tries = ++memory.itemTries[item]!;
  const probability = node.rejectByTry[Math.min(tries, node.rejectByTry.length) - 1]!;
  if (uniformAt(memory.key, node.verdictStream, memory.verdicts[node.index]!++) >= probability) return false;
  memory.rejects[node.index]!++;
  return true;
}

function setUpTime(flow: FlowCore, node: FlowNode, place: number, product: number): number {
  const { memory } = flow;
  const { values, time, matrix, stream } = node.setUp!;
  const last = memory.lastProduct[place]!;
  if (last < 0 || values[last] === values[product]) return 0;
  const drawn = matrix.get(`${values[last]}\u0000${values[product]}`) ?? time;
  return drawTime(drawn, memory.key, stream + (place - node.firstPlace), memory.setUps[place]!++);
}

function gatherOnce(flow: FlowCore, node: FlowNode, first: number): void {
  const { memory, compiled } = flow;
  let main = -1;
  let last = -1;
  for (let i = 0; i < node.ports.length; i++) {
    const port = compiled.nodes[node.ports[i]!]!;
    const count = i === 0 && node.gathers === BATCH ? first : node.counts[i]!;
    for (let taken = 0; taken < count; taken++) {
      const item = takeHead(flow, port);
      bookExit(flow, port, item);
      if (main < 0) main = item;
      else if (node.gathers === BATCH || node.gathers === PACK) {
        if (last < 0) {
          if (node.gathers === BATCH) last = item;
          else {
            // what is packed lies before what the container held already
            memory.itemNext[item] = memory.itemContent[main]!;
            memory.itemContent[main] = item;
            continue;
          }
          memory.rest[firstOpen(flow, node)] = item;
        } else {
          memory.itemNext[last] = item;
          last = item;
        }
      } else joinItem(flow, item);
    }
    wakeSoon(memory, port.index);
  }
  const place = firstOpen(flow, node);
  if (node.gathers === BATCH) for (let item = memory.rest[place]!; item >= 0; item = memory.itemNext[item]!) bookIn(flow, node, item);
  bookIn(flow, node, main);
  fillPlace(flow, node, place, main);
}

function bookIn(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory, events } = flow;
  const at = node.index;
  memory.entered[at]!++;
  memory.itemSince[item] = events.now;
  memory.integral[at]! -= events.now;
  if (++memory.content[at]! > memory.most[at]!) memory.most[at] = memory.content[at]!;
}

function firstOpen(flow: FlowCore, node: FlowNode): number {
  let place = node.firstPlace;
  while (flow.memory.isOpen[place] === 0) place++;
  return place;
}

/** Contents and container, or the parts of an item, leave one after another. */
function open(flow: FlowCore, node: FlowNode, place: number, item: number): void {
  const { memory } = flow;
  if (node.opens === UNPACK) {
    const contents = memory.itemContent[item]!;
    memory.itemContent[item] = -1;
    for (let inner = contents; inner >= 0; inner = memory.itemNext[inner]!) bookIn(flow, node, inner);
    if (node.container === undefined) {
      bookExit(flow, node, item);
      joinItem(flow, item);
      if (contents < 0) return clearPlace(flow, place);
      memory.rest[place] = memory.itemNext[contents]!;
      memory.itemNext[contents] = -1;
      memory.outItem[place] = contents;
      memory.phase[place] = DONE;
      aim(flow, place, node.route!);
      return deliver(flow, place);
    }
    memory.rest[place] = contents;
    memory.phase[place] = DONE;
    aim(flow, place, node.container);
    return deliver(flow, place);
  }
  if (node.opens === DISASSEMBLE)
    for (const part of node.parts)
      for (let i = 0; i < part.count; i++) {
        const made = makeItem(flow, part.product);
        admit(flow, made, true);
        bookIn(flow, node, made);
        memory.itemRoute[made] = part.route.index;
        memory.itemNext[made] = memory.rest[place]!;
        memory.rest[place] = made;
      }
  memory.phase[place] = DONE;
  aim(flow, place, node.route!);
  deliver(flow, place);
}
