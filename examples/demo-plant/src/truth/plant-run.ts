import { HOUR, MINUTE, SECOND, type Instant } from "@doppelwerk/world";
import { createLineRun, type LineEvent, type LineRun } from "@doppelwerk/sim";
import { shiftAt, type PlantShift } from "../clock/calendar.ts";
import { measuredStations } from "../floor/floor-record.ts";
import type { FloorSink } from "../floor/floor-writer.ts";
import { LineFloor } from "../floor/line-floor.ts";
import type { PlantSignal } from "../signals/signal.ts";
import { unitIds, type UnitId } from "../signals/unit.ts";
import type { ControllerState } from "../signals/vendor-states.ts";
import { hashNumber } from "./chance.ts";
import { UnitController } from "./controller.ts";
import { CyclicValues, type PlantView } from "./cyclic-values.ts";
import type { ActiveFault, FaultName } from "./fault.ts";
import { defectCode, partResults } from "./part-results.ts";
import { rowOf } from "./plant-table.ts";
import type { SampleSink } from "./sample-sink.ts";
import { spindleWear, truthModel } from "./truth-model.ts";
import { Vehicle } from "./vehicle.ts";

export interface PlantRunOptions {
  readonly signals: readonly PlantSignal[];
  readonly seed: number;
  readonly shifts: readonly PlantShift[];
  readonly anchor: Instant;
  /** Samples before this are not written: the line fills up in an unrecorded shift. */
  readonly recordFrom: Instant;
  /** From here on meters are read every second; before it the archive holds a value every five minutes. */
  readonly meterFrom?: Instant;
  readonly hidden?: boolean;
  /** Who is told what happens to batches and serials. */
  readonly floor?: FloorSink;
}

/** Units behind the switch that the connection fault takes away. */
const cutUnits: readonly string[] = ["S050", "S060", "S070", "S110"];

/** The plant at work: the kernel runs the line, controllers and meters write what they see of it. */
export class PlantRun {
  readonly #options: PlantRunOptions;
  readonly #units: readonly UnitId[];
  readonly #controllers: ReadonlyMap<string, UnitController>;
  readonly #vehicles: ReadonlyMap<string, Vehicle>;
  readonly #cyclic: CyclicValues;
  readonly #cyclicSignals: readonly PlantSignal[];
  readonly #resultSignals: ReadonlyMap<string, PlantSignal>;
  readonly #sink: SampleSink;
  readonly #lastCyclic = new Map<number, { value: number; time: Instant }>();
  readonly #products = new Map<number, string>();
  readonly #rfid = new Map<number, string>();
  readonly #outages = new Set<string>();
  /** Last value of each signal, received or not, and the signals nobody receives. */
  readonly #last: Float64Array;
  readonly #cut = new Set<number>();
  #maintenance: readonly { readonly time: Instant; readonly unit: UnitId; readonly on: boolean }[] = [];
  readonly #floor: LineFloor | undefined;
  #run: LineRun;
  #faults: readonly ActiveFault[] = [];
  #cartons = 0;
  #rebuilt = 0;
  #sampledAt: Instant;
  #supplyBar: number | undefined;
  #recording = false;

