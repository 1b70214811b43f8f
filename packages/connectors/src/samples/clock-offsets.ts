import type { Instant } from "@doppelwerk/world";

/** Offsets up to this are tolerated; beyond it source times are corrected. */
export const TOLERANCE: Instant = 2_000_000;
const STEP: Instant = 500_000;
const WINDOW = 33;
const ENOUGH = 5;
/** A way that fell silent is noticed by then. */
const NOTICED_WITHIN: Instant = 60_000_000;
/** So long values must come late before a clock is taken to be behind: what waited in a queue comes late too, all at once. */
const LATE_FOR: Instant = 1_000_000;

export interface CorrectedTime {
  readonly time: Instant;
  /** True when the time is the server's because the source's could not be believed. */
  readonly doubtful: boolean;
}

interface Group {
  /** The last delays in the order they came, and by size: what is seen with every value is not sorted again each time. */
  readonly recent: Float64Array;
  readonly sorted: Float64Array;
  count: number;
  next: number;
  /** Added to source times; 0 while within tolerance. */
  correction: Instant;
  known: boolean;
  suspect: boolean;
  median: number;
  /** Server time since when values come later than the correction explains. */
  lateSince: Instant | undefined;
}

/**
 * The offset of each clock in the plant (one PLC or station = one group), estimated as the median of serverTime − sourceTime over live values.
 * The correction moves in steps of half a second and only when it is off by more than a step, so that the same sample read live and from an
 * archive gets the same corrected time and stays one sample.
 */
export class ClockOffsets {
  readonly #groups = new Map<string, Group>();
  #ignored = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  readonly #notify: (source: string, offsetS: number, at: Instant) => void;

  /** `notify` hears every change of a correction; offsetS > 0 = the source is ahead, 0 = within tolerance again. */
  constructor(notify: (source: string, offsetS: number, at: Instant) => void) {
    this.#notify = notify;
  }

  /** One live value seen: not the first one after subscribing, which may be old. */
  observe(source: string, sourceTime: Instant, serverTime: Instant): void {
    const group = this.#group(source);
    const time = sourceTime + group.correction;
    if (time >= this.#ignored.from && time <= this.#ignored.to) return;
    remember(group, serverTime - sourceTime);
    if (group.count < ENOUGH) return;
    group.known = true;
    group.median = group.sorted[group.count >> 1]!;
    const offset = Math.abs(group.median) <= TOLERANCE ? 0 : group.median - this.#usualDelay(group);
    const isLater = offset > 0 && offset > group.correction + STEP;
    group.lateSince = isLater ? (group.lateSince ?? serverTime) : undefined;
    if (Math.abs(offset - group.correction) <= STEP || (isLater && serverTime - group.lateSince! < LATE_FOR)) return;
    group.correction = Math.round(offset / STEP) * STEP;
    this.#notify(source, group.correction === 0 ? 0 : -group.correction / 1_000_000, serverTime);
  }

  /**
   * The way was lost at the one instant and found again at the other: what is of this span comes late because it had to wait, and is no evidence. A clock
   * that is behind by an unknown offset shows itself as soon as its times are beyond it.
   */
  cut(lostAt: Instant, foundAt: Instant): void {
    this.#ignored = { from: lostAt - NOTICED_WITHIN, to: foundAt };
  }

  /** How late values of the clocks that are right arrive: that is the way they take, not their clock. */
  #usualDelay(but: Group): Instant {
    const medians = [...this.#groups.values()].flatMap((group) =>
      group !== but && group.known && Math.abs(group.median) <= TOLERANCE ? [group.median] : [],
    );
    return medians.length === 0 ? 0 : medianOf(medians);
  }

  /** A first value, which may be old, but not younger than now: one from the future shows that the offset must be found out. */
  suspect(source: string, sourceTime: Instant, serverTime: Instant): void {
    if (sourceTime > serverTime + TOLERANCE) this.#group(source).suspect = true;
  }

  /** Whether some source is ahead by an offset not yet known. */
  get searching(): boolean {
    return [...this.#groups.values()].some((group) => group.suspect && !group.known);
  }

  /** Source time on the server's clock. Never later than `serverTime`; beyond tolerance the server's time is taken and doubtful. */
  correct(source: string, sourceTime: Instant, serverTime: Instant): CorrectedTime {
    const time = sourceTime + (this.#groups.get(source)?.correction ?? 0);
    if (time <= serverTime) return { time, doubtful: false };
    return { time: serverTime, doubtful: time > serverTime + TOLERANCE };
  }

  correction(source: string): Instant {
    return this.#groups.get(source)?.correction ?? 0;
  }

  #group(source: string): Group {
    let group = this.#groups.get(source);
    if (group === undefined) {
      group = {
        recent: new Float64Array(WINDOW),
        sorted: new Float64Array(WINDOW),
        count: 0,
        next: 0,
        correction: 0,
        known: false,
        suspect: false,
        median: 0,
        lateSince: undefined,
      };
      this.#groups.set(source, group);
    }
    return group;
  }
}

/** The oldest delay makes room for a new one, which moves to its place among the sizes. */
function remember(group: Group, delay: number): void {
  const { recent, sorted, next } = group;
  let at = group.count < WINDOW ? group.count++ : sorted.indexOf(recent[next]!);
  recent[next] = delay;
  group.next = next + 1 === WINDOW ? 0 : next + 1;
  for (; at > 0 && sorted[at - 1]! > delay; at--) sorted[at] = sorted[at - 1]!;
  for (; at + 1 < group.count && sorted[at + 1]! < delay; at++) sorted[at] = sorted[at + 1]!;
  sorted[at] = delay;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
