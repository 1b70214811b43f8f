import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

const TURN_MS = 60_000;
/** Microseconds: what took longer counts as that long where times are kept coarsely. */
const MAX_COARSE = 60_000_000;

/** Times of the last minute or two by their size, in a fixed space (HdrHistogram): no allocation for each. */
export class RollingTimes {
  readonly #now: () => number;
  readonly #isCoarse: boolean;
  #current: RecordableHistogram;
  #previous: RecordableHistogram;
  #turnedAt: number;

  /** `now` in milliseconds. Coarse times have two digits and end at a minute: there may be many of them. */
  constructor(now: () => number, { isCoarse = false }: { readonly isCoarse?: boolean } = {}) {
    this.#now = now;
    this.#isCoarse = isCoarse;
    [this.#current, this.#previous] = [this.#empty(), this.#empty()];
    this.#turnedAt = now();
  }

  /** Milliseconds; less than a microsecond counts as one. */
  record(milliseconds: number): void {
    this.#turn();
    const most = this.#isCoarse ? MAX_COARSE : Number.MAX_SAFE_INTEGER;
    this.#current.record(Math.max(1, Math.min(most, Math.round(milliseconds * 1_000))));
  }

  get count(): number {
    this.#turn();
    return this.#current.count + this.#previous.count;
  }

  /** Milliseconds; undefined where there are none. */
  percentile(percent: number): number | undefined {
    if (this.count === 0) return undefined;
    const both = this.#empty();
    both.add(this.#current);
    both.add(this.#previous);
    return both.percentile(percent) / 1_000;
  }

  #turn(): void {
    const now = this.#now();
    if (now - this.#turnedAt < TURN_MS) return;
    this.#previous = now - this.#turnedAt < 2 * TURN_MS ? this.#current : this.#empty();
    this.#current = this.#empty();
    this.#turnedAt = now;
  }

  #empty(): RecordableHistogram {
    return this.#isCoarse ? createHistogram({ lowest: 1, highest: MAX_COARSE, figures: 2 }) : createHistogram();
  }
}
