import { SECOND, type Instant } from "@doppelwerk/world/instant";
import { EventList } from "../kernel/event-list.ts";
import { ProgressWatch } from "../kernel/run-error.ts";
import { copyMemory, packMemory, unpackMemory } from "../kernel/memory.ts";
import { replicationKey } from "../random/philox.ts";
import { compileLine } from "./compile-line.ts";
import { ComponentMemory } from "./component-memory.ts";
import { effectEvent, startEffects } from "./effects.ts";
import { startFrom } from "./initial-state.ts";
import {
  ARRIVAL,
  ARRIVED,
  CALENDAR,
  CARRIER_BACK,
  EFFECT,
  type LineActs,
  type LineCore,
  type LineEnds,
  memoriesOf,
  PRIORITY,
  REPAIRED,
  SEGMENT,
  STOP_DUE,
  VEHICLE,
  WARM_UP,
  plannedNow,
} from "./line-core.ts";
import type { LineObserver } from "./line-event.ts";
import type { LineModel } from "./line-model.ts";
import { LineMemory } from "./line-memory.ts";
import type { LineState } from "./line-state.ts";
import { callKits } from "./logistics.ts";
import { vehicleDone } from "./deliveries.ts";
import { countInside } from "./parts.ts";
import { arrival, arrived, countBuffer, scheduleArrival, carrierBack } from "./place-flow.ts";
import { beginPart, meetNeeds, segmentEnded } from "./place-work.ts";
import { refresh, resetPlaces } from "./place-state.ts";
import { presentState } from "./present-state.ts";
import { resultOf } from "./result.ts";
import type { LineRun, RunOptions, RunResult } from "./run.ts";
import { calendarEvent, openShiftRow, startCalendar } from "./shift-work.ts";
import { stopDue } from "./stops.ts";
import { repaired, resumePlace } from "./resume.ts";

/** Runs a valid model from start to end: `endInstant`, or `startInstant` + `horizonS` (after the warm-up). Throws when neither is given. */
export function runLine(model: LineModel, options: RunOptions): RunResult {
  const end =
    options.endInstant ??
    (options.horizonS === undefined ? undefined : options.startInstant + Math.round(((options.warmUpS ?? 0) + options.horizonS) * SECOND));
  if (end === undefined) throw new Error("a run needs endInstant or horizonS");
  const run = createLineRun(model, options);
  run.advanceTo(end);
  return run.result();
}

/** A line at its first moment. The model must be valid (`validateLineModel`); throws on names it uses and does not have. */
export function createLineRun(model: LineModel, options: RunOptions): LineRun {
  const line = lineCoreOf(model, options);
  beginLine(line, options);
  return new RunningLine(line, options.mostEvents ?? Infinity);
}

/** A line before its first moment. */
export function lineCoreOf(model: LineModel, options: RunOptions, ends?: LineEnds): LineCore {
  const compiled = compileLine(model, options.startInstant, options.components);
  const { seed, replication = 0, startInstant: start } = options;
  const memory = new LineMemory(
    compiled,
    seed,
    replication,
    replicationKey(seed, replication),
    start,
    Math.round((options.outputStepS ?? 300) * SECOND),
  );
  return { compiled, memory, ...workOf(compiled), events: new EventList(start), observer: options.observer, acts, ...(ends && { ends }) };
}

function workOf(compiled: LineCore["compiled"]): Pick<LineCore, "work"> {
  return compiled.components.byStation === undefined ? {} : { work: new ComponentMemory(compiled) };
}

const acts: LineActs = { beginPart, meetNeeds };

class RunningLine implements LineRun {
  private readonly line: LineCore;
  private readonly mostEvents: number;

  constructor(line: LineCore, mostEvents: number) {
    this.line = line;
    this.mostEvents = mostEvents;
  }

  get model(): LineModel {
    return this.line.compiled.model;
  }

  get now(): Instant {
    return this.line.events.now;
  }

  advanceTo(instant: Instant): void {
    const { line } = this;
    const { events } = line;
    const watch = new ProgressWatch(this.mostEvents);
    while (events.next(instant)) {
      watch.step(events.now, events.count, () => eventPlace(line, events.opcode, events.entity));
      carryOut(line, events.opcode, events.entity);
    }
    if (instant > events.now) events.now = instant;
  }

  snapshot(): Uint8Array<ArrayBuffer> {
    return packMemory(memoriesOf(this.line));
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, memoriesOf(this.line));
  }

  fork(changes: { readonly seed?: number; readonly replication?: number; readonly observer?: LineObserver } = {}): LineRun {
    const forked = forkedCore(this.line, changes);
    return new RunningLine(forked, this.mostEvents);
  }

  state(known: "all" | "past" = "all"): LineState {
    return presentState(this.line, known);
  }

  result(): RunResult {
    return resultOf(this.line);
  }
}

