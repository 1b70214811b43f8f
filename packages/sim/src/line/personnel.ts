import type { CompiledSeize } from "./compile-line.ts";
import { MAX_STEPS } from "./component.ts";
import { type LineCore, isAble } from "./line-core.ts";
import { NEED, STAFFED, WAITING } from "./line-memory.ts";
import { beginRepair } from "./repairs.ts";

/** The pool people were taken from, or −1 after queueing. A request is a place that wants operators, or places + stop that wants technicians. */
export function seizeOrQueue(line: LineCore, seize: CompiledSeize, request: number): number {
  const { memory } = line;
  // nobody passes those who wait, unless they wait for more than there is
  const pool = seizeNow(line, seize);
  if (pool >= 0) return pool;
  if (memory.requestQueued[request] === 1) return -1;
  memory.requestQueued[request] = 1;
  memory.requestNext[request] = -1;
  if (memory.requestFirst < 0) memory.requestFirst = request;
  else memory.requestNext[memory.requestLast] = request;
  memory.requestLast = request;
  return -1;
}

/** Gives people back and serves who waits, first come first served among those that can be served. */
export function release(line: LineCore, pool: number, count: number): void {
  line.memory.poolUsed[pool]! -= count;
  serveRequests(line);
}

/** Numbers of people by shift. */
export function staffShift(line: LineCore, shift: string): void {
  const { memory, compiled } = line;
  compiled.pools.forEach((pool, index) => {
    memory.poolCount[index] = pool.byShift[shift] ?? pool.count;
  });
}

export function serveRequests(line: LineCore): void {
  const { memory } = line;
  let previous = -1;
  let request = memory.requestFirst;
  while (request >= 0) {
    const next = memory.requestNext[request]!;
    const wanted = isWanted(line, request);
    const pool = wanted ? seizeNow(line, seizeOf(line, request)) : -1;
    if (wanted && pool < 0) {
      previous = request;
      request = next;
      continue;
    }
    if (previous < 0) memory.requestFirst = next;
    else memory.requestNext[previous] = next;
    if (memory.requestLast === request) memory.requestLast = previous;
    memory.requestQueued[request] = 0;
    if (wanted) {
      grant(line, request, pool);
      // whoever was served may have changed the queue
      previous = -1;
      request = memory.requestFirst;
    } else request = next;
  }
}

function isWanted(line: LineCore, request: number): boolean {
  const { memory, compiled } = line;
  const places = compiled.placeStation.length;
  const step = request - places - compiled.stops.length;
  const place = step >= 0 ? step : request;
  if (step < 0 && request >= places) return memory.stopPhase[request - places] === WAITING;
  return memory.placePhase[place] === NEED && isAble(line, place);
}

function seizeOf({ compiled, work }: LineCore, request: number): CompiledSeize {
  const places = compiled.placeStation.length;
  const step = request - places - compiled.stops.length;
  if (step >= 0) return { pools: [work!.stepPool[step * MAX_STEPS + work!.placeStep[step]!]!], count: 1 };
  return request < places ? compiled.stations[compiled.placeStation[request]!]!.operators! : compiled.stops[request - places]!.repairedBy!;
}

function grant(line: LineCore, request: number, pool: number): void {
  const { memory, compiled } = line;
  const places = compiled.placeStation.length;
  const step = request - places - compiled.stops.length;
  if (step >= 0) {
    line.work!.placeHolds[step] = pool;
    line.acts.meetNeeds(line, step);
  } else if (request < places) {
    memory.placePool[request] = pool;
    memory.placeMet[request]! |= STAFFED;
    line.acts.meetNeeds(line, request);
  } else {
    memory.stopPool[request - places] = pool;
    beginRepair(line, request - places);
  }
}

function seizeNow(line: LineCore, seize: CompiledSeize): number {
  const { memory } = line;
  for (const pool of seize.pools)
    if (memory.poolCount[pool]! - memory.poolUsed[pool]! >= seize.count) {
      memory.poolUsed[pool]! += seize.count;
      return pool;
    }
  return -1;
}
