import { letGo } from "./component-work.ts";
import type { LineCore } from "./line-core.ts";
import { EMPTY, NEED, WORK, STAFFED } from "./line-memory.ts";
import { scrapPart } from "./parts.ts";
import { release } from "./personnel.ts";
import { tryLoad } from "./place-flow.ts";
import { stopStationClocks } from "./station-clocks.ts";

/** Stops work in the middle; what is left is kept. */
export function pauseSegment(line: LineCore, place: number): void {
  if (line.memory.placeRunning[place] === 0) return;
  line.events.cancel(line.memory.placeHandle[place]!);
  settle(line, place);
}

/** Sends the operators of a place away; its part waits for them again. */
export function dismiss(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  const pool = memory.placePool[place]!;
  if (pool < 0) return;
  memory.placePool[place] = -1;
  memory.placeMet[place]! &= ~STAFFED;
  if (memory.placePhase[place] === WORK) memory.placePhase[place] = NEED;
  release(line, pool, compiled.stations[compiled.placeStation[place]!]!.operators!.count);
}

export function settle(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  const elapsed = line.events.now - memory.placeSince[place]!;
  memory.placeRunning[place] = 0;
  memory.placeLeft[place]! -= elapsed;
  if (memory.placePhase[place] !== WORK) return;
  const at = compiled.placeStation[place]!;
  const station = compiled.stations[at]!;
  const stops = station.placeStops[place - station.firstPlace]!;
  for (let i = 0; i < stops.length; i++) if (compiled.stops[stops[i]!]!.model.clock === "operating") memory.stopLeft[stops[i]!]! -= elapsed;
  if (--memory.stationWorking[at]! === 0 && station.stationStops.length > 0) stopStationClocks(line, station);
}

/** Takes the part out of a place as scrap and lets the place go on. */
export function removeScrap(line: LineCore, place: number, reason: "maxTries" | "reject" | "process" | "stop"): void {
  const { memory } = line;
  const part = memory.placePart[place]!;
  memory.placePart[place] = -1;
  memory.placePhase[place] = EMPTY;
  memory.placeMet[place] = 0;
  memory.placeIdleSince[place] = line.events.now;
  letGo(line, place);
  scrapPart(line, place, part, reason);
  tryLoad(line, place);
}
