import { DAY, HOUR, MINUTE, type Instant } from "@doppelwerk/world";
import type { PlantSignal } from "../signals/signal.ts";
import type { UnitId } from "../signals/unit.ts";
import type { ControllerState } from "../signals/vendor-states.ts";
import { hashNormal } from "./chance.ts";
import type { VehicleView } from "./vehicle.ts";

/** What the cyclic values depend on at one instant. */
export interface PlantView {
  readonly time: Instant;
  /** Seconds since the last sampling. */
  readonly stepS: number;
  readonly shift: boolean;
  stateOf(unit: UnitId): ControllerState;
  readonly wear: number;
  readonly airLow: boolean;
  /** What the main gives where that is less than usual, bar. */
  readonly supplyBar?: number;
  readonly spindleDrift: boolean;
  vehicle(name: string): VehicleView | undefined;
}

/** Running value, value at rest, seconds of the first-order lag between them, noise. */
type Rule = readonly [running: number, rest: number, lagS: number, noise: number];

const rules: Readonly<Record<string, Rule>> = {
  "T10.OilTemperature": [48, 27, 2400, 0.12],
  "T10.RamSpeed": [120, 0, 1, 2.5],
  "T20.SonotrodeAmplitude": [42, 0, 1, 0.5],
  "S010.AxisTemperature1": [52, 27, 3000, 0.15],
  "S010.AxisTemperature2": [55, 27, 3000, 0.15],
  "S010.AxisTemperature3": [49, 26, 2700, 0.15],
  "S010.AxisTemperature4": [44, 26, 2400, 0.15],
  "S010.AxisTemperature5": [41, 25, 2400, 0.15],
  "S010.AxisTemperature6": [39, 25, 2100, 0.15],
  "S010.GripVacuum": [-72, -2, 2, 0.9],
  "S010.AxisLoad": [68, 4, 2, 4],
  "S030.LiftPressure": [94, 61, 4, 1.1],
  "S080.SpindleVibration": [1.3, 0.04, 3, 0.06],
  "S090.WaterTemperature": [17.6, 18.9, 1800, 0.08],
  "S110.CameraTemperature": [41, 33, 2400, 0.15],
  "S120.SealTemperature": [182, 148, 420, 0.6],
  "S130.GripVacuum": [-68, -2, 2, 0.9],
  "S130.AxisTemperature": [54, 26, 2700, 0.15],
};

/** Kilowatts: running, waiting, off. */
const unitPower: Readonly<Record<UnitId, readonly [number, number, number]>> = {
  T10: [9.5, 2.1, 0.12],
  T20: [7.2, 1.4, 0.1],
  T30: [3.1, 0.9, 0.08],
  S010: [6.4, 2.2, 0.3],
  S030: [1.9, 0.6, 0.05],
  S040: [1.1, 0.5, 0.05],
  S050: [1.3, 0.6, 0.05],
  S060: [0.9, 0.5, 0.05],
  S070: [1.4, 0.6, 0.05],
  S080: [5.8, 1.6, 0.15],
  S090: [8.8, 2.6, 0.2],
  S100: [16.5, 3.1, 0.2],
  S110: [2.2, 1.2, 0.1],
  R10: [0.8, 0.4, 0.05],
  S120: [12.4, 4.4, 0.3],
  S130: [6.9, 2.2, 0.3],
};

/** Kilowatts that a unit takes in a state, without noise. */
export function unitPowerOf(unit: UnitId, state: ControllerState): number {
  const [running, waiting, off] = unitPower[unit];
  return state === "running" ? running : state === "off" ? off : waiting;
}

/** Cyclic values of the whole plant; keeps what they need to remember (temperatures, energy, fill levels). */
export class CyclicValues {
  readonly #seed: number;
  readonly #memory = new Map<number, number>();
  #hallPower = 0;
  #air = 6.9;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Called once a step before any value. */
  begin(view: PlantView): void {
    const target = Math.min(view.airLow ? 3.9 : view.shift ? 6.85 : 7.1, view.supplyBar ?? Infinity);
    this.#air += (target - this.#air) * lag(view.stepS, view.airLow ? 40 : 90);
    this.#hallPower = view.shift ? 34 : 9;
  }

