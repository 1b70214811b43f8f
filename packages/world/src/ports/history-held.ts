import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "../error.ts";
import type { Instant } from "../instant.ts";
import { quality } from "../signals/sample.ts";
import type { StateDurations } from "./history.ts";

/** Different values of one bucket that a percentile is taken over; of more it would cost memory without bound. */
export const HELD_VALUES_MAX = 1_000_000;
/** Different states of one answer: what has more is a measurement and no state. */
export const STATES_MAX = 1_000;
const COMPACT_FROM = 16_384;

/** Errors: DW_INVALID. */
export function checkPercentiles(percentiles: readonly number[]): void {
  for (const percent of percentiles)
    if (!(percent >= 0 && percent <= 100)) throw new DoppelwerkError("DW_INVALID", message("world.percentileLiesBetween0100", { percent }));
}

/** Values of one bucket and how long each was held, for its percentiles. */
export class HeldValues {
  #values: Float64Array = new Float64Array(256);
  #held: Float64Array = new Float64Array(256);
  #samples: Float64Array = new Float64Array(256);
  #count = 0;
  #compactAt = COMPACT_FROM;

  /** `samples`: how many samples said it, 0 for a value that came in from before. Errors: DW_INVALID beyond `HELD_VALUES_MAX` values. */
  add(value: number, held: Instant, samples: number): void {
    if (this.#count >= this.#compactAt) this.#compact();
    if (this.#count === this.#values.length) this.#grow();
    this.#values[this.#count] = value;
    this.#held[this.#count] = held;
    this.#samples[this.#count++] = samples;
  }

  /** Puts into `into[p][bucket]` the least value that, with all below it, was held for that part of the known time; NaN when there is none. Then empties. */
  take(percentiles: readonly number[], into: readonly Float64Array[], bucket: number): void {
    if (this.#count === 0) return;
    this.#compact();
    const total = this.#held.subarray(0, this.#count).reduce((sum, held) => sum + held, 0);
    // no time passed between the samples: then each counts the same
    const weights = total > 0 ? this.#held : this.#samples;
    const whole = total > 0 ? total : this.#samples.subarray(0, this.#count).reduce((sum, samples) => sum + samples, 0);
    const order = percentiles.map((_, index) => index).sort((a, b) => percentiles[a]! - percentiles[b]!);
    let [at, below] = [0, 0];
    for (const index of order) {
      const wanted = (percentiles[index]! / 100) * whole;
      // what has no weight was never held
      while (at < this.#count - 1 && (below + weights[at]! < wanted || weights[at] === 0)) below += weights[at++]!;
      into[index]![bucket] = this.#values[at]!;
    }
    this.clear();
  }

  clear(): void {
    this.#count = 0;
    this.#compactAt = COMPACT_FROM;
  }

  /** Ascending, equal values as one. */
  #compact(): void {
    const [values, held, samples] = [this.#values, this.#held, this.#samples];
    const order = Uint32Array.from({ length: this.#count }, (_, row) => row).sort((a, b) => values[a]! - values[b]!);
    const [nextValues, nextHeld, nextSamples] = [values, held, samples].map((column) => new Float64Array(column.length)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    let count = 0;
    for (const row of order) {
      if (count === 0 || nextValues[count - 1] !== values[row]) nextValues[count++] = values[row]!;
      nextHeld[count - 1]! += held[row]!;
      nextSamples[count - 1]! += samples[row]!;
    }
    [this.#values, this.#held, this.#samples, this.#count] = [nextValues, nextHeld, nextSamples, count];
    this.#compactAt = Math.max(COMPACT_FROM, count * 2);
    if (count > HELD_VALUES_MAX)
      throw new DoppelwerkError("DW_INVALID", message("world.bucketMoreDifferentValues", { max: HELD_VALUES_MAX }));
  }

  #grow(): void {
    const grown = (column: Float64Array): Float64Array => {
      const next = new Float64Array(column.length * 2);
      next.set(column);
      return next;
    };
    [this.#values, this.#held, this.#samples] = [grown(this.#values), grown(this.#held), grown(this.#samples)];
  }
}

/** Adds up how long each state held in each bucket; samples come ascending in time, all within the period but the one it begins with. */
export class StateFold {
  readonly #from: Instant;
  readonly #width: Instant;
  readonly #count: number;
  readonly #states = new Map<number | string, Float64Array>();
  readonly #unknown: Float64Array;
  #state: number | string | undefined;
  #since: Instant;

  constructor(from: Instant, to: Instant, count: number) {
    this.#from = from;
    this.#width = Math.max(1, Math.floor((to - from) / count));
    this.#count = count;
    this.#unknown = new Float64Array(count);
    this.#since = from;
  }

  get end(): Instant {
    return this.#from + this.#width * this.#count;
  }

  /** The sample that holds at the beginning, if any. */
  begin(sample: { readonly value: number; readonly text?: string; readonly quality: number } | undefined): void {
    if (sample !== undefined) this.#state = stateOf(sample.value, sample.quality, sample.text);
  }

  take(time: Instant, value: number, sampleQuality: number, text: string | undefined): void {
    this.#hold(time);
    this.#state = stateOf(value, sampleQuality, text);
  }

  /** Errors: DW_INVALID when there are more than `STATES_MAX` states. */
  finish(): StateDurations {
    this.#hold(this.end);
    return {
      from: this.#from,
      width: this.#width,
      states: [...this.#states.keys()],
      held: [...this.#states.values()],
      unknown: this.#unknown,
    };
  }

  #hold(until: Instant): void {
    if (until <= this.#since) return;
    const into = this.#columnOf(this.#state);
    let at = this.#since;
    for (let bucket = Math.floor((at - this.#from) / this.#width); at < until && bucket < this.#count; bucket++) {
      const end = Math.min(until, this.#from + (bucket + 1) * this.#width);
      into[bucket]! += end - at;
      at = end;
    }
    this.#since = until;
  }

  #columnOf(state: number | string | undefined): Float64Array {
    if (state === undefined) return this.#unknown;
    let column = this.#states.get(state);
    if (column !== undefined) return column;
    if (this.#states.size === STATES_MAX)
      throw new DoppelwerkError("DW_INVALID", message("world.signalMoreDifferentValuesPeriod", { max: STATES_MAX }));
    this.#states.set(state, (column = new Float64Array(this.#count)));
    return column;
  }
}

function stateOf(value: number, sampleQuality: number, text: string | undefined): number | string | undefined {
  if (sampleQuality === quality.bad) return undefined;
  return text ?? (Number.isNaN(value) ? undefined : value);
}
