import type { LineInfo, Snapshot, StationSnapshot } from "@doppelwerk/client";
import { createFlowRun } from "@doppelwerk/sim";
import type { CompiledFlow, FlowRun, SeenComponent } from "@doppelwerk/sim";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { stationState } from "../watch/station-state.ts";
import type { Watched } from "../watch/watched.ts";

/** A moment to go on from: everything that follows is simulated again, to the same events. */
interface Mark {
  readonly at: Instant;
  readonly memory: Uint8Array;
  readonly good: number;
}

interface FlowWatch {
  readonly seed: number;
  readonly replication: number;
  readonly durationS: number;
}

/** At most so many marks, and so many bytes of them: beyond it every second one is dropped. */
const MARKS = 240;
const MARK_BYTES = 64 * 1024 * 1024;
/** A stretch grows while it takes less than the first, and shrinks where it takes more than the second (milliseconds). */
const BRISK_MS = 3;
const SLOW_MS = 10;
const FIRST_STRETCH_S = 1;
/** Slots drawn before a station, and with them the items that are looked for. */
export const SLOTS_DRAWN = 10;
export const PLACES_DRAWN = 8;

/**
 * One replication of a flow model, simulated here. It is simulated ahead once, leaving marks; an instant is shown by going on from the mark before it.
 * How long a stretch is follows from how long it takes, so that neither a slow model nor a long one holds the screen up.
 */
export class WatchedFlow implements Watched {
  readonly from: Instant = 0;
  readonly to: Instant;
  readonly shifts = [];
  readonly #ahead: FlowRun;
  readonly #shown: FlowRun;
  #marks: Mark[] = [];
  readonly #clock: () => number;
  #stretchS = FIRST_STRETCH_S;

  /** `clock`: milliseconds that pass. */
  constructor(flow: CompiledFlow, { seed, replication, durationS }: FlowWatch, clock: () => number) {
    this.#clock = clock;
    this.to = Math.round(durationS * SECOND);
    this.#ahead = createFlowRun(flow, { seed, replication });
    this.#shown = createFlowRun(flow, { seed, replication });
    this.#mark();
  }

  get reached(): Instant {
    return Math.round(this.#ahead.nowS * SECOND);
  }

  advance(): boolean {
    if (this.reached >= this.to) return false;
    const begun = this.#clock();
    this.#ahead.advanceTo(Math.min(this.to / SECOND, this.#ahead.nowS + this.#stretchS));
    const took = this.#clock() - begun;
    if (took < BRISK_MS) this.#stretchS *= 2;
    else if (took > SLOW_MS) this.#stretchS = Math.max(1e-3, this.#stretchS / 2);
    this.#mark();
    return this.reached < this.to;
  }

  goodUntil(instant: Instant): number {
    const next = this.#marks.findIndex(({ at }) => at > instant);
    if (next === 0) return 0;
    if (next < 0) return this.#marks.at(-1)!.good;
    const [before, after] = [this.#marks[next - 1]!, this.#marks[next]!];
    return Math.round(before.good + ((instant - before.at) / (after.at - before.at)) * (after.good - before.good));
  }

  at(wanted: Instant, line: LineInfo): Snapshot {
    const instant = Math.round(Math.min(this.reached, Math.max(this.from, wanted)));
    const mark = this.#marks.findLast(({ at }) => at <= instant)!;
    const now = Math.round(this.#shown.nowS * SECOND);
    if (instant < now || mark.at > now) this.#shown.restore(mark.memory);
    this.#shown.advanceTo(instant / SECOND);
    const { good, components } = this.#shown.look(SLOTS_DRAWN);
    const seen = new Map(components.map((component) => [component.id, component]));
    let wip = 0;
    for (const { places, waitingCount } of components) wip += waitingCount + places.filter(({ item }) => item !== undefined).length;
    return {
      instant,
      live: false,
      stations: line.stations.map((info) => stationOf(seen.get(info.id)!, info.bufferCapacity, good, instant)),
      wip: { value: wip, error: 0, unmatched: [] },
      shift: undefined,
      alarms: [],
      agvs: [],
    };
  }

  #mark(): void {
    const memory = this.#ahead.snapshot();
    this.#marks.push({ at: this.reached, memory, good: this.#ahead.look(0).good });
    if (this.#marks.length > MARKS || (this.#marks.length > 2 && this.#marks.length * memory.length > MARK_BYTES))
      this.#marks = this.#marks.filter((_, index) => index % 2 === 0);
  }
}

function stationOf(
  { id, places, waiting, waitingCount, litres }: SeenComponent,
  capacity: number,
  good: number,
  instant: Instant,
): StationSnapshot {
  const shown = places.map(({ state, sinceS, item }) => ({
    state,
    since: Math.round(sinceS * SECOND),
    ...(item === undefined ? {} : { serial: item.id, product: item.product }),
  }));
  // what only holds items works while it holds some
  const holding = waitingCount > 0 || (litres ?? 0) > 0 ? "working" : "idle";
  const state = shown.length === 0 ? holding : stationState(shown.map((place) => place.state));
  return {
    id,
    state,
    cause: "unknown",
    inferred: false,
    since: shown.find((place) => place.state === state)?.since ?? instant,
    mode: "processing",
    places: shown.slice(0, PLACES_DRAWN),
    buffer: { count: waitingCount, capacity, parts: waiting.map((item) => ({ serial: item.id, product: item.product, inferred: false })) },
    good,
    lastCycleS: undefined,
  };
}
