import { STATE_CAUSES, STATION_STATES } from "@doppelwerk/operations";
import type { AlarmEvent, AlarmRule, LineDefinition, StateInterval } from "@doppelwerk/operations";
import { hashedId, quality } from "@doppelwerk/world";
import type { Instant, RecordId, SampleAt, SampleBatch, SampleColumns, SignalRecord } from "@doppelwerk/world";

// What the server concludes (states, alarm steps) is kept in the historian as derived signals, so that any instant can be asked for like a measured value.

/** The signal that keeps the state of a station, or of one of its places. Value = position in STATION_STATES, text = cause and how it is known. */
export function stateSignalId(station: string, place?: number): RecordId {
  return hashedId("signal", "derived/state", place === undefined ? station : `${station}/${place}`);
}

/** The signal that keeps the steps of an alarm rule; text = the step as JSON. */
export function alarmSignalId(rule: string): RecordId {
  return hashedId("signal", "derived/alarm", rule);
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
  const alarms = rules.map((rule): SignalRecord => ({
    id: alarmSignalId(rule.id),
    kind: "signal",
    name: `alarm ${rule.title.en}`,
    valueType: "enumeration",
    role: "Alarm",
    ...(rule.shell === undefined ? {} : { shell: rule.shell }),
  }));
  return [...states, ...alarms];
}

/** Closed intervals as samples at their beginnings. */
export function samplesOfIntervals(intervals: readonly StateInterval[], rowOf: (id: RecordId) => number | undefined): SampleBatch {
  return batchOf(
    intervals.map((interval) => ({
      row: rowOf(stateSignalId(interval.station, interval.place)),
      value: STATION_STATES.indexOf(interval.state),
      text: `${interval.cause}${interval.inferred ? " inferred" : ""}${interval.word === undefined ? "" : ` ${interval.word}`}`,
      time: interval.from,
    })),
  );
}

export function samplesOfAlarms(events: readonly AlarmEvent[], rowOf: (id: RecordId) => number | undefined): SampleBatch {
  return batchOf(
    events.map((event) => ({
      row: rowOf(alarmSignalId(event.rule)),
      value: alarmStates.indexOf(event.state),
      text: JSON.stringify(event),
      time: event.instant,
    })),
  );
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
  readonly state: string;
  readonly cause: string;
  readonly inferred: boolean;
  readonly word?: string;
}

export function stateOfSample(value: number, text: string | undefined, from: Instant): KeptState {
  const [cause = "unknown", ...rest] = (text ?? "unknown").split(" ");
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

export function alarmEventsOf(columns: SampleColumns): AlarmEvent[] {
  return [...columns.texts.values()].map((text) => JSON.parse(text) as AlarmEvent);
}

export function alarmEventOf(sample: SampleAt | undefined): AlarmEvent | undefined {
  return sample?.text === undefined ? undefined : (JSON.parse(sample.text) as AlarmEvent);
}

function batchOf(
  samples: readonly { readonly row: number | undefined; readonly value: number; readonly text: string; readonly time: Instant }[],
): SampleBatch {
  const known = samples.filter(({ row }) => row !== undefined);
  return {
    origin: "derived",
    count: known.length,
    signals: Uint32Array.from(known, ({ row }) => row!),
    values: Float64Array.from(known, ({ value }) => value),
    texts: new Map(known.map(({ text }, row) => [row, text])),
    qualities: new Uint8Array(known.length).fill(quality.good),
    sourceTimes: Float64Array.from(known, ({ time }) => time),
    serverTimes: Float64Array.from(known, ({ time }) => time),
  };
}
