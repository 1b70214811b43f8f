import type { Instant } from "@doppelwerk/world";
import { MINUTE, HOUR, DAY } from "@doppelwerk/world";
import type { PlantSignal } from "../signals/signal.ts";

/** Columns of one signal, ascending in time, at most one sample a millisecond. A value NaN is "no communication". */
export interface SeriesColumns {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/** Everything a generator hands over at once. */
export interface ArchiveColumns {
  readonly series: readonly SeriesColumns[];
  /** Values of text signals are indexes into this. */
  readonly texts: readonly string[];
}

const fine = 2 * HOUR;
const keep = 45 * DAY;

/**
 * The plant's own archive: what a historian of a real plant keeps. Changes and results of parts are kept as they are; cyclic values are
 * kept every second for two hours and every minute before that. Times are instants (µs) of whole milliseconds in true plant time.
 */
export class PlantArchive {
  readonly signals: readonly PlantSignal[];
  readonly #times: Float64Array[];
  readonly #values: Float64Array[];
  readonly #counts: Uint32Array;
  /** Until when the cyclic values of a signal are thinned. */
  readonly #thinned: Float64Array;
  readonly #texts: string[] = [""];
  readonly #textIndexes = new Map<string, number>([["", 0]]);

  constructor(signals: readonly PlantSignal[]) {
    this.signals = signals;
    this.#times = signals.map(() => new Float64Array(64));
    this.#values = signals.map(() => new Float64Array(64));
    this.#counts = new Uint32Array(signals.length);
    this.#thinned = new Float64Array(signals.length);
  }

  /** Takes a generator's columns over; the archive must be empty. */
  load(columns: ArchiveColumns): void {
    this.#texts.length = 0;
    this.#textIndexes.clear();
    for (const text of columns.texts) this.textIndex(text);
    columns.series.forEach((series, index) => {
      this.#times[index] = series.times;
      this.#values[index] = series.values;
      this.#counts[index] = series.times.length;
    });
  }

  /** Gives everything away, to be transferred to another thread; only the texts stay known here. */
  takeColumns(): ArchiveColumns {
    const series = this.signals.map((_, i) => ({
      times: this.#times[i]!.slice(0, this.#counts[i]!),
      values: this.#values[i]!.slice(0, this.#counts[i]!),
    }));
    for (const signal of this.signals) this.#times[signal.index] = this.#values[signal.index] = new Float64Array(0);
    this.#counts.fill(0);
    return { texts: [...this.#texts], series };
  }

  textIndex(text: string): number {
    const known = this.#textIndexes.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#textIndexes.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }

  /** Texts with index ≥ `first`, in order. */
  textsFrom(first: number): readonly string[] {
    return this.#texts.slice(first);
  }

  textAt(index: number): string {
    return this.#texts[index] ?? "";
  }

  /** Appends and returns the time kept: a sample not later than the last one is moved to the millisecond after it. */
  append(signal: number, time: Instant, value: number): Instant {
    const count = this.#counts[signal]!;
    let times = this.#times[signal]!;
    if (count === times.length) times = this.#grow(signal);
    let kept = Math.round(time / 1000) * 1000;
    if (count > 0 && kept <= times[count - 1]!) kept = times[count - 1]! + 1000;
    times[count] = kept;
    this.#values[signal]![count] = value;
    this.#counts[signal] = count + 1;
    return kept;
  }

  count(signal: number): number {
    return this.#counts[signal]!;
  }

  total(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  timeAt(signal: number, row: number): Instant {
    return this.#times[signal]![row]!;
  }

  valueAt(signal: number, row: number): number {
    return this.#values[signal]![row]!;
  }

  /** First row with time ≥ `time`. */
  rowAt(signal: number, time: Instant): number {
    const times = this.#times[signal]!;
    let low = 0;
    let high = this.#counts[signal]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Drops seconds of cyclic values older than two hours and everything older than 45 days. */
  thin(now: Instant): void {
    for (const signal of this.signals) {
      if (signal.recording === "cyclic") this.#thinCyclic(signal.index, now - fine);
      this.#dropBefore(signal.index, now - keep);
    }
  }

  #thinCyclic(signal: number, before: Instant): void {
    const times = this.#times[signal]!;
    const values = this.#values[signal]!;
    const count = this.#counts[signal]!;
    const from = this.rowAt(signal, this.#thinned[signal]!);
    const to = this.rowAt(signal, before);
    this.#thinned[signal] = before;
    let write = from;
    let lastMinute = from > 0 ? Math.floor(times[from - 1]! / MINUTE) : -1;
    for (let row = from; row < to; row++) {
      const minute = Math.floor(times[row]! / MINUTE);
      if (minute === lastMinute) continue;
      lastMinute = minute;
      times[write] = times[row]!;
      values[write++] = values[row]!;
    }
    if (write === to) return;
    times.copyWithin(write, to, count);
    values.copyWithin(write, to, count);
    this.#counts[signal] = count - (to - write);
  }

  #dropBefore(signal: number, time: Instant): void {
    const row = this.rowAt(signal, time);
    if (row < 1000) return;
    this.#times[signal]!.copyWithin(0, row, this.#counts[signal]!);
    this.#values[signal]!.copyWithin(0, row, this.#counts[signal]!);
    this.#counts[signal] = this.#counts[signal]! - row;
  }

  #grow(signal: number): Float64Array {
    const size = Math.ceil(this.#times[signal]!.length * 1.5) + 64;
    const times = new Float64Array(size);
    const values = new Float64Array(size);
    times.set(this.#times[signal]!);
    values.set(this.#values[signal]!);
    this.#times[signal] = times;
    this.#values[signal] = values;
    return times;
  }
}
