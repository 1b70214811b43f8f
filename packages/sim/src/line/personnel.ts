import type { CompiledSeize } from "./compile-line.ts";
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
  const { memory, compiled } = line;
  const places = compiled.placeStation.length;
  let previous = -1;
  let request = memory.requestFirst;
  while (request >= 0) {
    const next = memory.requestNext[request]!;
    const isPlace = request < places;
    const wanted = isPlace ? memory.placePhase[request] === NEED && isAble(line, request) : memory.stopPhase[request - places] === WAITING;
    const seize = isPlace ? compiled.stations[compiled.placeStation[request]!]!.operators! : compiled.stops[request - places]!.repairedBy!;
    const pool = wanted ? seizeNow(line, seize) : -1;
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

function grant(line: LineCore, request: number, pool: number): void {
  const { memory, compiled } = line;
  const places = compiled.placeStation.length;
  if (request < places) {
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
