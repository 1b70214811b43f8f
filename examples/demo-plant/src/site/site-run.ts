import { HOUR, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import { shiftAt, type CalendarAnchor, type PlantShift } from "../clock/calendar.ts";
import type { FloorEnergy } from "../floor/floor-record.ts";
import type { FloorSink } from "../floor/floor-writer.ts";
import type { PlantSignal } from "../signals/signal.ts";
import { unitIds, type UnitId } from "../signals/unit.ts";
import { unitPowerOf } from "../truth/cyclic-values.ts";
import type { FaultName } from "../truth/fault.ts";
import { PlantRun } from "../truth/plant-run.ts";
import type { SampleSink } from "../truth/sample-sink.ts";
import { airDrops } from "../truth/truth-model.ts";
import { Line4Run } from "./line-4/line-4-run.ts";
import { line4Shifts } from "./line-4/line-4-shifts.ts";
import { line4Ids } from "./line-4/line-4-table.ts";
import { line4AirFlow, line4PowerOf, Line4Registers } from "./line-4/line-4-values.ts";
import { Utilities } from "./utilities/utilities.ts";
import { utilityIds } from "./utilities/utility-signals.ts";
import { Warehouse } from "./warehouse/warehouse.ts";
import { materials } from "./warehouse/warehouse-table.ts";

export interface SiteRunOptions {
  /** Line 3's, then the site's. */
  readonly signals: readonly PlantSignal[];
  readonly seed: number;
  readonly shifts: readonly PlantShift[];
  readonly anchor: CalendarAnchor;
  readonly recordFrom: Instant;
  /** From here on meters and registers are read as often as they change. */
  readonly meterFrom: Instant;
  /** Who is told what happens on the shop floor. */
  readonly floor?: FloorSink;
}

/** Free air that units of Line 3 take while they run, m³/h. */
const line3Air: Readonly<Partial<Record<UnitId, number>>> = { T30: 12, S010: 20, S030: 6, S080: 24, S090: 70, S110: 6, S120: 52, S130: 22 };
/** Pressure switches and valves, bar: Line 4's stations stop first, the valve to Line 3 closes later; both open again higher up. */
const line4Stops = { below: 5.8, above: 6.3 } as const;
const line3Stops = { below: 5.2, above: 6 } as const;
/** The compressor room was shut down this long before each air drop of Line 3. */
const beforeDrop: Instant = 2 * MINUTE;
const warehouseKw = 14;

/**
 * The whole site at work: Line 3 as it is, Line 4, the utilities that both draw on and the store that both empty. Utilities are computed on a grid of their
 * own, so that the same past follows whatever the steps in which it is asked for.
 */
export class SiteRun {
  readonly line3: PlantRun;
  readonly line4: Line4Run;
  readonly utilities: Utilities;
  readonly #options: SiteRunOptions;
  readonly #sink: SampleSink;
  readonly #warehouse: Warehouse;
  readonly #registers: Line4Registers;
  readonly #drops: readonly { readonly start: Instant; readonly end: Instant }[];
  readonly #utilitySignals: readonly PlantSignal[];
  readonly #registerSignals: readonly PlantSignal[];
  readonly #last = new Map<number, { readonly value: number; readonly time: Instant }>();
  readonly #faults = new Set<FaultName>();
  readonly #energy = { line3: 0, line4: 0, warehouse: 0, compressors: 0, ventilation: 0, lighting: 0, feed: 0, air: 0 };
  #at: Instant;
  #registersAt: Instant;

  constructor(options: SiteRunOptions, sink: SampleSink) {
    this.#options = options;
    const { seed, shifts, anchor, recordFrom, meterFrom, signals } = options;
    const told = options.floor === undefined ? {} : { floor: options.floor };
    const own = signals.filter(({ asset }) => isOfSite(asset));
    const line3 = signals.filter(({ asset }) => !isOfSite(asset));
    this.#warehouse = new Warehouse(
      { signals: own, seed, midnight: anchor.anchorDay, recordFrom, working: (time) => shiftAt(shifts, time) !== undefined, ...told },
      sink,
    );
    this.#sink = this.#withBackflush(sink, signals);
    this.line3 = new PlantRun({ signals: line3, seed, shifts, anchor: anchor.anchorDay, recordFrom, meterFrom, ...told }, this.#sink);
    this.line4 = new Line4Run(
      { signals: own, seed, shifts: line4Shifts(shifts), anchor: anchor.anchorDay, recordFrom, ...told },
      this.#sink,
    );
    this.utilities = new Utilities(seed, anchor.utcOffsetHours);
    this.#registers = new Line4Registers(seed);
    this.#drops = airDrops(shifts, anchor.anchorDay);
    this.#utilitySignals = own.filter(({ asset }) => (utilityIds as readonly string[]).includes(asset));
    this.#registerSignals = own.filter(({ address }) => address.kind === "modbus");
    this.#at = this.line3.now;
    this.#registersAt = meterFrom;
  }

  /** Everything that happens up to here has happened, the store and the utilities included. */
  get settled(): Instant {
    return this.#at;
  }

  /** Lets the site work until `instant`; Line 3 samples its cyclic values every `stepS` seconds. */
  advanceTo(instant: Instant, stepS: number): void {
    for (let next = this.#gridAfter(this.#at); next <= instant; next = this.#gridAfter(this.#at)) {
      this.line3.advanceTo(next, stepS);
      this.line4.advanceTo(next);
      this.#warehouse.advanceTo(next);
      this.#supply(next);
      this.#at = next;
    }
    this.line3.advanceTo(instant, stepS);
    this.line4.advanceTo(instant);
    if (instant >= this.#options.meterFrom) this.#readRegisters(instant);
  }

  setFault(name: FaultName, on: boolean): void {
    if (on) this.#faults.add(name);
    else this.#faults.delete(name);
    // Line 3 loses its air with the main that falls, not with the compressor that trips.
    if (name !== "compressor" && name !== "gateway") this.line3.setFault(name, on);
  }

  #gridAfter(time: Instant): Instant {
    const step = (shiftAt(this.#options.shifts, time) ? 10 : 60) * SECOND;
    return Math.floor(time / step) * step + step;
  }

  #supply(time: Instant): void {
    const { line3, line4, utilities } = this;
    const stepS = (time - this.#at) / SECOND;
    const shutDown = this.#drops.some(({ start, end }) => time >= start - beforeDrop && time < end - MINUTE) || this.#faults.has("air");
    const takes = (unit: UnitId) => line3Air[unit]! * (line3.stateOf(unit) === "running" ? 1 : 0.04);
    const line3Kw = unitIds.reduce((sum, unit) => sum + unitPowerOf(unit, line3.stateOf(unit)), 0);
    const line4Kw = line4Ids.reduce((sum, station) => sum + line4PowerOf(station, line4.stateOf(station)), 0);
    utilities.advance({
      time,
      stepS,
      shift: shiftAt(this.#options.shifts, time) !== undefined,
      airLine3: (Object.keys(line3Air) as UnitId[]).reduce((sum, unit) => sum + takes(unit), 0),
      airLine4: line4AirFlow((station) => line4.stateOf(station)),
      machinesKw: line3Kw + line4Kw + warehouseKw,
      tripped: [shutDown, shutDown || this.#faults.has("compressor")],
    });
    this.#countEnergy(time, { line3: line3Kw, line4: line4Kw });
    this.#switchAir();
    if (time >= this.#options.recordFrom) this.#readUtilities(time);
  }

  #countEnergy(time: Instant, { line3, line4 }: { readonly line3: number; readonly line4: number }): void {
    if (this.#options.floor === undefined || time <= this.#options.recordFrom) return;
    const hours = (time - Math.max(this.#at, this.#options.recordFrom)) / HOUR;
    const { compressors, ventilation, lighting, feed } = this.utilities.loads;
    const powers = { line3, line4, warehouse: warehouseKw, compressors, ventilation, lighting, feed, air: this.utilities.air.flow };
    for (const [name, power] of Object.entries(powers) as [keyof FloorEnergy, number][]) this.#energy[name] += power * hours;
    if (time % (15 * MINUTE) !== 0) return;
    const energy = Object.fromEntries(Object.entries(this.#energy).map(([name, value]) => [name, Number(value.toFixed(3))]));
    this.#options.floor.write("energy", ["e", time / 1000, energy as unknown as FloorEnergy]);
  }

  #switchAir(): void {
    const { pressure } = this.utilities.air;
    if (pressure < line4Stops.below) this.line4.setAir(false);
    else if (pressure > line4Stops.above) this.line4.setAir(true);
    // Without a fault Line 3's air drops are its own, at the instants they always had.
    if (this.#faults.has("air")) return;
    this.line3.setSupply(this.#faults.has("compressor") ? pressure : undefined);
    if (pressure < line3Stops.below && this.#faults.has("compressor")) this.line3.setFault("air", true);
    else if (pressure > line3Stops.above) this.line3.setFault("air", false);
  }

  #readUtilities(time: Instant): void {
    const { meterFrom } = this.#options;
    const minutely = time < meterFrom - 2 * HOUR;
    for (const signal of this.#utilitySignals) {
      const fast = signal.asset === "AirMain" || signal.role === "State";
      const every = minutely ? (fast ? MINUTE : 5 * MINUTE) : 10 * SECOND;
      if (signal.role !== "State" && time % every !== 0) continue;
      this.#write(signal, time, this.utilities.value(signal, time), 5 * MINUTE);
    }
  }

  /** Registers are read by whoever asks: they hold what is, and only the present is kept. */
  #readRegisters(time: Instant): void {
    const step = Math.floor(time / SECOND) * SECOND;
    if (step <= this.#registersAt) return;
    const view = {
      time: step,
      stepS: (step - this.#registersAt) / SECOND,
      airBar: this.utilities.air.pressure,
      stateOf: this.line4.stateOf.bind(this.line4),
      occupied: this.line4.occupied.bind(this.line4),
    };
    this.#registersAt = step;
    for (const signal of this.#registerSignals) {
      const value = this.#registers.value(signal, view);
      if (value !== undefined) this.#write(signal, step, value, MINUTE);
    }
  }

  /** A change at once, an unchanged value from time to time. */
  #write(signal: PlantSignal, time: Instant, exact: number, keepAlive: Instant): void {
    const step = signal.resolution ?? signal.scale ?? 1;
    const value = Number((Math.round(exact / step) * step).toFixed(4));
    const last = this.#last.get(signal.index);
    if (last?.value === value && time - last.time < keepAlive) return;
    this.#last.set(signal.index, { value, time });
    this.#sink.write(signal.index, time, value);
  }

  /** The store learns what is used from the telegrams of the stations: a part that came in. */
  #withBackflush(sink: SampleSink, signals: readonly PlantSignal[]): SampleSink {
    const used = new Map(
      signals
        .filter(({ asset, role }) => role === "PartIn" && materials.some(({ usedAt }) => usedAt === asset))
        .map(({ index, asset }) => [index, asset]),
    );
    const texts = new Map<number, string>();
    return {
      write: (signal, time, value) => {
        sink.write(signal, time, value);
        const station = used.get(signal);
        if (station === undefined) return;
        const serial = texts.get(value) ?? "";
        this.#warehouse.use(station, serial.split("-")[0]!, time);
        const line = station.startsWith("L4-") ? "Line4" : "Line3";
        this.#options.floor?.write(line, ["u", Math.round(time / 1000), station, serial]);
      },
      textIndex: (text) => {
        const index = sink.textIndex(text);
        texts.set(index, text);
        return index;
      },
    };
  }
}

function isOfSite(asset: PlantSignal["asset"]): boolean {
  return asset.startsWith("L4-") || asset.startsWith("WH-") || asset === "Warehouse" || (utilityIds as readonly string[]).includes(asset);
}
