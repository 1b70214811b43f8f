import { type CompiledStation, SINK } from "./compile-line.ts";
import { ARRIVAL, ARRIVED, type LineCore, PRIORITY, draw, isAble, plannedNow, productOf } from "./line-core.ts";
import { ASSEMBLED, DONE, EMPTY, NEED } from "./line-memory.ts";
import { createPart, finishPart, releaseCarrier, takeCarriers } from "./parts.ts";
import { refresh } from "./place-state.ts";

/** Takes the next part into an empty place, from the source or the buffer. */
export function tryLoad(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  if (memory.placePhase[place] !== EMPTY) return;
  const station = compiled.stations[compiled.placeStation[place]!]!;
  if (!isAble(line, place) || (station.carriersTaken.length > 0 && lacksCarrier(line, station))) return refresh(line, place);
  if (memory.bufferCount[station.index] === 0) {
    // without a buffer the part comes straight out of the place that holds it; rework goes before what a source begins
    if (memory.bufferBlockedFirst[station.index]! >= 0) unblock(line, station.index);
    if (memory.placePhase[place] !== EMPTY) return;
    const part = station.source === "saturated" ? bring(line, station, place) : -1;
    if (memory.placePhase[place] !== EMPTY) return;
    if (part < 0) return refresh(line, place);
    load(line, place, part);
    line.ends?.brought(line, station.index);
    return;
  }
  load(line, place, takeFromBuffer(line, station.index));
  unblock(line, station.index);
}

function bring(line: LineCore, station: CompiledStation, place: number): number {
  return line.ends === undefined ? createPart(line, station) : line.ends.bring(line, station, place);
}

/** Lets every empty place of a station try, longest idle first. */
export function wakeStation(line: LineCore, station: number): void {
  for (let tries = line.compiled.stations[station]!.places; tries > 0; tries--) {
    const place = longestIdle(line, station);
    if (place < 0) return;
    tryLoad(line, place);
    if (line.memory.placePhase[place] === EMPTY) return;
  }
}

/** Sends the finished part of a place on; a place that cannot is blocked. */
export function tryDeliver(line: LineCore, place: number): void {
  const { memory } = line;
  if (memory.placePhase[place] !== DONE) return;
  if (!isAble(line, place)) return refresh(line, place);
  const target = memory.placeTarget[place]!;
  if (target === SINK && line.ends !== undefined && !line.ends.offer(line, place)) return refresh(line, place);
  if (target === SINK || (memory.bufferBlockedFirst[target]! < 0 && hasSpace(line, target))) return depart(line, place);
  if (memory.placeQueued[place] === 0) queueBlocked(line, place, target);
  // there may be room that those before in the queue are not able to use
  unblock(line, target);
  if (memory.placeQueued[place] === 1 && isGridlocked(line, target)) {
    leaveQueue(line, place, target);
    depart(line, place);
  }
  refresh(line, place);
}

/** Puts a part before a station, or on the conveyor to it. */
export function deposit(line: LineCore, part: number, buffer: number, travel: number): void {
  const { memory } = line;
  countBuffer(line, buffer);
  memory.bufferIn[buffer]!++;
  const level = memory.bufferCount[buffer]! + ++memory.bufferTravelling[buffer]!;
  if (level > memory.bufferMax[buffer]!) memory.bufferMax[buffer] = level;
  tellBuffer(line, "partIntoBuffer", part, buffer, level);
  if (travel > 0) {
    memory.partTarget[part] = buffer;
    memory.partArrival[part] = line.events.now + travel;
    line.events.schedule(line.events.now + travel, PRIORITY.move, ARRIVED, part);
  } else arrive(line, part, buffer);
}

/** Buffers of no room hand over from place to place: nothing happens in them. */
function tellBuffer(line: LineCore, kind: "partIntoBuffer" | "partOutOfBuffer", part: number, buffer: number, level: number): void {
  if (line.observer === undefined || line.compiled.capacities[buffer]! <= 0) return;
  const product = productOf(line, line.memory.partProduct[part]!);
  line.observer({
    kind,
    time: line.events.now,
    serial: line.memory.partSerial[part]!,
    ...(product === undefined ? {} : { product }),
    station: stationId(line, buffer),
    input: inputOf(line, buffer),
    level,
  });
}

/** The conveyor hands a part over. */
export function arrived(line: LineCore, part: number): void {
  const { memory } = line;
  const buffer = memory.partTarget[part]!;
  memory.partTarget[part] = -1;
  line.observer?.({
    kind: "partArrived",
    time: line.events.now,
    serial: memory.partSerial[part]!,
    station: stationId(line, buffer),
    input: inputOf(line, buffer),
  });
  arrive(line, part, buffer);
}

/** A part of a source with arrivals comes in, and the next is foreseen. */
export function arrival(line: LineCore, at: number): void {
  const station = line.compiled.stations[at]!;
  const part = createPart(line, station);
  if (part < 0) return;
  scheduleArrival(line, at);
  deposit(line, part, at, 0);
}

