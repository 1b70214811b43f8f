import { DoppelwerkError, type Emit, type Fold, type FoldInput, type Folding, type Instant, type RecordId } from "@doppelwerk/world";
import { alarmSignalId, alarmSignals, evaluationSignalId, nothingOf, sampleOfEvaluation, samplesOfAlarms } from "./derived-signals.ts";
import type { FlowOutput } from "./flow-fold.ts";
import type { LineDefinition } from "../definition/line-definition.ts";
import type { StationState } from "../definition/station-state.ts";
import { createAlarmEngine, type AlarmEngine } from "../alarms/alarm-engine.ts";
import { carriedAlarmState, type AlarmEngineState } from "../alarms/alarm-engine-state.ts";
import type { OperatorAction } from "../alarms/operator-action.ts";
import type { AlarmEvent, AlarmList } from "../alarms/alarm-list.ts";
import { signalsOfRule, stationsOfRule, type AlarmRule } from "../alarms/alarm-rule.ts";
import type { RuleEvaluation } from "../alarms/conditions/computed-rules.ts";

/** Plain JSON. */
export interface AlarmDefinition {
  readonly rules: readonly AlarmRule[];
  /** Signals of the conditions, in the order in which samples of one instant are judged. */
  readonly signals: readonly RecordId[];
  /** Since when rules hold that did not always, by id. */
  readonly since: Readonly<Record<string, Instant>>;
  /** Before it nobody could act on alarms: what returned by then needs no acknowledgement. */
  readonly attendedFrom?: Instant;
  /** Where there are several lines: the place of the line among them that a station is of. */
  readonly lineOf?: Readonly<Record<string, number>>;
  /** Signals of conditions that are no more, and since when. */
  readonly gone?: Readonly<Record<RecordId, Instant>>;
}

export type AlarmOutput =
  | { readonly type: "transition"; readonly event: AlarmEvent }
  /** A rule cannot be evaluated from now on, or can be again. */
  | { readonly type: "evaluation"; readonly evaluation: RuleEvaluation };

/** The steps of alarms among conclusions. */
export function alarmStepsOf(concluded: readonly { readonly fold: string; readonly output: unknown }[]): readonly AlarmEvent[] {
  return concluded.flatMap(({ fold, output }) => {
    const own = fold === alarmFold.id ? (output as AlarmOutput) : undefined;
    return own?.type === "transition" ? [own.event] : [];
  });
}

export interface AlarmFoldState {
  readonly engine: AlarmEngineState;
  /** Of stations whose states are taken: those that stand. */
  readonly stations: Readonly<Record<string, readonly StationState[]>>;
}

/** Something a person did, recorded. */
export const ALARM_ACT = "alarm.act";

export interface AlarmFolding extends Folding<AlarmFoldState, OperatorAction, AlarmOutput> {
  list(): AlarmList;
  unevaluated(): readonly RuleEvaluation[];
  readonly refused: AlarmEngine["refused"];
}

/** Alarms (ISA-18.2) over any signal of any asset and the states of stations. */
export const alarmFold: Fold<AlarmDefinition, AlarmFoldState, AlarmOutput, OperatorAction> = {
  id: "alarms",
  version: 1,
  state: { version: 1, maxBytes: 64 << 20 },
  needs: ["flow@1"],
  partial: "wait",
  keeps: {
    signals: ({ rules }) => alarmSignals(rules),
    sampleOf: (output) => (output.type === "transition" ? samplesOfAlarms([output.event])[0] : sampleOfEvaluation(output.evaluation)),
    nothing: nothingOf,
    since: ({ since }) =>
      new Map(
        Object.entries(since).flatMap(([rule, at]) => [alarmSignalId(rule), evaluationSignalId(rule)].map((id) => [id, at] as const)),
      ),
  },
  open: openAlarms,
  adopt(state, before, after, valueOf) {
    const judged = (definition: AlarmDefinition) => ({
      ...engineOf(definition, () => {}),
      since: new Map(Object.entries(definition.since)),
    });
    return { ...state, engine: carriedAlarmState(state.engine, judged(before), judged(after), valueOf) };
  },
};

function engineOf(
  { rules, since, attendedFrom, gone }: AlarmDefinition,
  emit: (event: AlarmEvent) => void,
  stations?: Map<string, readonly StationState[]>,
  onEvaluation?: (evaluation: RuleEvaluation) => void,
) {
  return createAlarmEngine(rules, emit, attendedFrom, {
    since: new Map(rules.flatMap(({ id }) => (since[id] === undefined ? [] : [[id, since[id]] as const]))),
    statesOf: (station) => stations?.get(station) ?? [],
    ...(gone && { gone: new Map(Object.entries(gone)) }),
    ...(onEvaluation && { onEvaluation }),
  });
}

