import { SECOND, type Instant } from "@doppelwerk/world/instant";
import { copyMemory, packMemory, unpackMemory } from "../kernel/memory.ts";
import { ProgressWatch } from "../kernel/run-error.ts";
import { hashText, mixBytes } from "../kernel/trace-hash.ts";
import { type LineCore, memoriesOf } from "../line/line-core.ts";
import type { LineEvent } from "../line/line-event.ts";
import { beginLine, carryOut, eventPlace, forkedCore, lineCoreOf } from "../line/line-run.ts";
import type { LineState } from "../line/line-state.ts";
import { presentState } from "../line/present-state.ts";
import { resultOf, traceHashOf } from "../line/result.ts";
import type { RunOptions, RunResult } from "../line/run.ts";
import { compilePlant, PlantMemory, type PlantCore } from "./plant-core.ts";
import type { PlantModel, SharedBufferState } from "./plant-model.ts";
import { append, count, lineEnds, openBuffers } from "./shared-buffers.ts";

export interface PlantRunOptions extends Omit<RunOptions, "initialState" | "observer"> {
  /** Of each line, in the order of the model. */
  readonly initialStates?: readonly (LineState | undefined)[];
  readonly initialBuffers?: readonly SharedBufferState[];
  /** Is told the events of every line. */
  readonly observer?: PlantObserver;
}

export type PlantObserver = (line: string, event: LineEvent) => void;

/** Lines that run together in pieces; see `LineRun`. */
export interface PlantRun {
  readonly model: PlantModel;
  readonly now: Instant;
  advanceTo(instant: Instant): void;
  snapshot(): Uint8Array<ArrayBuffer>;
  restore(bytes: Uint8Array): void;
  fork(changes?: { readonly seed?: number; readonly replication?: number; readonly observer?: PlantObserver }): PlantRun;
  /** Of each line, in the order of the model; of each shared buffer. */
  states(known?: "all" | "past"): { readonly lines: readonly LineState[]; readonly buffers: readonly SharedBufferState[] };
  result(): PlantResult;
}

/** Figures from the end of the warm-up to now. */
export interface PlantResult {
  readonly plant: string;
  readonly seed: number;
  readonly replication: number;
  readonly start: Instant;
  readonly measuredFrom: Instant;
  readonly end: Instant;
  /** In the order of the model. */
  readonly lines: readonly RunResult[];
  readonly buffers: readonly SharedBufferResult[];
  /** Of all lines together: what goes from one to another neither leaves nor begins. There is no OEE of several lines (P6). */
  readonly total: {
    readonly good: number;
    readonly scrap: number;
    readonly rework: number;
    readonly started: number;
    /** In the lines and in the buffers between them. */
    readonly wip: { readonly mean: number; readonly end: number };
    /** Cumulative good count since the start at the end of each step. */
    readonly output: { readonly stepS: number; readonly cumulative: readonly number[] };
  };
  /** The books of every line and of every shared buffer balance to the last part. */
  readonly balanced: boolean;
  readonly traceHash: string;
  readonly events: number;
}

export interface SharedBufferResult {
  readonly buffer: string;
  /** Parts put in and taken out in the measured time, and inside at its end. */
  readonly entered: number;
  readonly left: number;
  readonly end: number;
  /** Over all of the time, shifts or not: lines of different shifts share it. */
  readonly mean: number;
  readonly max: number;
}

/** Runs a valid plant from start to end, as `runLine` does a line. */
export function runPlant(model: PlantModel, options: PlantRunOptions): PlantResult {
  const end =
    options.endInstant ??
    (options.horizonS === undefined ? undefined : options.startInstant + Math.round(((options.warmUpS ?? 0) + options.horizonS) * SECOND));
  if (end === undefined) throw new Error("a run needs endInstant or horizonS");
  const run = createPlantRun(model, options);
  run.advanceTo(end);
  return run.result();
}

/** Lines at their first moment. The plant must be valid (`validatePlantModel`). */
export function createPlantRun(model: PlantModel, options: PlantRunOptions): PlantRun {
  const { observer, initialStates, initialBuffers, ...shared } = options;
  const optionsOf = (index: number): RunOptions => {
    const initialState = initialStates?.[index];
    return { ...shared, ...(initialState && { initialState }), ...observing(observer, model.lines[index]!.id) };
  };
  const ends = model.lines.map((_, index) => lineEnds(() => plant, index));
  const lines = model.lines.map((line, index) => lineCoreOf(line, optionsOf(index), ends[index]));
  const compiled = compilePlant(
    model,
    lines.map((line) => line.compiled),
  );
  const memory = new PlantMemory(
    model.buffers.length,
    lines.reduce((sum, line) => sum + line.compiled.placeStation.length, 0),
  );
  const plant: PlantCore = { compiled, lines, memory, crossing: { happened: false } };
  memory.now = memory.start = options.startInstant;
  memory.measuredFrom = options.startInstant + Math.round((options.warmUpS ?? 0) * SECOND);
  memory.measuring = memory.measuredFrom === memory.start ? 1 : 0;
  memory.outputStep = Math.round((options.outputStepS ?? 300) * SECOND);
  memory.bufferSince.fill(memory.now);
  fillBuffers(plant, initialBuffers ?? []);
  lines.forEach((line, index) => beginLine(line, optionsOf(index)));
  openBuffers(plant);
  return new RunningPlant(plant, options.mostEvents ?? Infinity);
}

