import { SECOND } from "@doppelwerk/world/instant";
import type { LineCore } from "./line-core.ts";
import { NEED } from "./line-memory.ts";
import { meetNeeds } from "./place-work.ts";
import { refresh } from "./place-state.ts";
import { IDLE, LOADING, DRIVING, UNLOADING, RETURNING, CHARGING, sendVehicles, enterPhase } from "./logistics.ts";

/** A vehicle has finished what it did. */
export function vehicleDone(line: LineCore, vehicle: number): void {
  const { memory, compiled } = line;
  const fleet = compiled.vehicles!;
  const material = memory.vehicleMaterial[vehicle]!;
  switch (memory.vehiclePhase[vehicle]) {
    case LOADING:
      return enterPhase(line, vehicle, DRIVING);
    case DRIVING:
      return enterPhase(line, vehicle, UNLOADING);
    case UNLOADING:
      deliver(line, vehicle, material);
      return enterPhase(line, vehicle, RETURNING);
    case RETURNING: {
      const trip = 2 * compiled.materials[material]!.drive + (fleet.load.mean + fleet.unload.mean) * SECOND;
      memory.vehicleMaterial[vehicle] = -1;
      if (memory.vehicleUsed[vehicle]! + trip > fleet.battery) return enterPhase(line, vehicle, CHARGING);
      break;
    }
    default:
      memory.vehicleUsed[vehicle] = 0;
  }
  enterPhase(line, vehicle, IDLE);
  sendVehicles(line);
}

/** Stations that wait for a material look again. */
export function wakeForMaterial(line: LineCore, material: number): void {
  const { memory, compiled } = line;
  const station = compiled.stations[compiled.materials[material]!.station]!;
  for (let place = station.firstPlace; place < station.firstPlace + station.places; place++) {
    if (memory.placePhase[place] === NEED) meetNeeds(line, place);
    refresh(line, place);
  }
}

function deliver(line: LineCore, vehicle: number, material: number): void {
  const { memory, compiled } = line;
  const { model, station } = compiled.materials[material]!;
  memory.materialOnWay[material]! -= model.kitsPerTrip;
  memory.materialOnHand[material]! += model.kitsPerTrip;
  line.observer?.({
    kind: "kitsDelivered",
    time: line.events.now,
    material: model.id,
    station: compiled.stations[station]!.id,
    kits: model.kitsPerTrip,
    onHand: memory.materialOnHand[material]!,
    vehicle,
  });
  wakeForMaterial(line, material);
}
