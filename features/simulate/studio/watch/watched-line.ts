import type { LineInfo, Snapshot, StationSnapshot } from "@doppelwerk/client";
import { followLine } from "@doppelwerk/sim";
import type {
  AnyExperimentModel,
  FollowedLine,
  LineEvent,
  LineState,
  PlaceCondition,
  ReplicationOptions,
  StationComponents,
} from "@doppelwerk/sim";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { stationState } from "./station-state.ts";
import type { Shift, Watched } from "./watched.ts";

/** What happened up to an instant that the state alone does not tell; copied with every mark. */
interface Seen {
  /** `station/place` → its state and since when. */
  readonly places: Map<string, { readonly state: string; readonly since: Instant }>;
  readonly lastCycleS: Map<string, number>;
  readonly good: Map<string, number>;
}

/** A moment to go on from: everything that follows is simulated again, to the same events. */
interface Mark {
  readonly at: Instant;
  readonly memory: Uint8Array;
  readonly seen: Seen;
}

const MARKS = 160;

/**
 * One side of a replication, simulated again here from its seed. It is simulated ahead once, leaving marks on the way; an instant is
 * shown by going on from the mark before it, so that scrubbing costs a fraction of a mark's stretch in either direction.
 */
export class WatchedLine implements Watched {
  readonly from: Instant;
  readonly to: Instant;
  readonly shifts: Shift[] = [];
  readonly #ahead: FollowedLine;
  readonly #shown: FollowedLine;
  readonly #seenAhead: Seen = nothingSeen();
  #seenShown: Seen = nothingSeen();
  readonly #finished: Instant[] = [];
  readonly #marks: Mark[] = [];
  readonly #stretch: Instant;

  /** `line`: which of several that ran at once; without it the first. `components`: where its stations name some. */
  constructor(experiment: AnyExperimentModel, options: ReplicationOptions, line?: string, components?: StationComponents) {
    this.from = options.start;
    this.to = options.start + Math.round(options.horizonS * SECOND);
    this.#stretch = Math.max(60 * SECOND, Math.ceil((this.to - this.from) / MARKS));
    const more = { line, ...(components && { components }) };
    this.#ahead = followLine(experiment, options, { ...more, observer: (event) => this.#noteAhead(event) });
    this.#shown = followLine(experiment, options, { ...more, observer: (event) => note(this.#seenShown, event) });
    this.#mark();
  }

  get reached(): Instant {
    return this.#ahead.now;
  }

  advance(): boolean {
    if (this.#ahead.now >= this.to) return false;
    this.#ahead.advanceTo(Math.min(this.to, this.#ahead.now + this.#stretch));
    this.#mark();
    return this.#ahead.now < this.to;
  }

  /** Over every event and the state at the end; undefined before. Equal to the one the server kept of this replication. */
  traceHash(): string | undefined {
    return this.#ahead.now < this.to ? undefined : this.#ahead.traceHash();
  }

  goodUntil(instant: Instant): number {
    let low = 0;
    let high = this.#finished.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#finished[middle]! <= instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  at(wanted: Instant, line: LineInfo): Snapshot {
    const instant = Math.round(Math.min(this.reached, Math.max(this.from, wanted)));
    const mark = this.#marks.findLast(({ at }) => at <= instant)!;
    if (instant < this.#shown.now || mark.at > this.#shown.now) {
      this.#seenShown = copied(mark.seen);
      this.#shown.restore(mark.memory);
    }
    this.#shown.advanceTo(instant);
    return snapshotOf(this.#shown.state(), this.#seenShown, line, instant);
  }

  #noteAhead(event: LineEvent): void {
    note(this.#seenAhead, event);
    if (event.kind === "partFinished") this.#finished.push(event.time);
    else if (event.kind === "shiftBegin") this.shifts.push({ from: event.time, to: event.end });
  }

  #mark(): void {
    this.#marks.push({ at: this.#ahead.now, memory: this.#ahead.snapshot(), seen: copied(this.#seenAhead) });
  }
}

function nothingSeen(): Seen {
  return { places: new Map(), lastCycleS: new Map(), good: new Map() };
}

function copied(seen: Seen): Seen {
  return { places: new Map(seen.places), lastCycleS: new Map(seen.lastCycleS), good: new Map(seen.good) };
}

function note(seen: Seen, event: LineEvent): void {
  if (event.kind === "placeState") seen.places.set(`${event.station}/${event.place}`, { state: event.state, since: event.time });
  if (event.kind !== "cycleEnd") return;
  seen.lastCycleS.set(event.station, event.cycleS);
  if (event.passed) seen.good.set(event.station, (seen.good.get(event.station) ?? 0) + 1);
}

function snapshotOf(state: LineState, seen: Seen, line: LineInfo, instant: Instant): Snapshot {
  const places = Map.groupBy(state.places ?? [], (place) => place.station);
  const buffers = new Map((state.buffers ?? []).filter((buffer) => buffer.input !== "assembly").map((buffer) => [buffer.station, buffer]));
  let wip = 0;
  const stations = line.stations.map((info): StationSnapshot => {
    const own = (places.get(info.id) ?? []).toSorted((a, b) => a.place - b.place);
    const shown = own.map((place) => {
      const told = seen.places.get(`${info.id}/${place.place}`) ?? { state: stateOf(place), since: state.instant };
      const part = place.part?.serial;
      return {
        state: told.state,
        since: told.since,
        ...(part === undefined ? {} : { serial: String(part), product: place.part?.product ?? "" }),
      };
    });
    const waiting = buffers.get(info.id)?.parts ?? [];
    wip += shown.filter(({ serial }) => serial !== undefined).length + waiting.length;
    const whole = stationState(shown.map((place) => place.state));
    return {
      id: info.id,
      state: whole,
      cause: "unknown",
      inferred: false,
      since: shown.find((place) => place.state === whole)?.since ?? instant,
      mode: "processing",
      places: shown,
      buffer: {
        count: waiting.length,
        capacity: info.bufferCapacity,
        parts: waiting.map((part) => ({ serial: String(part.serial ?? ""), product: part.product ?? "", inferred: false })),
      },
      good: seen.good.get(info.id) ?? 0,
      lastCycleS: seen.lastCycleS.get(info.id),
    };
  });
  return { instant, live: false, stations, wip: { value: wip, error: 0, unmatched: [] }, shift: undefined, alarms: [], agvs: [] };
}

/** A place that has told no state yet: what its part says. */
function stateOf(place: PlaceCondition): string {
  if (place.stop !== undefined) return "failed";
  if (place.part === undefined) return "starved";
  if (place.phase === "blocked") return "blocked";
  return place.phase === "setUp" ? "setUp" : place.phase === "waiting" ? "waitingMaterial" : "working";
}
