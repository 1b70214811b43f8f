import { DAY, HOUR, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import type { PlantSignal } from "../../signals/signal.ts";
import { hashNormal, hashUnit } from "../../truth/chance.ts";
import { AirNetwork } from "./air-network.ts";

/** What the utilities depend on at one instant. */
export interface UtilityView {
  readonly time: Instant;
  readonly stepS: number;
  readonly shift: boolean;
  /** Air the lines take, m³/h, and their electrical power and that of the warehouse, kW. */
  readonly airLine3: number;
  readonly airLine4: number;
  readonly machinesKw: number;
  readonly tripped: readonly [boolean, boolean];
}

const dryerKw = 1.9;

/** Compressed air, power feed and climate of the hall: what they do follows from what both lines do. */
export class Utilities {
  readonly air = new AirNetwork();
  readonly #seed: number;
  readonly #utcOffsetHours: number;
  /** What each meter shows. */
  readonly #totals = new Map<string, number>();
  #hallTemperature = 20.5;
  #carbonDioxide = 480;
  #feedKw = 60;
  #ventilationKw = 6;
  #lightingKw = 6;
  #outletTemperatures: [number, number] = [40, 40];
  #flows: [line3: number, line4: number] = [0, 0];
  #quarter = { index: -1, energy: 0, seconds: 0, mean: 0 };

  constructor(seed: number, utcOffsetHours: number) {
    this.#seed = seed;
    this.#utcOffsetHours = utcOffsetHours;
  }

  /** What the feed carries beside the machines, kW. */
  get loads(): { readonly compressors: number; readonly ventilation: number; readonly lighting: number; readonly feed: number } {
    const [first, second] = this.air.compressors;
    return {
      compressors: first.powerKw + second.powerKw + dryerKw,
      ventilation: this.#ventilationKw,
      lighting: this.#lightingKw,
      feed: this.#feedKw,
    };
  }

  advance(view: UtilityView): void {
    const { stepS, shift, airLine3, airLine4, tripped } = view;
    this.air.advance(stepS, { line3: airLine3, line4: airLine4, shift, tripped });
    this.#ventilationKw = shift ? 21 + Math.max(0, this.#hallTemperature - 21) * 2.5 : 5;
    const [first, second] = this.air.compressors;
    this.#lightingKw = shift ? 26 : 6;
    this.#feedKw = view.machinesKw + first.powerKw + second.powerKw + dryerKw + this.#ventilationKw + this.#lightingKw;
    this.#climate(view);
    this.#outletTemperatures = this.#outletTemperatures.map((before, index) => {
      const target = 28 + 52 * this.air.compressors[index]!.load;
      return before + (target - before) * lag(stepS, 480);
    }) as [number, number];
    this.#count(view, first, second);
  }

  /** Value of a signal in its unit. */
  value({ asset, role, index }: PlantSignal, time: Instant): number {
    const noise = hashNormal(this.#seed + 61, index, Math.floor(time / SECOND));
    const compressor = asset === "Compressor1" ? 0 : asset === "Compressor2" ? 1 : undefined;
    if (role === "Energy" || role === "LoadHours" || role === "Volume") return this.#total(`${asset}.${role}`);
    if (compressor !== undefined) return this.#compressorValue(compressor, role, noise);
    if (asset === "AirDryer") return this.#dryerValue(role, noise);
    if (asset === "AirMain") return this.#mainValue(role, noise);
    if (asset === "PowerFeed") return this.#feedValue(role, time, noise);
    return this.#climateValue(role, time, noise);
  }

  #compressorValue(index: 0 | 1, role: string, noise: number): number {
    const { load, state, powerKw } = this.air.compressors[index];
    if (role === "State") return state;
    if (role === "Load") return 100 * load;
    if (role === "OutletTemperature") return this.#outletTemperatures[index] + 0.3 * noise;
    return powerKw * (1 + 0.01 * noise);
  }

  #dryerValue(role: string, noise: number): number {
    if (role === "DewPoint") return 3.2 + this.air.flow / 260 + 0.1 * noise;
    if (role === "FilterDrop") return Math.max(0, 0.06 + this.air.flow / 4000 + 0.002 * noise);
    return 1.9 + 0.02 * noise;
  }

  #mainValue(role: string, noise: number): number {
    if (role === "Pressure") return Math.max(0, this.air.pressure + 0.012 * noise);
    if (role === "FlowLine3") return this.#flows[0] * (1 + 0.01 * noise);
    if (role === "FlowLine4") return this.#flows[1] * (1 + 0.01 * noise);
    return Math.max(0, this.air.flow + 2 * noise);
  }

  #feedValue(role: string, time: Instant, noise: number): number {
    // Motors at part load pull the power factor down; the capacitors switch in steps.
    const factor = Math.min(0.985, 0.905 + this.#feedKw / 4200);
    if (role === "PowerFactor") return factor + 0.002 * noise;
    if (role === "ReactivePower") return this.#feedKw * Math.tan(Math.acos(factor)) + 0.4 * noise;
    if (role === "QuarterHourPower") return this.#quarter.mean;
    if (role === "Voltage") return 402 - this.#feedKw / 90 + 0.4 * noise;
    if (role === "Frequency") return 50 + 0.012 * Math.sin(time / (7 * MINUTE)) + 0.006 * noise;
    return this.#feedKw + 0.8 * noise;
  }

  #climateValue(role: string, time: Instant, noise: number): number {
    if (role === "Temperature") return this.#hallTemperature + 0.05 * noise;
    if (role === "OutdoorTemperature") return this.#outdoor(time) + 0.08 * noise;
    if (role === "CarbonDioxide") return this.#carbonDioxide + 6 * noise;
    if (role === "Humidity") return 62 - 1.35 * (this.#hallTemperature - 15) + 0.4 * noise;
    return this.#ventilationKw * (1 + 0.02 * noise);
  }

  #climate({ time, stepS, shift, machinesKw }: UtilityView): void {
    const target = this.#outdoor(time) * 0.18 + 16.6 + machinesKw / 75;
    this.#hallTemperature += (target - this.#hallTemperature) * lag(stepS, 5400);
    this.#carbonDioxide += ((shift ? 690 : 430) - this.#carbonDioxide) * lag(stepS, 2400);
  }

  /** Coldest at five, warmest at four in the afternoon, and no day like the other. */
  #outdoor(time: Instant): number {
    const local = time + this.#utcOffsetHours * HOUR;
    const day = Math.floor(local / DAY);
    const share = (local % DAY) / DAY;
    const weather = (n: number) => 8 * (hashUnit(this.#seed, `weather.${n}`) - 0.5);
    const mean = 8 + weather(day) * (1 - share) + weather(day + 1) * share;
    return mean - 4.5 * Math.cos(2 * Math.PI * (share - 5 / 24));
  }

  #count(
    { time, stepS, airLine3, airLine4 }: UtilityView,
    first: { load: number; powerKw: number },
    second: { load: number; powerKw: number },
  ): void {
    this.#flows = [airLine3, airLine4];
    const hours = stepS / 3600;
    this.#add("Compressor1.Energy", first.powerKw * hours);
    this.#add("Compressor2.Energy", second.powerKw * hours);
    this.#add("Compressor1.LoadHours", first.load > 0 ? hours : 0);
    this.#add("Compressor2.LoadHours", second.load > 0 ? hours : 0);
    this.#add("AirDryer.Energy", 1.9 * hours);
    this.#add("AirMain.Volume", this.air.flow * hours);
    this.#add("PowerFeed.Energy", this.#feedKw * hours);
    this.#add("HallClimate.Energy", this.#ventilationKw * hours);
    const index = Math.floor(time / (15 * MINUTE));
    if (index !== this.#quarter.index) {
      const { energy, seconds } = this.#quarter;
      this.#quarter = { index, energy: 0, seconds: 0, mean: seconds > 0 ? (energy * 3600) / seconds : this.#feedKw };
    }
    this.#quarter.energy += this.#feedKw * hours;
    this.#quarter.seconds += stepS;
  }

  #add(name: string, amount: number): void {
    this.#totals.set(name, this.#total(name) + amount);
  }

  #total(name: string): number {
    return this.#totals.get(name) ?? Math.floor(20_000 + 400_000 * hashUnit(this.#seed, `${name}.before`));
  }
}

function lag(stepS: number, lagS: number): number {
  return 1 - Math.exp(-stepS / lagS);
}
