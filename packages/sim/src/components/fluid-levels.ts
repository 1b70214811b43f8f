import { FLUID, type FlowCore, ORDER } from "./flow-core.ts";
import { MICROSECONDS } from "./flow-time.ts";

/** Levels have changed at once: what depends on them is carried out within this instant. */
export function lookAtFluidsSoon(flow: FlowCore): void {
  const { memory, events } = flow;
  if (memory.fluidTimer >= 0) {
    if (memory.fluidDue === events.now) return;
    events.cancel(memory.fluidTimer);
  }
  memory.fluidDue = events.now;
  memory.fluidTimer = events.schedule(events.now, ORDER.move, FLUID, 0);
}

/** Brings levels and books up to now. */
export function bookFluids(flow: FlowCore): void {
  const { memory, compiled, events } = flow;
  const { tanks, pipes } = compiled.fluids;
  const passed = (events.now - memory.fluidSince) / MICROSECONDS;
  memory.fluidSince = events.now;
  if (passed === 0) return;
  const before = tanks.map((_, tank) => memory.tankLevel[tank]!);
  pipes.forEach(({ from, to }, pipe) => {
    const litres = memory.pipeFlow[pipe]! * passed;
    memory.pipeLitres[pipe]! += litres;
    memory.pipeEver[pipe]! += litres;
    if (from >= 0) memory.tankLevel[from]! -= litres;
    if (to >= 0) memory.tankLevel[to]! += litres;
  });
  tanks.forEach(({ capacity, tolerance }, tank) => {
    memory.tankIntegral[tank]! += ((before[tank]! + memory.tankLevel[tank]!) / 2) * passed;
    // both ends at a bound: it was there throughout, levels being straight lines in between
    if (before[tank]! <= tolerance && memory.tankLevel[tank]! <= tolerance) memory.tankEmpty[tank]! += passed;
    if (before[tank]! >= capacity - tolerance && memory.tankLevel[tank]! >= capacity - tolerance) memory.tankFull[tank]! += passed;
  });
}