  constructor(options: PlantRunOptions, sink: SampleSink) {
    this.#options = options;
    this.#units = unitIds.filter((unit) => options.signals.some((signal) => signal.asset === unit));
    this.#last = new Float64Array(options.signals.length).fill(Number.NaN);
    const guarded: SampleSink = {
      write: (signal, time, value) => {
        this.#last[signal] = value;
        if (this.#recording && !this.#cut.has(signal)) sink.write(signal, time, value);
      },
      textIndex: (text) => sink.textIndex(text),
    };
    this.#sink = guarded;
    this.#controllers = new Map(
      this.#units.map((unit) => [unit, new UnitController(unit, rowOf(unit).places, options.signals, guarded, options.seed)]),
    );
    this.#vehicles = new Map(
      ["AGV1", "AGV2", "AGV3"]
        .filter((name) => options.signals.some((signal) => signal.asset === name))
        .map((name, index) => [name, new Vehicle(name, index)]),
    );
    this.#cyclic = new CyclicValues(options.seed);
    this.#cyclicSignals = options.signals.filter((signal) => signal.recording === "cyclic");
    this.#resultSignals = new Map(
      options.signals.filter((signal) => signal.recording !== "cyclic").map((signal) => [`${signal.asset}.${signal.role}`, signal]),
    );
    const first = options.shifts.findLast((shift) => shift.end <= options.recordFrom) ?? options.shifts[0]!;
    this.#sampledAt = first.start;
    const model = this.#model();
    this.#floor = options.floor && new LineFloor("Line3", options.floor, (serial, product) => this.#serial(serial, product));
    this.#floor?.runs(model, options.seed, first.start / 1000);
    this.#run = createLineRun(model, {
      seed: options.seed,
      startInstant: first.start - 1,
      observer: (event) => this.#onEvent(event),
    });
  }

  get now(): Instant {
    return this.#run.now;
  }

  get faults(): readonly ActiveFault[] {
    return this.#faults;
  }

  stateOf(unit: UnitId): ControllerState {
    return this.#controllers.get(unit)?.state ?? "off";
  }

  /** Parts on the line's own count: good in each shift so far. */
  get line(): LineRun {
    return this.#run;
  }

  /** Lets the plant work until `instant`. Cyclic values are sampled every `stepS` seconds in shifts and every five minutes between them. */
  advanceTo(instant: Instant, stepS: number): void {
    for (;;) {
      const resting = !this.#inShift(this.#sampledAt);
      const step = (resting ? Math.max(stepS, 300) : stepS) * SECOND;
      const next = Math.floor(this.#sampledAt / step) * step + step;
      if (next > instant) break;
      this.#run.advanceTo(next);
      this.#startRecording(next);
      this.#maintain(next);
      this.#sample(next);
    }
    if (instant > this.#run.now) this.#run.advanceTo(instant);
  }

  /** Switches a fault on or off from now on: the line goes on from its present state under other laws. */
  setFault(name: FaultName, on: boolean): void {
    const others = this.#faults.filter((fault) => fault.name !== name);
    if (on === others.length < this.#faults.length) return;
    const now = this.#run.now;
    this.#faults = on ? [...others, { name, since: now }] : others;
    if (name === "connection") return this.#cutCell(on, now);
    const state = this.#run.state();
    this.#outages.clear();
    for (const controller of this.#controllers.values()) controller.hold();
    const model = this.#model();
    const seed = this.#options.seed + 1000 + this.#rebuilt++;
    this.#floor?.runs(model, seed, Math.round(now / 1000));
    this.#run = createLineRun(model, {
      seed,
      startInstant: now,
      initialState: state,
      observer: (event) => this.#onEvent(event),
    });
    this.#run.advanceTo(now);
    for (const controller of this.#controllers.values()) controller.release(now);
  }

  /** Gauges follow a main that gives less than usual; undefined = as usual. */
  setSupply(bar: number | undefined): void {
    this.#supplyBar = bar;
  }

  /** The switch of one cell: its controllers go on, but their values are bad until it is back, and then all new. */
  #cutCell(cut: boolean, time: Instant): void {
    const signals = this.#options.signals.filter((signal) => signal.address.kind === "opcua" && cutUnits.includes(signal.asset));
    for (const signal of signals) {
      const last = this.#last[signal.index]!;
      if (cut) {
        this.#sink.write(signal.index, time, Number.NaN);
        this.#last[signal.index] = last;
        this.#cut.add(signal.index);
      } else {
        this.#cut.delete(signal.index);
        if (!Number.isNaN(last)) this.#sink.write(signal.index, time, last);
      }
    }
  }

  #model() {
    const { shifts, anchor, hidden } = this.#options;
    return truthModel({ shifts, anchor, units: this.#units, hidden, faults: this.#faults });
  }

  #startRecording(time: Instant): void {
    if (this.#recording || time < this.#options.recordFrom) return;
    this.#recording = true;
    for (const controller of this.#controllers.values()) controller.begin(time);
  }

  /** After the last shift of a day technicians work on two units for most of an hour. */
  #planMaintenance(shiftEnd: Instant): void {
    const next = this.#options.shifts.find((shift) => shift.start >= shiftEnd);
    if (!next || next.start - shiftEnd < 6 * HOUR) return;
    const day = Math.floor(shiftEnd / HOUR);
    const chosen = new Set([0, 1].map((n) => this.#units[Math.floor(hashNumber(this.#options.seed, day, n) * this.#units.length)]!));
    this.#maintenance = [...chosen].flatMap((unit, n) => {
      const begin = shiftEnd + (15 + 10 * n) * MINUTE;
      return [
        { time: begin, unit, on: true },
        { time: begin + (35 + 20 * hashNumber(this.#options.seed, day, n + 2)) * MINUTE, unit, on: false },
      ];
    });
  }

  #maintain(time: Instant): void {
    const due = this.#maintenance.filter((step) => step.time <= time);
    if (due.length === 0) return;
    this.#maintenance = this.#maintenance.filter((step) => step.time > time);
    for (const step of due.sort((a, b) => a.time - b.time)) this.#controllers.get(step.unit)?.maintain(Math.round(step.time), step.on);
  }

  #inShift(time: Instant): boolean {
    return shiftAt(this.#options.shifts, time) !== undefined;
  }

  #active(name: FaultName): boolean {
    return this.#faults.some((fault) => fault.name === name);
  }

  #onEvent(event: LineEvent): void {
    this.#floor?.onEvent(event, this.#recording);
    switch (event.kind) {
      case "partIntoPlace":
        return this.#onPartIn(event);
      case "cycleEnd":
        return this.#onCycleEnd(event);
      case "partOutOfPlace":
        return this.#controllers.get(event.station)?.onPartOut(event.time, this.#serial(event.serial, event.product));
      case "placeState":
        return this.#controllers.get(event.station)?.onPlaceState(event);
      case "partJoined":
        return this.#controllers.get(event.station)?.writeText("TubSerial", event.time, this.#serial(event.joined, undefined));
      case "partFinished":
      case "partScrapped":
        this.#products.delete(event.serial);
        this.#rfid.delete(event.serial);
        return;
      case "carrierTaken":
        this.#rfid.set(event.serial, `E2-${String(4100 + event.index).padStart(6, "0")}`);
        return;
      case "kitUsed":
      case "kitsDelivered":
        return this.#controllers.get(event.station)?.write("KitsAvailable", event.time, event.onHand);
      case "vehicle":
        return this.#vehicles.get(`AGV${event.vehicle + 1}`)?.onEvent(event);
      case "effectBegin":
        this.#outages.add(event.effect);
        return;
      case "effectEnd":
        this.#outages.delete(event.effect);
        return;
      case "shiftEnd":
        return this.#planMaintenance(event.time);
      case "shiftBegin":
        // A run that begins in the middle of a shift announces that shift too.
        if (this.#options.shifts.every((shift) => shift.start !== event.time)) return;
        for (const controller of this.#controllers.values()) controller.onShiftBegin(event.time);
        return;
      default:
        return;
    }
  }

  #onPartIn(event: Extract<LineEvent, { kind: "partIntoPlace" }>): void {
    const controller = this.#controllers.get(event.station);
    if (!controller) return;
    if (event.product !== undefined) this.#products.set(event.serial, event.product);
    controller.onPartIn(event.time, this.#serial(event.serial, event.product), event.product ?? "TUB");
    const rfid = this.#rfid.get(event.serial);
    if (rfid) controller.writeText("CarrierRfid", event.time + 20_000, rfid);
  }

  #onCycleEnd(event: Extract<LineEvent, { kind: "cycleEnd" }>): void {
    const controller = this.#controllers.get(event.station);
    if (!controller) return;
    const unit = controller.unit;
    const time = event.time;
    controller.onCycleEnd(time, event.cycleS, event.passed);
    if (!this.#recording) return;
    const part = {
      unit,
      serial: event.serial,
      place: event.place,
      tries: event.tries,
      cycleS: event.cycleS,
      passed: event.passed,
      product: event.product,
      wear: spindleWear(time, this.#options.anchor),
      spindleDrift: this.#active("spindle-drift"),
      qualityFault: this.#active("quality"),
    };
    const results: Record<string, number> = {};
    for (const [role, exact] of partResults(part, this.#options.seed)) {
      const signal = this.#resultSignals.get(`${unit}.${role}`);
      const value = rounded(exact, signal?.resolution);
      results[role] = value;
      if (signal) this.#sink.write(signal.index, time + 30_000, value);
    }
    this.#floor?.cycle(event, measuredStations.has(unit) ? results : undefined);
    if (unit === "R10") controller.writeText("DefectCode", time, defectCode(event.serial, this.#options.seed));
    if (unit === "S110") controller.writeText("LabelSerial", time, this.#serial(event.serial, event.product));
    if (unit === "S130") controller.write("PalletLayer", time, Math.floor((this.#cartons++ % 8) / 2) + 1);
  }

  #serial(serial: number, product: string | undefined): string {
    const known = product ?? this.#products.get(serial);
    return `${known ?? "TUB"}-${String(serial).padStart(6, "0")}`;
  }

  #sample(time: Instant): void {
    const stepS = (time - this.#sampledAt) / SECOND;
    this.#sampledAt = time;
    const view: PlantView = {
      time,
      stepS,
      shift: this.#inShift(time),
      wear: spindleWear(time, this.#options.anchor),
      ...(this.#supplyBar === undefined ? {} : { supplyBar: this.#supplyBar }),
      airLow: this.#outages.has("air-drop") || this.#outages.has("fault-air"),
      spindleDrift: this.#active("spindle-drift"),
      stateOf: (unit) => this.stateOf(unit),
      vehicle: (name) => this.#vehicles.get(name)?.view(time),
    };
    this.#cyclic.begin(view);
    const meters = time >= (this.#options.meterFrom ?? Infinity) || time % (5 * MINUTE) === 0;
    for (const signal of this.#cyclicSignals) {
      if (!meters && signal.address.kind === "sparkplug") {
        this.#cyclic.value(signal, view);
        continue;
      }
      if (signal.type === "String") {
        this.#writeCyclic(signal, time, this.#sink.textIndex(view.vehicle(signal.asset)?.target ?? ""));
        continue;
      }
      const value = this.#cyclic.value(signal, view);
      if (value !== undefined) this.#writeCyclic(signal, time, limited(rounded(value, signal.resolution), signal));
    }
  }

  /** A meter reports a change at once and an unchanged value once a minute. */
  #writeCyclic(signal: PlantSignal, time: Instant, value: number): void {
    const last = this.#lastCyclic.get(signal.index);
    if (last && last.value === value && time - last.time < MINUTE) return;
    this.#lastCyclic.set(signal.index, { value, time });
    this.#sink.write(signal.index, time, value);
  }
}

function rounded(value: number, resolution: number | undefined): number {
  if (resolution === undefined) return value;
  const inverse = Math.round(1 / resolution);
  return inverse >= 1 ? Math.round(value * inverse) / inverse : Math.round(value / resolution) * resolution;
}

function limited(value: number, signal: PlantSignal): number {
  if (signal.low !== undefined && value < signal.low) return signal.low;
  if (signal.high !== undefined && signal.counter === undefined && value > signal.high) return signal.high;
  return value;
}