function observing(observer: PlantObserver | undefined, line: string): Pick<RunOptions, "observer"> {
  return observer === undefined ? {} : { observer: (event) => observer(line, event) };
}

function fillBuffers(plant: PlantCore, states: readonly SharedBufferState[]): void {
  const { compiled, memory } = plant;
  for (const { buffer, products } of states) {
    const at = compiled.model.buffers.findIndex(({ id }) => id === buffer);
    if (at < 0) continue;
    for (const product of products.slice(0, compiled.capacities[at]!))
      append(plant, at, product === null ? -1 : compiled.products.indexOf(product));
    memory.bufferInitial[at] = memory.bufferCount[at]!;
  }
  memory.everIn.fill(0);
  memory.measuredIn.fill(0);
}

class RunningPlant implements PlantRun {
  private readonly plant: PlantCore;
  private readonly mostEvents: number;

  constructor(plant: PlantCore, mostEvents: number) {
    this.plant = plant;
    this.mostEvents = mostEvents;
  }

  get model(): PlantModel {
    return this.plant.compiled.model;
  }

  get now(): Instant {
    return this.plant.memory.now;
  }

  advanceTo(instant: Instant): void {
    const { plant } = this;
    const { lines, memory } = plant;
    const watches = lines.map(() => new ProgressWatch(this.mostEvents));
    for (;;) {
      const next = nextLine(lines, instant);
      if (next < 0) break;
      carryOutLine(plant, next, { until: instant, before: earliestOfOthers(lines, next), watch: watches[next]! });
    }
    if (memory.measuring === 0 && instant >= memory.measuredFrom) beginMeasuring(plant);
    if (instant > memory.now) memory.now = instant;
    for (const { events } of lines) if (instant > events.now) events.now = instant;
  }

  snapshot(): Uint8Array<ArrayBuffer> {
    return packMemory(this.memories());
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, this.memories());
  }

  fork(changes: { readonly seed?: number; readonly replication?: number; readonly observer?: PlantObserver } = {}): PlantRun {
    const { compiled, lines, memory } = this.plant;
    const { observer, ...drawn } = changes;
    const copy = new PlantMemory(compiled.capacities.length, memory.placeWaits.length);
    copyMemory(memory, copy);
    const forked: PlantCore = {
      compiled,
      memory: copy,
      crossing: { happened: false },
      lines: lines.map((line, index) =>
        forkedCore(
          line,
          { ...drawn, ...observing(observer, compiled.model.lines[index]!.id) },
          lineEnds(() => forked, index),
        ),
      ),
    };
    return new RunningPlant(forked, this.mostEvents);
  }

  states(known: "all" | "past" = "all"): { readonly lines: readonly LineState[]; readonly buffers: readonly SharedBufferState[] } {
    const { compiled, lines, memory } = this.plant;
    return {
      lines: lines.map((line) => presentState(line, known)),
      buffers: compiled.model.buffers.map(({ id }, buffer) => {
        const products: (string | null)[] = [];
        for (let item = memory.bufferFirst[buffer]!; item >= 0; item = memory.itemNext[item]!)
          products.push(compiled.products[memory.itemProduct[item]!] ?? null);
        return { buffer: id, products };
      }),
    };
  }

  result(): PlantResult {
    return plantResultOf(this.plant);
  }

  private memories(): object[] {
    return [this.plant.memory, ...this.plant.lines.flatMap(memoriesOf)];
  }
}

/** The next event of a line, and what follows of it before any other line has one, as long as nothing crosses from it to another. */
function carryOutLine(
  plant: PlantCore,
  at: number,
  { until, before, watch }: { readonly until: Instant; readonly before: Instant; readonly watch: ProgressWatch },
): void {
  const { memory, crossing } = plant;
  const line = plant.lines[at]!;
  const { events } = line;
  const last = Math.min(until, before - 1);
  const where = (): string => eventPlace(line, events.opcode, events.entity);
  crossing.happened = false;
  // the first is this line's turn, whoever else has one at the same instant
  for (let isDue = events.next(until); isDue; isDue = !crossing.happened && events.next(last)) {
    if (memory.measuring === 0 && events.now > memory.measuredFrom) beginMeasuring(plant);
    memory.now = events.now;
    watch.step(events.now, events.count, where);
    carryOut(line, events.opcode, events.entity);
  }
}

