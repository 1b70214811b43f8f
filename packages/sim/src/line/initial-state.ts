import { SECOND, type Instant } from "@doppelwerk/world/instant";
import { streamOf, uniformAt } from "../random/philox.ts";
import { quantile, residual } from "../random/sampler.ts";
import { type CompiledLine, type CompiledStation, SINK } from "./compile-line.ts";
import { leaveSteps } from "./component-work.ts";
import { ARRIVED, CARRIER_BACK, type LineCore, PRIORITY, plannedNow } from "./line-core.ts";
import { ASSEMBLED, DRAWN, SUPPLIED, DONE, NEED, REPAIR, SET_UP, WAITING } from "./line-memory.ts";
import type { BufferCondition, LineState, PartCondition, PlaceCondition, ProgramCondition } from "./line-state.ts";
import { enterPhase, vehiclePhases } from "./logistics.ts";
import { ENTRY_UNKNOWN, MAIN, PASSED_CONSTRAINT, countEntry, newPart, takeCarriers } from "./parts.ts";
import { seizeOrQueue } from "./personnel.ts";
import { placeInPlan } from "./planned-orders.ts";
import { append, countBuffer } from "./place-flow.ts";
import { drawCycle } from "./place-work.ts";
import { restartClock, setClock } from "./stops.ts";
import { resumeRepair } from "./repairs.ts";

const stream = streamOf("initial state", "residual");

/**
 * Lays out the line as a state says; without one it is empty and fresh. Nobody is woken. What the model does not have
 * (a station, stop or product of the live line that a variant took away) is left out, parts of a missing place go into the
 * buffer before its station; `validateLineState` tells.
 */
export function startFrom(line: LineCore, state: LineState = { instant: line.events.now }): void {
  const { memory, compiled } = line;
  const conditions = new Map(
    (state.places ?? []).flatMap((place) => (placeIndex(compiled, place) < 0 ? [] : [[placeIndex(compiled, place), place] as const])),
  );
  memory.nextSerial = state.nextSerial ?? 1 + Math.max(0, ...partsOf(state).map((part) => part.serial ?? 0));
  for (const [pool, count] of (state.personnel ?? []).map(
    (entry) => [compiled.pools.findIndex((pool) => pool.id === entry.pool), entry.count] as const,
  ))
    if (pool >= 0) memory.poolCount[pool] = count;
  startClocks(line, conditions);
  for (const [place, condition] of conditions) startPlace(line, place, condition);
  for (const { station, place, part } of state.places ?? []) {
    const count = compiled.stations.find((entry) => entry.id === station)?.places ?? 0;
    if (part !== undefined && count > 0 && place >= count) startBuffer(line, { station, parts: [part] });
  }
  for (const buffer of state.buffers ?? []) startBuffer(line, buffer);
  for (const [place, condition] of conditions) if (condition.stop !== undefined) startStop(line, place, condition);
  startCarriers(line, state);
  for (const { material, onHand } of state.materials ?? []) {
    const at = compiled.materials.findIndex((entry) => entry.model.id === material);
    if (at >= 0) memory.materialOnHand[at] = onHand;
  }
  startVehicles(line, state);
  startProgram(line, state.program);
  memory.wipSince = plannedNow(line);
}

function partsOf(state: LineState): PartCondition[] {
  return [...(state.places ?? []).flatMap((place) => place.part ?? []), ...(state.buffers ?? []).flatMap((buffer) => buffer.parts)];
}

