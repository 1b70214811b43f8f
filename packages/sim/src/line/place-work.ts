import { SECOND } from "@doppelwerk/world/instant";
import { uniformAt } from "../random/philox.ts";
import { quantile } from "../random/sampler.ts";
import type { CompiledStation } from "./compile-line.ts";
import { askComponent, hasResource, letGo, nextStep, outcomeOfPlace } from "./component-work.ts";
import { type LineCore, PRIORITY, SEGMENT, draw, factorOf, isAble, productOf } from "./line-core.ts";
import { DONE, NEED, SET_UP, WORK, ASSEMBLED, SUPPLIED, DRAWN, STAFFED } from "./line-memory.ts";
import { useKits } from "./logistics.ts";
import { MAIN, PASSED_CONSTRAINT, addToShift, countExit, removePart } from "./parts.ts";
import { seizeOrQueue } from "./personnel.ts";
import { takeFromBuffer, tryDeliver, unblock } from "./place-flow.ts";
import { refresh } from "./place-state.ts";
import { beginStop } from "./stops.ts";
import { startStationClocks } from "./station-clocks.ts";
import { dismiss, settle, removeScrap } from "./break-off.ts";

/** A part was put into a place: set-up first if the product asks for it. */
export function beginPart(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  const station = compiled.stations[compiled.placeStation[place]!]!;
  memory.placeMet[place] = 0;
  const product = memory.partProduct[memory.placePart[place]!]!;
  const last = memory.placeLastProduct[place]!;
  if (product >= 0) memory.placeLastProduct[place] = product;
  const time =
    product < 0 || last < 0 || last === product || station.setUps.length === 0 ? 0 : setUpTime(line, station, place, last, product);
  if (time === 0) {
    memory.placePhase[place] = NEED;
    return meetNeeds(line, place);
  }
  memory.placePhase[place] = SET_UP;
  memory.placeCycle[place] = time;
  memory.placeLeft[place] = time;
  line.observer?.({
    kind: "setUpBegin",
    time: line.events.now,
    station: station.id,
    place: place - station.firstPlace,
    from: compiled.products[last]!,
    to: compiled.products[product]!,
    plannedS: time / SECOND,
  });
  startSegment(line, place);
}

/** Gathers what the part in a place needs besides the place, in order: second part, kits, operators; then works. */
export function meetNeeds(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  if (memory.placePhase[place] !== NEED) return;
  if (!isAble(line, place)) return refresh(line, place);
  const station = compiled.stations[compiled.placeStation[place]!]!;
  if (station.assembly && (memory.placeMet[place]! & ASSEMBLED) === 0 && !assemble(line, station, place)) return refresh(line, place);
  if (station.materials.length > 0 && (memory.placeMet[place]! & SUPPLIED) === 0) {
    if (!useKits(line, station)) return refresh(line, place);
    memory.placeMet[place]! |= SUPPLIED;
  }
  if (station.operators !== undefined && (memory.placeMet[place]! & STAFFED) === 0) {
    const pool = seizeOrQueue(line, station.operators, place);
    if (pool < 0) return refresh(line, place);
    memory.placePool[place] = pool;
    memory.placeMet[place]! |= STAFFED;
  }
  const component = compiled.components.byStation?.[station.index];
  if ((memory.placeMet[place]! & DRAWN) === 0) drawCycle(line, station, place);
  if (component !== undefined && !hasResource(line, place)) return refresh(line, place);
  memory.placePhase[place] = WORK;
  startSegment(line, place);
}

/** How long the part in a place takes. */
export function drawCycle(line: LineCore, station: CompiledStation, place: number): void {
  const { memory, compiled } = line;
  const part = memory.placePart[place]!;
  const component = compiled.components.byStation?.[station.index];
  if (component !== undefined) askComponent(line, station, place, partStream(line, component.stream, part));
  else {
    const u = uniformAt(memory.key, partStream(line, station.cycleStream, part), memory.partNumber[part]!);
    const seconds = quantile(station.cycles[memory.partProduct[part]! + 1]!, u);
    const cycle = Math.round(seconds * SECOND * (station.cycleEffects.length === 0 ? 1 : factorOf(line, station.cycleEffects)));
    memory.placeCycle[place] = cycle;
    memory.placeLeft[place] = cycle;
  }
  memory.placeMet[place]! |= DRAWN;
}

