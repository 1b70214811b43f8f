import { SECOND } from "@doppelwerk/world/instant";
import type { CompiledCarrier, CompiledStation } from "./compile-line.ts";
import { laterSteps } from "./component-work.ts";
import { type LineCore, productOf } from "./line-core.ts";
import { ASSEMBLED, DRAWN, DONE, EMPTY, REPAIR, RUNNING, SET_UP, WORK } from "./line-memory.ts";
import type { BufferCondition, LineState, PartCondition, PlaceCondition, ProgramCondition, VehicleCondition } from "./line-state.ts";
import { vehiclePhases } from "./logistics.ts";
import { ENTRY_UNKNOWN } from "./parts.ts";

/** The line now, as a state to start from; `known` is "past" to leave out what the simulation alone can know. */
export function presentState(line: LineCore, known: "all" | "past"): LineState {
  const { memory, compiled, events } = line;
  const program = programOf(line);
  return {
    instant: events.now,
    places: compiled.stations.flatMap((station) =>
      Array.from({ length: station.places }, (_, place) => placeOf(line, station, station.firstPlace + place, known)),
    ),
    buffers: compiled.stations.flatMap((station) => [
      ...(memory.bufferCount[station.index]! + memory.bufferTravelling[station.index]! > 0 ? [bufferOf(line, station, "main")] : []),
      ...(station.assembly ? [bufferOf(line, station, "assembly")] : []),
    ]),
    carriers: compiled.carriers.map(({ id, first, count }) => ({
      carrier: id,
      returningS: Array.from({ length: count }, (_, index) => memory.carrierBackAt[first + index]!)
        .filter((back) => back >= 0)
        .map((back) => (back - events.now) / SECOND),
    })),
    personnel: compiled.pools.map((pool, index) => ({ pool: pool.id, count: memory.poolCount[index]! })),
    materials: compiled.materials.map((material, index) => ({ material: material.model.id, onHand: memory.materialOnHand[index]! })),
    vehicles: Array.from(memory.vehiclePhase, (phase, vehicle): VehicleCondition => {
      const material = memory.vehicleMaterial[vehicle]!;
      return {
        vehicle,
        phase: vehiclePhases[phase]!,
        ...(material < 0 ? {} : { material: compiled.materials[material]!.model.id }),
        ...(phase === 0 ? {} : { remainingS: (memory.vehicleUntil[vehicle]! - events.now) / SECOND }),
        usedS: memory.vehicleUsed[vehicle]! / SECOND,
      };
    }),
    ...(program === undefined ? {} : { program }),
    nextSerial: memory.nextSerial,
  };
}

function placeOf(line: LineCore, station: CompiledStation, place: number, known: "all" | "past"): PlaceCondition {
  const { memory, compiled, events } = line;
  const part = memory.placePart[place]!;
  const last = productOf(line, memory.placeLastProduct[place]!);
  const stops = [...station.placeStops[place - station.firstPlace]!, ...(place === station.firstPlace ? station.stationStops : [])];
  const since: Record<string, number> = {};
  const until: Record<string, number> = {};
  for (const stop of stops) {
    const { id, clock } = compiled.stops[stop]!.model;
    if (memory.stopPhase[stop] !== RUNNING) continue;
    const left = clockLeft(line, stop, place);
    const unit = clock === "cycles" ? 1 : SECOND;
    since[id] = Math.max(0, memory.stopInterval[stop]! - left) / unit;
    until[id] = left / unit;
  }
  const running = memory.placeRunning[place] === 1 ? events.now - memory.placeSince[place]! : 0;
  const stop = memory.placeDownBy[place]! >= 0 ? memory.placeDownBy[place]! : memory.stationDownBy[station.index]!;
  return {
    station: station.id,
    place: place - station.firstPlace,
    ...(part < 0 ? {} : { part: partOf(line, part), ...phaseOf(line, station, place, running, known) }),
    ...(stop < 0 ? {} : { stop: stopOf(line, stop, known) }),
    sinceStop: since,
    ...(known === "all" ? { untilStop: until } : {}),
    ...(last === undefined ? {} : { lastProduct: last }),
  };
}

function phaseOf(line: LineCore, station: CompiledStation, place: number, running: number, known: "all" | "past"): Partial<PlaceCondition> {
  const { memory } = line;
  const left = memory.placeLeft[place]! - running + laterSteps(line, place);
  const times = { elapsedS: (memory.placeCycle[place]! - left) / SECOND, ...(known === "all" ? { remainingS: left / SECOND } : {}) };
  switch (memory.placePhase[place]) {
    case EMPTY:
      return {};
    case SET_UP:
      return { phase: "setUp", ...times };
    case WORK:
      return { phase: "work", ...times };
    case DONE: {
      const target = memory.placeTarget[place]!;
      return {
        phase: "blocked",
        ...(target >= 0 && target < line.compiled.stations.length ? { to: line.compiled.stations[target]!.id } : {}),
      };
    }
    default:
      // work that was begun and waits for its operators again, or a part that has not been begun
      if ((memory.placeMet[place]! & DRAWN) !== 0) return { phase: "work", ...times };
      return { phase: "waiting", ...(station.assembly && (memory.placeMet[place]! & ASSEMBLED) !== 0 ? { assembled: true } : {}) };
  }
}

