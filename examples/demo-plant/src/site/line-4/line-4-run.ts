import type { Instant } from "@doppelwerk/world";
import { createLineRun, type LineEvent, type LineModel, type LineRun } from "@doppelwerk/sim";
import type { PlantShift } from "../../clock/calendar.ts";
import { measuredStations } from "../../floor/floor-record.ts";
import type { FloorSink } from "../../floor/floor-writer.ts";
import { LineFloor } from "../../floor/line-floor.ts";
import type { PlantSignal } from "../../signals/signal.ts";
import type { ControllerState } from "../../signals/vendor-states.ts";
import type { SampleSink } from "../../truth/sample-sink.ts";
import { Line4Station } from "./line-4-station.ts";
import { line4Air, line4Table, type Line4Id } from "./line-4-table.ts";
import { line4Truth } from "./line-4-truth.ts";
import { line4Defect, line4Results } from "./line-4-values.ts";

export interface Line4RunOptions {
  readonly signals: readonly PlantSignal[];
  readonly seed: number;
  readonly shifts: readonly PlantShift[];
  readonly anchor: Instant;
  /** Samples before this are not written: the line fills up in an unrecorded shift. */
  readonly recordFrom: Instant;
  readonly hidden?: boolean;
  /** Who is told what happens to batches and serials. */
  readonly floor?: FloorSink;
}

const airStations = Object.keys(line4Air) as Line4Id[];

/** Line 4 at work: the kernel runs it, its stations write what the data logger reads. */
export class Line4Run {
  readonly #options: Line4RunOptions;
  readonly #stations: ReadonlyMap<string, Line4Station>;
  readonly #results: ReadonlyMap<string, PlantSignal>;
  readonly #products = new Map<number, string>();
  readonly #sink: SampleSink;
  readonly #floor: LineFloor | undefined;
  #run: LineRun;
  #withoutAirSince: Instant | undefined;
  #rebuilt = 0;
  #recording = false;

  constructor(options: Line4RunOptions, sink: SampleSink) {
    this.#options = options;
    this.#sink = {
      write: (signal, time, value) => void (this.#recording && sink.write(signal, time, value)),
      textIndex: (text) => sink.textIndex(text),
    };
    this.#stations = new Map(
      line4Table.map(({ id, places }) => [id, new Line4Station(id, places, options.signals, this.#sink, options.seed)]),
    );
    this.#results = new Map(
      options.signals.filter(({ recording }) => recording === "part").map((signal) => [`${signal.asset}.${signal.role}`, signal]),
    );
    const first = options.shifts.findLast((shift) => shift.end <= options.recordFrom) ?? options.shifts[0]!;
    const model = this.#model();
    this.#floor = options.floor && new LineFloor("Line4", options.floor, (serial, product) => this.#serial(serial, product));
    this.#floor?.runs(model, options.seed + 400, first.start / 1000);
    this.#run = createLineRun(model, {
      seed: options.seed + 400,
      startInstant: first.start - 1,
      observer: (event) => this.#onEvent(event),
    });
  }

  /** What the kernel runs at present. */
  get line(): LineRun {
    return this.#run;
  }

  stateOf(station: Line4Id): ControllerState {
    return this.#stations.get(station)?.state ?? "off";
  }

  occupied(station: Line4Id): number {
    return this.#stations.get(station)?.occupied ?? 0;
  }

  advanceTo(instant: Instant): void {
    if (!this.#recording && instant >= this.#options.recordFrom) {
      this.#run.advanceTo(this.#options.recordFrom);
      this.#recording = true;
      for (const station of this.#stations.values()) station.begin(this.#options.recordFrom);
    }
    if (instant > this.#run.now) this.#run.advanceTo(instant);
  }

  /** The pressure switches of the stations that need air open, or close again; the line goes on from its present state. */
  setAir(available: boolean): void {
    if (available === (this.#withoutAirSince === undefined)) return;
    const now = this.#run.now;
    this.#withoutAirSince = available ? undefined : now;
    const state = this.#run.state();
    for (const station of this.#stations.values()) station.hold();
    const model = this.#model();
    const seed = this.#options.seed + 1400 + this.#rebuilt++;
    this.#floor?.runs(model, seed, Math.round(now / 1000));
    this.#run = createLineRun(model, {
      seed,
      startInstant: now,
      initialState: state,
      observer: (event) => this.#onEvent(event),
    });
    this.#run.advanceTo(now);
    for (const station of this.#stations.values()) station.release(now);
  }

  #model(): LineModel {
    const { shifts, anchor, hidden } = this.#options;
    const since = this.#withoutAirSince;
    return line4Truth({
      shifts,
      anchor,
      ...(hidden === undefined ? {} : { hidden }),
      ...(since === undefined ? {} : { withoutAir: { stations: airStations, since } }),
    });
  }

  #onEvent(event: LineEvent): void {
    this.#floor?.onEvent(event, this.#recording);
    switch (event.kind) {
      case "partIntoPlace": {
        if (event.product !== undefined) this.#products.set(event.serial, event.product);
        const station = this.#stations.get(event.station);
        station?.writeText("Product", event.time, event.product ?? "");
        station?.writeText("PartIn", event.time, this.#serial(event.serial));
        return;
      }
      case "cycleEnd":
        return this.#onCycleEnd(event);
      case "partOutOfPlace":
        return this.#stations.get(event.station)?.writeText("PartOut", event.time, this.#serial(event.serial));
      case "placeState":
        return this.#stations.get(event.station)?.onPlaceState(event);
      case "partFinished":
      case "partScrapped":
        this.#products.delete(event.serial);
        return;
      default:
        return;
    }
  }

  #onCycleEnd(event: Extract<LineEvent, { kind: "cycleEnd" }>): void {
    const station = this.#stations.get(event.station);
    if (!station) return;
    station.onCycleEnd(event.time, event.cycleS, event.passed);
    if (!this.#recording) return;
    const part = {
      station: station.station,
      serial: event.serial,
      product: event.product ?? this.#products.get(event.serial),
      passed: event.passed,
      tries: event.tries,
    };
    const results: Record<string, number> = {};
    for (const [role, exact] of line4Results(part, this.#options.seed)) {
      const signal = this.#results.get(`${station.station}.${role}`);
      const value = roundedTo(exact, signal?.resolution);
      results[role] = value;
      if (signal) this.#sink.write(signal.index, event.time, value);
    }
    this.#floor?.cycle(event, measuredStations.has(station.station) ? results : undefined);
    if (station.station === "L4-R10") station.writeText("DefectCode", event.time, line4Defect(event.serial, this.#options.seed));
  }

  #serial(serial: number, product?: string): string {
    return `${product ?? this.#products.get(serial) ?? "TD"}-${String(serial).padStart(6, "0")}`;
  }
}

function roundedTo(value: number, resolution: number | undefined): number {
  if (resolution === undefined) return value;
  const inverse = Math.round(1 / resolution);
  return inverse >= 1 ? Math.round(value * inverse) / inverse : value;
}
