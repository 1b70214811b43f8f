import type { FloorEnergy, FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import { Agenda } from "../kit/agenda.ts";
import { between, goesWrong } from "../kit/dirt.ts";
import { HOUR, MINUTE, type LocalTime } from "../kit/local-time.ts";

/** What a meter counted in one quarter hour, as the metering service gives it. */
export interface Interval {
  /** When it was given out. */
  readonly time: string;
  readonly meter: string;
  readonly begin: string;
  readonly end: string;
  readonly quantity: number;
  readonly unit: "kWh" | "MWh" | "m3";
  /** What the meter shows at the end. */
  readonly total: number;
  readonly status: "measured" | "late" | "repeated";
}

export interface Meter {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly of: keyof FloorEnergy;
  readonly unit: Interval["unit"];
  /** The meter above it. */
  readonly parent?: string;
  readonly start: number;
}

/** Lighting has no meter: what the main meter counts beyond the others is the rest. */
export const meters: readonly Meter[] = [
  { id: "EM-MAIN", name: "Feed of the site", area: "Site", of: "feed", unit: "kWh", start: 4_211_530 },
  { id: "EM-LINE3", name: "Busbar Line 3", area: "Line3", of: "line3", unit: "kWh", parent: "EM-MAIN", start: 1_530_112 },
  { id: "EM-LINE4", name: "Busbar Line 4", area: "Line4", of: "line4", unit: "kWh", parent: "EM-MAIN", start: 1_002_774 },
  { id: "EM-WH", name: "Warehouse", area: "Warehouse", of: "warehouse", unit: "kWh", parent: "EM-MAIN", start: 208_155 },
  // set to megawatt-hours by whoever built it in
  { id: "EM-AIR", name: "Compressor room", area: "Utilities", of: "compressors", unit: "MWh", parent: "EM-MAIN", start: 611.204 },
  { id: "EM-HVAC", name: "Ventilation of hall 2", area: "Hall2", of: "ventilation", unit: "kWh", parent: "EM-MAIN", start: 301_448 },
  { id: "FM-AIR", name: "Compressed air delivered", area: "Utilities", of: "air", unit: "m3", start: 9_118_330 },
];

export const meterDirt = {
  /** A quarter hour that comes only hours later. */
  late: 0.012,
  /** The same quarter hour twice, the second time marked. */
  twice: 0.006,
} as const;

/** Reads the meters at whole quarter hours. */
export class Meters {
  readonly #seed: number;
  readonly #local: LocalTime;
  readonly #agenda = new Agenda<Interval>();
  readonly #say: (interval: Interval) => void;
  #before: { readonly ms: number; readonly energy: FloorEnergy } | undefined;

  constructor({ seed }: FloorHeader, local: LocalTime, say: (interval: Interval) => void) {
    this.#seed = seed;
    this.#local = local;
    this.#say = say;
  }

  take(record: FloorRecord): void {
    if (record[0] !== "e") return;
    const [, ms, energy] = record;
    const before = this.#before;
    this.#before = { ms, energy };
    if (before !== undefined) for (const meter of meters) this.#read(meter, before, { ms, energy });
  }

  settle(ms: number): void {
    for (const { due, item } of this.#agenda.due(ms)) this.#say({ ...item, time: this.#local.iso(due) });
  }

  #read(
    meter: Meter,
    from: { readonly ms: number; readonly energy: FloorEnergy },
    to: { readonly ms: number; readonly energy: FloorEnergy },
  ): void {
    const factor = meter.unit === "MWh" ? 0.001 : 1;
    const digits = meter.unit === "MWh" ? 6 : 3;
    const key = `${meter.id}.${to.ms}`;
    const isLate = goesWrong(this.#seed, "meter.late", key, meterDirt.late);
    const interval: Interval = {
      time: "",
      meter: meter.id,
      begin: this.#local.iso(from.ms),
      end: this.#local.iso(to.ms),
      quantity: Number(((to.energy[meter.of] - from.energy[meter.of]) * factor).toFixed(digits)),
      unit: meter.unit,
      total: Number((meter.start + to.energy[meter.of] * factor).toFixed(digits)),
      status: isLate ? "late" : "measured",
    };
    const due = to.ms + (isLate ? Math.round(between(this.#seed, `meter.${key}`, 2, 9) * HOUR) : 2 * MINUTE);
    this.#agenda.put(due, interval);
    if (goesWrong(this.#seed, "meter.twice", key, meterDirt.twice))
      this.#agenda.put(due + 15 * MINUTE, { ...interval, status: "repeated" });
  }
}