function clockLeft(line: LineCore, stop: number, place: number): number {
  const { memory, compiled, events } = line;
  const { model, place: owner, station } = compiled.stops[stop]!;
  if (model.clock === "calendar") return Math.max(0, memory.stopAt[stop]! - events.now);
  if (model.clock === "cycles") return memory.stopLeft[stop]!;
  if (owner < 0)
    return memory.stationWorking[station]! > 0 && memory.stopHandle[stop]! >= 0
      ? memory.stopAt[stop]! - events.now
      : memory.stopLeft[stop]!;
  const running = memory.placeRunning[place] === 1 && memory.placePhase[place] === WORK ? events.now - memory.placeSince[place]! : 0;
  return memory.stopLeft[stop]! - running;
}

function stopOf(line: LineCore, stop: number, known: "all" | "past"): NonNullable<PlaceCondition["stop"]> {
  const { memory, compiled, events } = line;
  const id = compiled.stops[stop]!.model.id;
  if (memory.stopPhase[stop] !== REPAIR)
    return { id, phase: "waitingRepair", ...(known === "all" ? { remainingS: memory.stopRepairLeft[stop]! / SECOND } : {}) };
  const running = memory.stopHandle[stop]! >= 0 ? events.now - memory.stopRepairSince[stop]! : 0;
  return {
    id,
    phase: "repair",
    elapsedS: (memory.stopRepairDone[stop]! + running) / SECOND,
    ...(known === "all" ? { remainingS: (memory.stopRepairLeft[stop]! - running) / SECOND } : {}),
  };
}

function bufferOf(line: LineCore, station: CompiledStation, input: "main" | "assembly"): BufferCondition {
  const { memory, compiled, events } = line;
  const buffer = input === "main" ? station.index : compiled.stations.length + station.index;
  const parts: BufferCondition["parts"][number][] = [];
  for (let part = memory.bufferFirst[buffer]!; part >= 0; part = memory.partNext[part]!) parts.push(partOf(line, part));
  if (memory.bufferTravelling[buffer]! > 0)
    for (let part = 0; part < memory.partTarget.length; part++)
      if (memory.partTarget[part] === buffer && memory.partArrival[part]! >= events.now)
        parts.push({ ...partOf(line, part), arrivesInS: (memory.partArrival[part]! - events.now) / SECOND });
  return { station: station.id, input, parts };
}

function partOf(line: LineCore, part: number): PartCondition {
  const { memory, compiled } = line;
  const product = productOf(line, memory.partProduct[part]!);
  const indexOf = (carrier: CompiledCarrier): number =>
    memory.partCarriers[part * compiled.carriers.length + compiled.carriers.indexOf(carrier)]!;
  const under = compiled.carriers.filter((carrier) => indexOf(carrier) >= 0);
  const inspecting = compiled.stations.filter((station) => station.inspector >= 0);
  const tries = Object.fromEntries(
    inspecting
      .map((station) => [station.id, memory.partTries[part * compiled.inspectors + station.inspector]!])
      .filter(([, count]) => count !== 0),
  );
  return {
    serial: memory.partSerial[part]!,
    ...(product === undefined ? {} : { product }),
    ...((memory.partFlags[part]! & ENTRY_UNKNOWN) === 0 ? { enteredAt: memory.partCreated[part]! } : {}),
    ...(memory.partRejects[part]! > 0 ? { rejects: memory.partRejects[part]! } : {}),
    ...(Object.keys(tries).length > 0 ? { triesByStation: tries } : {}),
    carriers: under.map((carrier) => carrier.id),
    ...(under.length > 0 ? { carrierIndex: Object.fromEntries(under.map((carrier) => [carrier.id, indexOf(carrier)])) } : {}),
  };
}

function programOf(line: LineCore): ProgramCondition | undefined {
  const { memory, compiled } = line;
  const source = compiled.stations.find((station) => station.program && station.mainFlow);
  if (source === undefined || compiled.program.kind === "none") return undefined;
  const at = source.index;
  const product = productOf(line, memory.programProduct[at]!);
  const begun = memory.programBatch[at]!;
  return {
    ...(product === undefined ? {} : { product }),
    remaining: memory.programLeft[at]!,
    size: memory.programSize[at]!,
    ...(compiled.program.kind === "orders" && begun > 0 ? { order: begun - 1 } : {}),
    batch: begun,
  };
}
