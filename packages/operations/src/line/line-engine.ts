import { carriedIntakeState, createSampleIntake } from "@doppelwerk/world";
import type { Instant, IntakeCounts, IntakeState, SampleBatch } from "@doppelwerk/world";
import { carriedAlarmState, createAlarmEngine, type AlarmEngineState, type OperatorAction } from "../alarms/alarm-engine.ts";
import type { AlarmEvent, AlarmList } from "../alarms/alarm-list.ts";
import type { AlarmRule } from "../alarms/alarm-rule.ts";
import type { CounterEvent, CounterMemory } from "../counters/counter.ts";
import { estimateLine, type LineEstimate } from "../estimate/line-estimate.ts";
import { createHistoryExtract, type HistoryExtractState, type StationObservations } from "../history-extract/history-extract.ts";
import { createKpiEngine, type KpiEngineState } from "../kpis/kpi-engine.ts";
import type { OeeResult, ShiftResult } from "../kpis/kpi-result.ts";
import { createShiftCalendar, type ShiftCalendar, type ZoneOffset } from "../shifts/shift-calendar.ts";
import { createStateEngine, type StateEngineState } from "../states/state-engine.ts";
import type { CurrentState, StateInterval } from "../states/station-state.ts";
import { createLineTracker, type TrackerState } from "../tracking/line-tracker.ts";
import type { PartEvent, TrackerSnapshot } from "../tracking/tracked-part.ts";
import type { LineDefinition } from "./line-definition.ts";
import { createLineDispatch } from "./line-dispatch.ts";
import { createNeighbours } from "./neighbours.ts";

/**
 * Everything operations knows of one line, as one incremental fold over samples. The same code runs live, over backfilled history and in a
 * browser that rewinds; the same samples give the same results however they are cut into batches.
 */
export interface LineEngine {
  readonly definition: LineDefinition;
  readonly calendar: ShiftCalendar;
  /** Those it was made with. */
  readonly rules: readonly AlarmRule[];
  /** Of those of its rules that were edited: since when they hold. */
  readonly rulesSince: ReadonlyMap<string, Instant>;
  /** Ids of all signals it listens to: what a rewind has to read from history. */
  readonly signals: readonly string[];
  /** Takes samples; `signalIds[i]` names index i of the batch. They act when `advance` passes their time. */
  step(batch: SampleBatch, signalIds: readonly string[]): void;
  /** Declares that time has come to `instant`: acts on all samples and delays up to it. Live callers stay a second behind, so that slow sources are in order. */
  advance(instant: Instant): void;
  /** The last instant it was advanced to. */
  now(): Instant;
  /** What has happened since the last call. */
  drain(): LineOutput;
  /** Current states, the stations in the order of the line, then single places. */
  states(): readonly CurrentState[];
  /** What is not closed yet at `now`: append it to the closed intervals to draw up to the present. */
  openIntervals(): readonly StateInterval[];
  parts(): TrackerSnapshot;
  shiftIds(): readonly string[];
  /** The shift, or the running one; undefined outside of shifts. */
  shift(id?: string): ShiftResult | undefined;
  oee(station: string, id?: string): OeeResult | undefined;
  alarms(): AlarmList;
  /** ISA-18.2 actions of people; see `AlarmEngine.act`. The event is also in the next `drain`. */
  act(action: OperatorAction, at: Instant): AlarmEvent | undefined;
  /** What `act` would conclude, with its refusals; nothing is carried out. */
  judge(action: OperatorAction, at: Instant): readonly AlarmEvent[];
  /**
   * Goes on where an engine of the same definition with other rules stands: rules that did not change keep their alarms, the others begin at the instant
   * from which they hold. `valueOf` tells the last value of a signal that was not listened to before.
   */
  continueFrom(other: LineEngine, valueOf: (signal: string) => number | string | undefined): void;
  /** Goes on with the alarms of an engine of the same rules that stands at the same instant: what was folded of one's own is forgotten. */
  takeAlarmsOf(other: LineEngine): void;
  /** Plain JSON, for `takeAlarmsOf`. */
  alarmState(): AlarmEngineState;
  /** Rules that lack what they need to annunciate (P24). */
  readonly refusedRules: readonly { readonly rule: string; readonly problems: readonly string[] }[];
  /** For fits: what was observed before an instant, from another one on. Empty unless the engine was made with `extract`. */
  observations(before?: Instant, since?: Instant): readonly StationObservations[];
  /** What a forecast from now starts from (P15). Operating times need `extract`. */
  estimate(): LineEstimate;
  readonly intake: IntakeCounts;
  snapshot(): LineEngineState;
  restore(state: LineEngineState): void;
}

