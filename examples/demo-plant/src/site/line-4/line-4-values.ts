import { DAY, type Instant } from "@doppelwerk/world";
import type { PlantSignal } from "../../signals/signal.ts";
import type { ControllerState } from "../../signals/vendor-states.ts";
import { hashNormal, hashNumber } from "../../truth/chance.ts";
import { line4Air, line4Power, type Line4Id } from "./line-4-table.ts";

/** A finished cycle, as its results are written. */
export interface Line4Part {
  readonly station: Line4Id;
  readonly serial: number;
  readonly product: string | undefined;
  readonly passed: boolean;
  readonly tries: number;
}

/** Mean and standard deviation of results that depend on nothing else. */
const plain: Readonly<Record<string, readonly [mean: number, deviation: number]>> = {
  "L4-010.HeatPumpTorque": [12.4, 0.3],
  "L4-020.LeakRate": [0.9, 0.18],
  "L4-030.SeamPower": [2650, 28],
  "L4-040.BeltTension": [212, 7],
  "L4-050.PressForce": [31.5, 0.7],
  "L4-060.Noise": [64.2, 0.7],
};

const chargeMass: Readonly<Record<string, number>> = { TD7: 180, TD8: 215, TD9: 240 };
const cartonMass: Readonly<Record<string, number>> = { TD7: 47.8, TD8: 51.2, TD9: 54.6, TC7: 39.5 };

/** The numbers a tool or a test leaves behind, by role; they agree with the verdict. */
export function line4Results(part: Line4Part, seed: number): readonly (readonly [role: string, value: number])[] {
  const salt = seed + part.station.charCodeAt(4) * 7919;
  const normal = (n: number) => hashNormal(salt + n, part.serial, part.tries);
  const results = Object.entries(plain)
    .filter(([name]) => name.startsWith(`${part.station}.`))
    .map(([name, [mean, deviation]], index) => [name.slice(part.station.length + 1), mean + deviation * normal(index)] as const);
  const product = part.product ?? "TD7";
  switch (part.station) {
    case "L4-020":
      return product in chargeMass ? [...results, ["ChargeMass", chargeMass[product]! + 0.6 * normal(11)]] : [];
    case "L4-060":
      return [
        ...results,
        ["DryingPower", (product === "TC7" ? 2350 : 690) + 18 * normal(12)],
        ["LeakageCurrent", part.passed ? Math.min(0.7, Math.max(0.05, 0.34 + 0.05 * normal(13))) : 0.8 + hashNumber(salt, part.serial, 7)],
      ];
    case "L4-070":
      return [...results, ["CartonMass", (cartonMass[product] ?? 50) + 0.12 * normal(14)]];
    default:
      return results;
  }
}

const defects = ["D03 door contact", "D11 belt noise", "D17 fan rubs", "D22 low drying power", "D29 leak at joint"] as const;

export function line4Defect(serial: number, seed: number): string {
  return defects[Math.floor(hashNumber(seed + 41, serial, 3) * defects.length)]!;
}

/** What the registers depend on at one instant. */
export interface Line4View {
  readonly time: Instant;
  readonly stepS: number;
  readonly airBar: number;
  stateOf(station: Line4Id): ControllerState;
  occupied(station: Line4Id): number;
}

/** The registers of the controllers and meters: what nobody stores. */
export class Line4Registers {
  readonly #seed: number;
  readonly #memory = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Value in its unit; undefined where the device has none. */
  value(signal: PlantSignal, view: Line4View): number | undefined {
    const station = signal.asset as Line4Id;
    const state = view.stateOf(station);
    const noise = hashNormal(this.#seed + 23, signal.index, Math.floor(view.time / 1_000_000));
    const running = state === "running";
    switch (signal.role) {
      case "ActivePower":
        return line4PowerOf(station, state) * (1 + 0.03 * noise);
      case "Energy":
        return this.#energy(station, state, view);
      case "AirOk":
        return view.airBar >= 5.8 || (line4Air[station] ?? 0) === 0 ? 1 : 0;
      case "AirPressure":
        return Math.max(0, view.airBar - (running ? 0.3 : 0.12) + 0.02 * noise);
      case "RivetsLeft":
        return this.#magazine("rivets", running ? view.stepS : 0, 55 * 60);
      case "BottleMass":
        return 0.48 * this.#magazine("bottle", running ? view.stepS : 0, 3.1 * 3600) + 2;
      case "BenchesOccupied":
        return Math.min(2, view.occupied(station));
      default:
        return this.#steady(signal, running, view) + noise * (noises[signal.role.replace(/\d$/, "")] ?? 0.1);
    }
  }

  #steady(signal: PlantSignal, running: boolean, view: Line4View): number {
    const [work, rest, lagS] = steady[signal.role.replace(/\d$/, "")] ?? [0, 0, 1];
    const target = running ? work : rest;
    const before = this.#memory.get(signal.name) ?? target;
    const after = before + (target - before) * (1 - Math.exp(-view.stepS / lagS));
    this.#memory.set(signal.name, after);
    return after;
  }

  /** The meter goes on from what it has shown on that day, so that a restart does not turn it back. */
  #energy(station: Line4Id, state: ControllerState, view: Line4View): number {
    const name = `${station}.energy`;
    const before = this.#memory.get(name) ?? (40_000 + (view.time / DAY) * 24 * 0.45 * line4Power[station][0]) % 4_000_000;
    const after = before + (line4PowerOf(station, state) * view.stepS) / 3600;
    this.#memory.set(name, after);
    return after;
  }

  #magazine(name: string, usedS: number, emptyS: number): number {
    let left = (this.#memory.get(name) ?? 100) - (100 * usedS) / emptyS;
    if (left < 8) left = 100;
    this.#memory.set(name, left);
    return left;
  }
}

/** Running value, value at rest, seconds of the lag between them. */
const steady: Readonly<Record<string, readonly [running: number, rest: number, lagS: number]>> = {
  HoistLoad: [38, 2, 4],
  Vacuum: [0.4, 960, 6],
  BottlePressure: [12.6, 11.8, 600],
  CoolingWaterTemperature: [31, 22, 900],
  ShieldGasFlow: [14, 0.2, 2],
  DrumSpeed: [52, 0, 3],
  RamTemperature: [48, 24, 1500],
  CellTemperature: [58, 26, 1200],
  SealTemperature: [176, 150, 400],
};
const noises: Readonly<Record<string, number>> = { HoistLoad: 4, Vacuum: 0.03, ShieldGasFlow: 0.1, DrumSpeed: 0.4, SealTemperature: 0.6 };

export function line4PowerOf(station: Line4Id, state: ControllerState): number {
  const [running, waiting, off] = line4Power[station];
  return state === "running" ? running : state === "off" ? off : waiting;
}

/** Air that the line takes now, m³/h. */
export function line4AirFlow(stateOf: (station: Line4Id) => ControllerState): number {
  return Object.entries(line4Air).reduce(
    (sum, [station, flow]) => sum + (stateOf(station as Line4Id) === "running" ? flow : flow * 0.05),
    0,
  );
}
