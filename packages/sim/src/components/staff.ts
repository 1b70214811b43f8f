import type { Need } from "./compiled-flow.ts";
import { type FlowCore, ORDER, WALKED } from "./flow-core.ts";
import { drawTime } from "./flow-time.ts";
import { beginRepair } from "./repairs.ts";

// A requester is a place that wants to work, or (number of places + stop) a stop that wants repair.

/** Operators for the work of a place: true when they were free (and are there or on their way), else it waits in the queue. */
export function seizeFor(flow: FlowCore, place: number): boolean {
  const { memory } = flow;
  if (memory.requested[place] === 1) return false;
  if (!seize(flow, place, needsOf(flow, place))) {
    request(flow, place);
    return false;
  }
  walkTo(flow, place);
  return true;
}

/** The same for a repair. */
export function seizeForRepair(flow: FlowCore, stop: number): boolean {
  const requester = flow.compiled.placeNode.length + stop;
  if (seize(flow, requester, needsOf(flow, requester))) return true;
  request(flow, requester);
  return false;
}

/** Operators have walked to a place. */
export function walked(flow: FlowCore, place: number): void {
  flow.memory.staffed[place] = 1;
  flow.acts.advance(flow, place);
}

/** The operators of a place are free again. */
export function leaveOperators(flow: FlowCore, place: number): void {
  flow.memory.staffed[place] = 0;
  release(flow, place);
}

export function leaveRepair(flow: FlowCore, stop: number): void {
  release(flow, flow.compiled.placeNode.length + stop);
}

/** Serves those that wait, in their order, as far as there are people for them. */
export function serveRequests(flow: FlowCore): void {
  const { memory, compiled } = flow;
  const places = compiled.placeNode.length;
  let previous = -1;
  let requester = memory.requestFirst;
  while (requester >= 0) {
    const next = memory.requestNext[requester]!;
    if ((requester < places && memory.held[requester]! > 0) || !seize(flow, requester, needsOf(flow, requester))) {
      previous = requester;
      requester = next;
      continue;
    }
    if (previous < 0) memory.requestFirst = next;
    else memory.requestNext[previous] = next;
    if (memory.requestLast === requester) memory.requestLast = previous;
    memory.requestNext[requester] = -1;
    memory.requested[requester] = 0;
    if (requester >= places) beginRepair(flow, requester - places);
    else {
      walkTo(flow, requester);
      if (memory.staffed[requester] === 1) flow.acts.advance(flow, requester);
    }
    requester = next;
  }
}

function needsOf(flow: FlowCore, requester: number): readonly Need[] {
  const { compiled } = flow;
  const places = compiled.placeNode.length;
  return requester < places ? compiled.nodes[compiled.placeNode[requester]!]!.needs : [compiled.stops[requester - places]!.need!];
}

/** All needs or none. */
function seize(flow: FlowCore, requester: number, needs: readonly Need[]): boolean {
  const { memory, compiled } = flow;
  const groups = compiled.groups.length;
  const base = requester * groups;
  let complete = true;
  for (const need of needs) {
    let wanted = need.count;
    for (const group of need.groups) {
      if (wanted === 0) break;
      const { calendar, count } = compiled.groups[group]!;
      const free = calendar >= 0 && memory.calendarOn[calendar] === 0 ? 0 : count - memory.groupUsed[group]!;
      const taken = Math.max(0, Math.min(free, wanted));
      memory.groupUsed[group]! += taken;
      memory.taken[base + group]! += taken;
      wanted -= taken;
    }
    if (wanted > 0) complete = false;
  }
  for (let group = 0; group < groups; group++) {
    const taken = memory.taken[base + group]!;
    if (taken === 0) continue;
    if (complete) memory.groupTime[group]! -= taken * flow.events.now;
    else {
      memory.groupUsed[group]! -= taken;
      memory.taken[base + group] = 0;
    }
  }
  return complete;
}

function release(flow: FlowCore, requester: number): void {
  const { memory, compiled, events } = flow;
  const groups = compiled.groups.length;
  const base = requester * groups;
  for (let group = 0; group < groups; group++) {
    const taken = memory.taken[base + group]!;
    memory.groupUsed[group]! -= taken;
    memory.groupTime[group]! += taken * events.now;
    memory.taken[base + group] = 0;
  }
  if (memory.requestFirst >= 0) serveRequests(flow);
}

function request(flow: FlowCore, requester: number): void {
  const { memory } = flow;
  memory.requested[requester] = 1;
  memory.requestNext[requester] = -1;
  if (memory.requestFirst < 0) memory.requestFirst = requester;
  else memory.requestNext[memory.requestLast] = requester;
  memory.requestLast = requester;
}

/** Work begins when the one with the longest walk is there. */
function walkTo(flow: FlowCore, place: number): void {
  const { memory, compiled, events } = flow;
  const groups = compiled.groups.length;
  let longest = 0;
  for (let group = 0; group < groups; group++) {
    const { walk, stream } = compiled.groups[group]!;
    if (walk === undefined || memory.taken[place * groups + group] === 0) continue;
    longest = Math.max(longest, drawTime(walk, memory.key, stream, memory.groupWalks[group]!++));
  }
  if (longest === 0) memory.staffed[place] = 1;
  else {
    memory.staffed[place] = 2;
    events.schedule(events.now + longest, ORDER.move, WALKED, place);
  }
}
