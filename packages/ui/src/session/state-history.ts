import type { Snapshot } from "@doppelwerk/client";
import { STATION_STATES } from "@doppelwerk/operations";
import type { SignalEntry } from "@doppelwerk/sync";
import type { Instant, RecordId, SampleBatch } from "@doppelwerk/world";

export interface StateSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly state: string;
  readonly inferred?: boolean;
}

/** Spans of state by station and by `station/place`. */
export type StateHistory = ReadonlyMap<string, readonly StateSpan[]>;

/** The derived signals that keep states: `S090 state` of a station, `S090 place 4 state` of one of its places. */
export function stateSignals(entries: readonly SignalEntry[]): ReadonlyMap<RecordId, string> {
  const keys = new Map<RecordId, string>();
  for (const entry of entries) {
    if (entry.role !== "State") continue;
    const [, station, place] = /^(.+?)(?: place (\d+))? state$/.exec(entry.name) ?? [];
    if (station !== undefined) keys.set(entry.id, place === undefined ? station : `${station}/${Number(place) - 1}`);
  }
  return keys;
}

/** Recorded states as spans: each lasts to the next one; the last is open and ends at `to`, to be cut by what is known now. */
export function recordedSpans(batch: SampleBatch, keyOf: (index: number) => string | undefined, to: Instant): StateHistory {
  const spans = new Map<string, StateSpan[]>();
  for (let row = 0; row < batch.count; row += 1) {
    const key = keyOf(batch.signals[row]!);
    if (key === undefined) continue;
    const list = spans.get(key) ?? [];
    spans.set(key, list);
    const from = batch.sourceTimes[row]!;
    const last = list.at(-1);
    if (last !== undefined) list[list.length - 1] = { ...last, to: Math.min(last.to, from) };
    list.push({
      from,
      to,
      state: STATION_STATES[batch.values[row]!] ?? "unknown",
      inferred: (batch.texts.get(row) ?? "").includes(" inferred"),
    });
  }
  return spans;
}

/** Intervals are recorded when they close: what is open now comes from the snapshot and ends the last recorded one. */
export function withPresent(recorded: StateHistory, snapshot: Snapshot): StateHistory {
  const next = new Map(recorded);
  const close = (key: string, state: string, since: Instant | undefined, inferred: boolean): void => {
    const list = recorded.get(key) ?? [];
    const last = list.at(-1);
    const from = Math.min(snapshot.instant, since === undefined || since === 0 ? (last?.from ?? snapshot.instant) : since);
    const kept = list.filter((span) => span.from < from).map((span) => (span.to > from ? { ...span, to: from } : span));
    next.set(key, [...kept, { from, to: snapshot.instant, state, inferred }]);
  };
  for (const station of snapshot.stations) {
    close(station.id, station.state, station.since, station.inferred);
    station.places.forEach((place, index) => {
      const key = `${station.id}/${index}`;
      const list = recorded.get(key);
      // A place without a record of its own shares the state of its station.
      if (list === undefined) next.set(key, next.get(station.id) ?? []);
      else close(key, place.state, list.at(-1)?.state === place.state ? list.at(-1)!.from : snapshot.instant, station.inferred);
    });
  }
  return next;
}
