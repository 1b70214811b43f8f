import type { CompiledStation, CompiledStop } from "./compile-line.ts";
import { type LineCore, PRIORITY, REPAIRED } from "./line-core.ts";
import { REPAIR } from "./line-memory.ts";
import { refresh } from "./place-state.ts";

/** Technicians have come, or none are needed. */
export function beginRepair(line: LineCore, at: number): void {
  const { memory, compiled } = line;
  const stop = compiled.stops[at]!;
  memory.stopPhase[at] = REPAIR;
  const station = compiled.stations[stop.station]!;
  if (stop.repairedBy !== undefined)
    line.observer?.({
      kind: "repairBegin",
      time: line.events.now,
      station: station.id,
      place: stop.place < 0 ? -1 : stop.place - station.firstPlace,
      stop: stop.model.id,
    });
  resumeRepair(line, at);
  const [first, end] = placesOf(station, stop);
  for (let place = first; place < end; place++) refresh(line, place);
}

/** Goes on with a repair where the calendar lets it. */
export function resumeRepair(line: LineCore, at: number): void {
  const { memory, events } = line;
  if (memory.stopPhase[at] !== REPAIR || memory.stopHandle[at]! >= 0 || (memory.on === 0 && !goesOnAlways(line, at))) return;
  memory.stopRepairSince[at] = events.now;
  memory.stopHandle[at] = events.schedule(events.now + memory.stopRepairLeft[at]!, PRIORITY.work, REPAIRED, at);
}

/** A break or the end of a shift interrupts a repair. */
export function pauseRepair(line: LineCore, at: number): void {
  const { memory, events } = line;
  if (memory.stopPhase[at] !== REPAIR || memory.stopHandle[at]! < 0 || goesOnAlways(line, at)) return;
  events.cancel(memory.stopHandle[at]!);
  memory.stopHandle[at] = -1;
  const worked = events.now - memory.stopRepairSince[at]!;
  memory.stopRepairLeft[at]! -= worked;
  memory.stopRepairDone[at]! += worked;
}

/** Places a stop concerns, as a half-open range. */
export function placesOf(station: CompiledStation, stop: CompiledStop): readonly [number, number] {
  return stop.place < 0 ? [station.firstPlace, station.firstPlace + station.places] : [stop.place, stop.place + 1];
}

function goesOnAlways(line: LineCore, at: number): boolean {
  const stop = line.compiled.stops[at]!;
  return stop.model.repairAlways === true || line.compiled.stations[stop.station]!.unattended;
}
