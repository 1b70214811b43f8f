/** Samples on an even grid, by straight lines between them; NaN where nothing is known. Filled sample by sample. */
export class EvenGrid {
  readonly values: Float64Array;
  /** Points of the grid that lie farther from a sample than the longest interval that counts as one. */
  inGaps = 0;
  readonly #from: number;
  readonly #step: number;
  readonly #longest: number;
  #time = Number.NaN;
  #value = Number.NaN;
  #next = 0;

  /** Times in any one unit. `longest`: a longer time between two samples is a gap. */
  constructor(from: number, step: number, count: number, longest: number) {
    this.values = new Float64Array(count).fill(Number.NaN);
    this.#from = from;
    this.#step = step;
    this.#longest = longest;
  }

  /** Ascending in time. */
  sample(time: number, value: number): void {
    const isGap = Number.isNaN(this.#value) || Number.isNaN(value) || time - this.#time > this.#longest;
    for (; this.#next < this.values.length; this.#next++) {
      const at = this.#from + this.#next * this.#step;
      if (at > time) break;
      if (at === time) this.values[this.#next] = value;
      else if (isGap) this.inGaps++;
      else this.values[this.#next] = this.#value + ((value - this.#value) * (at - this.#time)) / (time - this.#time || 1);
    }
    [this.#time, this.#value] = [time, value];
  }
}

/** The middle one of the times between samples; undefined with fewer than three. */
export function usualInterval(times: ArrayLike<number>): number | undefined {
  if (times.length < 3) return undefined;
  const intervals = new Float64Array(times.length - 1);
  for (let at = 1; at < times.length; at++) intervals[at - 1] = times[at]! - times[at - 1]!;
  intervals.sort();
  const usual = intervals[intervals.length >> 1]!;
  return usual > 0 ? usual : undefined;
}
