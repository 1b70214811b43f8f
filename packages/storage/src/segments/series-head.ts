import { mergeColumns, type Columns } from "./columns.ts";

/** The newest rows of one series in memory, in order of arrival; put in order of time when someone asks. */
export class SeriesHead {
  #times: Float64Array;
  #values: Float64Array;
  #qualities: Uint8Array;
  #serverTimes: Float64Array;
  #texts: (string | undefined)[] | undefined;
  #count = 0;
  #ordered = true;

  /** `capacity`: rows to expect, from what the series brought before. */
  constructor(capacity = 16) {
    this.#times = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
    this.#qualities = new Uint8Array(capacity);
    this.#serverTimes = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  push(time: number, value: number, quality: number, serverTime: number, text: string | undefined): void {
    const row = this.#count;
    if (row > 0 && !(time > this.#times[row - 1]!)) {
      // the sample just said again is not kept; every other equal or earlier time is put right when asked
      if (time === this.#times[row - 1] && Object.is(value, this.#values[row - 1]) && text === this.#texts?.[row - 1]) return;
      this.#ordered = false;
    }
    if (row === this.#times.length) this.#grow();
    this.#times[row] = time;
    this.#values[row] = value;
    this.#qualities[row] = quality;
    this.#serverTimes[row] = serverTime;
    if (text !== undefined && this.#texts === undefined) this.#texts = Array.from({ length: row });
    this.#texts?.push(text);
    this.#count++;
  }

  /** Ascending, without duplicates; valid until the next push. */
  columns(): Columns {
    if (!this.#ordered) this.#order();
    return {
      count: this.#count,
      times: this.#times.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
      qualities: this.#qualities.subarray(0, this.#count),
      serverTimes: this.#serverTimes.subarray(0, this.#count),
      texts: this.#texts,
    };
  }

  #order(): void {
    const ordered = mergeColumns([
      {
        count: this.#count,
        times: this.#times,
        values: this.#values,
        qualities: this.#qualities,
        serverTimes: this.#serverTimes,
        texts: this.#texts,
      },
    ]);
    this.#times.set(ordered.times);
    this.#values.set(ordered.values);
    this.#qualities.set(ordered.qualities);
    this.#serverTimes.set(ordered.serverTimes);
    this.#texts = ordered.texts?.slice();
    this.#count = ordered.count;
    this.#ordered = true;
  }

  #grow(): void {
    const capacity = this.#times.length * 2;
    this.#times = grown(new Float64Array(capacity), this.#times);
    this.#values = grown(new Float64Array(capacity), this.#values);
    this.#qualities = grown(new Uint8Array(capacity), this.#qualities);
    this.#serverTimes = grown(new Float64Array(capacity), this.#serverTimes);
  }
}

function grown<T extends Float64Array | Uint8Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
