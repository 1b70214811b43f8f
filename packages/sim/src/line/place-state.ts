import { MAX_STEPS } from "./component.ts";
import { type LineCore, plannedNow } from "./line-core.ts";
import { type PlaceState, type StateCause, placeStates } from "./line-event.ts";
import { ASSEMBLED, DRAWN, SUPPLIED, DONE, EMPTY, NEED, SET_UP, STATES, WAITING } from "./line-memory.ts";

const code = Object.fromEntries(placeStates.map((state, index) => [state, index])) as Record<PlaceState, number>;
const { working, starved, blocked, setUp, failed, microStop, waitingOperator, waitingMaterial, waitingRepair, outage } = code;
const pause = code.break;
const off = code.off;

/** Notices what a place is doing now: closes the time of the old state, keeps the active periods, tells the observer. */
export function refresh(line: LineCore, place: number): void {
  const { memory } = line;
  const state = stateOf(line, place);
  const previous = memory.placeState[place]!;
  if (state === previous) return;
  const now = line.events.now;
  memory.placeSeconds[place * STATES + previous]! += now - memory.placeStateSince[place]!;
  memory.placeState[place] = state;
  memory.placeStateSince[place] = now;
  if (state < pause) noticeActivity(line, place, state !== starved && state !== blocked ? 1 : 0);
  if (line.observer === undefined) return;
  const station = line.compiled.placeStation[place]!;
  const [cause, reason] = causeOf(line, place, state);
  line.observer({
    kind: "placeState",
    time: now,
    station: line.compiled.stations[station]!.id,
    place: place - line.compiled.stations[station]!.firstPlace,
    state: placeStates[state]!,
    previous: placeStates[previous]!,
    ...(cause === undefined ? {} : { cause }),
    ...(reason === undefined ? {} : { reason }),
  });
}

/** Closes the books of the warm-up: everything measured starts from now. */
export function resetPlaces(line: LineCore): void {
  const { memory } = line;
  memory.placeSeconds.fill(0);
  memory.placeStateSince.fill(line.events.now);
  memory.placeCycles.fill(0);
  memory.placeFailures.fill(0);
  memory.placeMicroStops.fill(0);
  memory.stationBottleneck.fill(0);
  memory.stationRejects.fill(0);
  memory.stationScrap.fill(0);
  memory.bottleneckSince = plannedNow(line);
}

function stateOf(line: LineCore, place: number): number {
  const { memory, compiled } = line;
  const station = compiled.placeStation[place]!;
  if (memory.on === 0 && !compiled.stations[station]!.unattended) return memory.inBreak === 1 ? pause : off;
  const stop = memory.placeDownBy[place]! >= 0 ? memory.placeDownBy[place]! : memory.stationDownBy[station]!;
  if (stop >= 0)
    return memory.stopPhase[stop] === WAITING ? waitingRepair : compiled.stops[stop]!.model.class === "failure" ? failed : microStop;
  if (memory.stationOutages[station]! > 0) return outageCause(line, station) === "material" ? waitingMaterial : outage;
  switch (memory.placePhase[place]) {
    case EMPTY:
      return starved;
    case SET_UP:
      return setUp;
    case NEED:
      return compiled.stations[station]!.assembly && (memory.placeMet[place]! & ASSEMBLED) === 0
        ? starved
        : compiled.stations[station]!.materials.length > 0 && (memory.placeMet[place]! & SUPPLIED) === 0
          ? waitingMaterial
          : waitingOperator;
    case DONE:
      return blocked;
    default:
      return working;
  }
}

function causeOf(line: LineCore, place: number, state: number): readonly [StateCause | undefined, string | undefined] {
  const { memory, compiled } = line;
  const station = compiled.placeStation[place]!;
  switch (state) {
    case working:
      return [undefined, undefined];
    case starved: {
      if (memory.placePhase[place] === NEED) return ["upstream", "assembly"];
      const lacking = compiled.stations[station]!.carriersTaken.find((carrier) => memory.carrierFree[carrier] === 0);
      return lacking !== undefined && (compiled.stations[station]!.source === "saturated" || memory.bufferCount[station]! > 0)
        ? ["downstream", compiled.carriers[lacking]!.id]
        : ["upstream", undefined];
    }
    case blocked:
      return ["downstream", undefined];
    case failed:
    case microStop:
    case waitingRepair: {
      const stop = memory.placeDownBy[place]! >= 0 ? memory.placeDownBy[place]! : memory.stationDownBy[station]!;
      const { model } = compiled.stops[stop]!;
      return model.unreported === true ? ["unknown", undefined] : ["internal", model.id];
    }
    case waitingOperator:
      return ["operator", resourceOf(line, place)];
    case waitingMaterial:
    case outage: {
      const cause = outageCause(line, station);
      const effect = memory.stationOutageEffect[station]!;
      if (cause === undefined) return ["material", undefined];
      return [cause === "other" ? "unknown" : cause, compiled.effects[effect]!.model.id];
    }
    case setUp:
      return ["internal", undefined];
    default:
      return ["planned", undefined];
  }
}

/** The resource that the step of a component waits for. */
function resourceOf({ compiled, work, memory }: LineCore, place: number): string | undefined {
  if (work === undefined || (memory.placeMet[place]! & DRAWN) === 0) return undefined;
  const pool = work.stepPool[place * MAX_STEPS + work.placeStep[place]!]!;
  return pool < 0 || work.placeHolds[place] === pool ? undefined : compiled.pools[pool]!.id;
}

function outageCause(line: LineCore, station: number): "utility" | "material" | "other" | undefined {
  if (line.memory.stationOutages[station] === 0) return undefined;
  const effect = line.compiled.effects[line.memory.stationOutageEffect[station]!]!.model;
  return effect.kind === "outage" ? effect.cause : undefined;
}

/**
 * Active period method: a station is active while none of its places is starved or blocked; the bottleneck of the moment is
 * the station whose active period began first (Roser, Nakano and Tanaka 2002, decided without looking ahead).
 */
function noticeActivity(line: LineCore, place: number, active: number): void {
  const { memory, compiled } = line;
  if (memory.placeActive[place] === active) return;
  memory.placeActive[place] = active;
  const station = compiled.placeStation[place]!;
  const before = memory.stationActive[station]!;
  const count = before + (active === 1 ? 1 : -1);
  memory.stationActive[station] = count;
  const places = compiled.stations[station]!.places;
  if (count === places) {
    memory.stationActiveSince[station] = plannedNow(line);
    if (memory.bottleneck < 0) {
      memory.bottleneck = station;
      memory.bottleneckSince = plannedNow(line);
    }
  } else if (before === places) {
    memory.stationActiveSince[station] = -1;
    if (memory.bottleneck === station) passBottleneck(line);
  }
}

function passBottleneck(line: LineCore): void {
  const { memory } = line;
  const now = plannedNow(line);
  memory.stationBottleneck[memory.bottleneck]! += now - memory.bottleneckSince;
  let next = -1;
  for (let station = 0; station < memory.stationActiveSince.length; station++) {
    const since = memory.stationActiveSince[station]!;
    if (since >= 0 && (next < 0 || since < memory.stationActiveSince[next]!)) next = station;
  }
  memory.bottleneck = next;
  memory.bottleneckSince = now;
}
