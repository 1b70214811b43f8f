import { type FlowCore, ORDER, REPAIRED } from "./flow-core.ts";
import { drawTime } from "./flow-time.ts";
import { show } from "./station-state.ts";

// Phases of a stop.
export const CLOCK_RUNS = 0;
export const PENDING = 1;
export const WAITS = 2;
const REPAIR = 3;

/** Whoever repairs is there. */
export function beginRepair(flow: FlowCore, index: number): void {
  const { memory, compiled, events } = flow;
  const stop = compiled.stops[index]!;
  memory.stopPhase[index] = REPAIR;
  const time = drawTime(stop.duration, memory.key, stop.durationStream, memory.stopDraws[index]!);
  events.schedule(events.now + time, ORDER.stop, REPAIRED, index);
  show(flow, stop.place);
}
