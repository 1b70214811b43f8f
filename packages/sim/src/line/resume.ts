import { SECOND } from "@doppelwerk/world/instant";
import type { LineCore } from "./line-core.ts";
import { RUNNING, DONE, EMPTY, NEED } from "./line-memory.ts";
import { release } from "./personnel.ts";
import { refresh } from "./place-state.ts";
import { placesOf } from "./repairs.ts";
import { restartClock, beginStop } from "./stops.ts";
import { tryDeliver, tryLoad } from "./place-flow.ts";
import { meetNeeds, startSegment } from "./place-work.ts";

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

/** Takes up again whatever a place was at, after a pause or a stop. */
export function resumePlace(line: LineCore, place: number): void {
  switch (line.memory.placePhase[place]) {
    case EMPTY:
      return tryLoad(line, place);
    case NEED:
      return meetNeeds(line, place);
    case DONE:
      return tryDeliver(line, place);
    default:
      return startSegment(line, place);
  }
}
