import type { Concluded } from "@doppelwerk/world";

/** Milliseconds between two notices: counts move all the time, an alarm is shown at once. */
const [CALM_MS, URGENT_MS] = [1_000, 100];
/** Milliseconds in which a change draws others after itself, as a commit does what is derived from it: together they are one notice. */
const [CALM_GATHER_MS, URGENT_GATHER_MS] = [250, 50];
/** Folds whose conclusions a person waits for. */
const URGENT: ReadonlySet<string> = new Set(["alarms"]);

/** Tells boards that what they show may be other by now, a bounded number of times a second however much changes. */
export class BoardPushes {
  readonly #publish: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #publishedAt = Number.NEGATIVE_INFINITY;

  constructor(publish: () => void) {
    this.#publish = publish;
  }

  concluded(concluded: readonly Concluded[]): void {
    if (concluded.length > 0) this.changed(concluded.some(({ fold }) => URGENT.has(fold)));
  }

  changed(isUrgent: boolean): void {
    const now = performance.now();
    const [gather, every] = isUrgent ? [URGENT_GATHER_MS, URGENT_MS] : [CALM_GATHER_MS, CALM_MS];
    const dueAt = Math.max(now + gather, this.#publishedAt + every);
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