export function scheduleArrival(line: LineCore, at: number): void {
  const station = line.compiled.stations[at]!;
  const wait = draw(line, station.arrivals!, station.arrivalStream, line.memory.arrivalCount[at]!++);
  line.events.schedule(line.events.now + wait, PRIORITY.move, ARRIVAL, at);
}

/** Next part of an assembly input or buffer; −1 when none has arrived. The caller calls `unblock` after. */
export function takeFromBuffer(line: LineCore, buffer: number): number {
  const { memory } = line;
  const part = memory.bufferFirst[buffer]!;
  if (part < 0) return -1;
  countBuffer(line, buffer);
  memory.bufferFirst[buffer] = memory.partNext[part]!;
  if (memory.bufferFirst[buffer]! < 0) memory.bufferLast[buffer] = -1;
  memory.partNext[part] = -1;
  const level = --memory.bufferCount[buffer]! + memory.bufferTravelling[buffer]!;
  tellBuffer(line, "partOutOfBuffer", part, buffer, level);
  return part;
}

/** Lets the blocked places before a buffer deliver while there is room, first come first served among those able to. */
export function unblock(line: LineCore, buffer: number): void {
  const { memory } = line;
  let previous = -1;
  let place = memory.bufferBlockedFirst[buffer]!;
  while (place >= 0 && hasSpace(line, buffer)) {
    const next = memory.placeNextBlocked[place]!;
    if (!isAble(line, place)) {
      previous = place;
      place = next;
      continue;
    }
    unlink(line, previous, place, buffer);
    depart(line, place);
    // what left may have changed the queue
    previous = -1;
    place = memory.bufferBlockedFirst[buffer]!;
  }
}

/** Closes the time integral of a buffer up to now. */
export function countBuffer(line: LineCore, buffer: number): void {
  const { memory } = line;
  const now = plannedNow(line);
  memory.bufferIntegral[buffer]! += (memory.bufferCount[buffer]! + memory.bufferTravelling[buffer]!) * (now - memory.bufferSince[buffer]!);
  memory.bufferSince[buffer] = now;
}

/** Appends an arrived part without waking anybody. */
export function append(line: LineCore, part: number, buffer: number): void {
  const { memory } = line;
  memory.bufferCount[buffer]!++;
  if (memory.bufferFirst[buffer]! < 0) {
    memory.bufferFirst[buffer] = part;
    memory.bufferLast[buffer] = part;
    memory.partNext[part] = -1;
  } else if (line.compiled.lifo[buffer] === 1) {
    memory.partNext[part] = memory.bufferFirst[buffer]!;
    memory.bufferFirst[buffer] = part;
  } else {
    memory.partNext[memory.bufferLast[buffer]!] = part;
    memory.partNext[part] = -1;
    memory.bufferLast[buffer] = part;
  }
}

/** Puts a blocked place last in the queue for a buffer. */
export function queueBlocked(line: LineCore, place: number, buffer: number): void {
  const { memory } = line;
  memory.placeQueued[place] = 1;
  if (memory.bufferBlockedFirst[buffer]! < 0) memory.bufferBlockedFirst[buffer] = place;
  else memory.placeNextBlocked[memory.bufferBlockedLast[buffer]!] = place;
  memory.bufferBlockedLast[buffer] = place;
}

/**
 * Whether nothing ahead of a buffer can ever move: every place ahead holds a finished part for a full buffer, round in a circle
 * (a rework loop filled up). People then put a part aside: it goes into the buffer ahead beyond its capacity.
 */
function isGridlocked(line: LineCore, target: number): boolean {
  const { memory, compiled } = line;
  const stations = compiled.stations.length;
  const seen = [target % stations];
  for (const at of seen) {
    const { firstPlace, places } = compiled.stations[at]!;
    for (let place = firstPlace; place < firstPlace + places; place++) {
      if (memory.placeQueued[place] === 0) return false;
      const next = memory.placeTarget[place]! % stations;
      if (!seen.includes(next)) seen.push(next);
    }
  }
  return true;
}

function leaveQueue(line: LineCore, place: number, buffer: number): void {
  const { memory } = line;
  let previous = -1;
  for (let at = memory.bufferBlockedFirst[buffer]!; at !== place; at = memory.placeNextBlocked[at]!) previous = at;
  unlink(line, previous, place, buffer);
}

function unlink(line: LineCore, previous: number, place: number, buffer: number): void {
  const { memory } = line;
  const next = memory.placeNextBlocked[place]!;
  if (previous < 0) memory.bufferBlockedFirst[buffer] = next;
  else memory.placeNextBlocked[previous] = next;
  if (memory.bufferBlockedLast[buffer] === place) memory.bufferBlockedLast[buffer] = previous;
  memory.placeNextBlocked[place] = -1;
  memory.placeQueued[place] = 0;
}

function lacksCarrier(line: LineCore, station: CompiledStation): boolean {
  return station.carriersTaken.some((carrier) => line.memory.carrierFree[carrier] === 0);
}

