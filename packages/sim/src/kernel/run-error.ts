/** A run that cannot go on: no progress in time, too many events or too much inside. The message says what, where and when, for whoever wrote the model. */
export class RunError extends Error {}

/** Events of one instant after which time is not moving on. */
const MOST_AT_ONCE = 1_000_000;

/** Counts events and ends what does not get on. It watches a call, not a state: nothing of it is copied, saved or hashed. */
export class ProgressWatch {
  #now = -1;
  #atOnce = 0;
  readonly #most: number;

  constructor(mostEvents: number) {
    this.#most = mostEvents;
  }

  /** Throws a `RunError` at the event `count` at `now` microseconds; `where` names what it happens at. */
  step(now: number, count: number, where: () => string): void {
    if (now !== this.#now) {
      this.#now = now;
      this.#atOnce = 0;
    } else if (++this.#atOnce > MOST_AT_ONCE)
      throw new RunError(`no progress at ${now / 1e6} s: one thing follows the other without taking time around ${where()}`);
    if (count > this.#most)
      throw new RunError(`${this.#most} events were carried out by ${now / 1e6} s: shorten the run or allow more events`);
  }
}
