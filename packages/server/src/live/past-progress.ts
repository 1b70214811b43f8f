import type { ArchiveProgress, PastState } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";

type ArchiveRead = Omit<ArchiveProgress, "urgent">;

/** Reading all archives takes about twice as long as deriving what was read. */
const [READING, DERIVING] = [2, 1];

/**
 * One number from several archives and the derivation of what they hold: the share that is done of what remained when more work came last. Archives come one
 * after the other and the line is derived more than once, so what remains grows now and then: the number never falls, and all the work from there on leads
 * it to the end. From the moment when all is done a new round counts anew.
 */
export class PastProgress {
  readonly #listeningSince: Instant | undefined;
  readonly #archives = new Map<string, ArchiveRead>();
  /** Connections whose archive was begun to be read since this server listens. */
  readonly #begun = new Set<string>();
  #derived: number | undefined;
  #isDerived = false;
  #isUnknown = false;
  #told = 0;
  /** What was told, and what remained, when more work came last; nothing remained before a round. */
  #since = { told: 0, remaining: 0 };
  #remaining = 0;
  readonly #listeners = new Set<(state: PastState) => void>();

  constructor(listeningSince?: Instant) {
    this.#listeningSince = listeningSince;
  }

  /** Calls back whenever the state changed; returns how to stop. */
  follow(listener: (state: PastState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get state(): PastState {
    const done = !this.#busy();
    const { unknownBefore } = this;
    return { progress: done ? 1 : this.#told, samples: this.#samples(), done, ...(unknownBefore !== undefined && { unknownBefore }) };
  }

  /** As in `PastState`. */
  get unknownBefore(): Instant | undefined {
    return this.#isUnknown ? this.#listeningSince : undefined;
  }

  /** What an archive says of itself. */
  reading(connection: string, read: ArchiveRead): void {
    if (!this.#busy()) this.#begin(READING + DERIVING);
    if (!read.finished && !this.#begun.has(connection)) this.#isUnknown = true;
    this.#begun.add(connection);
    this.#archives.set(connection, read);
    this.#tell();
  }

  /** A connection that was taken away, or lost before its archive was read to the end: nobody waits for it any more. */
  gone(connection: string): void {
    if (this.#archives.get(connection)?.finished === false) this.#archives.delete(connection);
    this.#tell();
  }

  /** 0 when a derivation begins, 1 when it ended, however it ended. */
  deriving(progress: number): void {
    if (progress < 1 && !this.#busy()) this.#begin(DERIVING);
    if (!this.#isDerived) this.#isUnknown = progress < 1;
    this.#derived = progress < 1 ? progress : undefined;
    this.#tell();
  }

  #busy(): boolean {
    return this.#derived !== undefined || this.#isReading();
  }

  #isReading(): boolean {
    return [...this.#archives.values()].some(({ finished }) => !finished);
  }

  #begin(remaining: number): void {
    this.#archives.clear();
    this.#told = 0;
    this.#since = { told: 0, remaining };
    this.#remaining = remaining;
  }

  #samples(): number {
    return [...this.#archives.values()].reduce((sum, { samples }) => sum + samples, 0);
  }

  #tell(): void {
    if (!this.#busy()) {
      this.#isDerived = true;
      this.#isUnknown = false;
    }
    const remaining = this.#remainingWork();
    if (remaining > this.#remaining) this.#since = { told: this.#told, remaining };
    this.#remaining = remaining;
    const { told, remaining: whole } = this.#since;
    if (whole > 0 && this.#busy()) this.#told = Math.max(this.#told, Math.min(told + (1 - told) * (1 - remaining / whole), 0.999));
    const { state } = this;
    for (const listener of this.#listeners) listener(state);
  }

  /** What is derived while an archive is still being read is derived again after it. */
  #remainingWork(): number {
    const archives = [...this.#archives.values()];
    const unread = archives.map(({ done, total, finished }) => (finished || total === 0 ? 0 : 1 - done / total));
    const toRead = unread.reduce((sum, share) => sum + share, 0) / Math.max(1, archives.length);
    if (this.#isReading()) return READING * toRead + DERIVING;
    return this.#derived === undefined ? 0 : DERIVING * (1 - this.#derived);
  }
}
