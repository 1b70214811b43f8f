import { log } from "../random/portable-math.ts";
import { uniformAt } from "../random/philox.ts";
import type { FlowNode } from "./compiled-flow.ts";
import type { CompiledSource } from "./compile-source.ts";
import { BY_FIRST, BY_SHORTEST } from "./compile-route.ts";
import { ARRIVAL, type FlowCore, ORDER, countStep } from "./flow-core.ts";
import { MICROSECONDS, drawCount, drawTime } from "./flow-time.ts";
import { admit, forgetItem, makeItem } from "./items.ts";
import { append } from "./queues.ts";
import { enter, hasRoom } from "./transfer.ts";
import { aim, emptyPlace } from "./offers.ts";
import { NONE, nextSaturated, nextProduct } from "./saturated-source.ts";

/** The first item or the first arrival of every source. */
export function startSource(flow: FlowCore, node: FlowNode): void {
  if (node.source!.kind === "saturated") nextSaturated(flow, node);
  else foreseeArrival(flow, node);
}

/** What was foreseen (or called for by a level) arrives, and the next arrival is foreseen. */
export function arrival(flow: FlowCore, node: FlowNode): void {
  const { memory } = flow;
  const at = node.index;
  const source = node.source!;
  const listed = source.kind === "list" ? source.list[memory.sourceCursor[at]! % source.list.length]! : undefined;
  const quantity =
    listed?.quantity ??
    (source.quantity === undefined ? 1 : drawCount(source.quantity, memory.key, source.streams.quantity, memory.draws[at]!++));
  for (let i = 0; i < quantity; i++) {
    const product = listed !== undefined && listed.product >= 0 ? listed.product : nextProduct(flow, node);
    if (product === NONE || memory.sourceCount[at]! >= source.limit) return;
    countStep(flow, at);
    memory.sourceCount[at]!++;
    const item = makeItem(flow, product);
    admit(flow, item);
    if (source.loses) loseOrEnter(flow, node, item);
    else bookEntry(flow, node, item);
  }
  memory.sourceCursor[at]!++;
  foreseeArrival(flow, node);
}

function bookEntry(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory, events } = flow;
  const at = node.index;
  memory.entered[at]!++;
  memory.itemSince[item] = events.now;
  memory.integral[at]! -= events.now;
  if (++memory.content[at]! > memory.most[at]!) memory.most[at] = memory.content[at]!;
  append(flow, node, item);
}

function loseOrEnter(flow: FlowCore, node: FlowNode, item: number): void {
  const { memory, compiled } = flow;
  const place = node.firstPlace;
  memory.entered[node.index]!++;
  memory.outItem[place] = item;
  aim(flow, place, node.route!);
  emptyPlace(flow, place);
  const route = compiled.routes[memory.outRoute[place]!]!;
  const choices = route.kind === BY_FIRST || route.kind === BY_SHORTEST ? route.targets : [memory.outTarget[place]!];
  const target = choices.find((choice) => hasRoom(flow, choice, item));
  if (target !== undefined) {
    memory.left[node.index]!++;
    return enter(flow, target, item);
  }
  memory.lost[node.index]!++;
  memory.lostAll++;
  memory.everLost++;
  memory.inside--;
  memory.insideIntegral += flow.events.now;
  memory.everIntegral += flow.events.now;
  forgetItem(flow, item);
}

function foreseeArrival(flow: FlowCore, node: FlowNode): void {
  const { memory, events } = flow;
  const at = node.index;
  const source = node.source!;
  if (source.kind === "level" || memory.sourceCount[at]! >= source.limit) return;
  let time: number;
  switch (source.kind) {
    case "interarrival":
      time = events.now + drawTime(source.interarrival!, memory.key, source.streams.time, memory.sourceDraws[at]!++);
      break;
    case "rates":
      time = nextByRate(source, events.now, -log(uniformAt(memory.key, source.streams.time, memory.sourceDraws[at]!++)));
      break;
    default: {
      const round = Math.floor(memory.sourceCursor[at]! / source.list.length);
      if (round > 0 && source.repeat === 0) return;
      time = source.list[memory.sourceCursor[at]! % source.list.length]!.at + round * source.repeat;
    }
  }
  if (time !== Infinity) events.schedule(time, ORDER.arrival, ARRIVAL, at);
}

/** The instant at which the integral of the rate from `now` on reaches `wanted` (a Poisson process by its own clock). */
function nextByRate(source: CompiledSource, now: number, wanted: number): number {
  const { rates, repeat } = source;
  const whole = repeat > 0 ? rates.reduce((sum, rate, i) => sum + rate.rate * ((rates[i + 1]?.from ?? repeat) - rate.from), 0) : 0;
  if (repeat > 0 && whole <= 0) return Infinity;
  let left = wanted;
  let base = repeat > 0 ? Math.floor(now / repeat) * repeat : 0;
  let at = now;
  if (repeat > 0 && left > whole) {
    // whole periods at once
    const periods = Math.floor(left / whole);
    left -= periods * whole;
    base += periods * repeat;
    at += periods * repeat;
  }
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < rates.length; i++) {
      const end = base + (rates[i + 1]?.from ?? (repeat > 0 ? repeat : Infinity));
      if (end <= at) continue;
      const from = Math.max(at, base + rates[i]!.from);
      const { rate } = rates[i]!;
      if (rate > 0 && left <= rate * (end - from)) return Math.round(from + left / rate);
      if (end === Infinity) return Infinity;
      left -= rate * (end - from);
      at = end;
    }
    base += repeat;
  }
  return Math.round(at + 1 * MICROSECONDS);
}