/** Works on what is left until it ends or the first operating clock runs out. */
export function startSegment(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  if (memory.placeRunning[place] === 1 || !isAble(line, place)) return refresh(line, place);
  let left = memory.placeLeft[place]!;
  let endedBy = -1;
  if (memory.placePhase[place] === WORK) {
    const at = compiled.placeStation[place]!;
    const station = compiled.stations[at]!;
    const stops = station.placeStops[place - station.firstPlace]!;
    for (let i = 0; i < stops.length; i++) {
      const stop = stops[i]!;
      if (compiled.stops[stop]!.model.clock === "operating" && memory.stopLeft[stop]! < left) {
        left = memory.stopLeft[stop]!;
        endedBy = stop;
      }
    }
    if (memory.stationWorking[at]!++ === 0 && station.stationStops.length > 0) startStationClocks(line, station);
  }
  memory.placeRunning[place] = 1;
  memory.placeSince[place] = line.events.now;
  memory.placeSegmentStop[place] = endedBy;
  memory.placeHandle[place] = line.events.schedule(line.events.now + left, PRIORITY.work, SEGMENT, place);
  refresh(line, place);
}

/** A segment came to its end. */
export function segmentEnded(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  settle(line, place);
  const stop = memory.placeSegmentStop[place]!;
  if (stop >= 0) return beginStop(line, stop);
  if (memory.placePhase[place] === WORK) return nextStep(line, place) ? undefined : cycleEnded(line, place);
  const station = compiled.stations[compiled.placeStation[place]!]!;
  line.observer?.({
    kind: "setUpEnd",
    time: line.events.now,
    station: station.id,
    place: place - station.firstPlace,
    to: compiled.products[memory.placeLastProduct[place]!]!,
  });
  memory.placePhase[place] = NEED;
  meetNeeds(line, place);
}

function cycleEnded(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  const station = compiled.stations[compiled.placeStation[place]!]!;
  const part = memory.placePart[place]!;
  memory.placeCycles[place]!++;
  if (station.index === compiled.constraint) countProduced(line, station, part);
  memory.placePhase[place] = DONE;
  dismiss(line, place);
  letGo(line, place);
  const fate = fateOf(line, station, place, part);
  if (line.observer !== undefined) {
    const product = productOf(line, memory.partProduct[part]!);
    line.observer({
      kind: "cycleEnd",
      time: line.events.now,
      serial: memory.partSerial[part]!,
      ...(product === undefined ? {} : { product }),
      station: station.id,
      place: place - station.firstPlace,
      cycleS: memory.placeCycle[place]! / SECOND,
      passed: fate === "pass",
      tries: station.inspector < 0 ? 1 : memory.partTries[part * compiled.inspectors + station.inspector]!,
    });
  }
  if (fate === "pass" || fate === "rework") {
    const route = fate === "pass" ? station.next : station.reject!;
    memory.placeTarget[place] = route.buffer;
    memory.placeTravel[place] = route.travel;
    if (fate === "rework") noteRejected(line, place, part);
    tryDeliver(line, place);
  } else removeScrap(line, place, fate);
  const stops = station.placeStops[place - station.firstPlace]!;
  for (const stop of stops) if (compiled.stops[stop]!.model.clock === "cycles" && --memory.stopLeft[stop]! <= 0) beginStop(line, stop);
  for (const stop of station.stationStops)
    if (compiled.stops[stop]!.model.clock === "cycles" && --memory.stopLeft[stop]! <= 0) beginStop(line, stop);
}

type Fate = "pass" | "rework" | "maxTries" | "reject" | "process";

function fateOf(line: LineCore, station: CompiledStation, place: number, part: number): Fate {
  const { memory } = line;
  const outcome = outcomeOfPlace(line, station, place);
  if (outcome !== undefined) return fateByOutcome(line, station, part, outcome);
  const inspection = station.model.inspection;
  const scrap = station.model.scrapProbability ?? 0;
  if (inspection === undefined && scrap === 0) return "pass";
  const stream = partStream(line, station.verdictStream, part);
  if (scrap > 0 && uniformAt(memory.key, stream ^ 0x5c3a9, memory.partNumber[part]!) < scrap) return "process";
  if (inspection === undefined) return "pass";
  const tries = countTry(line, station, part);
  const probability = inspection.rejectByTry[Math.min(tries, inspection.rejectByTry.length) - 1] ?? 0;
  const factor = station.rejectEffects.length === 0 ? 1 : factorOf(line, station.rejectEffects);
  if (uniformAt(memory.key, stream, memory.partNumber[part]!) >= probability * factor) return "pass";
  return rejected(line, station, part, tries);
}

