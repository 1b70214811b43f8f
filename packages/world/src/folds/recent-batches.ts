import type { SampleBatch } from "../signals/sample.ts";

/** Samples that came within this time may not be in the historian yet when the past is read from it. */
const RECENT_MS = 4_000;

/** What came last, by a monotonic clock in milliseconds: an engine that folded the past from the historian has not seen it. */
export class RecentBatches {
  readonly #clock: () => number;
  readonly #kept: { readonly atMs: number; readonly batch: SampleBatch }[] = [];

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  came(batch: SampleBatch): void {
    this.#kept.push({ atMs: this.#clock(), batch });
    this.#forget();
  }

  /** In the order they came. What the historian has of it all the same is a duplicate, which an engine passes over. */
  all(): SampleBatch[] {
    this.#forget();
    return this.#kept.map(({ batch }) => batch);
  }

  #forget(): void {
    const from = this.#clock() - RECENT_MS;
    while (this.#kept.length > 0 && this.#kept[0]!.atMs < from) this.#kept.shift();
  }
}
