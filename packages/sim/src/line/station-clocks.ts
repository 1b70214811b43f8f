import type { CompiledStation } from "./compile-line.ts";
import { type LineCore, PRIORITY, STOP_DUE } from "./line-core.ts";
import { RUNNING } from "./line-memory.ts";

/** Clocks of a station run while at least one of its places works. */
export function startStationClocks(line: LineCore, station: CompiledStation): void {
  line.memory.stationWorkSince[station.index] = line.events.now;
  for (const stop of station.stationStops)
    if (
      line.compiled.stops[stop]!.model.clock === "operating" &&
      line.memory.stopPhase[stop] === RUNNING &&
      line.memory.stopPending[stop] === 0
    )
      startStationClock(line, stop);
}

export function stopStationClocks(line: LineCore, station: CompiledStation): void {
  const { memory, compiled, events } = line;
  for (const stop of station.stationStops) {
    if (compiled.stops[stop]!.model.clock !== "operating" || memory.stopHandle[stop]! < 0) continue;
    events.cancel(memory.stopHandle[stop]!);
    memory.stopHandle[stop] = -1;
    memory.stopLeft[stop] = Math.max(0, memory.stopAt[stop]! - events.now);
  }
}

export function startStationClock(line: LineCore, at: number): void {
  const { memory, events } = line;
  memory.stopAt[at] = events.now + memory.stopLeft[at]!;
  memory.stopHandle[at] = events.schedule(memory.stopAt[at]!, PRIORITY.stop, STOP_DUE, at);
}
