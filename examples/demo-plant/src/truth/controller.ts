import type { Instant } from "@doppelwerk/world";
import type { LineEvent, PlaceState } from "@doppelwerk/sim";
import { dirt } from "../signals/signal-list.ts";
import type { PlantSignal } from "../signals/signal.ts";
import type { UnitId } from "../signals/unit.ts";
import { controllerStates, vendorWordsOf, type ControllerState } from "../signals/vendor-states.ts";
import { hashUnit } from "./chance.ts";
import type { SampleSink } from "./sample-sink.ts";

/** Which of several places speaks for the unit: the first of these that any place is in. */
const loudest: readonly ControllerState[] = [
  "running",
  "setUp",
  "noUtility",
  "repair",
  "fault",
  "minorStop",
  "noMaterial",
  "noOperator",
  "blocked",
  "starved",
  "break",
  "maintenance",
  "off",
];

const itemStateOf = (state: ControllerState): number =>
  state === "running" ? 3 : state === "off" ? 0 : state === "fault" || state === "repair" || state === "maintenance" ? 1 : 2;
const modeOf = (state: ControllerState): number =>
  state === "off" ? 0 : state === "repair" || state === "maintenance" ? 1 : state === "setUp" ? 2 : 3;

/** The controller of one unit: it turns what happens into the values it writes, with all its bad habits. */
export class UnitController {
  readonly unit: UnitId;
  readonly #sink: SampleSink;
  readonly #signals: ReadonlyMap<string, PlantSignal>;
  readonly #places: ControllerState[];
  readonly #written = new Map<string, number>();
  readonly #counters: { Total: number; Good: number; Reject: number };
  readonly #lag: number;
  #state: ControllerState = "off";
  #held = false;

