import { SECOND } from "@doppelwerk/world";
import { quantile } from "../random/sampler.ts";
import { uniformAt } from "../random/philox.ts";
import type { CompiledStation, CompiledStop } from "./compile-line.ts";
import { type LineCore, PRIORITY, REPAIRED, STOP_DUE, draw, factorOf } from "./line-core.ts";
import { DONE, EMPTY, REPAIR, RUNNING, WAITING } from "./line-memory.ts";
import { release, seizeOrQueue } from "./personnel.ts";
import { dismiss, pauseSegment, removeScrap, resumePlace } from "./place-work.ts";
import { refresh } from "./place-state.ts";

/** Starts the clock to the next stop anew. Operating and cycle clocks count down in `stopLeft`, a calendar clock is an event. */
export function restartClock(line: LineCore, at: number): void {
  const { memory, compiled } = line;
  const stop = compiled.stops[at]!;
  const amount =
    quantile(stop.between, uniformAt(memory.key, stop.betweenStream, memory.stopCount[at]!)) / (factorOf(line, stop.rateEffects) || 1e-9);
  memory.stopCount[at]!++;
  setClock(line, at, stop.model.clock === "cycles" ? Math.max(1, Math.round(amount)) : Math.round(Math.min(amount, 1e9) * SECOND));
}

/** Sets what is left on a clock: microseconds, or parts. */
export function setClock(line: LineCore, at: number, left: number): void {
  const { memory, compiled, events } = line;
  const stop = compiled.stops[at]!;
  memory.stopInterval[at] = left;
  memory.stopLeft[at] = left;
  if (stop.model.clock === "calendar") {
    memory.stopAt[at] = events.now + left;
    memory.stopHandle[at] = events.schedule(events.now + left, PRIORITY.stop, STOP_DUE, at);
  } else if (stop.place < 0 && stop.model.clock === "operating" && memory.stationWorking[stop.station]! > 0) startStationClock(line, at);
}

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

/** A clock that is an event has run out. */
export function stopDue(line: LineCore, at: number): void {
  line.memory.stopHandle[at] = -1;
  line.memory.stopLeft[at] = 0;
  beginStop(line, at);
}

/** A place or a station stops by itself. One that is down already goes on to this stop after. */
export function beginStop(line: LineCore, at: number): void {
  const { memory, compiled, events } = line;
  const stop = compiled.stops[at]!;
  const down = stop.place < 0 ? memory.stationDownBy : memory.placeDownBy;
  const owner = stop.place < 0 ? stop.station : stop.place;
  if (down[owner]! >= 0) {
    memory.stopPending[at] = 1;
    return;
  }
  memory.stopPending[at] = 0;
  const station = compiled.stations[stop.station]!;
  const [first, end] = placesOf(station, stop);
  for (let place = first; place < end; place++) pauseSegment(line, place);
  down[owner] = at;
  memory.stopBegan[at] = events.now;
  memory.stopRepairDone[at] = 0;
  memory.stopPhase[at] = WAITING;
  memory.stopRepairLeft[at] = draw(line, stop.duration, stop.durationStream, memory.stopCount[at]!);
  (stop.model.class === "failure" ? memory.placeFailures : memory.placeMicroStops)[first]!++;
  line.observer?.({
    kind: "stopBegin",
    time: events.now,
    station: station.id,
    place: stop.place < 0 ? -1 : stop.place - station.firstPlace,
    stop: stop.model.id,
    class: stop.model.class,
    reported: stop.model.unreported !== true,
  });
  for (let place = first; place < end; place++) {
    if (stop.model.class === "failure") dismiss(line, place);
    if (stop.model.part !== undefined && stop.model.part !== "resume") spoil(line, place, stop.model.part);
  }
  seizeForRepair(line, at);
  for (let place = first; place < end; place++) refresh(line, place);
}

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

/** The repair or micro-stop is over. */
export function repaired(line: LineCore, at: number): void {
  const { memory, compiled, events } = line;
  const stop = compiled.stops[at]!;
  const station = compiled.stations[stop.station]!;
  memory.stopHandle[at] = -1;
  memory.stopPhase[at] = RUNNING;
  (stop.place < 0 ? memory.stationDownBy : memory.placeDownBy)[stop.place < 0 ? stop.station : stop.place] = -1;
  line.observer?.({
    kind: "stopEnd",
    time: events.now,
    station: station.id,
    place: stop.place < 0 ? -1 : stop.place - station.firstPlace,
    stop: stop.model.id,
    class: stop.model.class,
    downS: (events.now - memory.stopBegan[at]!) / SECOND,
    repairS: (memory.stopRepairDone[at]! + events.now - memory.stopRepairSince[at]!) / SECOND,
  });
  restartClock(line, at);
  const pool = memory.stopPool[at]!;
  memory.stopPool[at] = -1;
  if (pool >= 0) release(line, pool, stop.repairedBy!.count);
  const waiting = (stop.place < 0 ? station.stationStops : station.placeStops[stop.place - station.firstPlace]!).find(
    (other) => memory.stopPending[other] === 1,
  );
  if (waiting !== undefined) return beginStop(line, waiting);
  const [first, end] = placesOf(station, stop);
  for (let place = first; place < end; place++) {
    resumePlace(line, place);
    refresh(line, place);
  }
}

/** Places a stop concerns, as a half-open range. */
export function placesOf(station: CompiledStation, stop: CompiledStop): readonly [number, number] {
  return stop.place < 0 ? [station.firstPlace, station.firstPlace + station.places] : [stop.place, stop.place + 1];
}

function seizeForRepair(line: LineCore, at: number): void {
  const { repairedBy } = line.compiled.stops[at]!;
  if (repairedBy === undefined) return beginRepair(line, at);
  const pool = seizeOrQueue(line, repairedBy, line.compiled.placeStation.length + at);
  if (pool < 0) return;
  line.memory.stopPool[at] = pool;
  beginRepair(line, at);
}

function startStationClock(line: LineCore, at: number): void {
  const { memory, events } = line;
  memory.stopAt[at] = events.now + memory.stopLeft[at]!;
  memory.stopHandle[at] = events.schedule(memory.stopAt[at]!, PRIORITY.stop, STOP_DUE, at);
}

/** The part in work suffers from the stop. */
function spoil(line: LineCore, place: number, how: "restart" | "scrap"): void {
  const { memory } = line;
  const phase = memory.placePhase[place]!;
  if (phase === EMPTY || phase === DONE) return;
  if (how === "scrap") removeScrap(line, place, "stop");
  // a cycle time was drawn
  else if ((memory.placeMet[place]! & 8) !== 0) memory.placeLeft[place] = memory.placeCycle[place]!;
}

function goesOnAlways(line: LineCore, at: number): boolean {
  const stop = line.compiled.stops[at]!;
  return stop.model.repairAlways === true || line.compiled.stations[stop.station]!.unattended;
}
