import { DoppelwerkError, type Emit, type Fold, type FoldInput, type Folding, type Instant, type RecordId } from "@doppelwerk/world";
import { alarmSignalId, alarmSignals, nothingOf, samplesOfAlarms } from "./derived-signals.ts";
import type { FlowOutput } from "./flow-fold.ts";
import type { LineDefinition } from "../definition/line-definition.ts";
import type { StationState } from "../definition/station-state.ts";
import { carriedAlarmState, createAlarmEngine, type AlarmEngine, type AlarmEngineState } from "../alarms/alarm-engine.ts";
import type { OperatorAction } from "../alarms/operator-action.ts";
import type { AlarmEvent, AlarmList } from "../alarms/alarm-list.ts";
import { signalsOfCondition, type AlarmRule } from "../alarms/alarm-rule.ts";

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
}

export interface AlarmOutput {
  readonly type: "transition";
  readonly event: AlarmEvent;
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
    sampleOf: ({ event }) => samplesOfAlarms([event])[0],
    nothing: nothingOf,
    since: ({ since }) => new Map(Object.entries(since).map(([rule, instant]) => [alarmSignalId(rule), instant])),
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
  { rules, since, attendedFrom }: AlarmDefinition,
  emit: (event: AlarmEvent) => void,
  stations?: Map<string, readonly StationState[]>,
) {
  return createAlarmEngine(rules, emit, attendedFrom, {
    since: new Map(rules.flatMap(({ id }) => (since[id] === undefined ? [] : [[id, since[id]] as const]))),
    statesOf: (station) => stations?.get(station) ?? [],
  });
}

function openAlarms(definition: AlarmDefinition, emit: Emit<AlarmOutput>, state?: AlarmFoldState): AlarmFolding {
  const stations = new Map(Object.entries(state?.stations ?? {}));
  let judged: AlarmEvent[] | undefined;
  const conclude = (event: AlarmEvent): void => {
    if (judged) judged.push(event);
    else emit({ type: "transition", event }, { from: event.instant, inputs: slotsOf.get(event.rule) });
  };
  const engine = engineOf(definition, conclude, stations);
  if (state) engine.restore(state.engine);
  const slots = definition.signals;
  const numbers = new Map(engine.signals.map((signal, number) => [signal, number]));
  const numberOf = slots.map((signal) => numbers.get(signal) ?? -1);
  const slotOf = new Map(slots.map((signal, slot) => [signal, slot]));
  const slotsOf = new Map(
    definition.rules.map(({ id, condition }) => {
      const own = signalsOfCondition(condition).flatMap((signal) => slotOf.get(signal) ?? []);
      // the states of stations come after the signals, one line after the other
      const line = condition.kind === "state" ? (definition.lineOf?.[condition.station] ?? 0) : 0;
      return [id, own.length === 0 ? [slots.length + line] : own];
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
    due: () => engine.due(),
    fire: (at) => engine.fire(at),
    judge(action, at) {
      const before = engine.snapshot();
      judged = [];
      try {
        engine.act(action, at);
        return judged.map((event) => ({ output: { type: "transition", event }, inputs: slotsOf.get(event.rule) }));
      } finally {
        judged = undefined;
        engine.restore(before);
      }
    },
    snapshot: () => ({ engine: engine.snapshot(), stations: Object.fromEntries(stations) }),
    list: () => engine.list(),
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