  /** The value, or undefined where the controller is switched off. */
  value(signal: PlantSignal, view: PlantView): number | undefined {
    const { asset, role } = signal;
    const noise = hashNormal(this.#seed + 17, signal.index, Math.floor(view.time / 1_000_000));
    if (signal.address.kind === "sparkplug") {
      if (asset === "Air") return this.#airValue(role, view, noise);
      if (asset === "Hall") return this.#hallValue(signal, view, noise);
      const vehicle = view.vehicle(asset);
      return vehicle ? vehicleValue(role, vehicle, noise) : this.#energyValue(signal, view, noise);
    }
    const unit = asset as UnitId;
    const state = view.stateOf(unit);
    if (state === "off") {
      this.#relax(signal, view);
      return undefined;
    }
    if (role === "AirPressure" || role === "SupplyPressure" || role === "FeedPressure") return this.#air - 0.35 + 0.02 * noise;
    if (role === "SupplyVoltage") return 231 + 1.1 * Math.sin(view.time / (11 * MINUTE)) + 0.3 * noise;
    if (role === "ScrewLevel") return this.#store(signal, view, state, 75 * 60, 14) + 0.15 * noise;
    if (role === "FilmLeft") return this.#store(signal, view, state, 3.6 * 3600, 4) + 0.15 * noise;
    if (role === "SpindleTemperature")
      return this.#lagged(signal, view, state === "running" ? 46 + 13 * view.wear + (view.spindleDrift ? 26 : 0) : 29, 900) + 0.15 * noise;
    const rule = rules[`${unit}.${role}`];
    if (!rule) return undefined;
    const extra = role === "SpindleVibration" && state === "running" ? 2.2 * view.wear + (view.spindleDrift ? 2.6 : 0) : 0;
    const steady = this.#lagged(signal, view, (state === "running" ? rule[0] : rule[1]) + extra, rule[2]);
    return steady + rule[3] * noise;
  }

  #relax(signal: PlantSignal, view: PlantView): void {
    const rule = rules[`${signal.asset}.${signal.role}`];
    if (rule) this.#lagged(signal, view, rule[1], rule[2]);
    else if (signal.role === "SpindleTemperature") this.#lagged(signal, view, 24, 900);
  }

  #lagged(signal: PlantSignal, view: PlantView, target: number, lagS: number): number {
    const before = this.#memory.get(signal.index) ?? target;
    const after = before + (target - before) * lag(view.stepS, lagS);
    this.#memory.set(signal.index, after);
    return after;
  }

  /** A magazine that empties in `emptyS` of running and is filled up again at `refillAt` percent. */
  #store(signal: PlantSignal, view: PlantView, state: ControllerState, emptyS: number, refillAt: number): number {
    let left = this.#memory.get(signal.index) ?? 100;
    if (state === "running") left -= (100 * view.stepS) / emptyS;
    if (left < refillAt) left = 100;
    this.#memory.set(signal.index, left);
    return left;
  }

  #energyValue(signal: PlantSignal, view: PlantView, noise: number): number {
    const [running] = unitPower[signal.asset as UnitId];
    const state = view.stateOf(signal.asset as UnitId);
    const power = Math.max(0.02, unitPowerOf(signal.asset as UnitId, state) * (1 + 0.04 * noise));
    if (signal.role === "ActivePower") {
      this.#hallPower += power;
      return power;
    }
    const factor = state === "running" ? 0.87 : state === "off" ? 0.55 : 0.68;
    if (signal.role === "PowerFactor") return factor + 0.008 * noise;
    if (signal.role === "Current") return power / (Math.sqrt(3) * 0.4 * factor);
    const energy = (this.#memory.get(signal.index) ?? 21_000 + 3100 * running) + (power * view.stepS) / 3600;
    this.#memory.set(signal.index, energy);
    return energy;
  }

  #airValue(role: string, view: PlantView, noise: number): number | undefined {
    const flow = (view.shift ? 410 : 95) * (view.airLow ? 0.35 : 1);
    if (role === "Pressure") return this.#air + 0.02 * noise;
    if (role === "Flow") return flow + 14 * noise;
    if (role === "DewPoint") return 3.1 + 0.6 * Math.sin(view.time / (3 * HOUR)) + 0.08 * noise;
    return (view.airLow ? 11 : 14 + flow * 0.11) + 0.6 * noise;
  }

  #hallValue(signal: PlantSignal, view: PlantView, noise: number): number | undefined {
    const dayPhase = Math.sin(((view.time % DAY) / DAY) * 2 * Math.PI - 2);
    switch (signal.role) {
      case "Temperature":
        return this.#lagged(signal, view, (view.shift ? 21.5 : 18.5) + 1.4 * dayPhase, 5400) + 0.06 * noise;
      case "Humidity":
        return 46 + 5 * Math.sin(view.time / (9 * HOUR)) + 0.4 * noise;
      case "Illuminance":
        return (view.shift ? 530 : 18) + 6 * noise;
      case "CarbonDioxide":
        return this.#lagged(signal, view, view.shift ? 780 : 430, 3600) + 6 * noise;
      case "Noise":
        return (view.shift ? 77 : 46) + 1.1 * noise;
      case "ActivePower":
        return this.#hallPower + 1.2 * noise;
      case "WaterPressure":
        return 4.2 + 0.03 * noise;
      default:
        return view.stateOf("S090") === "running" ? 0.95 + 0.06 * noise : 0.02;
    }
  }
}

function vehicleValue(role: string, vehicle: VehicleView, noise: number): number | undefined {
  switch (role) {
    case "PositionX":
      return vehicle.x;
    case "PositionY":
      return vehicle.y;
    case "Heading":
      return vehicle.heading;
    case "Speed":
      return vehicle.speed === 0 ? 0 : vehicle.speed + 0.02 * noise;
    case "Battery":
      return vehicle.battery * 100;
    case "State":
      return vehicle.state;
    case "Load":
      return vehicle.load;
    case "Distance":
      return vehicle.distance;
    default:
      return undefined;
  }
}

function lag(stepS: number, lagS: number): number {
  return 1 - Math.exp(-stepS / lagS);
}
