import type { Snapshot } from "@doppelwerk/client";
import { stateOfSample } from "@doppelwerk/operations";
import type { SignalEntry } from "@doppelwerk/sync";
import { heldSamples, HOUR, SECOND } from "@doppelwerk/world";
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
  readonly earlier?: readonly Omit<StateSpan, "to">[] | undefined;
}

/** What the window that was read last cannot say: states that ended since. */
export interface Since {
  /** Spans that were seen to end in the snapshots since, oldest first. */
  readonly ended: StateHistory;
  /** What ended before this instant is recorded in the window. */
  readonly recordedTo: Instant;
}

/**
 * Intervals are recorded when they close: what is open now comes from the snapshot and ends the last recorded one. A state that ended since the window was read is
 * not in it: it was seen in the snapshots before, else it is unknown. While the past is being read nobody knows how long the last one lasted: from its beginning
 * to what is known now the state is unknown.
 */
export function withPresent(recorded: StateHistory, snapshot: Snapshot, since?: Since): StateHistory {
  const isReading = snapshot.reading !== undefined;
  const spansWith = (key: string, present: Present): readonly StateSpan[] => {
    const spans = recorded.get(key) ?? [];
    const last = spans.at(-1)?.from ?? Number.NEGATIVE_INFINITY;
    const ended = since?.ended.get(key)?.filter(({ from }) => from > last) ?? [];
    const known = { ...present, earlier: [...ended, ...(present.earlier ?? [])] };
    const begun = known.earlier[0]?.from ?? present.since ?? 0;
    if (isReading) return endedBy(spans, known, snapshot.instant, last);
    if (since === undefined || begun <= since.recordedTo) return endedBy(spans, known, snapshot.instant);
    // of the past what held at the end of the window is recorded; what holds now is not
    return endedBy(spans, known, snapshot.instant, snapshot.live ? last : Math.max(last, since.recordedTo));
  };
  const next = new Map(recorded);
  for (const station of snapshot.stations) {
    next.set(station.id, spansWith(station.id, station));
    station.places.forEach((place, index) => {
      const key = `${station.id}/${index}`;
      const present = presentOf(place);
      // A place without a state of its own shares that of its station.
      const isOwn = place.stateSince !== undefined || recorded.has(key);
      next.set(key, isOwn ? spansWith(key, present) : next.get(station.id)!);
    });
  }
  return next;
}

function presentOf({ state, stateSince, inferred, earlier }: Snapshot["stations"][number]["places"][number]): Present {
  return { state, since: stateSince, inferred: inferred === true, earlier };
}

/** Snapshots further apart may have missed a whole state between them. */
const MISSED_AFTER: Instant = 5 * SECOND;

/** The spans that ended between two snapshots, after those that ended before; none where the two are not one after the other. */
export function endedBetween(ended: StateHistory, before: Snapshot | undefined, now: Snapshot): StateHistory {
  if (before === undefined || now.instant < before.instant || now.instant - before.instant > MISSED_AFTER) return new Map();
  const present = knownSpans(now);
  const next = new Map<string, readonly StateSpan[]>();
  for (const [key, spans] of knownSpans(before)) {
    const begun = present.get(key)?.[0]?.from;
    if (begun === undefined) continue;
    // what is revised begins anew
    const kept = (ended.get(key) ?? []).filter(({ from }) => from < Math.min(begun, spans[0]?.from ?? begun));
    const closed = spans.filter(({ from }) => from < begun);
    const all = [...kept, ...closed.map((span, at) => ({ ...span, to: closed[at + 1]?.from ?? begun }))];
    next.set(
      key,
      all.filter(({ to }) => to > now.instant - HOUR),
    );
  }
  return next;
}

/** By station and place: what a snapshot says that began at a known instant. */
function knownSpans({ stations }: Snapshot): ReadonlyMap<string, readonly Omit<StateSpan, "to">[]> {
  const units = stations.flatMap((station): (readonly [string, Present])[] => [
    [station.id, station],
    ...station.places.map((place, index) => [`${station.id}/${index}`, presentOf(place)] as const),
  ]);
  return new Map(
    units.flatMap(([key, { state, since, inferred, earlier = [] }]) =>
      since === undefined || since === 0 ? [] : [[key, [...earlier, { from: since, state, inferred }]] as const],
    ),
  );
}

function endedAt(span: StateSpan, to: Instant): StateSpan {
  return { ...span, to: Math.min(span.to, to) };
}

/** @param unknownFrom from where to the present nothing is known, if anything is recorded before */
function endedBy(
  recorded: readonly StateSpan[],
  { state, since, inferred, earlier = [] }: Present,
  now: Instant,
  unknownFrom = Number.POSITIVE_INFINITY,
): readonly StateSpan[] {
  const last = recorded.at(-1);
  // since when is not known: the last that is recorded, where it is the same, else only now
  const present = since === undefined || since === 0 ? (last?.state === state ? last.from : now) : Math.min(since, now);
  const known = [...earlier, { from: present, state, inferred }];
  const isUnread = last !== undefined && unknownFrom < known[0]!.from;
  const open = isUnread ? [{ from: unknownFrom, state: "unknown", inferred: false }, ...known] : known;
  const begun = open[0]!.from;
  return [
    ...recorded.filter(({ from }) => from < begun).map((span) => endedAt(span, begun)),
    ...open.map((span, at) => ({ ...span, to: open[at + 1]?.from ?? now })),
  ];
}
