import type { Snapshot, StateBegin } from "@doppelwerk/client";
import { stateOfSample } from "@doppelwerk/operations";
import type { SignalEntry } from "@doppelwerk/sync";
import { heldSamples } from "@doppelwerk/world";
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

/** Recorded states as spans: each lasts to the next one; the last is open and ends at `to`, to be cut by what is known now. Of revised ones the newest count. */
export function recordedSpans(batch: SampleBatch, keyOf: (index: number) => string | undefined, to: Instant): StateHistory {
  const rows = Map.groupBy(Array.from({ length: batch.count }).keys(), (row) => keyOf(batch.signals[row]!) ?? "");
  rows.delete("");
  const spans = new Map<string, readonly StateSpan[]>();
  for (const [key, own] of rows) {
    const held = heldSamples({
      times: Float64Array.from(own, (row) => batch.sourceTimes[row]!),
      values: Float64Array.from(own, (row) => batch.values[row]!),
      texts: new Map(own.map((row, at) => [at, batch.texts.get(row) ?? ""])),
    });
    spans.set(
      key,
      held.map(({ time, value, text }, at) => {
        const { state, inferred } = stateOfSample(value, text, time);
        return { from: time, to: Math.min(to, held[at + 1]?.time ?? to), state, inferred };
      }),
    );
  }
  return spans;
}

/** What history lacks of a station or place until it ends: its present state, and the spans before it of a stop that goes on. */
interface Present {
  readonly state: string;
  readonly since: Instant | undefined;
  readonly inferred: boolean;
  readonly earlier?: readonly StateBegin[] | undefined;
}

/**
 * Intervals are recorded when they close: what is open now comes from the snapshot and ends the last recorded one. While the past is being read nobody knows how
 * long the last one lasted: from its beginning to what is known now the state is unknown.
 */
export function withPresent(recorded: StateHistory, snapshot: Snapshot): StateHistory {
  const isReading = snapshot.reading !== undefined;
  const spansWith = (spans: readonly StateSpan[], present: Present): readonly StateSpan[] =>
    endedBy(spans, present, snapshot.instant, isReading);
  const next = new Map(recorded);
  for (const station of snapshot.stations) {
    next.set(station.id, spansWith(recorded.get(station.id) ?? [], station));
    station.places.forEach((place, index) => {
      const key = `${station.id}/${index}`;
      const present = { state: place.state, since: place.stateSince, inferred: place.inferred === true, earlier: place.earlier };
      // A place without a state of its own shares that of its station.
      const isOwn = place.stateSince !== undefined || recorded.has(key);
      next.set(key, isOwn ? spansWith(recorded.get(key) ?? [], present) : next.get(station.id)!);
    });
  }
  return next;
}

function endedBy(
  recorded: readonly StateSpan[],
  { state, since, inferred, earlier = [] }: Present,
  now: Instant,
  isReading: boolean,
): readonly StateSpan[] {
  const last = recorded.at(-1);
  // since when is not known: the last that is recorded, where it is the same, else only now
  const present = since === undefined || since === 0 ? (last?.state === state ? last.from : now) : Math.min(since, now);
  const known = [...earlier, { from: present, state, inferred }];
  const isUnread = isReading && last !== undefined && last.from < known[0]!.from;
  const open = isUnread ? [{ from: last.from, state: "unknown", inferred: false }, ...known] : known;
  const begun = open[0]!.from;
  return [
    ...recorded.filter(({ from }) => from < begun).map((span) => ({ ...span, to: Math.min(span.to, begun) })),
    ...open.map((span, at) => ({ ...span, to: open[at + 1]?.from ?? now })),
  ];
}
