import type { FlowCore } from "./flow-core.ts";
import { leaveRepair } from "./staff.ts";
import { startClock } from "./stops.ts";
import { CLOCK_RUNS } from "./repairs.ts";
import { DRAW, EMPTY, NEED, POUR, ROOM, SET_UP, WORK } from "./flow-memory.ts";
import { pour } from "./dosing.ts";
import { refreshOpen, show } from "./station-state.ts";
import { retry } from "./transfer.ts";
import { advance, startSegment, poured } from "./work.ts";

export function repaired(flow: FlowCore, index: number): void {
  const { memory, compiled } = flow;
  const stop = compiled.stops[index]!;
  memory.stopPhase[index] = CLOCK_RUNS;
  memory.held[stop.place]!--;
  startClock(flow, stop);
  if (stop.need !== undefined) leaveRepair(flow, index);
  resume(flow, stop.place);
}

/** Goes on with whatever a place was at when nothing holds it any more. */
export function resume(flow: FlowCore, place: number): void {
  const { memory } = flow;
  if (memory.held[place]! > 0) return show(flow, place);
  switch (memory.phase[place]) {
    case EMPTY:
      refreshOpen(flow, place);
      break;
    case SET_UP:
    case WORK:
      if (memory.phase[place] === WORK && memory.whole[place]! < 0) advance(flow, place);
      else startSegment(flow, place);
      break;
    case NEED:
    case DRAW:
      advance(flow, place);
      break;
    case POUR:
      if (pour(flow, flow.compiled.nodes[flow.compiled.placeNode[place]!]!, place)) poured(flow, place);
      break;
    case ROOM:
      if (memory.outReserved[place] === 1 || memory.outTarget[place]! < 0) advance(flow, place);
      else retry(flow, place);
      break;
    default:
      retry(flow, place);
  }
  show(flow, place);
}
