import type { SampleBatch } from "../signals/sample.ts";
import type { Instant } from "../instant.ts";

/** After the last past sample came in, the past is derived again. */
const QUIET_MS = 1_500;
/** What is derived of one archive waits so long for the urgent part of others: with that it would be derived again from the beginning. */
const OTHERS_MS = 10_000;

/** Does some work after a while; returns how to give it up. */
export type After = (ms: number, work: () => void) => () => void;

/** What came in late and from which archives more of it comes: from where on the past has to be derived again, and when that is worth it. */
export class LatePast {
  readonly #derive: (from: Instant) => void;
  readonly #after: After;
  /** Connections whose archive is being read, and how far. */
  readonly #archives = new Map<string, "reading" | "urgent">();
  #stopWaiting: (() => void) | undefined;
  #stopWaitingForOthers: (() => void) | undefined;
  #from: Instant | undefined;

  constructor(derive: (from: Instant) => void, after: After) {
    this.#derive = derive;
    this.#after = after;
  }

  /** Nothing is waiting to be derived, and nothing more is to come. */
  get settled(): boolean {
    return this.#from === undefined && this.#archives.size === 0;
  }

  /** No archive is being read. */
  get complete(): boolean {
    return this.#archives.size === 0;
  }

  /** Of an archive not even the urgent part is there. */
  get reading(): boolean {
    return [...this.#archives.values()].includes("reading");
  }

  /** A sample of this instant was stored. */
  stored(instant: Instant): void {
    this.owe(instant);
    this.#deriveWhenQuiet();
  }

  /** What was derived from `instant` on is to be derived again with whatever comes next. */
  owe(instant: Instant): void {
    this.#from = Math.min(this.#from ?? instant, instant);
  }

  /**
   * What an archive says of its being read. States and counts are derived once they are all there, and again with everything; not in between,
   * because each piece that comes reaches back to the beginning. While of another archive not even the urgent part is there, both wait for it, but not long.
   */
  archive(connection: string, { urgent, finished }: { readonly urgent: boolean; readonly finished: boolean }): void {
    const known = this.#archives.get(connection);
    if (finished) this.#archives.delete(connection);
    else this.#archives.set(connection, urgent ? "urgent" : "reading");
    if (!finished && (!urgent || known === "urgent")) return;
    if (this.reading) this.#stopWaitingForOthers ??= this.#after(OTHERS_MS, () => this.#deriveNow());
    else this.#deriveNow();
  }

  /** Nothing more comes of an archive for now. */
  archiveGone(connection: string): void {
    if (this.#archives.delete(connection) && this.#from !== undefined) this.#deriveWhenQuiet();
  }

  close(): void {
    this.#stopWaiting?.();
    this.#stopWaitingForOthers?.();
  }

  #deriveWhenQuiet(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = this.#after(QUIET_MS, () => this.complete && this.#deriveNow());
  }

  #deriveNow(): void {
    this.#stopWaiting?.();
    this.#stopWaitingForOthers?.();
    this.#stopWaitingForOthers = undefined;
    const from = this.#from;
    if (from === undefined) return;
    this.#from = undefined;
    this.#derive(from);
  }
}

/** The earliest sample of signals that a fold listens to (by number); meters and vehicles change no state. */
export function earliestOf(batch: SampleBatch, tracked: ReadonlySet<number | undefined>): Instant | undefined {
  let first: Instant | undefined;
  for (let row = 0; row < batch.count; row++) {
    const time = batch.sourceTimes[row]!;
    if ((first === undefined || time < first) && tracked.has(batch.signals[row]!)) first = time;
  }
  return first;
}