function startClocks(line: LineCore, conditions: ReadonlyMap<number, PlaceCondition>): void {
  const { memory, compiled } = line;
  for (const stop of compiled.stops) {
    const place = stop.place >= 0 ? stop.place : compiled.stations[stop.station]!.firstPlace;
    const condition = conditions.get(place);
    const { id, clock } = stop.model;
    const unit = clock === "cycles" ? 1 : SECOND;
    const until = condition?.untilStop?.[id];
    const since = condition?.sinceStop?.[id];
    if (condition?.stop?.id === id) continue;
    if (until !== undefined) setClock(line, stop.index, Math.round(until * unit));
    else if (since !== undefined) {
      const left = residual(stop.between, since, uniformAt(memory.key, stop.betweenStream, memory.stopCount[stop.index]!++));
      setClock(line, stop.index, Math.round(left * unit));
      memory.stopInterval[stop.index]! += since * unit;
    } else restartClock(line, stop.index);
  }
}

function startPlace(line: LineCore, place: number, condition: PlaceCondition): void {
  const { memory, compiled } = line;
  const station = compiled.stations[compiled.placeStation[place]!]!;
  if (condition.lastProduct !== undefined) memory.placeLastProduct[place] = productIndex(compiled, condition.lastProduct);
  if (condition.part === undefined) return;
  const part = startPart(line, condition.part, station, false);
  memory.placePart[place] = part;
  memory.placeLoadedAt[place] = line.events.now;
  memory.placeMet[place] = station.assembly && condition.assembled === true ? ASSEMBLED : 0;
  memory.placePhase[place] = NEED;
  const product = memory.partProduct[part]!;
  if (product >= 0 && condition.phase !== "setUp") memory.placeLastProduct[place] = product;
  switch (condition.phase ?? "work") {
    case "waiting":
      return;
    case "blocked": {
      const back = station.reject !== undefined && condition.to !== undefined && station.model.inspection?.reject?.station === condition.to;
      const route = back ? station.reject : station.next;
      memory.placePhase[place] = DONE;
      memory.placeTarget[place] = route.buffer;
      memory.placeTravel[place] = route.travel;
      return;
    }
    case "setUp": {
      const last = memory.placeLastProduct[place]!;
      const total = station.setUps.reduce(
        (sum, { values, time }) => sum + (last < 0 || product < 0 || values[last] === values[product] ? 0 : time.mean),
        0,
      );
      const left = condition.remainingS ?? Math.max(0, total - (condition.elapsedS ?? 0));
      memory.placePhase[place] = SET_UP;
      memory.placeLeft[place] = Math.round(left * SECOND);
      memory.placeCycle[place] = memory.placeLeft[place]! + Math.round((condition.elapsedS ?? 0) * SECOND);
      if (product >= 0) memory.placeLastProduct[place] = product;
      return;
    }
    default: {
      const u = uniformAt(memory.key, stream, place * 2);
      if (compiled.components.byStation?.[station.index] !== undefined)
        return startSteps(line, station, place, { ...condition, isAtRandom: uniformAt(memory.key, stream, place * 2 + 1) });
      const sampler = station.cycles[product + 1]!;
      const whole = quantile(sampler, u);
      const known = condition.remainingS ?? (condition.elapsedS === undefined ? undefined : residual(sampler, condition.elapsedS, u));
      const left = known ?? whole * uniformAt(memory.key, stream, place * 2 + 1);
      const elapsed = condition.elapsedS ?? Math.max(0, whole - left);
      memory.placeMet[place] = (station.assembly ? ASSEMBLED : 0) | SUPPLIED | DRAWN;
      memory.placeLeft[place] = Math.round(left * SECOND);
      memory.placeCycle[place] = memory.placeLeft[place]! + Math.round(elapsed * SECOND);
    }
  }
}

/** The part in a place in the middle of what its component says; where nothing tells how far, at a random moment. */
function startSteps(
  line: LineCore,
  station: CompiledStation,
  place: number,
  { remainingS, elapsedS, isAtRandom }: PlaceCondition & { readonly isAtRandom: number },
): void {
  const { memory } = line;
  memory.placeMet[place] = (station.assembly ? ASSEMBLED : 0) | SUPPLIED;
  drawCycle(line, station, place);
  const whole = memory.placeCycle[place]!;
  if (remainingS !== undefined) leaveSteps(line, place, Math.round(remainingS * SECOND));
  else
    leaveSteps(line, place, elapsedS === undefined ? Math.round(whole * isAtRandom) : Math.max(0, whole - Math.round(elapsedS * SECOND)));
}