export interface LineOutput {
  readonly intervals: readonly StateInterval[];
  readonly parts: readonly PartEvent[];
  readonly counters: readonly CounterEvent[];
  readonly alarms: readonly AlarmEvent[];
}

/** Of what a state holds: one of another version is folded anew. */
const STATE_VERSION = 5;

/** Plain JSON. */
export interface LineEngineState {
  readonly version: typeof STATE_VERSION;
  readonly now: Instant;
  readonly group: Instant;
  readonly intake: IntakeState;
  readonly states: StateEngineState;
  readonly tracker: TrackerState;
  readonly kpis: KpiEngineState;
  readonly alarms: AlarmEngineState;
  readonly extract?: HistoryExtractState;
  readonly counters: readonly CounterMemory[];
  readonly products: Readonly<Record<string, string>>;
  readonly output: LineOutput;
}

export interface LineEngineOptions {
  readonly zoneOffset: ZoneOffset;
  readonly rules?: readonly AlarmRule[];
  /** Since when rules hold that were edited; the others hold from the beginning. */
  readonly rulesSince?: ReadonlyMap<string, Instant>;
  /** Before it nobody could act on alarms: what returned by then needs no acknowledgement. Default: always attended. */
  readonly attendedFrom?: Instant;
  /** Collect what fits need; costs memory in proportion to the history. */
  readonly extract?: boolean;
  /** Shifts kept; older ones are forgotten. Default 400. */
  readonly keepShifts?: number;
}