  constructor(unit: UnitId, places: number, signals: readonly PlantSignal[], sink: SampleSink, seed: number) {
    this.unit = unit;
    this.#sink = sink;
    this.#signals = new Map(
      signals.filter((signal) => signal.asset === unit && signal.address.kind === "opcua").map((signal) => [signal.role, signal]),
    );
    this.#places = Array.from({ length: places }, () => "off");
    this.#counters = firstCounts(unit, seed);
    // Total and good are not written in the same scan: a client always sees a moment in which they do not fit.
    this.#lag = 200_000 + Math.floor(hashUnit(seed, `${unit}.lag`) * 700) * 1000;
  }

  get state(): ControllerState {
    return this.#state;
  }

  placeState(index: number): ControllerState {
    return this.#places[index] ?? "off";
  }

  /** Every value once, so that an archive begins with a state. */
  begin(time: Instant): void {
    this.#written.clear();
    this.#writeState(time);
    for (const role of ["Total", "Good", "Reject"] as const) this.#writeCounter(role, time);
    if (this.unit === "S090")
      this.#places.forEach((_, index) => this.write(`PlaceState${index + 1}`, time, itemStateOf(this.#places[index]!)));
  }

  onPlaceState(event: Extract<LineEvent, { kind: "placeState" }>): void {
    // A stop that nobody logs: the controller goes on saying that it runs.
    if ((event.state === "microStop" || event.state === "failed") && event.cause === "unknown") return;
    const state = controllerStateOf(event.state, event.cause, event.reason);
    if (this.#places[event.place] === state) return;
    this.#places[event.place] = state;
    this.write(`PlaceState${event.place + 1}`, event.time, itemStateOf(state));
    this.#update(event.time);
  }

  onShiftBegin(time: Instant): void {
    if (this.unit !== dirt.shiftReset) return;
    this.#counters.Total = this.#counters.Good = this.#counters.Reject = 0;
    for (const role of ["Total", "Good", "Reject"] as const) this.#writeCounter(role, time + 2_000_000);
  }

  /** While held, states are taken in but not told; letting go tells where they ended. */
  hold(): void {
    this.#held = true;
  }

  release(time: Instant): void {
    this.#held = false;
    this.#update(time);
  }

  /** Between shifts only: technicians work on the unit, or leave it. */
  maintain(time: Instant, on: boolean): void {
    this.#places.fill(on ? "maintenance" : "off");
    this.#update(time);
  }

  onPartIn(time: Instant, serial: string, product: string): void {
    this.#writeText("Product", time, product);
    this.#writeText("PartIn", time, serial);
  }

  onCycleEnd(time: Instant, cycleS: number, passed: boolean): void {
    const ticks = (dirt.tickCycles as readonly string[]).includes(this.unit);
    this.#writeAlways("LastCycle", time + 50_000, ticks ? Math.round(cycleS * 100) : Math.round(cycleS * 10) / 10);
    this.#counters.Total++;
    this.#writeCounter("Total", time);
    const role = passed ? "Good" : "Reject";
    this.#counters[role]++;
    this.#writeCounter(role, time + this.#lag);
  }

  onPartOut(time: Instant, serial: string): void {
    this.#writeText("PartOut", time, serial);
  }

  /** Writes a value where it differs from the last one written. */
  write(role: string, time: Instant, value: number): void {
    if (this.#written.get(role) === value) return;
    this.#writeAlways(role, time, value);
  }

  writeText(role: string, time: Instant, text: string): void {
    this.#writeText(role, time, text);
  }

  #writeAlways(role: string, time: Instant, value: number): void {
    const signal = this.#signals.get(role);
    if (!signal) return;
    this.#written.set(role, value);
    this.#sink.write(signal.index, time, value);
  }

  #writeText(role: string, time: Instant, text: string): void {
    if (this.#signals.has(role)) this.write(role, time, this.#sink.textIndex(text));
  }

  #writeCounter(role: "Total" | "Good" | "Reject", time: Instant): void {
    const width = this.#signals.get(role)?.counter?.width ?? 32;
    this.#writeAlways(role, time, this.#counters[role] % 2 ** width);
  }

  #update(time: Instant): void {
    if (this.#held) return;
    const state = loudest.find((candidate) => this.#places.includes(candidate)) ?? "off";
    if (state === this.#state) return;
    this.#state = state;
    this.#writeState(time);
  }

  #writeState(time: Instant): void {
    const state = this.#state;
    this.write("VendorState", time, vendorWordsOf(this.unit)[state]);
    if (this.unit === dirt.vendorStateOnly) this.write("ItemState", time, 0);
    else this.write("ItemState", time, itemStateOf(state));
    this.write("OperationMode", time, this.unit === dirt.vendorStateOnly ? 0 : modeOf(state));
    this.write("Blocked", time, state === "blocked" ? 1 : 0);
    this.write("Starved", time, state === "starved" ? 1 : 0);
  }
}

function controllerStateOf(state: PlaceState, cause: string | undefined, reason: string | undefined): ControllerState {
  switch (state) {
    case "working":
      return "running";
    case "failed":
      return "repair";
    case "waitingRepair":
      return "fault";
    case "microStop":
      return "minorStop";
    case "waitingOperator":
      return "noOperator";
    case "waitingMaterial":
      return "noMaterial";
    case "outage":
      return cause === "utility" ? "noUtility" : cause === "material" ? "noMaterial" : reason === "fault-jam" ? "minorStop" : "fault";
    default:
      return (controllerStates as readonly string[]).includes(state) ? state : "off";
  }
}

/** Counters did not begin with the demo; the narrow ones are about to roll over. */
function firstCounts(unit: UnitId, seed: number): { Total: number; Good: number; Reject: number } {
  if (unit === dirt.shiftReset) return { Total: 0, Good: 0, Reject: 0 };
  const made = 400_000 + Math.floor(hashUnit(seed, `${unit}.made`) * 1_500_000);
  const narrow = (role: string, otherwise: number) =>
    (dirt.narrowCounters as readonly string[]).includes(`${unit}.${role}`)
      ? 65_536 - 2000 - Math.floor(hashUnit(seed, `${unit}.${role}.narrow`) * 6000)
      : otherwise;
  const reject = Math.floor(made * 0.02);
  return { Total: narrow("Total", made), Good: narrow("Good", made - reject), Reject: reject };
}
