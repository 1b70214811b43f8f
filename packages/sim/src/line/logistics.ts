import { SECOND } from "@doppelwerk/world/instant";
import type { CompiledStation } from "./compile-line.ts";
import { type LineCore, PRIORITY, VEHICLE, draw } from "./line-core.ts";

const phases = ["idle", "loading", "driving", "unloading", "returning", "charging"] as const;
export const IDLE = 0;
export const LOADING = 1;
export const DRIVING = 2;
export const UNLOADING = 3;
export const RETURNING = 4;
export const CHARGING = 5;

export { phases as vehiclePhases };

/** Takes one kit of each material of a station into use; false when one is lacking. */
export function useKits(line: LineCore, station: CompiledStation): boolean {
  const { memory, compiled } = line;
  for (const material of station.materials) if (memory.materialOnHand[material]! < 1 || memory.materialShort[material]! > 0) return false;
  for (const material of station.materials) {
    const onHand = --memory.materialOnHand[material]!;
    line.observer?.({
      kind: "kitUsed",
      time: line.events.now,
      material: compiled.materials[material]!.model.id,
      station: station.id,
      onHand,
    });
    callKits(line, material);
  }
  return true;
}

/** Calls trips until what is there, on the way and called is above the reorder level. */
export function callKits(line: LineCore, material: number): void {
  const { memory, compiled } = line;
  const { reorderAt, kitsPerTrip } = compiled.materials[material]!.model;
  while (memory.materialOnHand[material]! + memory.materialOnWay[material]! + memory.materialCalls[material]! * kitsPerTrip <= reorderAt) {
    if (memory.materialCalls[material]!++ === 0) memory.materialCalledAt[material] = line.events.now;
  }
  sendVehicles(line);
}

/** Idle vehicles take the oldest calls. */
export function sendVehicles(line: LineCore): void {
  const { memory, compiled } = line;
  for (let vehicle = 0; vehicle < memory.vehiclePhase.length; vehicle++) {
    if (memory.vehiclePhase[vehicle] !== IDLE) continue;
    let oldest = -1;
    for (let material = 0; material < compiled.materials.length; material++)
      if (
        memory.materialCalls[material]! > 0 &&
        memory.materialShort[material] === 0 &&
        (oldest < 0 || memory.materialCalledAt[material]! < memory.materialCalledAt[oldest]!)
      )
        oldest = material;
    if (oldest < 0) return;
    memory.materialCalls[oldest]!--;
    memory.materialOnWay[oldest]! += compiled.materials[oldest]!.model.kitsPerTrip;
    memory.vehicleMaterial[vehicle] = oldest;
    enterPhase(line, vehicle, LOADING);
  }
}

/** Puts a vehicle into a phase, of `left` microseconds where it is given. */
export function enterPhase(line: LineCore, vehicle: number, phase: number, left?: number): void {
  const { memory, compiled, events } = line;
  const fleet = compiled.vehicles!;
  const material = memory.vehicleMaterial[vehicle]!;
  memory.vehiclePhase[vehicle] = phase;
  const duration = left ?? durationOf(line, vehicle, phase);
  const battery = fleet.battery === Infinity ? 1 : Math.max(0, 1 - memory.vehicleUsed[vehicle]! / fleet.battery);
  if (phase !== IDLE) {
    if (phase !== CHARGING) memory.vehicleUsed[vehicle]! += duration;
    memory.vehicleUntil[vehicle] = events.now + duration;
    events.schedule(events.now + duration, PRIORITY.move, VEHICLE, vehicle);
  }
  line.observer?.({
    kind: "vehicle",
    time: events.now,
    vehicle,
    phase: phases[phase]!,
    ...(material < 0 ? {} : { material: compiled.materials[material]!.model.id }),
    durationS: duration / SECOND,
    battery,
  });
}

function durationOf(line: LineCore, vehicle: number, phase: number): number {
  const { memory, compiled } = line;
  const fleet = compiled.vehicles!;
  switch (phase) {
    case LOADING:
      return draw(line, fleet.load, fleet.stream + vehicle, memory.vehicleCount[vehicle]!++);
    case UNLOADING:
      return draw(line, fleet.unload, fleet.stream + vehicle, memory.vehicleCount[vehicle]!++);
    case DRIVING:
    case RETURNING:
      return compiled.materials[memory.vehicleMaterial[vehicle]!]!.drive;
    case CHARGING:
      return fleet.charge;
    default:
      return 0;
  }
}
