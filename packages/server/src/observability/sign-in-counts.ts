const HOUR_MS = 3_600_000;
const HOURS = 24;

/** How often somebody was refused at the door in the last hour and the last day, in 24 numbers. */
export class SignInCounts {
  readonly #now: () => number;
  readonly #hours = new Map<number, number>();

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  failed(): void {
    const hour = Math.floor(this.#now() / HOUR_MS);
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + 1);
    for (const old of this.#hours.keys()) if (old <= hour - HOURS) this.#hours.delete(old);
  }

  /** In this hour of the clock and the one before, and in 24 of them. */
  get counts(): { readonly failedLastHour: number; readonly failedLastDay: number } {
    const hour = Math.floor(this.#now() / HOUR_MS);
    const since = (first: number): number => [...this.#hours].reduce((sum, [at, count]) => (at > hour - first ? sum + count : sum), 0);
    return { failedLastHour: since(2), failedLastDay: since(HOURS) };
  }
}
