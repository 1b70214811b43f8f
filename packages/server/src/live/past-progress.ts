import type { ArchiveProgress, PastState } from "@doppelwerk/ports";

type ArchiveRead = Omit<ArchiveProgress, "urgent">;

/** Reading takes about twice as long as deriving what was read. */
const READING_SHARE = 2 / 3;

/**
 * One number from several archives and the derivation of what they hold. Archives are read side by side, and the line is derived more than once
 * while they are, so each part's own progress falls now and then: what is told never does. From the moment when all is done a new round counts anew.
 */
export class PastProgress {
  readonly #archives = new Map<string, ArchiveRead>();
  #derived: number | undefined;
  #told = 0;
  readonly #listeners = new Set<(state: PastState) => void>();

  /** Calls back whenever the state changed; returns how to stop. */
  follow(listener: (state: PastState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get state(): PastState {
    const done = !this.#busy();
    return { progress: done ? 1 : this.#told, samples: this.#samples(), done };
  }

  /** What an archive says of itself. */
  reading(connection: string, read: ArchiveRead): void {
    if (!this.#busy()) this.#begin();
    this.#archives.set(connection, read);
    this.#tell();
  }

  /** A connection that was taken away, or lost before its archive was read to the end: nobody waits for it any more. */
  gone(connection: string): void {
    if (this.#archives.get(connection)?.finished === false) this.#archives.delete(connection);
    this.#changed();
  }

  /** 0 when a derivation begins, 1 when it ended, however it ended. */
  deriving(progress: number): void {
    if (progress >= 1) {
      this.#derived = undefined;
      this.#changed();
      return;
    }
    if (!this.#busy()) this.#begin();
    this.#derived = progress;
    this.#tell();
  }

  #changed(): void {
    const { state } = this;
    for (const listener of this.#listeners) listener(state);
  }

  #busy(): boolean {
    return this.#derived !== undefined || [...this.#archives.values()].some(({ finished }) => !finished);
  }

  #begin(): void {
    this.#archives.clear();
    this.#told = 0;
  }

  #samples(): number {
    return [...this.#archives.values()].reduce((sum, { samples }) => sum + samples, 0);
  }

  #tell(): void {
    const archives = [...this.#archives.values()];
    const shares = archives.map(({ done, total, finished }) => (finished || total === 0 ? 1 : done / total));
    const read = shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
    // what is derived while an archive is still being read is derived again after it
    const derived = read < 1 ? 0 : (this.#derived ?? 0);
    const progress = archives.length === 0 ? derived : READING_SHARE * read + (1 - READING_SHARE) * derived;
    this.#told = Math.max(this.#told, Math.min(progress, 0.999));
    this.#changed();
  }
}
