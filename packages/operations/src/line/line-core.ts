import type { Instant, SampleSink } from "@doppelwerk/world";
import type { AlarmEngine } from "../alarms/alarm-engine.ts";
import type { CounterEvent, CounterMemory } from "../counters/counter.ts";
import { estimateLine, type LineEstimate } from "../estimate/line-estimate.ts";
import {
  createHistoryExtract,
  type HistoryExtract,
  type HistoryExtractState,
  type StationObservations,
} from "../history-extract/history-extract.ts";
import { createShiftCalendar, type ShiftCalendar, type ZoneOffset } from "../shifts/shift-calendar.ts";
import { createStateEngine, type StateEngine, type StateEngineState } from "../states/state-engine.ts";
import type { CurrentState, StateInterval, StationState } from "../definition/station-state.ts";
import { createLineTracker, type LineTracker } from "../tracking/line-tracker.ts";
import type { TrackerState } from "../tracking/tracker-state.ts";
import type { PartEvent, TrackerSnapshot } from "../tracking/tracked-part.ts";
import type { LineDefinition } from "../definition/line-definition.ts";
import { createLineDispatch, type CountSink } from "./line-dispatch.ts";
import { createNeighbours } from "./neighbours.ts";

/** What is asked of the flow of a line as it stands. */
export interface FlowReadings {
  readonly definition: LineDefinition;
  readonly calendar: ShiftCalendar;
  /** Ids of the signals it listens to: what a rewind has to read from history. */
  readonly signals: readonly string[];
  /** The last instant it was advanced to. */
  now(): Instant;
  /** Current states, the stations in the order of the line, then single places. */
  states(): readonly CurrentState[];
  /** What is not closed yet at `now`: append it to the closed intervals to draw up to the present. */
  openIntervals(): readonly StateInterval[];
  parts(): TrackerSnapshot;
  /** For fits: what was observed before an instant, from another one on. Empty unless the line was opened with `extract`. */
  observations(before?: Instant, since?: Instant): readonly StationObservations[];
  /** What a forecast from now starts from (P15). Operating times need `extract`. */
  estimate(): LineEstimate;
}

export interface LineCoreOptions {
  readonly zoneOffset: ZoneOffset;
  /** Collect what fits need; costs memory in proportion to the history. */
  readonly extract?: boolean;
}

/** Gets what the line concludes, in order. */
export interface LineSink {
  interval(interval: StateInterval): void;
  part(event: PartEvent): void;
  counter(event: CounterEvent): void;
  readonly counted: CountSink;
  /** The states of a station from `at` on: its own first, then those of its places. */
  states(station: string, states: readonly StationState[], at: Instant): void;
}

/** For who only asks. */
export const NOWHERE: LineSink = { interval: () => {}, part: () => {}, counter: () => {}, counted: () => {}, states: () => {} };

/** Plain JSON. */
export interface LineCoreState {
  readonly states: StateEngineState;
  readonly tracker: TrackerState;
  readonly extract?: HistoryExtractState;
  readonly counters: readonly CounterMemory[];
  readonly products: Readonly<Record<string, string>>;
}

/** States, tracking and counts of one line: what feeds back into each other, over samples in order of time. */
export interface LineCore {
  /** Wanted signals; a sample's slot is the position here. */
  readonly signals: readonly string[];
  readonly sample: SampleSink;
  /** States are to be read once all samples of the instant were taken. */
  dirty(): boolean;
  settle(at: Instant): void;
  due(): Instant;
  fire(at: Instant): void;
  statesOf(station: string): readonly StationState[];
  readings(now: () => Instant): FlowReadings;
  snapshot(): LineCoreState;
  restore(state: LineCoreState): void;
}

export function createLineCore(definition: LineDefinition, options: LineCoreOptions, sink: LineSink, alarms?: AlarmEngine): LineCore {
  const calendar = createShiftCalendar(definition.shifts, options.zoneOffset);
  const extract = options.extract ? createHistoryExtract(definition, calendar) : undefined;
  const tracker = createLineTracker(definition, (event) => {
    sink.part(event);
    extract?.part(event);
    if ("station" in event) neighbours.moved(event.station);
  });
  const states = createStateEngine(definition, {
    calendar,
    hint: (station) => neighbours.hint(station),
    emit: (interval) => {
      sink.interval(interval);
      extract?.interval(interval);
    },
    changed: (unit, at) => {
      const { station } = states.units[unit]!;
      sink.states(station, neighbours.statesOf(station), at);
    },
  });
  const neighbours = createNeighbours(definition, () => states, tracker);
  const dispatch = createLineDispatch(definition, {
    states,
    tracker,
    alarms,
    extract,
    counter: (event) => sink.counter(event),
    counted: sink.counted,
  });

  return {
    signals: dispatch.signals,
    sample: dispatch.sample,
    dirty: () => states.dirty(),
    settle: (at) => states.flush(at),
    due: () => states.due(),
    fire: (at) => states.fire(at),
    statesOf: (station) => neighbours.statesOf(station),
    readings: (now) => readingsOf({ definition, calendar, signals: dispatch.signals, states, tracker, extract }, now),
    snapshot: () => ({
      states: states.snapshot(),
      tracker: tracker.snapshot(),
      ...(extract ? { extract: extract.snapshot() } : {}),
      ...dispatch.snapshot(),
    }),
    restore(state) {
      states.restore(state.states);
      tracker.restore(state.tracker);
      if (extract && state.extract) extract.restore(state.extract);
      dispatch.restore(state);
    },
  };
}

interface LineParts extends Pick<FlowReadings, "definition" | "calendar" | "signals"> {
  readonly states: StateEngine;
  readonly tracker: LineTracker;
  readonly extract: HistoryExtract | undefined;
}

function readingsOf({ definition, calendar, signals, states, tracker, extract }: LineParts, now: () => Instant): FlowReadings {
  return {
    definition,
    calendar,
    signals,
    now,
    states: () => states.units.map((_, index) => states.current(index)),
    openIntervals: () => states.open(now()),
    parts: () => tracker.at(now()),
    observations: (before, since) => extract?.observations(before, since, states.open(now())) ?? [],
    estimate: () =>
      estimateLine(
        definition,
        tracker.at(now()),
        states.units.map((_, index) => states.current(index)),
        extract?.operatingTimes() ?? [],
      ),
  };
}
