import type { Instant } from "@doppelwerk/world";
import type { LineEvent } from "@doppelwerk/sim";
import { fleetLayout, layout } from "./layout.ts";
import { logisticsTable } from "./plant-table.ts";

/** What a vehicle tells of itself: metres, degrees, metres a second, battery 0–1. */
export interface VehicleView {
  readonly x: number;
  readonly y: number;
  readonly heading: number;
  readonly speed: number;
  readonly battery: number;
  /** Index in `vehicleStates`. */
  readonly state: number;
  readonly load: number;
  readonly target: string;
  readonly distance: number;
}

type Phase = Extract<LineEvent, { kind: "vehicle" }>["phase"];

const states: Readonly<Record<Phase, number>> = { idle: 0, loading: 1, driving: 2, unloading: 3, returning: 4, charging: 5 };
const aisleY = 1;

/** One automated guided vehicle between store and station, from what the kernel says of its trips. */
export class Vehicle {
  readonly name: string;
  readonly #lane: number;
  #phase: Phase = "idle";
  #begin: Instant = 0;
  #durationS = 0;
  #battery = 1;
  #distance: number;

  constructor(name: string, index: number) {
    this.name = name;
    this.#lane = index;
    this.#distance = 210_000 + index * 17_000;
  }

  onEvent(event: Extract<LineEvent, { kind: "vehicle" }>): void {
    if (this.#phase === "driving" || this.#phase === "returning") this.#distance += pathLength();
    this.#phase = event.phase;
    this.#begin = event.time;
    this.#durationS = event.durationS;
    this.#battery = event.battery;
  }

  view(time: Instant): VehicleView {
    const share = this.#durationS > 0 ? Math.min(1, Math.max(0, (time - this.#begin) / 1_000_000 / this.#durationS)) : 1;
    const moving = (this.#phase === "driving" || this.#phase === "returning") && share < 1;
    const along = this.#phase === "driving" ? share : this.#phase === "returning" ? 1 - share : this.#phase === "unloading" ? 1 : 0;
    const place = pointAt(along, this.#lane);
    return {
      ...place,
      heading: this.#phase === "returning" ? (place.heading + 180) % 360 : place.heading,
      speed: moving ? logisticsTable.speedMps : 0,
      battery: this.#battery,
      state: states[this.#phase],
      load: this.#phase === "driving" || this.#phase === "loading" || this.#phase === "unloading" ? logisticsTable.kitsPerTrip : 0,
      target: this.#phase === "driving" || this.#phase === "unloading" ? logisticsTable.station : "Store",
      distance: this.#distance + (moving ? pathLength() * share : 0),
    };
  }
}

/** Along the aisle, then up between packing and testing to the harness station. */
function pointAt(share: number, lane: number): { readonly x: number; readonly y: number; readonly heading: number } {
  const home = fleetLayout.x - 1.2 - 2 * lane;
  const turnX = 25.8;
  const stationY = layout.S060.y - 2.8;
  const east = turnX - home;
  const north = stationY - aisleY;
  const driven = share * (east + north);
  if (driven <= east) return { x: home + driven, y: aisleY, heading: 0 };
  return { x: turnX, y: aisleY + driven - east, heading: 90 };
}

function pathLength(): number {
  return logisticsTable.distanceM;
}
