import type { BranchId, RecordId, SampleBatch, SeriesKey } from "@doppelwerk/world";
import type { Arrival } from "./arrival.ts";
import { turnOf } from "./repeats.ts";
import type { SeriesName } from "./segment-file.ts";

/** The number of each series, which is what files and rows name it by. Numbers are given out once and never again. */
export class SeriesNumbers {
  readonly #numbers = new Map<BranchId, Map<RecordId, number>>();
  readonly #names = new Map<number, SeriesName>();
  /** Series whose name is not on disk yet. */
  readonly #unannounced = new Set<number>();
  /** Number of each signal index of the last batch of a branch, and for which id: most batches name the same ones. */
  readonly #indexes = new Map<BranchId, { readonly ids: RecordId[]; readonly numbers: number[] }>();
  /** Of the batch at hand. */
  #series = new Uint32Array(0);
  #next = 1;

  get count(): number {
    return this.#names.size;
  }

  all(): SeriesName[] {
    return [...this.#names.values()];
  }

  /** Undefined of a series that nobody named yet. */
  find({ branch, signal }: SeriesKey): number | undefined {
    return this.#numbers.get(branch)?.get(signal);
  }

  nameOf(number: number): SeriesName {
    return this.#names.get(number)!;
  }

  unannounced(): SeriesName[] {
    return [...this.#unannounced].map((number) => this.#names.get(number)!);
  }

  /** A file holds these names now. */
  announced(names: readonly SeriesName[]): void {
    for (const { number } of names) this.#unannounced.delete(number);
  }

  /** Takes a name that a file holds. */
  know(name: SeriesName): void {
    this.#names.set(name.number, name);
    this.#unannounced.delete(name.number);
    this.#next = Math.max(this.#next, name.number + 1);
    this.#ofBranch(name.branch).set(name.signal, name.number);
  }

  /** Series number of each row, valid until the next call. Throws Error, and nothing is stored, on an index without an id or a time that is no whole number. */
  ofRows(branch: BranchId, { count, signals, sourceTimes }: SampleBatch, signalIds: readonly RecordId[]): Uint32Array {
    for (let row = 0; row < count; row++)
      if (!Number.isSafeInteger(sourceTimes[row]!)) throw new Error(`a time that is no whole number of microseconds: ${sourceTimes[row]!}`);
    let known = this.#indexes.get(branch);
    if (known === undefined) this.#indexes.set(branch, (known = { ids: [], numbers: [] }));
    const { ids, numbers } = known;
    if (this.#series.length < count) this.#series = new Uint32Array(count);
    const series = this.#series;
    // what is polled in turn is looked up once
    const different = turnOf(signals, count) ?? count;
    for (let row = 0; row < different; row++) {
      const signal = signals[row]!;
      const id = signalIds[signal];
      if (id === undefined) throw new Error(`no signal id for index ${signal}`);
      if (ids[signal] !== id) {
        // without holes, so that both stay flat
        while (ids.length < signal) numbers[ids.push("") - 1] = 0;
        ids[signal] = id;
        numbers[signal] = this.#numberOf(branch, id);
      }
      series[row] = numbers[signal]!;
    }
    for (let done = different; done < count; done *= 2) series.copyWithin(done, 0, Math.min(done, count - done));
    return series;
  }

  /** Rows of unknown series left out: their name was in a file that is lost. */
  named(arrival: Arrival): Arrival {
    const names = this.#names;
    if (arrival.series.every((number) => names.has(number))) return arrival;
    const rows = Array.from({ length: arrival.count }, (_, row) => row).filter((row) => names.has(arrival.series[row]!));
    return {
      names: arrival.names,
      count: rows.length,
      series: Uint32Array.from(rows, (row) => arrival.series[row]!),
      times: Float64Array.from(rows, (row) => arrival.times[row]!),
      serverTimes: Float64Array.from(rows, (row) => arrival.serverTimes[row]!),
      values: Float64Array.from(rows, (row) => arrival.values[row]!),
      qualities: Uint8Array.from(rows, (row) => arrival.qualities[row]!),
      texts: new Map(rows.flatMap((row, at) => (arrival.texts.has(row) ? [[at, arrival.texts.get(row)!] as const] : []))),
    };
  }

  #ofBranch(branch: BranchId): Map<RecordId, number> {
    let signals = this.#numbers.get(branch);
    if (signals === undefined) this.#numbers.set(branch, (signals = new Map()));
    return signals;
  }

  #numberOf(branch: BranchId, signal: RecordId): number {
    const signals = this.#ofBranch(branch);
    let number = signals.get(signal);
    if (number === undefined) {
      number = this.#next++;
      signals.set(signal, number);
      this.#names.set(number, { number, branch, signal });
      this.#unannounced.add(number);
    }
    return number;
  }
}
