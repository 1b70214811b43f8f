import { hashedId, plainText, heldSamples } from "@doppelwerk/world";
import type { Instant, Json, KeptColumns, KeptSample, RecordId, SampleAt, SignalRecord } from "@doppelwerk/world";
import type { AlarmEvent, AlarmList } from "../alarms/alarm-list.ts";
import type { AlarmRule } from "../alarms/alarm-rule.ts";
import type { RuleEvaluation } from "../alarms/conditions/computed-rules.ts";
import { isComputed } from "../alarms/conditions/judge.ts";
import type { LineDefinition } from "../definition/line-definition.ts";
import type { FlowReadings } from "./line-core.ts";
import { STATE_CAUSES, STATION_STATES } from "../definition/station-state.ts";
import type { StateInterval, StationState } from "../definition/station-state.ts";

// What the server concludes (states, alarm steps) is kept in the historian as derived signals, so that any instant can be asked for like a measured value.

/** The signal that keeps the state of a station, or of one of its places. Value = position in STATION_STATES, text = cause and how it is known. */
export function stateSignalId(station: string, place?: number): RecordId {
  return idOf("derived/state", place === undefined ? station : `${station}/${place}`);
}

/** The signal that keeps the steps of an alarm rule; text = the step as JSON. */
export function alarmSignalId(rule: string): RecordId {
  return idOf("derived/alarm", rule);
}

/** The signal that keeps since when a rule cannot be evaluated, 1, and why as JSON; 0: it can. */
export function evaluationSignalId(rule: string): RecordId {
  return idOf("derived/alarm-evaluation", rule);
}

/** A hash takes as long as ten samples in a fold, and each conclusion asks for it. */
const ids = new Map<string, RecordId>();
const MAX_IDS = 20_000;

function idOf(source: string, path: string): RecordId {
  const key = `${source}\n${path}`;
  let id = ids.get(key);
  if (id === undefined) {
    id = hashedId("signal", source, path);
    if (ids.size >= MAX_IDS) ids.clear();
    ids.set(key, id);
  }
  return id;
}

export function derivedSignals(definition: LineDefinition, rules: readonly AlarmRule[]): readonly SignalRecord[] {
  const states = definition.stations.flatMap((station) => {
    const places = station.placesFailAlone && station.places > 1 ? Array.from({ length: station.places }, (_, place) => place) : [];
    return [undefined, ...places].map((place): SignalRecord => ({
      id: stateSignalId(station.id, place),
      kind: "signal",
      name: `${station.id}${place === undefined ? "" : ` place ${place + 1}`} state`,
      valueType: "enumeration",
      role: "State",
      ...(station.shell === undefined ? {} : { shell: station.shell }),
    }));
  });
  return [...states, ...alarmSignals(rules)];
}

export function alarmSignals(rules: readonly AlarmRule[]): readonly SignalRecord[] {
  const signalOf = (rule: AlarmRule, id: RecordId, name: string): SignalRecord => ({
    id,
    kind: "signal",
    name,
    valueType: "enumeration",
    role: "Alarm",
    // its name is the title of the rule
    ...readersOf(rule),
    ...(rule.shell === undefined ? {} : { shell: rule.shell }),
  });
  return rules.flatMap((rule) => {
    const own = signalOf(rule, alarmSignalId(rule.id), `alarm ${rule.title.en}`);
    return hasExpression(rule) ? [own, signalOf(rule, evaluationSignalId(rule.id), `evaluation of alarm ${rule.title.en}`)] : [own];
  });
}

/** Others can be evaluated as long as their signals are there. */
const hasExpression = ({ condition, suppressedWhen }: AlarmRule): boolean => isComputed(condition) || suppressedWhen !== undefined;

export function sampleOfEvaluation({ rule, instant, why }: RuleEvaluation): DerivedSample {
  return {
    signal: evaluationSignalId(rule),
    time: instant,
    value: why === undefined ? 0 : 1,
    text: JSON.stringify({ instant, ...(why && { why }) }),
  };
}

/** Why a rule could not be evaluated, and since when, as it was kept. */
export function evaluationOfSample(rule: string, sample: Pick<SampleAt, "text"> | undefined): RuleEvaluation | undefined {
  if (sample?.text === undefined) return undefined;
  const { instant, why } = JSON.parse(plainText(sample.text)) as Partial<RuleEvaluation>;
  return instant === undefined || why === undefined ? undefined : { rule, instant, why };
}

