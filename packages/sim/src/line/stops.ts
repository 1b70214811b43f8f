import { SECOND } from "@doppelwerk/world/instant";
import { quantile } from "../random/sampler.ts";
import { uniformAt } from "../random/philox.ts";
import { restartSteps } from "./component-work.ts";
import { type LineCore, PRIORITY, STOP_DUE, draw, factorOf } from "./line-core.ts";
import { DRAWN, DONE, EMPTY, WAITING } from "./line-memory.ts";
import { seizeOrQueue } from "./personnel.ts";
import { dismiss, pauseSegment, removeScrap } from "./break-off.ts";
import { refresh } from "./place-state.ts";
import { beginRepair, placesOf } from "./repairs.ts";
import { startStationClock } from "./station-clocks.ts";

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

function seizeForRepair(line: LineCore, at: number): void {
  const { repairedBy } = line.compiled.stops[at]!;
  if (repairedBy === undefined) return beginRepair(line, at);
  const pool = seizeOrQueue(line, repairedBy, line.compiled.placeStation.length + at);
  if (pool < 0) return;
  line.memory.stopPool[at] = pool;
  beginRepair(line, at);
}

/** The part in work suffers from the stop. */
function spoil(line: LineCore, place: number, how: "restart" | "scrap"): void {
  const { memory } = line;
  const phase = memory.placePhase[place]!;
  if (phase === EMPTY || phase === DONE) return;
  if (how === "scrap") removeScrap(line, place, "stop");
  // a cycle time was drawn
  else if ((memory.placeMet[place]! & DRAWN) === 0) return;
  else if (line.compiled.components.byStation?.[line.compiled.placeStation[place]!] !== undefined) restartSteps(line, place);
  else memory.placeLeft[place] = memory.placeCycle[place]!;
}
