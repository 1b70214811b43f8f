import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { SECOND } from "@doppelwerk/world/instant";
import { EventList } from "../kernel/event-list.ts";
import { packMemory, unpackMemory } from "../kernel/memory.ts";
import { hashText, mixBytes, mixEvent } from "../kernel/trace-hash.ts";
import { columnNames, isNumeric, type ModelDescription, type ModelValue, type ModelVariable } from "./model-description.ts";
import type { ModelInstance } from "./model-instance.ts";
import { checkPlan, type InputSeries, type ModelRunPlan } from "./model-plan.ts";

/** A recorded column: one value of a variable at every recorded time. */
export interface ModelColumn {
  readonly name: string;
  readonly variable: string;
  readonly unit?: string;
  readonly values: Float64Array<ArrayBuffer>;
}

export interface ModelRunResult {
  /** Model time in seconds of every row: every communication point, and every event the model told of. */
  readonly timesS: Float64Array<ArrayBuffer>;
  readonly columns: readonly ModelColumn[];
  /** Text and binary outputs as they were last. */
  readonly texts: Readonly<Record<string, string>>;
  readonly steps: number;
  /** Model times of events, in seconds. */
  readonly eventsS: readonly number[];
  /** Where the model ended the simulation by itself. */
  readonly endedByModelAtS?: number;
  /** Over every communication point, event and recorded value since the beginning. */
  readonly traceHash: string;
}

const COMMUNICATE = 1;
const INPUT = 2;
const EVENT = 3;
/** Early returns at one place after which a model is given up. */
const MAX_EVENTS_AT_ONCE = 1_000;

/** What a run remembers beside the model: numbers and columns only (see kernel/memory.ts). */
class RunMemory {
  atUs = 0;
  steps = 0;
  hashA = 0x243f6a88;
  hashB = 0x85a308d3 | 0;
  modelHash = 0;
  applied: Float64Array<ArrayBuffer>;
  constructor(inputs: number) {
    this.applied = new Float64Array(inputs);
  }
}

/**
 * One model stepped by the event kernel: communication points at whole multiples of the step, changes of inputs as events of their own, held until the
 * next one (zero-order hold). Model, plan and state determine the trace hash: straight, in pieces, restored or forked.
 */
export class ModelRun {
  readonly #instance: ModelInstance;
  readonly #plan: ModelRunPlan;
  readonly #events: EventList;
  readonly #memory: RunMemory;
  readonly #inputs: readonly InputSeries[];
  readonly #cursors: Int32Array;
  readonly #pending: Float64Array;
  readonly #outputs: readonly ModelVariable[];
  readonly #texts: readonly ModelVariable[];
  readonly #write: (values: Float64Array) => void;
  readonly #read: (into: Float64Array) => void;
  readonly #row: Float64Array<ArrayBuffer>;
  readonly #rowBytes: Uint8Array;
  readonly #stepUs: number;
  readonly #endUs: number;
  #rows: Float64Array<ArrayBuffer>;
  #times: Float64Array<ArrayBuffer>;
  #count = 0;
  #eventsS: number[] = [];
  #endedUs: number | undefined;

