import { MINUTE, type Clock, type Instant, type SourceNotice } from "@doppelwerk/world";

type Backfill = Extract<SourceNotice, { kind: "backfill" }>;

/** A sender whose newest value is this old tells its past: one that sends what waited for some minutes is late, and does not keep others waiting. */
const PAST: Instant = 10 * MINUTE;
/** Fewer values in one request are late ones, as a laboratory brings them, and no archive. */
const MANY = 200;
/** A sender that is silent for so long has stopped telling its past. */
const SILENT_MS = 30_000;

export interface PushedPastOptions {
  readonly clock: Clock;
  report(progress: Backfill): void;
  gone(): void;
}

/**
 * What a sender keeps of the past arrives as values with old times, the oldest first, and nothing says how much of it there is: it is read as far as its
 * newest value is on the way from its oldest one to now.
 */
export class PushedPast {
  readonly #options: PushedPastOptions;
  #first: Instant | undefined;
  #samples = 0;
  #silence: ReturnType<typeof setTimeout> | undefined;
  /** It sent the present since its connection was opened: what it still sends of the past came late. */
  #isPresent = false;

  constructor(options: PushedPastOptions) {
    this.#options = options;
  }

  /** Values were accepted, with the times that their sender gave them; `late`: it said that they waited. */
  accepted(values: readonly { readonly time?: string | number }[], late: boolean): void {
    if (this.#isPresent) return;
    const times = values.map(({ time }) => (typeof time === "string" ? Date.parse(time) * 1_000 : time)).filter((time) => isTime(time));
    const now = this.#options.clock.now();
    const newest = times.reduce((a, b) => Math.max(a, b), -Infinity);
    if (times.length === 0 || now - newest < PAST) return this.#end();
    if (this.#first === undefined && (!late || times.length < MANY)) return;
    this.#first ??= times.reduce((a, b) => Math.min(a, b));
    this.#samples += times.length;
    const [done, total] = [Math.max(0, newest - this.#first), Math.max(1, now - this.#first)];
    this.#options.report({ kind: "backfill", done, total, samples: this.#samples, urgent: false, finished: false });
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => {
      this.close();
      this.#options.gone();
    }, SILENT_MS);
  }

  close(): void {
    clearTimeout(this.#silence);
    this.#first = undefined;
    this.#samples = 0;
  }

  /** Values without a time are of now. */
  #end(): void {
    this.#isPresent = true;
    if (this.#first === undefined) return;
    const samples = this.#samples;
    this.close();
    this.#options.report({ kind: "backfill", done: 1, total: 1, samples, urgent: true, finished: true });
  }
}

function isTime(time: number | undefined): time is number {
  return time !== undefined && Number.isFinite(time) && time > 0;
}
