import type { Instant } from "@doppelwerk/world";
import type { LineEvent, PlaceState } from "@doppelwerk/sim";
import type { PlantSignal } from "../../signals/signal.ts";
import type { ControllerState } from "../../signals/vendor-states.ts";
import { hashUnit } from "../../truth/chance.ts";
import type { SampleSink } from "../../truth/sample-sink.ts";
import { line4Dirt } from "./line-4-signals.ts";
import type { Line4Id } from "./line-4-table.ts";
import { line4WordsOf } from "./line-4-words.ts";

/** Which of several places speaks for the station: the first of these that any place is in. */
const precedence: readonly ControllerState[] = [
  "running",
  "setUp",
  "noUtility",
  "repair",
  "fault",
  "minorStop",
  "blocked",
  "starved",
  "break",
  "off",
];

/** The controller of one station of Line 4 as the data logger reads it. */
export class Line4Station {
  readonly station: Line4Id;
  readonly #sink: SampleSink;
  readonly #signals: ReadonlyMap<string, PlantSignal>;
  readonly #places: ControllerState[];
  readonly #written = new Map<string, number>();
  readonly #counts: { Total: number; Good: number; Reject: number };
  #state: ControllerState = "off";
  #held = false;

  constructor(station: Line4Id, places: number, signals: readonly PlantSignal[], sink: SampleSink, seed: number) {
    this.station = station;
    this.#sink = sink;
    this.#signals = new Map(
      signals.filter(({ asset, address }) => asset === station && address.kind === "push").map((signal) => [signal.role, signal]),
    );
    this.#places = Array.from({ length: places }, () => "off");
    this.#counts = firstCounts(station, seed);
  }

  get state(): ControllerState {
    return this.#state;
  }

  /** Places at work or with a part on them. */
  get occupied(): number {
    return this.#places.filter((state) => state === "running" || state === "blocked" || state === "break").length;
  }

  /** Every value once, so that the record begins with a state. */
  begin(time: Instant): void {
    this.#written.clear();
    this.write("VendorState", time, line4WordsOf(this.station)[this.#state]);
    for (const role of ["Total", "Good", "Reject"] as const) this.#writeCount(role, time);
  }

  onPlaceState(event: Extract<LineEvent, { kind: "placeState" }>): void {
    this.#places[event.place] = controllerStateOf(event.state, event.cause);
    this.#update(event.time);
  }

  /** While held, states are taken in but not shown. */
  hold(): void {
    this.#held = true;
  }

  release(time: Instant): void {
    this.#held = false;
    this.#update(time);
  }

  onCycleEnd(time: Instant, cycleS: number, passed: boolean): void {
    const ticks = (line4Dirt.tickCycles as readonly string[]).includes(this.station);
    this.#writeAlways("LastCycle", time, Math.round(cycleS * 10) / (ticks ? 1 : 10));
    this.#counts.Total++;
    this.#writeCount("Total", time);
    const role = passed ? "Good" : "Reject";
    this.#counts[role]++;
    this.#writeCount(role, time);
  }

  /** Writes a value where it differs from the last one written. */
  write(role: string, time: Instant, value: number): void {
    if (this.#written.get(role) !== value) this.#writeAlways(role, time, value);
  }

  writeText(role: string, time: Instant, text: string): void {
    if (this.#signals.has(role)) this.write(role, time, this.#sink.textIndex(text));
  }

  #writeAlways(role: string, time: Instant, value: number): void {
    const signal = this.#signals.get(role);
    if (!signal) return;
    this.#written.set(role, value);
    this.#sink.write(signal.index, time, value);
  }

  #writeCount(role: "Total" | "Good" | "Reject", time: Instant): void {
    const full = `${this.station}.${role}` === line4Dirt.fourDigits ? 10_000 : 2 ** (this.#signals.get(role)?.counter?.width ?? 32);
    this.#writeAlways(role, time, this.#counts[role] % full);
  }

  #update(time: Instant): void {
    if (this.#held) return;
    this.#state = precedence.find((candidate) => this.#places.includes(candidate)) ?? "off";
    this.write("VendorState", time, line4WordsOf(this.station)[this.#state]);
  }
}

function controllerStateOf(state: PlaceState, cause: string | undefined): ControllerState {
  switch (state) {
    case "working":
      return "running";
    case "failed":
      return "repair";
    case "waitingRepair":
      return "fault";
    case "microStop":
      return "minorStop";
    case "outage":
      return cause === "utility" ? "noUtility" : "fault";
    case "starved":
    case "blocked":
    case "setUp":
    case "break":
      return state;
    default:
      return "off";
  }
}

/** Counters did not begin with the demo; the narrow ones roll over in the days to come. */
function firstCounts(station: Line4Id, seed: number): { Total: number; Good: number; Reject: number } {
  const made = 300_000 + Math.floor(hashUnit(seed, `${station}.made`) * 900_000);
  const narrow = (role: string, otherwise: number) =>
    (line4Dirt.narrowCounters as readonly string[]).includes(`${station}.${role}`)
      ? 65_536 - 1500 - Math.floor(hashUnit(seed, `${station}.${role}.narrow`) * 5000)
      : otherwise;
  const reject = Math.floor(made * 0.025);
  return { Total: narrow("Total", made), Good: narrow("Good", made - reject), Reject: reject };
}
