import type { CompiledStop, FlowNode } from "./compiled-flow.ts";
import { type FlowCore, ORDER, STOP_DUE } from "./flow-core.ts";
import { SET_UP, WORK } from "./flow-memory.ts";
import { drawCount, drawTime } from "./flow-time.ts";
import { seizeForRepair } from "./staff.ts";
import { refreshOpen, show } from "./station-state.ts";
import { destroyWork, interrupt } from "./clear-place.ts";
import { beginRepair, CLOCK_RUNS, PENDING, WAITS } from "./repairs.ts";

/** Starts every clock. */
export function startStops(flow: FlowCore): void {
  for (const stop of flow.compiled.stops) startClock(flow, stop);
}

/** One cycle more on the clocks of a place that count cycles. */
export function countCycle(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory, compiled } = flow;
  for (const stop of node.stops[place - node.firstPlace]!) if (compiled.stops[stop]!.clock === 2) memory.stopLeft[stop]!--;
}

/** Before an item begins: stops that are due strike. True when one did. */
export function strikeDue(flow: FlowCore, node: FlowNode, place: number): boolean {
  const { memory, compiled } = flow;
  if (memory.phase[place] === WORK && memory.whole[place]! >= 0) return false;
  let struck = false;
  for (const stop of node.stops[place - node.firstPlace]!) {
    const phase = memory.stopPhase[stop]!;
    const due = compiled.stops[stop]!.clock === 1 ? phase === PENDING : phase === CLOCK_RUNS && memory.stopLeft[stop]! <= 0;
    if (!due) continue;
    strike(flow, stop);
    struck = true;
  }
  return struck;
}

/** After a cycle: stops that wait for the end of it, and those by cycles that strike at once. */
export function strikeAfter(flow: FlowCore, node: FlowNode, place: number): void {
  const { memory, compiled } = flow;
  for (const stop of node.stops[place - node.firstPlace]!) {
    const { clock, polite } = compiled.stops[stop]!;
    if (memory.stopPhase[stop] === PENDING) strike(flow, stop);
    else if (clock === 2 && !polite && memory.stopPhase[stop] === CLOCK_RUNS && memory.stopLeft[stop]! <= 0) strike(flow, stop);
  }
}

/** A place stops by itself. */
export function strike(flow: FlowCore, index: number): void {
  const { memory, compiled } = flow;
  const stop = compiled.stops[index]!;
  const { place } = stop;
  interrupt(flow, place);
  memory.held[place]!++;
  if (!stop.maintenance) memory.failures[place]!++;
  if (memory.phase[place] === WORK && memory.whole[place]! >= 0) {
    if (stop.model.item === "restart") memory.todo[place] = memory.whole[place]!;
    else if (stop.model.item === "scrap") destroyWork(flow, place);
  }
  memory.stopPhase[index] = WAITS;
  if (stop.need === undefined || seizeForRepair(flow, index)) beginRepair(flow, index);
  refreshOpen(flow, place);
  show(flow, place);
}

/** The calendar clock of a stop has run out. */
export function stopDue(flow: FlowCore, index: number): void {
  const { memory, compiled } = flow;
  const stop = compiled.stops[index]!;
  const phase = memory.phase[stop.place];
  if (stop.polite && (phase === SET_UP || (phase === WORK && memory.whole[stop.place]! >= 0))) memory.stopPhase[index] = PENDING;
  else strike(flow, index);
}

export function startClock(flow: FlowCore, stop: CompiledStop): void {
  const { memory, events } = flow;
  const draw = memory.stopDraws[stop.index]!++;
  if (stop.clock === 2) memory.stopLeft[stop.index] = Math.max(1, drawCount(stop.between, memory.key, stop.betweenStream, draw));
  else {
    const time = drawTime(stop.between, memory.key, stop.betweenStream, draw);
    if (stop.clock === 0) memory.stopLeft[stop.index] = time;
    else events.schedule(events.now + time, ORDER.stop, STOP_DUE, stop.index);
  }
}
