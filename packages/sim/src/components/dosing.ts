import type { CompiledDose, FlowNode } from "./compiled-flow.ts";
import type { FlowCore } from "./flow-core.ts";
import { DRAW, POUR } from "./flow-memory.ts";
import { bookFluids, lookAtFluidsSoon } from "./fluid-levels.ts";
import { show } from "./station-state.ts";

/*
 * Where discrete and fluid meet: stations draw litres before their work and pour litres after it, at one instant; levels that are reached open
 * and shut pipes and call items. When a level is reached follows from the straight line it is on (fluids.ts), to the microsecond.
 */

/** Draws what a place needs for its work, all of it or nothing; else the place waits for it. */
export function draw(flow: FlowCore, node: FlowNode, place: number): boolean {
  return dose(flow, node, place, node.takes, DRAW);
}

/** Pours what the work of a place gives, all of it or nothing; else the place waits for room. */
export function pour(flow: FlowCore, node: FlowNode, place: number): boolean {
  return dose(flow, node, place, node.gives, POUR);
}

/** Seconds until something that waits for a level can go on, from the present flows: 0 at once, infinite never. */
export function secondsToLevel(flow: FlowCore): number {
  const { memory, compiled } = flow;
  let least = Infinity;
  compiled.fluids.watches.forEach((_, watch) => {
    const wait = watchWait(flow, watch);
    if (memory.watchArmed[watch] === 1) least = Math.min(least, wait);
  });
  for (let place = memory.doseFirst; place >= 0; place = memory.doseNext[place]!) {
    if (memory.held[place] !== 0) continue;
    const node = compiled.nodes[compiled.placeNode[place]!]!;
    const draws = memory.phase[place] === DRAW;
    least = Math.min(least, Math.max(...(draws ? node.takes : node.gives).map((each) => doseWait(flow, each, draws))));
  }
  return least;
}

export function watchWait(flow: FlowCore, watch: number): number {
  const { tank, level, falls } = flow.compiled.fluids.watches[watch]!;
  return falls ? untilBelow(flow, tank, level) : untilAbove(flow, tank, level);
}

function doseWait(flow: FlowCore, { tank, litres }: CompiledDose, draws: boolean): number {
  return draws ? untilAbove(flow, tank, litres) : untilBelow(flow, tank, flow.compiled.fluids.tanks[tank]!.capacity - litres);
}

function untilAbove(flow: FlowCore, tank: number, level: number): number {
  const missing = level - flow.memory.tankLevel[tank]!;
  if (missing <= flow.compiled.fluids.tanks[tank]!.tolerance) return 0;
  const net = flow.memory.tankNet[tank]!;
  return net > 0 ? missing / net : Infinity;
}

function untilBelow(flow: FlowCore, tank: number, level: number): number {
  const over = flow.memory.tankLevel[tank]! - level;
  if (over <= flow.compiled.fluids.tanks[tank]!.tolerance) return 0;
  const net = flow.memory.tankNet[tank]!;
  return net < 0 ? over / -net : Infinity;
}

export function dose(flow: FlowCore, node: FlowNode, place: number, doses: readonly CompiledDose[], phase: number): boolean {
  const { memory, compiled } = flow;
  const draws = phase === DRAW;
  bookFluids(flow);
  lookAtFluidsSoon(flow);
  if (doses.some((each) => doseWait(flow, each, draws) > 0)) {
    memory.phase[place] = phase;
    if (memory.doseWaits[place] === 0) waitLast(flow, place);
    show(flow, place);
    return false;
  }
  if (memory.doseWaits[place] === 1) waitNoLonger(flow, place);
  for (const { tank, litres } of doses) {
    // what is missing within the tolerance of an instant is not invented
    const room = draws ? memory.tankLevel[tank]! : compiled.fluids.tanks[tank]!.capacity - memory.tankLevel[tank]!;
    const moved = Math.min(litres, Math.max(0, room));
    memory.tankLevel[tank]! += draws ? -moved : moved;
    if (draws) {
      memory.litresTaken[node.index]! += moved;
      memory.everTaken += moved;
    } else {
      memory.litresGiven[node.index]! += moved;
      memory.everGiven += moved;
    }
  }
  if (draws) memory.drawn[place] = 1;
  return true;
}

function waitLast(flow: FlowCore, place: number): void {
  const { memory } = flow;
  memory.doseWaits[place] = 1;
  memory.doseNext[place] = -1;
  if (memory.doseFirst < 0) memory.doseFirst = place;
  else memory.doseNext[memory.doseLast] = place;
  memory.doseLast = place;
}

function waitNoLonger(flow: FlowCore, place: number): void {
  const { memory } = flow;
  let previous = -1;
  for (let other = memory.doseFirst; other !== place; other = memory.doseNext[other]!) previous = other;
  const next = memory.doseNext[place]!;
  if (previous < 0) memory.doseFirst = next;
  else memory.doseNext[previous] = next;
  if (next < 0) memory.doseLast = previous;
  memory.doseNext[place] = -1;
  memory.doseWaits[place] = 0;
}
