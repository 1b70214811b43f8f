/** A server keeps so many events at least; of more it may have dropped some, and few say so. */
const BURST = 1_000;
const QUIET_MS = 1_000;
const PAUSE_MS = 10_000;

/** Asks for all that stands once a burst of events is over: the last event of some condition may have been dropped. */
export class EventBurst {
  readonly #refresh: () => void;
  #count = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #refreshedAt = Number.NEGATIVE_INFINITY;

  constructor(refresh: () => void) {
    this.#refresh = refresh;
  }

  event(): void {
    this.#count++;
    this.#wait(QUIET_MS);
  }

  /** The server says itself that it dropped some. */
  overflowed(): void {
    this.#count += BURST;
    this.#wait(QUIET_MS);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#count = 0;
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#over(), milliseconds);
    this.#timer.unref();
  }

  #over(): void {
    if (this.#count < BURST) {
      this.#count = 0;
      return;
    }
    const rest = this.#refreshedAt + PAUSE_MS - performance.now();
    if (rest > 0) return this.#wait(rest);
    this.#count = 0;
    this.#refreshedAt = performance.now();
    this.#refresh();
  }
}