function startBuffer(line: LineCore, condition: BufferCondition): void {
  const { memory, compiled } = line;
  const station = compiled.stations.find((entry) => entry.id === condition.station);
  if (station === undefined || (condition.input === "assembly" && !station.assembly)) return;
  const assembly = condition.input === "assembly";
  const buffer = assembly ? compiled.stations.length + station.index : station.index;
  countBuffer(line, buffer);
  // a stack is appended from its bottom
  const parts = compiled.lifo[buffer] === 1 ? condition.parts.toReversed() : condition.parts;
  for (const entry of parts) {
    const part = startPart(line, entry, station, assembly, true);
    memory.bufferIn[buffer]!++;
    if (entry.arrivesInS === undefined) append(line, part, buffer);
    else {
      const arrival = line.events.now + Math.round(entry.arrivesInS * SECOND);
      memory.bufferTravelling[buffer]!++;
      memory.partTarget[part] = buffer;
      memory.partArrival[part] = arrival;
      line.events.schedule(arrival, PRIORITY.move, ARRIVED, part);
    }
  }
  memory.bufferMax[buffer] = memory.bufferCount[buffer]! + memory.bufferTravelling[buffer]!;
}

function startPart(line: LineCore, condition: PartCondition, station: CompiledStation, assembly: boolean, before = false): number {
  const { memory, compiled } = line;
  const part = newPart(line);
  const main = station.mainFlow && !assembly;
  if (condition.serial !== undefined) {
    memory.partSerial[part] = condition.serial;
    memory.nextSerial--;
  }
  if (condition.product !== undefined) memory.partProduct[part] = productIndex(compiled, condition.product);
  memory.partSource[part] = compiled.stations.length;
  memory.partNumber[part] = memory.sourceNumber[compiled.stations.length]!++;
  memory.partRejects[part] = condition.rejects ?? 0;
  memory.partCreated[part] = condition.enteredAt ?? line.events.now;
  memory.partEntered[part] =
    condition.enteredAt === undefined
      ? plannedNow(line)
      : plannedNow(line) - plannedBetween(compiled, condition.enteredAt, line.events.now);
  memory.partFlags[part] =
    (main ? MAIN : 0) |
    (condition.enteredAt === undefined ? ENTRY_UNKNOWN : 0) |
    (main && compiled.constraint >= 0 && comesAfter(compiled, station.index, compiled.constraint) ? PASSED_CONSTRAINT : 0);
  for (const [id, tries] of Object.entries(condition.triesByStation ?? {})) {
    const column = compiled.stations.find((entry) => entry.id === id)?.inspector ?? -1;
    if (column >= 0) memory.partTries[part * compiled.inspectors + column] = tries;
  }
  memory.everEntered++;
  if (main) countEntry(line);
  compiled.carriers.forEach((carrier, kind) => {
    const under = condition.carriers?.includes(carrier.id) ?? (main && carriedAt(compiled, kind, station, before));
    if (under) bringToHead(line, kind, condition.carrierIndex?.[carrier.id]);
    if (under && memory.carrierFree[kind]! > 0) takeCarriers(line, { ...station, carriersTaken: [kind] }, part);
  });
  return part;
}

/** Makes a certain free carrier the next to be taken. */
function bringToHead(line: LineCore, kind: number, index: number | undefined): void {
  if (index === undefined) return;
  const { memory, compiled } = line;
  const { first, count } = compiled.carriers[kind]!;
  const head = memory.carrierHead[kind]!;
  for (let n = 0; n < memory.carrierFree[kind]!; n++) {
    const at = first + ((head + n) % count);
    if (memory.carrierRing[at] !== index) continue;
    memory.carrierRing[at] = memory.carrierRing[first + head]!;
    memory.carrierRing[first + head] = index;
    return;
  }
}

