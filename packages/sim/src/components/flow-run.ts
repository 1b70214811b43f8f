import { message } from "@doppelwerk/messages";
import { RunError } from "../kernel/run-error.ts";
import { EventList } from "../kernel/event-list.ts";
import { copyMemory, packMemory, unpackMemory } from "../kernel/memory.ts";
import { replicationKey } from "../random/philox.ts";
import { calendarTurns, startCalendars, turnCalendar } from "./calendars.ts";
import { compileFlow } from "./compile-flow.ts";
import { CUSTOM, type CompiledFlow, SOURCE, STATION } from "./compiled-flow.ts";
import type { ComponentDefinition } from "./component-definition.ts";
import { entranceFree } from "./conveyors.ts";
import { customAlarm, customStart } from "./custom-component.ts";
import {
  ALARM,
  ARRIVAL,
  BATCH_WAIT,
  CALENDAR,
  ENTRANCE,
  FLUID,
  type FlowActs,
  type FlowCore,
  HEAD,
  ORDER,
  PIPE,
  REPAIRED,
  ROBOT_DONE,
  SEGMENT,
  STEP,
  STOP_DUE,
  VEHICLE,
  WALKED,
  WARM_UP,
  countStep,
} from "./flow-core.ts";
import { FlowMemory } from "./flow-memory.ts";
import type { FlowModel } from "./flow-model.ts";
import { type FlowResult, flowResult } from "./flow-result.ts";
import { type FlowSight, sightOf } from "./flow-sight.ts";
import { MICROSECONDS } from "./flow-time.ts";
import { fluidEvent, pipeTurns, startFluids } from "./fluids.ts";
import { bookFluids } from "./fluid-levels.ts";
import { robotDone, robotGave, robotGripped } from "./robots.ts";
import { headReady } from "./queues.ts";
import { arrival, startSource } from "./sources.ts";
import { walked } from "./staff.ts";
import { refreshOpen } from "./station-state.ts";
import { startStops, stopDue } from "./stops.ts";
import { repaired } from "./resume.ts";
import { settle, wake } from "./settle.ts";
import { callVehicle, vehicleDone, vehicleGave } from "./vehicles.ts";
import { advance, loadPlace, segmentEnded } from "./work.ts";

export interface FlowRunOptions {
  readonly seed: number;
  /** 0 when absent. */
  readonly replication?: number;
  readonly warmUpS?: number;
  /** Steps of the series of items inside, in seconds; absent: none is kept. */
  readonly seriesStepS?: number;
  /** Events after which a run is given up with an error; 2e9 when absent. */
  readonly mostEvents?: number;
  readonly definitions?: readonly ComponentDefinition[];
}

const acts: FlowActs = { advance, loadPlace, callVehicle, vehicleGave, robotGripped, robotGave };

/** A flow in the course of a run. All its state is columns: a copy or bytes restored go on as the original would. */
export interface FlowRun {
  readonly nowS: number;
  /** Whether nothing more can happen. */
  readonly ended: boolean;
  advanceTo(seconds: number): void;
  /** Until nothing more can happen. */
  advanceToEnd(): void;
  /** Turns a calendar of the model, by number, that has no spans of its own. */
  turn(calendar: number, on: boolean): void;
  /** Items in a component now. */
  inside(component: string): number;
  /** What stands where now, of every queue the first items (`most`, 100 when absent). */
  look(most?: number): FlowSight;
  snapshot(): Uint8Array<ArrayBuffer>;
  restore(bytes: Uint8Array): void;
  /** A copy of memory; another seed or replication draws its future again. */
  fork(changes?: { readonly seed?: number; readonly replication?: number }): FlowRun;
  result(): FlowResult;
}

/** The tables of a model, to be shared by its runs. The model must be valid (`validateFlowModel`). */
export function prepareFlow(model: FlowModel, definitions: readonly ComponentDefinition[] = []): CompiledFlow {
  return compileFlow(model, definitions);
}

/** A flow at its first moment. */
export function createFlowRun(flow: FlowModel | CompiledFlow, options: FlowRunOptions): FlowRun {
  const compiled = "nodes" in flow ? flow : compileFlow(flow, options.definitions);
  const { seed, replication = 0 } = options;
  const core: FlowCore = { compiled, memory: new FlowMemory(compiled, replicationKey(seed, replication)), events: new EventList(0), acts };
  begin(core, options);
  return new RunningFlow(core, seed, replication, options.mostEvents ?? 2e9);
}