/** A copy of a line; other seed or replication: its future is drawn again. */
export function forkedCore(
  { compiled, memory, events, work }: LineCore,
  changes: { readonly seed?: number; readonly replication?: number; readonly observer?: LineObserver },
  ends?: LineEnds,
): LineCore {
  const seed = changes.seed ?? memory.seed;
  const replication = changes.replication ?? memory.replication;
  const forked: LineCore = {
    compiled,
    memory: new LineMemory(compiled, seed, replication, 0, memory.start, memory.outputStep),
    ...workOf(compiled),
    events: new EventList(),
    observer: changes.observer,
    acts,
    ...(ends && { ends }),
  };
  copyMemory(events, forked.events);
  copyMemory(memory, forked.memory);
  if (work !== undefined) copyMemory(work, forked.work!);
  if (seed !== memory.seed || replication !== memory.replication) {
    forked.memory.seed = seed;
    forked.memory.replication = replication;
    forked.memory.key = replicationKey(seed, replication);
  }
  return forked;
}

/** The first moment: calendar, effects, what is inside, and everybody that can begins. */
export function beginLine(line: LineCore, options: RunOptions): void {
  const { compiled, events, memory } = line;
  startCalendar(line);
  startEffects(line);
  startFrom(line, options.initialState);
  compiled.stations.forEach((station) => {
    if (station.source === "arrivals") scheduleArrival(line, station.index);
  });
  compiled.materials.forEach((_, material) => callKits(line, material));
  if (options.warmUpS !== undefined && options.warmUpS > 0) {
    memory.measuredFrom = events.now + Math.round(options.warmUpS * SECOND);
    events.schedule(memory.measuredFrom, PRIORITY.warmUp, WARM_UP, 0);
  }
  for (let place = compiled.placeStation.length - 1; place >= 0; place--) {
    resumePlace(line, place);
    refresh(line, place);
  }
}

/** Does what an event means. */
export function carryOut(line: LineCore, opcode: number, entity: number): void {
  switch (opcode) {
    case SEGMENT:
      return segmentEnded(line, entity);
    case REPAIRED:
      return repaired(line, entity);
    case STOP_DUE:
      return stopDue(line, entity);
    case ARRIVED:
      return arrived(line, entity);
    case ARRIVAL:
      return arrival(line, entity);
    case CALENDAR:
      return calendarEvent(line);
    case EFFECT:
      return effectEvent(line, entity);
    case CARRIER_BACK:
      return carrierBack(line, entity);
    case VEHICLE:
      return vehicleDone(line, entity);
    case WARM_UP:
      return endWarmUp(line);
    default:
      throw new Error(`opcode ${opcode} is not one of a line`);
  }
}

/** What an event happens at, for an error. */
export function eventPlace({ compiled }: LineCore, opcode: number, entity: number): string {
  const station = (at: number | undefined): string => `station "${compiled.stations[at ?? -1]?.id ?? "?"}"`;
  switch (opcode) {
    case SEGMENT:
      return station(compiled.placeStation[entity]);
    case REPAIRED:
    case STOP_DUE:
      return `the stop "${compiled.stops[entity]?.model.id ?? "?"}" of ${station(compiled.stops[entity]?.station)}`;
    case ARRIVAL:
      return `the arrivals at ${station(entity)}`;
    case EFFECT:
      return `the effect "${compiled.effects[entity]?.model.id ?? "?"}"`;
    default:
      return "the line";
  }
}

/** Deletes what was counted so far (P3, design study). */
function endWarmUp(line: LineCore): void {
  const { memory } = line;
  resetPlaces(line);
  const planned = plannedNow(line);
  memory.plannedAtReset = planned;
  for (let buffer = 0; buffer < memory.bufferCount.length; buffer++) {
    countBuffer(line, buffer);
    memory.bufferMax[buffer] = memory.bufferCount[buffer]! + memory.bufferTravelling[buffer]!;
  }
  memory.bufferIntegral.fill(0);
  memory.bufferIn.fill(0);
  countInside(line);
  memory.wipIntegral = 0;
  memory.good = memory.scrap = memory.rework = memory.started = memory.goodFirstPass = 0;
  memory.produced = memory.producedIdeal = memory.reruns = memory.scrapAfter = 0;
  memory.goodByProduct.fill(0);
  memory.leadCount = 0;
  line.work?.used.fill(0);
  memory.shiftCount = 0;
  const shift = line.compiled.calendar.shift(memory.shiftOrdinal);
  if (memory.inShift === 1) openShiftRow(line, shift!.start === line.events.now ? 0 : 2);
}