export function createLineEngine(definition: LineDefinition, options: LineEngineOptions): LineEngine {
  const calendar = createShiftCalendar(definition.shifts, options.zoneOffset);
  let output = emptyOutput();
  let now: Instant = 0;
  /** Time of the samples that are being taken; states are read when it moves on. */
  let group: Instant = 0;

  const kpis = createKpiEngine(definition, calendar, options.keepShifts);
  const extract = options.extract ? createHistoryExtract(definition, calendar) : undefined;
  const rules = options.rules ?? [];
  const rulesSince = new Map(rules.flatMap(({ id }) => (options.rulesSince?.has(id) ? [[id, options.rulesSince.get(id)!] as const] : [])));
  const alarms = createAlarmEngine(rules, (event) => output.alarms.push(event), options.attendedFrom, {
    since: rulesSince,
    statesOf: (station) => neighbours.statesOf(station),
  });
  const tracker = createLineTracker(definition, (event) => {
    output.parts.push(event);
    kpis.part(event);
    extract?.part(event);
    if ("station" in event) neighbours.moved(event.station);
  });
  const states = createStateEngine(definition, {
    calendar,
    hint: (station) => neighbours.hint(station),
    emit: (interval) => {
      output.intervals.push(interval);
      kpis.interval(interval);
      extract?.interval(interval);
    },
    changed: (unit, at) => {
      const { station } = states.units[unit]!;
      alarms.stationState(station, neighbours.statesOf(station), at);
    },
  });
  const neighbours = createNeighbours(definition, () => states, tracker);
  const dispatch = createLineDispatch(definition, {
    states,
    tracker,
    kpis,
    alarms,
    extract,
    counter: (event) => output.counters.push(event),
  });
  const intake = createSampleIntake(dispatch.signals);
  const sink = dispatch.sample;

  function advance(until: Instant): void {
    for (;;) {
      const next = intake.nextTime(until);
      const due = Math.min(states.due(), alarms.due(), kpis.due());
      if (states.dirty() && Math.min(next, due) > group) {
        states.flush(group);
        continue;
      }
      if (next === Infinity && due > until) break;
      if (due <= next) {
        group = Math.max(group, due);
        if (states.due() <= group) states.fire(group);
        if (alarms.due() <= group) alarms.fire(group);
        if (kpis.due() <= group) kpis.fire(group);
        continue;
      }
      group = Math.max(group, next);
      intake.take(sink);
    }
    intake.settle();
    now = Math.max(now, until);
  }

  function restore(state: LineEngineState): void {
    if (state.version !== STATE_VERSION) throw new Error(`a line state of version ${String(state.version)}, not ${STATE_VERSION}`);
    now = state.now;
    group = state.group;
    intake.restore(state.intake);
    states.restore(state.states);
    tracker.restore(state.tracker);
    kpis.restore(state.kpis);
    alarms.restore(state.alarms);
    if (extract && state.extract) extract.restore(state.extract);
    dispatch.restore(state);
    output = JSON.parse(JSON.stringify(state.output)) as ReturnType<typeof emptyOutput>;
  }

  const running = () => calendar.shiftAt(now)?.id;

  return {
    definition,
    calendar,
    rules,
    rulesSince,
    signals: dispatch.signals,
    step: intake.step,
    advance,
    now: () => now,
    drain: () => {
      const drained = output;
      output = emptyOutput();
      return drained;
    },
    states: () => states.units.map((_, index) => states.current(index)),
    openIntervals: () => states.open(now),
    parts: () => tracker.at(now),
    shiftIds: () => kpis.shiftIds(),
    shift: (id = running()) => (id === undefined ? undefined : kpis.shift(id, now, states.open(now))),
    oee: (station, id = running()) => (id === undefined ? undefined : kpis.oee(id, station, now, states.open(now))),
    alarms: () => alarms.list(),
    act: (action, at) => alarms.act(action, at),
    judge: (action, at) => {
      const [before, kept] = [alarms.snapshot(), output];
      output = emptyOutput();
      try {
        alarms.act(action, at);
        return output.alarms;
      } finally {
        output = kept;
        alarms.restore(before);
      }
    },
    continueFrom: (other, valueOf) => {
      const state = other.snapshot();
      const before = { ...createAlarmEngine(other.rules, () => {}), since: other.rulesSince };
      restore({
        ...state,
        intake: carriedIntakeState(state.intake, other.signals, dispatch.signals),
        alarms: carriedAlarmState(state.alarms, before, { ...alarms, since: rulesSince }, valueOf),
      });
    },
    takeAlarmsOf: (other) => alarms.restore(other.alarmState()),
    alarmState: () => alarms.snapshot(),
    refusedRules: alarms.refused,
    observations: (before, since) => extract?.observations(before, since) ?? [],
    estimate: () =>
      estimateLine(
        definition,
        tracker.at(now),
        states.units.map((_, index) => states.current(index)),
        extract?.operatingTimes() ?? [],
      ),
    intake: intake.counts,
    snapshot: () => ({
      version: STATE_VERSION,
      now,
      group,
      intake: intake.snapshot(),
      states: states.snapshot(),
      tracker: tracker.snapshot(),
      kpis: kpis.snapshot(),
      alarms: alarms.snapshot(),
      ...(extract ? { extract: extract.snapshot() } : {}),
      ...dispatch.snapshot(),
      output: JSON.parse(JSON.stringify(output)) as LineOutput,
    }),
    restore,
  };
}

function emptyOutput(): { intervals: StateInterval[]; parts: PartEvent[]; counters: CounterEvent[]; alarms: AlarmEvent[] } {
  return { intervals: [], parts: [], counters: [], alarms: [] };
}