function startStop(line: LineCore, place: number, condition: PlaceCondition): void {
  const { memory, compiled } = line;
  const { id, phase, elapsedS, remainingS } = condition.stop!;
  const station = compiled.stations[compiled.placeStation[place]!]!;
  const at = [...station.placeStops[place - station.firstPlace]!, ...station.stationStops].find(
    (stop) => compiled.stops[stop]!.model.id === id,
  );
  if (at === undefined) return;
  const stop = compiled.stops[at]!;
  if (stop.place < 0 && memory.stationDownBy[stop.station]! >= 0) return;
  (stop.place < 0 ? memory.stationDownBy : memory.placeDownBy)[stop.place < 0 ? stop.station : place] = at;
  const u = uniformAt(memory.key, stop.durationStream, memory.stopCount[at]!++);
  const left = remainingS ?? (phase === "repair" ? residual(stop.duration, elapsedS ?? 0, u) : quantile(stop.duration, u));
  const elapsed = Math.round((elapsedS ?? 0) * SECOND);
  memory.stopBegan[at] = line.events.now - elapsed;
  memory.stopRepairDone[at] = phase === "repair" ? elapsed : 0;
  memory.stopRepairLeft[at] = Math.round(left * SECOND);
  memory.stopPhase[at] = WAITING;
  if (stop.repairedBy !== undefined) {
    const pool = seizeOrQueue(line, stop.repairedBy, compiled.placeStation.length + at);
    if (pool < 0) return;
    memory.stopPool[at] = pool;
  }
  memory.stopPhase[at] = REPAIR;
  memory.stopRepairSince[at] = line.events.now;
  resumeRepair(line, at);
}

function startCarriers(line: LineCore, state: LineState): void {
  const { memory, compiled, events } = line;
  for (const { carrier, returningS } of state.carriers ?? []) {
    const kind = compiled.carriers.findIndex((entry) => entry.id === carrier);
    if (kind < 0) continue;
    const { first, count } = compiled.carriers[kind]!;
    for (const seconds of returningS) {
      if (memory.carrierFree[kind]! <= 0) break;
      const index = memory.carrierRing[first + memory.carrierHead[kind]!]!;
      memory.carrierHead[kind] = (memory.carrierHead[kind]! + 1) % count;
      memory.carrierFree[kind]!--;
      memory.carrierBackAt[first + index] = events.now + Math.round(seconds * SECOND);
      events.schedule(memory.carrierBackAt[first + index]!, PRIORITY.move, CARRIER_BACK, kind * 65536 + index);
    }
  }
}

function startVehicles(line: LineCore, state: LineState): void {
  const { memory, compiled } = line;
  for (const { vehicle, phase, material, remainingS, usedS } of state.vehicles ?? []) {
    if (vehicle < 0 || vehicle >= memory.vehiclePhase.length) continue;
    memory.vehicleUsed[vehicle] = (usedS ?? 0) * SECOND;
    const at = compiled.materials.findIndex((entry) => entry.model.id === material);
    if (phase === "idle" || (phase !== "charging" && at < 0)) continue;
    memory.vehicleMaterial[vehicle] = phase === "charging" ? -1 : at;
    if (phase === "loading" || phase === "driving" || phase === "unloading")
      memory.materialOnWay[at]! += compiled.materials[at]!.model.kitsPerTrip;
    enterPhase(line, vehicle, vehiclePhases.indexOf(phase), remainingS === undefined ? undefined : Math.round(remainingS * SECOND));
  }
}

