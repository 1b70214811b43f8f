import type { Instant } from "@doppelwerk/world";

/** A window has so many steps: of values that follow each other faster the first one and the last one of a step are kept. */
export const STEPS = 128;
/** One that held before the window, two a step. */
const PLACES = 2 * STEPS + 3;

/** Values of a window in order of time, and the one that held when it began, in as much memory whatever comes. */
export class RecentValues {
  readonly #window: Instant;
  readonly #step: Instant;
  readonly #times = new Float64Array(PLACES);
  readonly #values = new Float64Array(PLACES);
  #first = 0;
  #count = 0;

  constructor(window: Instant) {
    this.#window = window;
    this.#step = window / STEPS;
  }

  clear(): void {
    this.#first = 0;
    this.#count = 0;
  }

  /** What holds from `at` on. */
  add(at: Instant, value: number): void {
    const newest = this.#at(this.#count - 1);
    if (this.#count > 0 && (this.#times[newest] === at || this.#values[newest] === value)) return void (this.#values[newest] = value);
    // the last one of a step takes the place of those between it and the first one
    if (this.#count > 1 && at - this.#times[this.#at(this.#count - 2)]! < this.#step) return this.#put(newest, at, value);
    // what was followed by another value before the window began is not asked for any more
    while (this.#count > 1 && this.#times[this.#at(1)]! <= at - this.#window) this.#drop();
    this.#put(this.#at(this.#count++), at, value);
  }

  #put(place: number, at: Instant, value: number): void {
    this.#times[place] = at;
    this.#values[place] = value;
  }

  /** NaN: nothing is known of that instant, which is no earlier than those that were asked for before. */
  heldAt(instant: Instant): number {
    while (this.#count > 1 && this.#times[this.#at(1)]! <= instant) this.#drop();
    return this.#count > 0 && this.#times[this.#at(0)]! <= instant ? this.#values[this.#at(0)]! : Number.NaN;
  }

  /** When the next value leaves the window; Infinity: none does. */
  nextAfterWindow(): Instant {
    return this.#count > 1 ? this.#times[this.#at(1)]! + this.#window : Number.POSITIVE_INFINITY;
  }

  snapshot(): readonly number[] {
    return Array.from({ length: this.#count }, (_, at) => [this.#times[this.#at(at)]!, this.#values[this.#at(at)]!]).flat();
  }

  restore(state: readonly number[]): void {
    this.clear();
    this.#count = Math.min(this.#times.length, state.length >> 1);
    for (let at = 0; at < this.#count; at++) {
      this.#times[at] = state[2 * at]!;
      this.#values[at] = state[2 * at + 1]!;
    }
  }

  #at(position: number): number {
    const place = this.#first + position;
    return place < this.#times.length ? place : place - this.#times.length;
  }

  #drop(): void {
    this.#first = this.#at(1);
    this.#count--;
  }
}
