import { message } from "@doppelwerk/messages";
import { growColumn } from "../kernel/memory.ts";
import { RunError } from "../kernel/run-error.ts";
import { type FlowCore, wakeSoon } from "./flow-core.ts";
import { LEAD_BINS } from "./flow-memory.ts";
import type { FlowNode } from "./compiled-flow.ts";

const MAX_ITEMS = 2_000_000;

/** A row for an item, not yet inside. Throws when there are too many. */
export function makeItem(flow: FlowCore, product: number): number {
  const { memory } = flow;
  let item = memory.itemFree;
  if (item >= 0) memory.itemFree = memory.itemNext[item]!;
  else {
    item = memory.itemRows++;
    if (item >= MAX_ITEMS) throw new RunError(message("sim.flowTooManyItems", { max: MAX_ITEMS, atS: flow.events.now / 1e6 }));
    if (item >= memory.itemProduct.length) growItems(flow);
  }
  memory.itemProduct[item] = product;
  memory.itemNext[item] = -1;
  memory.itemContent[item] = -1;
  memory.itemRoute[item] = -1;
  memory.itemTries[item] = 0;
  memory.itemLimits[item] = 0;
  return item;
}

/** The item is inside from now on. `made`: it came out of another, not from outside. */
export function admit(flow: FlowCore, item: number, made = false): void {
  const { memory, events } = flow;
  const { now } = events;
  memory.itemEntered[item] = now;
  if (made) memory.everMade++;
  else memory.everEntered++;
  if (++memory.inside > memory.insideMost) memory.insideMost = memory.inside;
  memory.insideIntegral -= now;
  memory.everIntegral -= now;
}

/** The item has left through a sink, with what it contains. */
export function finishItem(flow: FlowCore, item: number, node: number): void {
  const { memory, compiled, events } = flow;
  const good = compiled.nodes[node]!.counts2 === "good";
  const lead = events.now - memory.itemEntered[item]!;
  if (good) {
    memory.good++;
    memory.everGood++;
    memory.goodByProduct[memory.itemProduct[item]!]!++;
    memory.leadCount++;
    memory.leadSum += lead;
    memory.leadByProduct[memory.itemProduct[item]!]! += lead;
    if (lead > memory.leadMost) memory.leadMost = lead;
    memory.leadBins[leadBin(lead)]!++;
  } else {
    memory.scrap++;
    memory.everScrapped++;
  }
  dropContents(flow, item, good);
  removeItem(flow, item);
}

/** The item is destroyed, with what it contains. */
export function scrapItem(flow: FlowCore, item: number, node: number): void {
  const { memory } = flow;
  memory.scrapped[node]!++;
  memory.scrap++;
  memory.everScrapped++;
  dropContents(flow, item, false);
  removeItem(flow, item);
}

/** The item became part of another. */
export function joinItem(flow: FlowCore, item: number): void {
  flow.memory.everJoined++;
  dropJoined(flow, item);
  removeItem(flow, item);
}

/** The row is free again and the books of the whole are closed for it. */
export function removeItem(flow: FlowCore, item: number): void {
  const { memory, events } = flow;
  const { now } = events;
  memory.inside--;
  memory.insideIntegral += now;
  memory.everIntegral += now;
  memory.everSojourn += now - memory.itemEntered[item]!;
  if (memory.itemLimits[item] !== 0) releaseLimits(flow, item, memory.itemLimits[item]!);
  forgetItem(flow, item);
}

/** The row of an item that never came inside, or is out of the books. */
export function forgetItem(flow: FlowCore, item: number): void {
  flow.memory.itemNext[item] = flow.memory.itemFree;
  flow.memory.itemFree = item;
}

/** Whether every limit that begins at a node has room for the item. */
export function limitsAllow(flow: FlowCore, limits: readonly number[], item: number): boolean {
  const { memory, compiled } = flow;
  const held = memory.itemLimits[item]!;
  for (const limit of limits) if ((held & (1 << limit)) === 0 && memory.limitUsed[limit]! >= compiled.limits[limit]!.count) return false;
  return true;
}

export function takeLimits(flow: FlowCore, limits: readonly number[], item: number): void {
  const { memory, events } = flow;
  for (const limit of limits) {
    if ((memory.itemLimits[item]! & (1 << limit)) !== 0) continue;
    memory.itemLimits[item]! |= 1 << limit;
    memory.limitUsed[limit]!++;
    memory.limitTime[limit]! -= events.now;
  }
}

export function releaseLimits(flow: FlowCore, item: number, bits: number): void {
  const { memory, compiled, events } = flow;
  const held = memory.itemLimits[item]! & bits;
  for (let limit = 0; held >>> limit !== 0; limit++) {
    if ((held & (1 << limit)) === 0) continue;
    memory.limitUsed[limit]!--;
    memory.limitTime[limit]! += events.now;
    wakeSoon(memory, compiled.limits[limit]!.from);
  }
  memory.itemLimits[item]! &= ~held;
}

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
double[0] = 1;
const HIGH = halves[1] === 0x3ff00000 ? 1 : 0;

/** Bin of a lead time in microseconds: exponent and six bits of the double. */
export function leadBin(lead: number): number {
  if (lead < 1) return 0;
  double[0] = lead;
  return Math.min(LEAD_BINS - 1, (halves[HIGH]! >>> 14) - (1023 << 6));
}

/** Middle of a bin in microseconds. */
export function leadOfBin(bin: number): number {
  return 2 ** (bin >> 6) * (1 + ((bin & 63) + 0.5) / 64);
}

/** What is inside an item shares its end; each is booked by the caller of the outermost. */
function dropContents(flow: FlowCore, item: number, good: boolean): void {
  const { memory } = flow;
  for (let inner = memory.itemContent[item]!; inner >= 0;) {
    const next = memory.itemNext[inner]!;
    dropContents(flow, inner, good);
    if (good) {
      memory.goodContents++;
      memory.everGood++;
    } else memory.everScrapped++;
    removeItem(flow, inner);
    inner = next;
  }
  memory.itemContent[item] = -1;
}

function dropJoined(flow: FlowCore, item: number): void {
  const { memory } = flow;
  for (let inner = memory.itemContent[item]!; inner >= 0;) {
    const next = memory.itemNext[inner]!;
    joinItem(flow, inner);
    inner = next;
  }
  memory.itemContent[item] = -1;
}

function growItems({ memory }: FlowCore): void {
  const rows = memory.itemProduct.length * 2;
  memory.itemProduct = growColumn(memory.itemProduct, rows);
  memory.itemEntered = growColumn(memory.itemEntered, rows);
  memory.itemSince = growColumn(memory.itemSince, rows);
  memory.itemReady = growColumn(memory.itemReady, rows);
  memory.itemNext = growColumn(memory.itemNext, rows);
  memory.itemContent = growColumn(memory.itemContent, rows);
  memory.itemRoute = growColumn(memory.itemRoute, rows);
  memory.itemTries = growColumn(memory.itemTries, rows);
  memory.itemLimits = growColumn(memory.itemLimits, rows);
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