/** As the component said; a reject goes the way that the station's inspection names. */
function fateByOutcome(line: LineCore, station: CompiledStation, part: number, outcome: "pass" | "rework" | "scrap"): Fate {
  const tries = countTry(line, station, part);
  if (outcome === "rework") return rejected(line, station, part, tries);
  return outcome === "pass" ? "pass" : "process";
}

/** Number of this try of a part at a station that inspects. */
function countTry({ memory, compiled }: LineCore, station: CompiledStation, part: number): number {
  const inspection = station.model.inspection;
  if (inspection === undefined) return 1;
  const column = part * compiled.inspectors + station.inspector;
  if (memory.partTries[column]! < 255) memory.partTries[column]!++;
  return inspection.tries === "rework" ? memory.partRejects[part]! + 1 : memory.partTries[column]!;
}

function rejected({ memory }: LineCore, station: CompiledStation, part: number, tries: number): Fate {
  const maxTries = station.model.inspection?.maxTries;
  memory.partRejects[part]!++;
  memory.stationRejects[station.index]!++;
  if (maxTries !== undefined && tries >= maxTries) return "maxTries";
  return station.reject === undefined ? "reject" : "rework";
}

function countProduced(line: LineCore, station: CompiledStation, part: number): void {
  const { memory } = line;
  const ideal = station.ideals[memory.partProduct[part]! + 1]!;
  memory.produced++;
  memory.producedIdeal += ideal;
  addToShift(memory, 3, ideal);
  addToShift(memory, 4, 1);
  if ((memory.partFlags[part]! & PASSED_CONSTRAINT) !== 0) {
    memory.reruns++;
    addToShift(memory, 5, 1);
  }
  memory.partFlags[part]! |= PASSED_CONSTRAINT;
}

function assemble(line: LineCore, station: CompiledStation, place: number): boolean {
  const { memory, compiled } = line;
  const buffer = compiled.stations.length + station.index;
  if (memory.bufferFirst[buffer]! < 0 && memory.bufferBlockedFirst[buffer]! >= 0) unblock(line, buffer);
  if ((memory.placeMet[place]! & ASSEMBLED) !== 0) return true;
  const joined = takeFromBuffer(line, buffer);
  if (joined < 0) return false;
  memory.placeMet[place]! |= ASSEMBLED;
  memory.everJoined++;
  line.observer?.({
    kind: "partJoined",
    time: line.events.now,
    serial: memory.partSerial[memory.placePart[place]!]!,
    joined: memory.partSerial[joined]!,
    station: station.id,
    place: place - station.firstPlace,
  });
  if ((memory.partFlags[joined]! & MAIN) !== 0) countExit(line, joined);
  removePart(line, joined);
  unblock(line, buffer);
  return true;
}

function noteRejected(line: LineCore, place: number, part: number): void {
  const { memory, compiled } = line;
  const station = compiled.stations[compiled.placeStation[place]!]!;
  const product = productOf(line, memory.partProduct[part]!);
  memory.rework++;
  addToShift(memory, 2, 1);
  line.observer?.({
    kind: "partRejected",
    time: line.events.now,
    serial: memory.partSerial[part]!,
    ...(product === undefined ? {} : { product }),
    station: station.id,
    place: place - station.firstPlace,
    tries: memory.partRejects[part]!,
    to: station.model.inspection!.reject!.station,
  });
}

function setUpTime(line: LineCore, station: CompiledStation, place: number, last: number, product: number): number {
  const { memory } = line;
  let time = 0;
  for (let rule = 0; rule < station.setUps.length; rule++) {
    const { values, matrix, time: usual } = station.setUps[rule]!;
    if (values[last] === values[product]) continue;
    const sampler = matrix.get(`${values[last]}\u0000${values[product]}`) ?? usual;
    time += draw(line, sampler, station.setUpStream + (place - station.firstPlace) * 64 + rule, memory.placeSetUps[place]!);
  }
  if (time > 0) memory.placeSetUps[place]!++;
  return time;
}

/**
 * The stream of a part at a station: its numbers belong to the part (source, number in the source, rejections so far), not to the
 * order in which parts come, so two variants of a line work on the same parts with the same cycle times (common random numbers).
 */
function partStream(line: LineCore, stream: number, part: number): number {
  const { memory } = line;
  return (stream + Math.imul(memory.partSource[part]! + 1, 0x9e3779b1) + Math.imul(memory.partRejects[part]!, 0x85ebca6b)) | 0;
}