/** Runs warm-up and duration, or to the end where no duration is given, and tells the figures. */
export function runFlow(flow: FlowModel | CompiledFlow, options: FlowRunOptions & { readonly durationS?: number }): FlowResult {
  const run = createFlowRun(flow, options);
  if (options.durationS === undefined) run.advanceToEnd();
  else run.advanceTo((options.warmUpS ?? 0) + options.durationS);
  return run.result();
}

class RunningFlow implements FlowRun {
  private readonly core: FlowCore;
  private readonly seed: number;
  private readonly replication: number;
  private readonly mostEvents: number;

  constructor(core: FlowCore, seed: number, replication: number, mostEvents: number) {
    this.core = core;
    this.seed = seed;
    this.replication = replication;
    this.mostEvents = mostEvents;
  }

  get nowS(): number {
    return this.core.events.now / MICROSECONDS;
  }

  get ended(): boolean {
    return this.core.events.peek() === Infinity;
  }

  advanceTo(seconds: number): void {
    const until = Math.round(seconds * MICROSECONDS);
    this.carryOn(until);
    if (until > this.core.events.now) this.core.events.now = until;
  }

  advanceToEnd(): void {
    this.carryOn(Infinity);
  }

  turn(calendar: number, on: boolean): void {
    if (this.core.compiled.calendars[calendar]?.toggles.length !== 0) throw new Error(`calendar ${calendar} has spans of its own`);
    turnCalendar(this.core, calendar, on);
    settle(this.core);
  }

  inside(component: string): number {
    const node = this.core.compiled.nodes.find(({ id }) => id === component);
    if (node === undefined) throw new Error(`there is no component ${component}`);
    return this.core.memory.content[node.index]!;
  }

  look(most = 100): FlowSight {
    return sightOf(this.core, most);
  }

  snapshot(): Uint8Array<ArrayBuffer> {
    return packMemory([this.core.events, this.core.memory]);
  }

  restore(bytes: Uint8Array): void {
    unpackMemory(bytes, [this.core.events, this.core.memory]);
  }

  fork(changes: { readonly seed?: number; readonly replication?: number } = {}): FlowRun {
    const { compiled } = this.core;
    const seed = changes.seed ?? this.seed;
    const replication = changes.replication ?? this.replication;
    const forked: FlowCore = { compiled, memory: new FlowMemory(compiled, 0), events: new EventList(), acts };
    copyMemory(this.core.events, forked.events);
    copyMemory(this.core.memory, forked.memory);
    if (seed !== this.seed || replication !== this.replication) forked.memory.key = replicationKey(seed, replication);
    return new RunningFlow(forked, seed, replication, this.mostEvents);
  }

  result(): FlowResult {
    return flowResult(this.core, this.seed, this.replication);
  }

  private carryOn(until: number): void {
    const { core } = this;
    const { events, memory } = core;
    while (events.next(until)) {
      carryOut(core, events.opcode, events.entity);
      if (memory.agendaHead !== memory.agendaTail) settle(core);
      if (events.count > this.mostEvents)
        throw new RunError(message("sim.flowTooManyEvents", { max: this.mostEvents, atS: events.now / MICROSECONDS }));
    }
  }
}

function begin(flow: FlowCore, options: FlowRunOptions): void {
  const { compiled, memory, events } = flow;
  for (const node of compiled.nodes)
    if (node.kind === STATION) for (let place = node.firstPlace; place < node.firstPlace + node.places; place++) refreshOpen(flow, place);
  startCalendars(flow);
  startStops(flow);
  startFluids(flow);
  for (const node of compiled.nodes) if (node.kind === SOURCE) startSource(flow, node);
  for (const node of compiled.nodes) if (node.kind === CUSTOM) customStart(flow, node);
  if (options.warmUpS !== undefined && options.warmUpS > 0) {
    memory.measuredFrom = Math.round(options.warmUpS * MICROSECONDS);
    events.schedule(memory.measuredFrom, ORDER.books, WARM_UP, 0);
  }
  if (options.seriesStepS !== undefined) {
    memory.seriesStep = Math.max(1, Math.round(options.seriesStepS * MICROSECONDS));
    memory.series = new Float64Array(64);
    events.schedule(memory.seriesStep, ORDER.books, STEP, 0);
  }
  settle(flow);
}

