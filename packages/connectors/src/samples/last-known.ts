import { originAt, quality, type Instant, type Origin, type Quality, type SampleBatch } from "@doppelwerk/world";
import { SampleBuffer } from "./sample-buffer.ts";

/** What was last said of each signal, so that a loss can be said with it. */
export class LastKnown {
  readonly times: Float64Array;
  readonly #values: Float64Array;
  readonly #texts: (string | undefined)[];
  /** Of those that said it themselves. */
  readonly #origins = new Map<number, Origin>();

  /** `times` of an earlier life: NaN = never said. */
  constructor(count: number, times?: Float64Array) {
    this.times = times === undefined ? new Float64Array(count).fill(Number.NaN) : times.slice();
    this.#values = new Float64Array(count).fill(Number.NaN);
    this.#texts = Array.from({ length: count });
  }

  remember(index: number, value: number, text: string | undefined, time: Instant, origin?: Origin): void {
    if (time < this.times[index]!) return;
    if (origin !== undefined) this.#origins.set(index, origin);
    this.times[index] = time;
    this.#values[index] = value;
    this.#texts[index] = text;
  }

  rememberBatch(batch: SampleBatch): void {
    for (let row = 0; row < batch.count; row++)
      this.remember(
        batch.signals[row]!,
        batch.values[row]!,
        batch.texts.get(row),
        batch.sourceTimes[row]!,
        batch.origins && originAt(batch, row),
      );
  }

  /**
   * Every signal that was ever said (or those chosen), said again at `now`: uncertain with its last value, bad without one.
   * The times move to `now`, so that a value which merely still stands after the return is said anew and not taken for old.
   */
  say(worst: Quality, now: Instant, chosen: Iterable<number> = this.times.keys()): SampleBatch {
    const buffer = new SampleBuffer("measured", Math.max(1, this.times.length));
    for (const index of chosen) {
      if (Number.isNaN(this.times[index]!)) continue;
      // of what never had a value nothing can be said, not even uncertainly
      const bad = worst === quality.bad || (Number.isNaN(this.#values[index]!) && this.#texts[index] === undefined);
      buffer.push(
        index,
        bad ? Number.NaN : this.#values[index]!,
        bad ? undefined : this.#texts[index],
        bad ? quality.bad : worst,
        now,
        now,
        this.#origins.get(index),
      );
      this.times[index] = Math.max(now, this.times[index]!);
    }
    return buffer.take();
  }
}
