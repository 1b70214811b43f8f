import type { Concluded } from "@doppelwerk/world";

/** Milliseconds between two notices: counts move all the time, an alarm is shown at once. */
const [CALM_MS, URGENT_MS] = [1_000, 100];
/** Folds whose conclusions a person waits for. */
const URGENT: ReadonlySet<string> = new Set(["alarms"]);

/** Tells boards that what they show may be other by now, a bounded number of times a second however much changes. */
export class BoardPushes {
  readonly #publish: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #publishedAt = 0;

  constructor(publish: () => void) {
    this.#publish = publish;
  }

  concluded(concluded: readonly Concluded[]): void {
    if (concluded.length > 0) this.changed(concluded.some(({ fold }) => URGENT.has(fold)));
  }

  changed(isUrgent: boolean): void {
    const now = performance.now();
    const dueAt = Math.max(now, this.#publishedAt + (isUrgent ? URGENT_MS : CALM_MS));
    if (dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#now(), dueAt - now);
    this.#timer.unref();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #now(): void {
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#publishedAt = performance.now();
    this.#publish();
  }
}