function carryOut(flow: FlowCore, opcode: number, entity: number): void {
  const { compiled, memory } = flow;
  switch (opcode) {
    case SEGMENT:
      if (memory.stepsAt === flow.events.now) countStep(flow, compiled.placeNode[entity]!);
      return segmentEnded(flow, entity);
    case ARRIVAL:
      countStep(flow, entity);
      return arrival(flow, compiled.nodes[entity]!);
    case HEAD:
      return headReady(flow, compiled.nodes[entity]!);
    case ENTRANCE:
      return entranceFree(flow, compiled.nodes[entity]!);
    case STOP_DUE:
      countStep(flow, compiled.stops[entity]!.node);
      return stopDue(flow, entity);
    case REPAIRED:
      countStep(flow, compiled.stops[entity]!.node);
      return repaired(flow, entity);
    case CALENDAR:
      return calendarTurns(flow, entity);
    case WALKED:
      return walked(flow, entity);
    case VEHICLE:
      countStep(flow, 0);
      return vehicleDone(flow, entity);
    case ROBOT_DONE:
      countStep(flow, 0);
      return robotDone(flow, entity);
    case BATCH_WAIT:
      memory.timer[entity] = -1;
      return wake(flow, entity);
    case ALARM:
      countStep(flow, entity & 0xffff);
      return customAlarm(flow, entity);
    case WARM_UP:
      return endWarmUp(flow);
    case STEP:
      return endStep(flow);
    case FLUID:
      return fluidEvent(flow);
    case PIPE:
      return pipeTurns(flow, entity);
    default:
      throw new Error(`opcode ${opcode} is not one of a flow`);
  }
}

/** Deletes what was counted so far. */
function endWarmUp(flow: FlowCore): void {
  const { memory, events, compiled } = flow;
  const { now } = events;
  memory.measuredFrom = now;
  bookFluids(flow);
  for (const column of [memory.tankIntegral, memory.tankEmpty, memory.tankFull, memory.pipeLitres]) column.fill(0);
  compiled.nodes.forEach((_, node) => {
    memory.integral[node] = -memory.content[node]! * now;
    memory.most[node] = memory.content[node]!;
  });
  for (const column of [memory.stay, memory.waited, memory.entered, memory.left, memory.rejects, memory.scrapped, memory.lost])
    column.fill(0);
  for (const column of [memory.stateTime, memory.cycles, memory.failures, memory.leadBins, memory.goodByProduct, memory.leadByProduct])
    column.fill(0);
  memory.stateSince.fill(now);
  compiled.groups.forEach((_, group) => (memory.groupTime[group] = -memory.groupUsed[group]! * now));
  compiled.limits.forEach((_, limit) => (memory.limitTime[limit] = -memory.limitUsed[limit]! * now));
  memory.vehicleTime.forEach((_, vehicle) => (memory.vehicleTime[vehicle] = memory.vehiclePhase[vehicle] === 0 ? 0 : -now));
  memory.robotTime.forEach((_, robot) => (memory.robotTime[robot] = memory.robotPhase[robot] === 0 ? 0 : -now));
  for (const column of [memory.robotPicks, memory.litresTaken, memory.litresGiven]) column.fill(0);
  memory.insideIntegral = -memory.inside * now;
  memory.insideMost = memory.inside;
  memory.good = memory.goodContents = memory.scrap = memory.lostAll = 0;
  memory.leadCount = memory.leadSum = memory.leadMost = 0;
}

/** One value more of the series: the mean number inside during the step. */
function endStep(flow: FlowCore): void {
  const { memory, events } = flow;
  const integral = memory.everIntegral + memory.inside * events.now;
  if (memory.seriesCount >= memory.series.length) {
    const grown = new Float64Array(memory.series.length * 2);
    grown.set(memory.series);
    memory.series = grown;
  }
  memory.series[memory.seriesCount++] = (integral - memory.seriesLast) / memory.seriesStep;
  memory.seriesLast = integral;
  events.schedule(events.now + memory.seriesStep, ORDER.books, STEP, 0);
}