function arrive(line: LineCore, part: number, buffer: number): void {
  const { memory, compiled } = line;
  memory.bufferTravelling[buffer]!--;
  append(line, part, buffer);
  const stations = compiled.stations.length;
  if (buffer < stations) {
    const place = longestIdle(line, buffer);
    if (place >= 0) tryLoad(line, place);
  } else {
    const place = longestLacking(line, buffer - stations);
    if (place >= 0) line.acts.meetNeeds(line, place);
  }
}

function load(line: LineCore, place: number, part: number): void {
  const { memory, compiled } = line;
  const station = compiled.stations[compiled.placeStation[place]!]!;
  memory.placePart[place] = part;
  memory.placeLoadedAt[place] = line.events.now;
  if (station.carriersTaken.length > 0) takeCarriers(line, station, part);
  if (line.observer !== undefined) {
    const product = productOf(line, memory.partProduct[part]!);
    const carrier = compiled.carriers.length === 0 ? -1 : memory.partCarriers[part * compiled.carriers.length]!;
    line.observer({
      kind: "partIntoPlace",
      time: line.events.now,
      serial: memory.partSerial[part]!,
      ...(product === undefined ? {} : { product }),
      station: station.id,
      place: place - station.firstPlace,
      ...(carrier < 0 ? {} : { carrier }),
    });
  }
  line.acts.beginPart(line, place);
}

/** The part of a place goes where it is to go; the place takes the next. */
export function depart(line: LineCore, place: number): void {
  const { memory, compiled } = line;
  const station = compiled.stations[compiled.placeStation[place]!]!;
  const part = memory.placePart[place]!;
  const target = memory.placeTarget[place]!;
  memory.placePart[place] = -1;
  memory.placePhase[place] = EMPTY;
  memory.placeIdleSince[place] = line.events.now;
  memory.placeMet[place] = 0;
  if (line.observer !== undefined) {
    const product = productOf(line, memory.partProduct[part]!);
    line.observer({
      kind: "partOutOfPlace",
      time: line.events.now,
      serial: memory.partSerial[part]!,
      ...(product === undefined ? {} : { product }),
      station: station.id,
      place: place - station.firstPlace,
      ...(target === SINK ? {} : { to: stationId(line, target) }),
    });
  }
  for (const carrier of station.carriersReleased) releaseCarrier(line, carrier, part);
  if (target === SINK) leave(line, station, part);
  else deposit(line, part, target, memory.placeTravel[place]!);
  tryLoad(line, place);
}

function leave(line: LineCore, station: CompiledStation, part: number): void {
  const product = line.memory.partProduct[part]!;
  finishPart(line, station, part);
  line.ends?.left(line, station.index, product);
}

/** Room in a buffer; where there is none at all, a place that would take the part at once. */
function hasSpace(line: LineCore, buffer: number): boolean {
  const { memory, compiled } = line;
  const level = memory.bufferCount[buffer]! + memory.bufferTravelling[buffer]!;
  const capacity = compiled.capacities[buffer]!;
  if (level < capacity) return true;
  if (capacity > 0 || level > 0) return false;
  const stations = compiled.stations.length;
  return buffer < stations ? longestIdle(line, buffer) >= 0 : longestLacking(line, buffer - stations) >= 0;
}

/** The place of a station that is able and has been empty longest, −1 for none. */
export function longestIdle(line: LineCore, at: number): number {
  const { memory, compiled } = line;
  const station = compiled.stations[at]!;
  const end = station.firstPlace + station.places;
  let best = -1;
  for (let place = station.firstPlace; place < end; place++)
    if (
      memory.placePhase[place] === EMPTY &&
      isAble(line, place) &&
      (best < 0 || memory.placeIdleSince[place]! < memory.placeIdleSince[best]!)
    )
      best = place;
  return best;
}

/** The place that has waited longest for a part of the assembly input. */
function longestLacking(line: LineCore, at: number): number {
  const { memory, compiled } = line;
  const station = compiled.stations[at]!;
  const end = station.firstPlace + station.places;
  let best = -1;
  for (let place = station.firstPlace; place < end; place++)
    if (
      memory.placePhase[place] === NEED &&
      (memory.placeMet[place]! & ASSEMBLED) === 0 &&
      isAble(line, place) &&
      (best < 0 || memory.placeLoadedAt[place]! < memory.placeLoadedAt[best]!)
    )
      best = place;
  return best;
}

function stationId(line: LineCore, buffer: number): string {
  const stations = line.compiled.stations.length;
  return line.compiled.stations[buffer < stations ? buffer : buffer - stations]!.id;
}

function inputOf(line: LineCore, buffer: number): "main" | "assembly" {
  return buffer < line.compiled.stations.length ? "main" : "assembly";
}

export function carrierBack(line: LineCore, entity: number): void {
  const { memory, compiled } = line;
  const kind = entity >> 16;
  const index = entity & 0xffff;
  const { first, count, from } = compiled.carriers[kind]!;
  memory.carrierBackAt[first + index] = -1;
  memory.carrierRing[first + ((memory.carrierHead[kind]! + memory.carrierFree[kind]!) % count)] = index;
  memory.carrierFree[kind]!++;
  wakeStation(line, from);
}