  /** Takes an instance that is not initialised yet. With `from`, goes on where another run of the same model took a snapshot. */
  constructor(instance: ModelInstance, plan: ModelRunPlan, from?: Uint8Array) {
    checkPlan(instance.description, plan);
    const byName = new Map(instance.description.variables.map((variable) => [variable.name, variable]));
    this.#instance = instance;
    this.#plan = plan;
    this.#inputs = plan.inputs ?? [];
    this.#stepUs = Math.round(plan.stepS * SECOND);
    this.#endUs = Math.floor((plan.durationS * SECOND) / this.#stepUs + 1e-9) * this.#stepUs;
    this.#memory = new RunMemory(this.#inputs.length);
    this.#memory.modelHash = hashOfModel(instance.description);
    this.#cursors = new Int32Array(this.#inputs.length);
    this.#pending = new Float64Array(this.#inputs.length);
    const wanted = (plan.outputs ?? defaultOutputs(instance.description)).map((name) => byName.get(name)!);
    this.#outputs = wanted.filter(isNumeric);
    this.#texts = wanted.filter(({ type }) => type === "String" || type === "Binary");
    const width = this.#outputs.reduce((sum, { size }) => sum + size, 0);
    this.#row = new Float64Array(width);
    this.#rowBytes = new Uint8Array(this.#row.buffer);
    for (const [name, value] of Object.entries(plan.parameters ?? {})) instance.set(byName.get(name)!, listOf(value));
    this.#write = instance.writer(this.#inputs.map(({ variable }) => byName.get(variable)!));
    this.#read = instance.reader(this.#outputs);
    this.#startInputs(byName);
    instance.initialise(plan.startS ?? 0, plan.tolerance);
    if (from !== undefined) this.#restore(from);
    const atUs = this.#memory.atUs;
    const rows = (this.#endUs - atUs) / this.#stepUs + 1;
    this.#rows = new Float64Array(Math.ceil(rows) * width);
    this.#times = new Float64Array(Math.ceil(rows));
    this.#events = new EventList(atUs);
    for (let input = 0; input < this.#inputs.length; input++) this.#nextInput(input);
    if (from === undefined) this.#record(plan.startS ?? 0);
    if (atUs + this.#stepUs <= this.#endUs) this.#events.schedule(atUs + this.#stepUs, 1, COMMUNICATE, 0);
  }

  /** Seconds since the beginning. */
  get atS(): number {
    return this.#memory.atUs / SECOND;
  }

  get ended(): boolean {
    return this.#endedUs !== undefined || this.#memory.atUs >= this.#endUs;
  }

  /** Carries the run on to this many seconds after its beginning, or to its end. */
  advance(untilS: number): void {
    const untilUs = Math.min(this.#endUs, Math.round(untilS * SECOND));
    while (this.#endedUs === undefined && this.#events.next(untilUs)) {
      if (this.#events.opcode === INPUT) this.#takeInput(this.#events.entity);
      else this.#communicate();
    }
  }

  /** Between communication points: enough for another run of the same model to go on from here, whatever its inputs are from here on. */
  snapshot(): Uint8Array<ArrayBuffer> {
    const { stateFault } = this.#instance;
    if (stateFault !== undefined) throw new DoppelwerkError("DW_INVALID", message("sim.stateModelCannotSaved", { stateFault }));
    const memory = packMemory([this.#memory]);
    const state = this.#instance.saveState();
    const bytes = new Uint8Array(4 + memory.length + state.length);
    new DataView(bytes.buffer).setUint32(0, memory.length, true);
    bytes.set(memory, 4);
    bytes.set(state, 4 + memory.length);
    return bytes;
  }

  result(): ModelRunResult {
    const width = this.#row.length;
    let at = 0;
    const columns = this.#outputs.flatMap((variable) =>
      columnNames(variable).map((name): ModelColumn => {
        const offset = at++;
        const values = Float64Array.from({ length: this.#count }, (_, row) => this.#rows[row * width + offset]!);
        return { name, variable: variable.name, values, ...(variable.unit === undefined ? {} : { unit: variable.unit }) };
      }),
    );
    return {
      timesS: this.#times.slice(0, this.#count),
      columns,
      texts: Object.fromEntries(this.#texts.map((variable) => [variable.name, this.#instance.get(variable).map(textOf).join(" ")])),
      steps: this.#memory.steps,
      eventsS: this.#eventsS,
      ...(this.#endedUs === undefined ? {} : { endedByModelAtS: this.#modelTime(this.#endedUs) }),
      traceHash: hashText(this.#memory),
    };
  }

  #modelTime(us: number): number {
    return (this.#plan.startS ?? 0) + us / SECOND;
  }

  /** Inputs hold their first value from the beginning: what came before it is not known, and a jump at an arbitrary moment would be made up. */
  #startInputs(byName: ReadonlyMap<string, ModelVariable>): void {
    for (const [index, { variable, offsetsS, values }] of this.#inputs.entries()) {
      let last = 0;
      while (last + 1 < offsetsS.length && offsetsS[last + 1]! <= 0) last++;
      this.#pending[index] = values[last] ?? 0;
      this.#memory.applied[index] = this.#pending[index]!;
      this.#instance.set(byName.get(variable)!, [this.#pending[index]!]);
    }
  }

  #restore(from: Uint8Array): void {
    const length = from.length < 4 ? 0 : new DataView(from.buffer, from.byteOffset, from.byteLength).getUint32(0, true);
    const memory = new RunMemory(this.#inputs.length);
    try {
      unpackMemory(from.slice(4, 4 + length), [memory]);
    } catch (cause) {
      throw new DoppelwerkError("DW_INVALID", message("sim.noSnapshotRunModel", { reason: cause instanceof Error ? cause.message : "?" }));
    }
    if (memory.modelHash !== this.#memory.modelHash) throw new DoppelwerkError("DW_INVALID", message("sim.snapshotAnotherModel"));
    if (memory.atUs % this.#stepUs !== 0)
      throw new DoppelwerkError("DW_INVALID", message("sim.snapshotTaken", { atUs: memory.atUs / SECOND }));
    this.#instance.loadState(from.slice(4 + length));
    Object.assign(this.#memory, { atUs: memory.atUs, steps: memory.steps, hashA: memory.hashA, hashB: memory.hashB });
    // Where the inputs of this run differ from those of the other they are written at the next communication point, as any change is.
    this.#memory.applied.fill(Number.NaN);
    for (const [index, series] of this.#inputs.entries()) this.#pending[index] = heldValue(series, memory.atUs, this.#pending[index]!);
    this.#applyInputs();
  }

  #nextInput(input: number): void {
    const { offsetsS } = this.#inputs[input]!;
    while (this.#cursors[input]! < offsetsS.length) {
      const us = Math.round(offsetsS[this.#cursors[input]!]! * SECOND);
      if (us > this.#memory.atUs) return void this.#events.schedule(Math.max(us, this.#events.now), 0, INPUT, input);
      this.#cursors[input]!++;
    }
  }

  #takeInput(input: number): void {
    this.#pending[input] = this.#inputs[input]!.values[this.#cursors[input]!++]!;
    const { offsetsS } = this.#inputs[input]!;
    if (this.#cursors[input]! < offsetsS.length)
      this.#events.schedule(Math.round(offsetsS[this.#cursors[input]!]! * SECOND), 0, INPUT, input);
    if (!this.#plan.stepAtInputs || this.#events.now % this.#stepUs === 0) return;
    if (this.#stepTo(this.#events.now)) this.#applyInputs();
  }

  #communicate(): void {
    const { now } = this.#events;
    if (!this.#stepTo(now)) return;
    this.#applyInputs();
    this.#record(this.#modelTime(now));
    mixEvent(this.#memory, now, this.#memory.steps, COMMUNICATE, 0);
    if (now + this.#stepUs <= this.#endUs) this.#events.schedule(now + this.#stepUs, 1, COMMUNICATE, 0);
  }

  #applyInputs(): void {
    let same = true;
    for (let index = 0; index < this.#pending.length; index++)
      if (this.#pending[index] !== this.#memory.applied[index]) {
        this.#memory.applied[index] = this.#pending[index]!;
        same = false;
      }
    if (!same) this.#write(this.#memory.applied);
  }

  /** Steps the model until it is at this time; false when it ended the simulation before. */
  #stepTo(us: number): boolean {
    const target = this.#modelTime(us);
    let timeS = this.#modelTime(this.#memory.atUs);
    let stands = 0;
    while (target - timeS > 1e-9 * Math.max(1, Math.abs(target))) {
      const outcome = this.#instance.step(timeS, target - timeS);
      this.#memory.steps++;
      stands = outcome.timeS > timeS ? 0 : stands + 1;
      if (stands > MAX_EVENTS_AT_ONCE) throw new DoppelwerkError("DW_INVALID", message("sim.modelDoesNotGetBeyond", { timeS }));
      timeS = outcome.timeS;
      if (outcome.event) this.#recordEvent(timeS);
      if (outcome.terminate) {
        this.#memory.atUs = Math.round((timeS - (this.#plan.startS ?? 0)) * SECOND);
        this.#endedUs = this.#memory.atUs;
        this.#record(timeS);
        return false;
      }
    }
    this.#memory.atUs = us;
    return true;
  }

  #recordEvent(timeS: number): void {
    this.#eventsS.push(timeS);
    mixEvent(this.#memory, Math.round(timeS * SECOND), this.#memory.steps, EVENT, 0);
    this.#record(timeS);
  }

  #record(timeS: number): void {
    const width = this.#row.length;
    this.#read(this.#row);
    mixBytes(this.#memory, this.#rowBytes);
    if (this.#count === this.#times.length) {
      this.#times = doubled(this.#times);
      this.#rows = doubled(this.#rows);
    }
    this.#times[this.#count] = timeS;
    this.#rows.set(this.#row, this.#count++ * width);
  }
}

/** Runs a plan from beginning to end and closes the instance. */
export function runModel(instance: ModelInstance, plan: ModelRunPlan): ModelRunResult {
  try {
    const run = new ModelRun(instance, plan);
    run.advance(plan.durationS);
    return run.result();
  } finally {
    instance.close();
  }
}

/** Outputs that can be told: numbers as series, text and binary by their last value. */
export function defaultOutputs({ variables }: ModelDescription): readonly string[] {
  return variables.flatMap(({ name, causality, type }) => (causality === "output" && type !== "Clock" ? [name] : []));
}

function heldValue({ offsetsS, values }: InputSeries, atUs: number, before: number): number {
  let held = before;
  for (let index = 0; index < offsetsS.length && Math.round(offsetsS[index]! * SECOND) <= atUs; index++) held = values[index]!;
  return held;
}

function hashOfModel({ identifier, token, standard }: ModelDescription): number {
  const hash = { hashA: 1, hashB: 2 };
  mixBytes(hash, new TextEncoder().encode(`${standard}\n${identifier}\n${token}`));
  return hash.hashA;
}

function listOf(value: ModelValue | readonly ModelValue[]): readonly ModelValue[] {
  return Array.isArray(value) ? (value as readonly ModelValue[]) : [value as ModelValue];
}

function textOf(value: ModelValue): string {
  return value instanceof Uint8Array ? Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("") : String(value);
}

function doubled(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(Math.max(16, values.length * 2));
  grown.set(values);
  return grown;
}
