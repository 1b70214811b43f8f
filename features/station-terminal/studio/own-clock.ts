import type { MeasuredOffset } from "../model/device-clock.ts";

const FRESH = 10 * 60_000_000;

/** How far the clock of this device is ahead, by the best exchange with the server of late. Microseconds. */
export class OwnClock {
  #best: (MeasuredOffset & { readonly at: number }) | undefined;

  get measured(): MeasuredOffset | undefined {
    return this.#best && { offset: this.#best.offset, within: this.#best.within };
  }

  isFresh(): boolean {
    return this.#best !== undefined && Math.abs(performance.now() * 1_000 - this.#best.at) < FRESH;
  }

  /** Sent and answered by this clock; the server received it at `now` by its own. */
  exchanged(sent: number, answered: number, now: number): void {
    const next = {
      offset: Math.round((sent + answered) / 2 - now),
      within: Math.max(0, Math.round((answered - sent) / 2)),
      at: performance.now() * 1_000,
    };
    const best = this.#best;
    // one that contradicts it says that the clock was set
    const isOther = best !== undefined && Math.abs(best.offset - next.offset) > best.within + next.within;
    if (best === undefined || isOther || !this.isFresh() || next.within <= best.within) this.#best = next;
  }
}
