import { count, type Counter } from "./counter.ts";
import { inferredPhase, lookAt, LOOK_S, type Look } from "./phase-inference.ts";
import { phaseOfWord, TEMPERED, type Phase } from "./phase.ts";

/** A batch machine as its document describes it. */
export interface TrackedMachine {
  readonly nominalKg: number;
  /** Function words of the controller; without any the phases are inferred. */
  readonly functions: Readonly<Record<string, string>>;
  readonly waterBits: number;
  readonly steamBits: number;
  readonly energyBits: number;
}

export type TrackedInput =
  | "batch"
  | "recipe"
  | "load"
  | "step"
  | "function"
  | "temperature"
  | "setpoint"
  | "level"
  | "water"
  | "steam"
  | "energy";

/** A phase that has begun. Short names: it is kept as text of a sample. */
export interface PhaseBegun {
  /** Phase, and step of the programme. */
  readonly p: Phase | "end";
  readonly s?: number;
  /** When it began, where that is before the sample, µs. */
  readonly f?: number;
}

/** A batch that is over. Short names: it is kept as text of a sample, whose time is its end. */
export interface BatchEnded {
  readonly b: string;
  readonly r: string;
  /** Its beginning, µs. */
  readonly f: number;
  /** Load as entered, kg. */
  readonly kg: number;
  /** Water, L; steam, kg; electricity, kWh. */
  readonly w: number;
  readonly st: number;
  readonly e: number;
  /** Mean volume of its baths once they were filled, L. */
  readonly bath: number;
  /** Additions after a sample. */
  readonly add: number;
  /** Largest deviation from the programme, K, and minutes beyond 3 K. */
  readonly dev: number;
  readonly late: number;
  /** 1: phases are inferred. */
  readonly inf: 0 | 1;
}

/** Everything is told at the instant at which it is known. */
export interface TrackerEvents {
  phase(begun: PhaseBegun): void;
  batch(ended: BatchEnded): void;
  /** Actual minus programmed temperature, K; 0 while nothing is to follow a programme. */
  deviation(kelvin: number): void;
}

interface Open {
  id: string;
  recipe: string;
  from: number;
  loadKg: number;
  phase: Phase | undefined;
  step: number;
  /** Of inferred phases: since when a step runs whose phase is not clear yet, µs. */
  unclearFrom: number | undefined;
  bathL: number;
  baths: number;
  additions: number;
  worstK: number;
  lateS: number;
}

/** Plain JSON. */
export interface TrackerState {
  numbers: Partial<Record<TrackedInput, number>>;
  texts: Partial<Record<TrackedInput, string>>;
  counters: { water: Counter; steam: Counter; energy: Counter };
  open: Open | undefined;
  look: Look | undefined;
  deviation: number;
  /** Since when the present deviation holds, µs. */
  deviatesSince: number;
}

/** A step that was shorter than a look is judged where it lasted so long, s. */
const MIN_LOOK_S = 10;
/** Kelvin by which a deviation must have changed to be told again, and beyond which a batch is late. */
const DEVIATION_STEP_K = 0.5;
const LATE_K = 3;

export function emptyTracker(): TrackerState {
  const counter = (): Counter => ({ last: undefined, sum: 0 });
  return {
    numbers: {},
    texts: {},
    counters: { water: counter(), steam: counter(), energy: counter() },
    open: undefined,
    look: undefined,
    deviation: 0,
    deviatesSince: 0,
  };
}

/** Batches and their phases out of what a machine tells. Its state is given and kept by who uses it. */
export class BatchTracker {
  readonly state: TrackerState;
  readonly #machine: TrackedMachine;
  readonly #events: TrackerEvents;

  constructor(machine: TrackedMachine, events: TrackerEvents, state: TrackerState = emptyTracker()) {
    this.#machine = machine;
    this.#events = events;
    this.state = state;
  }

  get #isInferred(): boolean {
    return Object.keys(this.#machine.functions).length === 0;
  }