function earliestOfOthers(lines: readonly LineCore[], own: number): Instant {
  let earliest = Infinity;
  for (let index = 0; index < lines.length; index++) if (index !== own) earliest = Math.min(earliest, lines[index]!.events.peek());
  return earliest;
}

/** The line whose event is next: by time, then priority, then the order of the lines; −1 for none up to and with `until`. */
function nextLine(lines: readonly LineCore[], until: Instant): number {
  let best = -1;
  let time = until;
  let priority = Infinity;
  for (let index = 0; index < lines.length; index++) {
    const { events } = lines[index]!;
    const at = events.peek();
    if (at > time || (at === time && best >= 0 && events.peekPriority() >= priority)) continue;
    if (at === Infinity) continue;
    [best, time, priority] = [index, at, events.peekPriority()];
  }
  return best;
}

/** Deletes what was counted so far, as the lines do at the same instant. */
function beginMeasuring(plant: PlantCore): void {
  const { memory } = plant;
  const { now } = memory;
  memory.now = memory.measuredFrom;
  memory.measuring = 1;
  for (let buffer = 0; buffer < memory.bufferCount.length; buffer++) count(plant, buffer);
  memory.bufferMax.set(memory.bufferCount);
  memory.bufferIntegral.fill(0);
  memory.measuredIn.fill(0);
  memory.measuredOut.fill(0);
  memory.now = Math.max(now, memory.measuredFrom);
}

function plantResultOf(plant: PlantCore): PlantResult {
  const { compiled, memory } = plant;
  const lines = plant.lines.map(resultOf);
  const measured = memory.now - memory.measuredFrom;
  const buffers = compiled.model.buffers.map(({ id }, buffer): SharedBufferResult => {
    const integral = memory.bufferIntegral[buffer]! + memory.bufferCount[buffer]! * (memory.now - memory.bufferSince[buffer]!);
    return {
      buffer: id,
      entered: memory.measuredIn[buffer]!,
      left: memory.measuredOut[buffer]!,
      end: memory.bufferCount[buffer]!,
      mean: measured > 0 ? integral / measured : memory.bufferCount[buffer]!,
      max: memory.bufferMax[buffer]!,
    };
  });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const keeps = buffers.every(({ end }, buffer) => {
    const [initial, put, taken] = [memory.bufferInitial[buffer]!, memory.everIn[buffer]!, memory.everOut[buffer]!];
    return initial + put === taken + end;
  });
  const [first] = lines;
  const stepS = memory.outputStep / SECOND;
  return {
    plant: compiled.model.id,
    seed: first?.seed ?? 0,
    replication: first?.replication ?? 0,
    start: memory.start,
    measuredFrom: memory.measuredFrom,
    end: memory.now,
    lines,
    buffers,
    total: {
      good: sum(lines.map(({ good }) => good)) - sum(buffers.map(({ entered }) => entered)),
      scrap: sum(lines.map(({ scrap }) => scrap)),
      rework: sum(lines.map(({ rework }) => rework)),
      started: sum(lines.map(({ started }) => started)) - sum(buffers.map(({ left }) => left)),
      wip: {
        mean: sum(lines.map(({ wip }) => wip.mean)) + sum(buffers.map(({ mean }) => mean)),
        end: sum(lines.map(({ wip }) => wip.end)) + sum(buffers.map(({ end }) => end)),
      },
      output: { stepS, cumulative: leftBy(plant, lines) },
    },
    balanced: keeps && lines.every(({ conservation }) => conservation.balanced),
    traceHash: plantTraceHash(plant),
    events: sum(lines.map(({ events }) => events)),
  };
}

/** What left the plant by the end of each step: what left the lines less what went into a shared buffer. */
function leftBy({ memory }: PlantCore, lines: readonly RunResult[]): number[] {
  let put = 0;
  return (lines[0]?.output.cumulative ?? []).map((_, step) => {
    put += memory.puts[step] ?? 0;
    return lines.reduce((total, { output }) => total + output.cumulative[step]!, -put);
  });
}

function plantTraceHash({ lines, memory }: PlantCore): string {
  const hash = { hashA: 0x13198a2e, hashB: 0x03707344 };
  for (const line of lines) {
    const text = traceHashOf(line);
    mixBytes(
      hash,
      Uint8Array.from(text, (digit) => digit.charCodeAt(0)),
    );
  }
  mixBytes(hash, packMemory([memory]));
  return hashText(hash);
}