function startProgram(line: LineCore, condition: ProgramCondition | undefined): void {
  const { memory, compiled, events } = line;
  const { planned } = compiled.program;
  // a state of a run tells how far its program is
  const plan =
    planned.length === 0 || condition?.batch !== undefined || condition?.order !== undefined
      ? undefined
      : placeInPlan(planned, events.now, condition?.product);
  if (plan !== undefined) for (const station of compiled.stations) if (station.program) memory.programBatch[station.index] = plan.next;
  if (condition === undefined) return;
  const source = compiled.stations.find((station) => station.program && station.mainFlow);
  if (source === undefined) return;
  const at = source.index;
  const product = condition.product === undefined ? -1 : productIndex(compiled, condition.product);
  if (plan === undefined) memory.programBatch[at] = condition.order !== undefined ? condition.order + 1 : (condition.batch ?? 0);
  if (product < 0) return;
  const batch = plan?.current
    ? { least: plan.current.quantity, most: plan.current.quantity }
    : compiled.program.batches.find((entry) => entry.product === product);
  const u = uniformAt(memory.key, stream, 1_000_000);
  // it is larger than what has come of it; more than a batch can hold is the second one of the same product, of unknown progress
  const known = batch !== undefined && (condition.released?.count ?? 0) < batch.most ? condition.released : undefined;
  const least = batch === undefined ? 1 : Math.max(batch.least, (known?.count ?? 0) + 1);
  const size = condition.size ?? (batch === undefined ? 1 : least + Math.floor((batch.most - least + 1) * u));
  memory.programProduct[at] = product;
  memory.programSize[at] = size;
  // a batch of unknown progress is caught at a random unit of those that may be left
  const left = size - (known?.count ?? 0);
  memory.programLeft[at] = condition.remaining ?? (known?.all ? left : Math.floor(left * uniformAt(memory.key, stream, 1_000_001)));
}

/** Planned time between two moments. */
function plannedBetween(compiled: CompiledLine, from: Instant, to: Instant): number {
  let planned = 0;
  const first = compiled.calendar.ordinalAfter(from);
  if (first === undefined) return 0;
  for (let ordinal = first; ; ordinal++) {
    const shift = compiled.calendar.shift(ordinal);
    if (shift === undefined || shift.start >= to) return planned;
    const overlap = (start: Instant, end: Instant): number => Math.max(0, Math.min(end, to, shift.end) - Math.max(start, from));
    planned += overlap(shift.start, shift.end);
    for (const pause of shift.breaks) planned -= overlap(pause.start, pause.end);
  }
}

/** Whether parts at a station have passed another one, along the main flow. */
function comesAfter(compiled: CompiledLine, station: number, other: number): boolean {
  return reach(compiled, other, -1).has(station) && station !== other;
}

/** Whether parts at a station (or in the buffer before it) stand on carriers of a kind. */
function carriedAt(compiled: CompiledLine, kind: number, station: CompiledStation, before: boolean): boolean {
  const { from } = compiled.carriers[kind]!;
  const to = compiled.stations.findIndex((entry) => entry.carriersReleased.includes(kind));
  return reach(compiled, from, to).has(station.index) && !(before && station.index === from);
}

/** Stations reached from one on, itself included, without going beyond `last`. */
function reach(compiled: CompiledLine, from: number, last: number): Set<number> {
  const found = new Set<number>();
  const visit = (at: number): void => {
    if (found.has(at)) return;
    found.add(at);
    if (at === last) return;
    const station = compiled.stations[at]!;
    for (const route of [station.next, station.reject])
      if (route !== undefined && route.buffer !== SINK && route.buffer < compiled.stations.length) visit(route.buffer);
  };
  visit(from);
  return found;
}

/** −1 when there is no such place. */
function placeIndex(compiled: CompiledLine, condition: PlaceCondition): number {
  const station = compiled.stations.find((entry) => entry.id === condition.station);
  return station === undefined || condition.place < 0 || condition.place >= station.places ? -1 : station.firstPlace + condition.place;
}

/** −1 when there is no such product: the part is then of no product. */
function productIndex(compiled: CompiledLine, id: string): number {
  return compiled.products.indexOf(id);
}