function openAlarms(definition: AlarmDefinition, emit: Emit<AlarmOutput>, state?: AlarmFoldState): AlarmFolding {
  const stations = new Map(Object.entries(state?.stations ?? {}));
  let judged: AlarmEvent[] | undefined;
  const conclude = (event: AlarmEvent): void => {
    if (judged) judged.push(event);
    else emit({ type: "transition", event }, { from: event.instant, inputs: slotsOf.get(event.rule) });
  };
  const engine = engineOf(definition, conclude, stations, (evaluation) => {
    if (!judged) emit({ type: "evaluation", evaluation }, { from: evaluation.instant, inputs: slotsOf.get(evaluation.rule) });
  });
  if (state) engine.restore(state.engine);
  const slots = definition.signals;
  const numbers = new Map(engine.signals.map((signal, number) => [signal, number]));
  const numberOf = slots.map((signal) => numbers.get(signal) ?? -1);
  const slotOf = new Map(slots.map((signal, slot) => [signal, slot]));
  const slotsOf = new Map(
    definition.rules.map((rule) => {
      const own = signalsOfRule(rule).flatMap((signal) => slotOf.get(signal) ?? []);
      // the states of stations come after the signals, one line after the other
      const [first] = stationsOfRule(rule);
      const line = first === undefined ? 0 : (definition.lineOf?.[first.station] ?? 0);
      return [rule.id, own.length === 0 ? [slots.length + line] : own];
    }),
  );
  const act = (action: OperatorAction, at: Instant): void => {
    // one that an edited rule has no place for any more is passed over
    if (!engine.rules.some(({ id }) => id === action.rule) || at < (definition.since[action.rule] ?? 0)) return;
    try {
      engine.act(action, at);
    } catch (error) {
      if (!(error instanceof DoppelwerkError)) throw error;
    }
  };
  return {
    take: (input, value, text, quality, _origin, at) => engine.sample(numberOf[input]!, value, text, quality, at),
    takeEvent(_input, event, { known, from }) {
      if ("action" in (event as object)) return act(event as OperatorAction, known);
      const { station, states } = event as FlowOutput & { readonly type: "states" };
      stations.set(station, states);
      engine.stationState(station, states, from);
    },
    settle: (at) => engine.settle(at),
    due: () => engine.due(),
    fire: (at) => engine.fire(at),
    judge(action, at) {
      // of ten thousand alarms only the one that is acted on is copied
      const undo = engine.remember(action.rule);
      judged = [];
      try {
        engine.act(action, at);
        return judged.map((event) => ({ output: { type: "transition", event }, inputs: slotsOf.get(event.rule) }));
      } finally {
        judged = undefined;
        undo();
      }
    },
    snapshot: () => ({ engine: engine.snapshot(), stations: Object.fromEntries(stations) }),
    list: () => engine.list(),
    unevaluated: () => engine.unevaluated(),
    refused: engine.refused,
  };
}

/** `first` are signals whose order within an instant counts, as the line reads them. */
export function alarmDefinition(options: Omit<AlarmDefinition, "signals">, first: readonly RecordId[] = []): AlarmDefinition {
  const { signals } = createAlarmEngine(options.rules, () => {});
  const wanted = new Set(signals);
  return { ...options, signals: [...new Set([...first.filter((signal) => wanted.has(signal)), ...signals])] };
}

/** `flows` are the lines whose states rules ask for. */
export function inputsOfAlarms({ signals }: AlarmDefinition, flows: readonly RecordId[] = []): readonly FoldInput[] {
  return [
    ...signals.map((signal) => ({ signal })),
    ...flows.map((subject) => ({ fold: "flow", subject, type: "states" })),
    { recorded: ALARM_ACT },
  ];
}

/** What alarms take of lines: their states, and which station is of which. The definition of a world with one line names none. */
export function linesOfAlarms(lines: readonly Pick<LineDefinition, "id" | "stations">[]): {
  readonly flows: readonly RecordId[];
  readonly lineOf: Pick<AlarmDefinition, "lineOf">;
} {
  const stations = lines.flatMap((line, at) => line.stations.map(({ id }) => [id, at] as const));
  return { flows: lines.map(({ id }) => id), lineOf: lines.length < 2 ? {} : { lineOf: Object.fromEntries(stations) } };
}
