import { message } from "@doppelwerk/messages";
import type { Instant, SignalRecord } from "@doppelwerk/world";
import { rawOfText } from "../samples/raw-of-text.ts";
import type { IncomingValue, ValueIntake } from "../samples/value-intake.ts";
import type { Observation } from "./streams.ts";

/** How an observation stands to now. */
export type ObservationAge = "live" | "current" | "past";

const WORSE: readonly string[] = ["normal", "warning", "fault"];

/** Makes values of observations. A condition is the worst level of all that are active in its data item. */
export class ObservationReader {
  readonly #signals: readonly SignalRecord[];
  readonly #byItem = new Map<string, number[]>();
  readonly #active = new Map<string, Map<string, string>>();
  /** What `current` told at its own time: signal and sequence. Needed until the buffer was read up to there. */
  readonly #told = new Set<string>();
  readonly #after: (index: number) => Instant;
  /** Values of the past that were given on. */
  pastValues = 0;

  /** Past observations before `after` are left out. */
  constructor(signals: readonly SignalRecord[], after: (index: number) => Instant) {
    this.#signals = signals;
    this.#after = after;
    for (const [index, { address }] of signals.entries()) {
      const known = this.#byItem.get(address ?? "");
      if (known === undefined) this.#byItem.set(address ?? "", [index]);
      else known.push(index);
    }
  }

  read(observation: Observation, age: ObservationAge, intake: ValueIntake): void {
    const indices = this.#byItem.get(observation.dataItem);
    if (indices === undefined) return;
    const text = observation.category === "condition" ? this.#condition(observation) : observation.text;
    for (const index of indices) this.#value(index, observation, text, age, intake);
  }

  /** The buffer was read up to what `current` told: nothing of it comes again. */
  caughtUp(): void {
    this.#told.clear();
  }

  /** Signals whose data item is not among these. */
  *missing(observations: readonly Observation[]): Generator<number> {
    const present = new Set(observations.map(({ dataItem }) => dataItem));
    for (const [item, indices] of this.#byItem) if (!present.has(item)) yield* indices;
  }

  #value(index: number, observation: Observation, text: string | undefined, age: ObservationAge, intake: ValueIntake): void {
    const time = observation.time ?? "missing";
    const { sequence } = observation;
    if (age === "past" && this.#told.has(`${index} ${sequence}`)) return;
    const say = (raw: IncomingValue["raw"], at: IncomingValue["time"]): void => {
      if (age === "past") {
        if (typeof at === "number" && at >= this.#after(index)) {
          this.pastValues++;
          intake.value(index, { raw, time: at, past: true });
        }
        return;
      }
      const told = intake.value(index, { raw, time: at, ...(age === "current" ? { standing: "now" } : {}) });
      // read from the buffer too it would come twice
      if (age === "current" && told === at) this.#told.add(`${index} ${sequence}`);
    };
    if (observation.structured) return say({ other: message("connectors.foundDataSet") }, time);
    if (text === undefined) return say(undefined, time);
    const { valueType } = this.#signals[index]!;
    if (observation.sampleRate === undefined || typeof time !== "number") return say(rawOfText(text, valueType), time);
    const values = text.trim().split(/\s+/);
    // the time of a series is that of its last value (Part 3)
    for (const [at, value] of values.entries())
      say(rawOfText(value, valueType), Math.round(time - ((values.length - 1 - at) * 1_000_000) / observation.sampleRate));
  }

  #condition({ dataItem, text, nativeCode }: Observation): string | undefined {
    let active = this.#active.get(dataItem);
    if (active === undefined) this.#active.set(dataItem, (active = new Map()));
    if (text === undefined) {
      active.clear();
      return undefined;
    }
    const level = text.toLowerCase();
    // Normal without a code ends them all
    if (level === "normal" && nativeCode === undefined) active.clear();
    else if (level === "normal") active.delete(nativeCode!);
    else active.set(nativeCode ?? "", level);
    const worst = Math.max(0, ...[...active.values()].map((each) => WORSE.indexOf(each)));
    return ["Normal", "Warning", "Fault"][worst]!;
  }
}