function readersOf(rule: AlarmRule): { readonly readers?: Json } {
  const { readers } = rule as { readonly readers?: Json };
  return readers === undefined ? {} : { readers };
}

/** A sample and the derived signal that it is of. */
export type DerivedSample = KeptSample & { readonly signal: RecordId };

/** Spans of states as samples at their beginnings. */
export function samplesOfIntervals(intervals: readonly StateInterval[]): readonly DerivedSample[] {
  return intervals.map((interval) => ({
    signal: stateSignalId(interval.station, interval.place),
    time: interval.from,
    value: STATION_STATES.indexOf(interval.state),
    text: `${interval.cause}${interval.inferred ? " inferred" : ""}${interval.word === undefined ? "" : ` ${interval.word}`}`,
  }));
}

export function samplesOfAlarms(events: readonly AlarmEvent[]): readonly DerivedSample[] {
  return events.map((event) => ({
    signal: alarmSignalId(event.rule),
    time: event.instant,
    value: alarmStates.indexOf(event.state),
    text: JSON.stringify(event),
  }));
}

/** What a derived signal says where it says nothing: not known in which state a station is, no alarm. */
export function nothingOf(signal: SignalRecord): { readonly value: number; readonly text: string } {
  return signal.role === "Alarm" ? { value: 0, text: "{}" } : { value: STATION_STATES.indexOf("unknown"), text: "unknown" };
}

/** What a derived signal says as it stands, and since when. */
export interface ActiveDerived {
  readonly signal: RecordId;
  readonly value: number;
  readonly since: Instant;
}

export function activeStates({ states }: Pick<FlowReadings, "states">): readonly ActiveDerived[] {
  return states().map(({ station, place, state, since }) => ({
    signal: stateSignalId(station, place),
    value: STATION_STATES.indexOf(state),
    since,
  }));
}

/** Of an alarm that was never raised only that it is none is known, at `now`. */
export function activeAlarmsDerived(rules: readonly AlarmRule[], { active, aside }: AlarmList, now: Instant): readonly ActiveDerived[] {
  const raised = new Map([...active, ...aside].map((entry) => [entry.rule, entry]));
  return rules.map(({ id }) => {
    const entry = raised.get(id);
    return { signal: alarmSignalId(id), value: alarmStates.indexOf(entry?.state ?? "normal"), since: entry?.changedAt ?? now };
  });
}

const alarmStates: readonly AlarmEvent["state"][] = [
  "normal",
  "unacknowledged",
  "acknowledged",
  "returnedUnacknowledged",
  "latched",
  "shelved",
  "suppressedByDesign",
  "outOfService",
];

/** A state as it was kept. */
export interface KeptState {
  readonly from: Instant;
  readonly state: StationState;
  readonly cause: string;
  readonly inferred: boolean;
  readonly word?: string;
}

export function stateOfSample(value: number, text: string | undefined, from: Instant): KeptState {
  const [cause = "unknown", ...rest] = plainText(text ?? "unknown").split(" ");
  const inferred = rest[0] === "inferred";
  const word = (inferred ? rest.slice(1) : rest).join(" ");
  return {
    from,
    state: STATION_STATES[value] ?? "unknown",
    cause: (STATE_CAUSES as readonly string[]).includes(cause) ? cause : "unknown",
    inferred,
    ...(word === "" ? {} : { word }),
  };
}

/** The steps of an alarm, in order of time. A sample that only says again what stands is no step. */
export function alarmEventsOf(columns: KeptColumns): AlarmEvent[] {
  return eventsOf(heldSamples(columns));
}

/** Those of them that raise the alarm. */
export function raisedEventsOf(columns: KeptColumns): AlarmEvent[] {
  return eventsOf(heldSamples(columns, alarmStates.indexOf("unacknowledged")));
}

function eventsOf(samples: readonly KeptSample[]): AlarmEvent[] {
  return samples.flatMap(({ time, text }) => {
    const event = alarmEventOf({ text });
    return event?.instant === time ? [event] : [];
  });
}

/** The last step of an alarm as of a sample; undefined where there was none yet. */
export function alarmEventOf(sample: Pick<SampleAt, "text"> | undefined): AlarmEvent | undefined {
  if (sample?.text === undefined) return undefined;
  const event = JSON.parse(plainText(sample.text)) as Partial<AlarmEvent>;
  return event.rule === undefined ? undefined : (event as AlarmEvent);
}
