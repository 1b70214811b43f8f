import { carriedIntakeState, createSampleIntake } from "@doppelwerk/world";
import type { Instant, IntakeCounts, IntakeState, SampleBatch } from "@doppelwerk/world";
import { createAlarmEngine } from "../alarms/alarm-engine.ts";
import { carriedAlarmState, type AlarmEngineState } from "../alarms/alarm-engine-state.ts";
import type { OperatorAction } from "../alarms/operator-action.ts";
import type { AlarmEvent, AlarmList } from "../alarms/alarm-list.ts";
import type { AlarmRule } from "../alarms/alarm-rule.ts";
import type { CounterEvent } from "../counters/counter.ts";
import { kpiDefinition } from "../kpis/kpi-definition.ts";
import { createKpiEngine, type KpiEngineState } from "../kpis/kpi-engine.ts";
import { createShiftCalendar } from "../shifts/shift-calendar.ts";
import type { StateInterval } from "../definition/station-state.ts";
import type { PartEvent } from "../tracking/tracked-part.ts";
import { createLineCore, type LineCoreOptions, type LineCoreState } from "./line-core.ts";
import { lineReadings, type LineReadings } from "./line-readings.ts";
import type { LineDefinition } from "../definition/line-definition.ts";

/**
 * Everything operations knows of one line, as one incremental fold over samples. The same code runs live, over backfilled history and in a
 * browser that rewinds; the same samples give the same results however they are cut into batches.
 */
export interface LineEngine extends LineReadings {
  /** Those it was made with. */
  readonly rules: readonly AlarmRule[];
  /** Of those of its rules that were edited: since when they hold. */
  readonly rulesSince: ReadonlyMap<string, Instant>;
  /** Takes samples; `signalIds[i]` names index i of the batch. They act when `advance` passes their time. */
  step(batch: SampleBatch, signalIds: readonly string[]): void;
  /** Declares that time has come to `instant`: acts on all samples and delays up to it. Live callers stay a second behind, so that slow sources are in order. */
  advance(instant: Instant): void;
  /** What has happened since the last call. */
  drain(): LineOutput;
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

/** Of what a state holds: one of another version is folded again. */
const STATE_VERSION = 5;

/** Plain JSON. */
export interface LineEngineState extends LineCoreState {
  readonly version: typeof STATE_VERSION;
  readonly now: Instant;
  readonly group: Instant;
  readonly intake: IntakeState;
  readonly kpis: KpiEngineState;
  readonly alarms: AlarmEngineState;
  readonly output: LineOutput;
}

export interface LineEngineOptions extends LineCoreOptions {
  readonly rules?: readonly AlarmRule[];
  /** Since when rules hold that were edited; the others hold from the beginning. */
  readonly rulesSince?: ReadonlyMap<string, Instant>;
  /** Before it nobody could act on alarms: what returned by then needs no acknowledgement. Default: always attended. */
  readonly attendedFrom?: Instant;
  /** Shifts kept; older ones are forgotten. Default 400. */
  readonly keepShifts?: number;
}

export function createLineEngine(definition: LineDefinition, options: LineEngineOptions): LineEngine {
  let output = emptyOutput();
  let now: Instant = 0;
  /** Time of the samples that are being taken; states are read when it moves on. */
  let group: Instant = 0;
  const rules = options.rules ?? [];
  const rulesSince = new Map(rules.flatMap(({ id }) => (options.rulesSince?.has(id) ? [[id, options.rulesSince.get(id)!] as const] : [])));
  const alarms = createAlarmEngine(rules, (event) => output.alarms.push(event), options.attendedFrom, {
    since: rulesSince,
    statesOf: (station) => core.statesOf(station),
  });
  const kpis = createKpiEngine(kpiDefinition(definition), createShiftCalendar(definition.shifts, options.zoneOffset), options.keepShifts);
  const core = createLineCore(
    definition,
    options,
    {
      interval(interval) {
        output.intervals.push(interval);
        kpis.interval(interval);
      },
      part(event) {
        output.parts.push(event);
        kpis.part(event);
      },
      // oxlint-disable-next-line max-params -- once a sample, without an object
      counted: (station, role, delta, product, acrossGap, at) => kpis.count(station, role, delta, product, acrossGap, at),
      counter: (event) => output.counters.push(event),
      states: (station, states, at) => alarms.stationState(station, states, at),
    },
    alarms,
  );
  const intake = createSampleIntake(core.signals);
  const sink = core.sample;

  function advance(until: Instant): void {
    for (;;) {
      const next = intake.nextTime(until);
      const due = Math.min(core.due(), kpis.due(), alarms.due());
      if ((core.dirty() || alarms.isWaiting) && Math.min(next, due) > group) {
        if (core.dirty()) core.settle(group);
        else alarms.settle(group);
        continue;
      }
      if (next === Infinity && due > until) break;
      if (due <= next) {
        group = Math.max(group, due);
        if (core.due() <= group) core.fire(group);
        if (kpis.due() <= group) kpis.fire(group);
        if (alarms.due() <= group) alarms.fire(group);
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
    core.restore(state);
    kpis.restore(state.kpis);
    alarms.restore(state.alarms);
    output = JSON.parse(JSON.stringify(state.output)) as ReturnType<typeof emptyOutput>;
  }

  return {
    ...lineReadings(
      core.readings(() => now),
      kpis,
    ),
    rules,
    rulesSince,
    step: intake.step,
    advance,
    drain: () => {
      const drained = output;
      output = emptyOutput();
      return drained;
    },
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
        intake: carriedIntakeState(state.intake, other.signals, core.signals),
        alarms: carriedAlarmState(state.alarms, before, { ...alarms, since: rulesSince }, valueOf),
      });
    },
    takeAlarmsOf: (other) => alarms.restore(other.alarmState()),
    alarmState: () => alarms.snapshot(),
    refusedRules: alarms.refused,
    intake: intake.counts,
    snapshot: () => ({
      version: STATE_VERSION,
      now,
      group,
      intake: intake.snapshot(),
      ...core.snapshot(),
      kpis: kpis.snapshot(),
      alarms: alarms.snapshot(),
      output: JSON.parse(JSON.stringify(output)) as LineOutput,
    }),
    restore,
  };
}

function emptyOutput(): { intervals: StateInterval[]; parts: PartEvent[]; counters: CounterEvent[]; alarms: AlarmEvent[] } {
  return { intervals: [], parts: [], counters: [], alarms: [] };
}