  take(input: TrackedInput, value: number, text: string | undefined): void {
    const { numbers, texts, counters } = this.state;
    if (input === "batch" || input === "recipe") texts[input] = text ?? (Number.isNaN(value) ? "" : String(value));
    else if (Number.isFinite(value)) {
      numbers[input] = value;
      if (input === "water") count(counters.water, value, this.#machine.waterBits);
      else if (input === "steam") count(counters.steam, value, this.#machine.steamBits);
      else if (input === "energy") count(counters.energy, value, this.#machine.energyBits);
    }
  }

  /** When it wants to look again without a sample, µs. */
  due(): number | undefined {
    const { open, look } = this.state;
    return open !== undefined && this.#isInferred && look !== undefined ? look.at + LOOK_S * 1e6 : undefined;
  }

  /** Everything of an instant was taken. */
  settle(at: number): void {
    const { state } = this;
    const told = this.#toldPhase();
    const id = state.texts.batch ?? "";
    const isActive = this.#isInferred ? id !== "" : told !== undefined;
    // one batch after the other without a pause
    if (state.open && (!isActive || (id !== "" && state.open.id !== "" && id !== state.open.id))) this.#end(at);
    if (isActive && !state.open) this.#begin(at);
    const { open } = state;
    if (open === undefined) return this.#tellDeviation(0, at);
    open.id ||= id;
    open.recipe = state.texts.recipe || open.recipe;
    open.loadKg = state.numbers.load || open.loadKg;
    if (told === undefined) this.#infer(open, at);
    else this.#toTold(open, told, at);
    this.#follow(open, at);
  }

  #toldPhase(): Phase | undefined {
    const word = this.state.numbers.function;
    return this.#isInferred || word === undefined ? undefined : phaseOfWord(word, this.#machine.functions);
  }

  #begin(at: number): void {
    const { state } = this;
    for (const counter of Object.values(state.counters)) counter.sum = 0;
    state.look = undefined;
    state.open = {
      id: "",
      recipe: "",
      from: at,
      loadKg: 0,
      phase: undefined,
      step: 0,
      unclearFrom: undefined,
      bathL: 0,
      baths: 0,
      additions: 0,
      worstK: 0,
      lateS: 0,
    };
  }

  #end(at: number): void {
    const { open, counters } = this.state;
    if (open === undefined) return;
    this.#tellDeviation(0, at);
    const round = (value: number, digits = 0): number => Math.round(value * 10 ** digits) / 10 ** digits;
    this.#events.phase({ p: "end" });
    this.#events.batch({
      b: open.id,
      r: open.recipe,
      f: open.from,
      kg: open.loadKg,
      w: round(counters.water.sum),
      st: round(counters.steam.sum, 1),
      e: round(counters.energy.sum, 1),
      bath: open.baths === 0 ? 0 : round(open.bathL / open.baths),
      add: open.additions,
      dev: round(open.worstK, 1),
      late: round(open.lateS / 60, 1),
      inf: this.#isInferred ? 1 : 0,
    });
    this.state.open = undefined;
    this.state.look = undefined;
  }

  /**
   * Looks what the machine does. Where its controller tells steps, a step is one phase, which holds from the beginning of the step: it is known at the first
   * look after that. A dose may begin late, because its tank or the dissolver is waited for.
   */
  #infer(open: Open, at: number): void {
    const { state } = this;
    const { level = 0, setpoint = 0, step = 0 } = state.numbers;
    const { look } = state;
    const seen = { at, level, water: state.counters.water.sum, setpoint };
    const next = (): Look => lookAt(look, seen, this.#machine.nominalKg);
    const phaseNow = (): Phase => inferredPhase(look!, seen, this.#machine.nominalKg);
    const passed = look === undefined ? 0 : (at - look.at) / 1e6;
    if (look === undefined || step !== open.step) {
      if (open.unclearFrom !== undefined && passed > MIN_LOOK_S) this.#toPhase(open, phaseNow(), open.step, { from: open.unclearFrom, at });
      open.step = step;
      open.unclearFrom = at;
      state.look = next();
    } else if (passed >= LOOK_S) {
      const phase = phaseNow();
      if (open.unclearFrom !== undefined) this.#toPhase(open, phase, step, { from: open.unclearFrom, at });
      else if (phase !== open.phase && (step === 0 || (open.phase === "hold" && phase === "dose")))
        this.#toPhase(open, phase, step, { from: at, at });
      open.unclearFrom = undefined;
      state.look = next();
    }
  }

  #toTold(open: Open, phase: Phase, at: number): void {
    const step = this.state.numbers.step ?? 0;
    if (phase === open.phase && step === open.step) return;
    open.step = step;
    this.#toPhase(open, phase, step, { from: at, at });
  }

  #toPhase(open: Open, phase: Phase, step: number, { from, at }: { readonly from: number; readonly at: number }): void {
    if (open.phase === "fill" && phase !== "fill") {
      open.bathL += this.state.numbers.level ?? 0;
      open.baths++;
    }
    if (phase === "addition") open.additions++;
    open.phase = phase;
    this.#events.phase({ p: phase, ...(step > 0 && { s: step }), ...(from < at && { f: from }) });
  }

  #follow({ phase }: Open, at: number): void {
    const { temperature, setpoint } = this.state.numbers;
    const isTempered = phase !== undefined && TEMPERED.has(phase) && temperature !== undefined && setpoint !== undefined;
    this.#tellDeviation(isTempered ? temperature - setpoint : 0, at);
  }

  #tellDeviation(kelvin: number, at: number): void {
    const { state } = this;
    const rounded = Math.round(kelvin * 10) / 10;
    const isBack = rounded === 0 && state.deviation !== 0;
    if (!isBack && Math.abs(rounded - state.deviation) < DEVIATION_STEP_K) return;
    if (state.open) {
      if (Math.abs(state.deviation) > LATE_K) state.open.lateS += (at - state.deviatesSince) / 1e6;
      state.open.worstK = Math.max(state.open.worstK, Math.abs(rounded));
    }
    state.deviation = rounded;
    state.deviatesSince = at;
    this.#events.deviation(rounded);
  }
}
