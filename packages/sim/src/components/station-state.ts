import { DONE, DRAW, EMPTY, NEED, POUR, ROOM, SET_UP, STATES, WORK } from "./flow-memory.ts";
import { type FlowCore, wakeSoon } from "./flow-core.ts";

/** Index of `stationStates`. */
export const S_WORKING = 0;
export const S_SET_UP = 1;
export const S_BLOCKED = 2;
export const S_STARVED = 3;
export const S_FAILED = 4;
export const S_WAITING_REPAIR = 5;
export const S_MAINTENANCE = 6;
export const S_WAITING_OPERATOR = 7;
export const S_BREAK = 8;

/** Books the time of the state a place was in if it is in another now. */
export function show(flow: FlowCore, place: number): void {
  showAs(flow, place, stateOf(flow, place));
}

/** The same where the state is known. */
export function showAs(flow: FlowCore, place: number, state: number): void {
  const { memory, events } = flow;
  const before = memory.state[place]!;
  if (state === before) return;
  memory.stateTime[place * STATES + before]! += events.now - memory.stateSince[place]!;
  memory.stateSince[place] = events.now;
  memory.state[place] = state;
}

/** A place is open when it is empty and nothing holds it; a newly open one lets its station ask for items. */
export function refreshOpen(flow: FlowCore, place: number): void {
  const { memory, compiled } = flow;
  const node = compiled.placeNode[place]!;
  const open = memory.phase[place] === EMPTY && memory.held[place] === 0 && memory.closed[node] === 0 ? 1 : 0;
  if (open === memory.isOpen[place]) return;
  memory.isOpen[place] = open;
  if (open === 1) {
    memory.open[node]!++;
    wakeSoon(memory, node);
  } else memory.open[node]!--;
}

function stateOf(flow: FlowCore, place: number): number {
  const { memory, compiled } = flow;
  if (memory.held[place]! > 0) return heldState(flow, place);
  switch (memory.phase[place]) {
    case WORK:
      return S_WORKING;
    case SET_UP:
      return S_SET_UP;
    case NEED:
      return S_WAITING_OPERATOR;
    case DONE:
    case ROOM:
    case POUR:
      return S_BLOCKED;
    case DRAW:
      return S_STARVED;
    default:
      return memory.closed[compiled.placeNode[place]!] === 1 ? S_BREAK : S_STARVED;
  }
}

/** A break goes before a stop, a repair before the wait for one. */
function heldState(flow: FlowCore, place: number): number {
  const { memory, compiled } = flow;
  const node = compiled.nodes[compiled.placeNode[place]!]!;
  if (memory.closed[node.index] === 1 && !node.finishes) return S_BREAK;
  let state = S_FAILED;
  for (const stop of node.stops[place - node.firstPlace]!) {
    const phase = memory.stopPhase[stop];
    if (phase === 3 && !compiled.stops[stop]!.maintenance) return S_FAILED;
    if (phase === 3) state = S_MAINTENANCE;
    else if (phase === 2 && state !== S_MAINTENANCE) state = S_WAITING_REPAIR;
  }
  return state;
}
