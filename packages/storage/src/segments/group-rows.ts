import type { Arrival } from "./arrival.ts";
import { mergeColumns, type Columns } from "./columns.ts";

/** Rows grouped at a time; more are grouped in several passes, a range of series each, so that memory stays bounded. */
const PASS_ROWS = 1 << 20;

export interface SeriesRows {
  readonly series: number;
  /** Ascending and without duplicates; valid until the next pass. */
  readonly columns: Columns;
}

/** Numbers of all series that have a row, ascending. */
export function seriesOf(counts: Uint32Array): number[] {
  const numbers: number[] = [];
  for (let series = 0; series < counts.length; series++) if (counts[series]! > 0) numbers.push(series);
  return numbers;
}

/** Rows of each series, numbers up to `highest`. */
export function countRows(arrivals: readonly Arrival[], highest: number): Uint32Array {
  const counts = new Uint32Array(highest + 1);
  for (const { series, count } of arrivals) for (let row = 0; row < count; row++) counts[series[row]!]!++;
  return counts;
}

interface Pass {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Every row belongs to it. */
  readonly isOnly: boolean;
}

/** A counting sort, a column at a time. Its memory is that of one pass, and kept. One grouping at a time. */
export class RowGroups {
  readonly #passRows: number;
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  #serverTimes = new Float64Array(0);
  #qualities = new Uint8Array(0);
  #places = new Uint32Array(0);

  constructor(passRows: number = PASS_ROWS) {
    this.#passRows = passRows;
  }

  /** The rows of arrivals series by series, ascending by number. */
  *of(arrivals: readonly Arrival[], counts: Uint32Array): Generator<SeriesRows> {
    for (let from = 0; from < counts.length;) {
      let rows = 0;
      let to = from;
      do rows += counts[to++]!;
      while (to < counts.length && rows + counts[to]! <= this.#passRows);
      if (rows > 0) yield* this.#pass(arrivals, counts, { from, to, rows, isOnly: from === 0 && to === counts.length });
      from = to;
    }
  }

  *#pass(arrivals: readonly Arrival[], counts: Uint32Array, pass: Pass): Generator<SeriesRows> {
    const { from, to, rows } = pass;
    if (this.#times.length <= rows) this.#allocate(rows + 1);
    const next = new Uint32Array(to - from);
    for (let series = from + 1; series < to; series++) next[series - from] = next[series - from - 1]! + counts[series - 1]!;
    const texts = new Map<number, string>();
    for (const arrival of arrivals) this.#scatter(arrival, next, pass, texts);
    for (let series = from; series < to; series++) {
      const count = counts[series]!;
      if (count === 0) continue;
      const start = next[series - from]! - count;
      yield { series, columns: mergeColumns([this.#slice(start, start + count, texts)]) };
    }
  }

  #scatter(
    { series, count, times, values, serverTimes, qualities, texts }: Arrival,
    next: Uint32Array,
    pass: Pass,
    into: Map<number, string>,
  ): void {
    if (this.#places.length < count) this.#places = new Uint32Array(count);
    const places = this.#places;
    const { from, to, rows: nowhere, isOnly } = pass;
    if (isOnly) for (let row = 0; row < count; row++) places[row] = next[series[row]!]!++;
    else
      for (let row = 0; row < count; row++) {
        const number = series[row]! - from;
        // rows of other passes go behind the last one
        places[row] = number < 0 || number >= to - from ? nowhere : next[number]!++;
      }
    // a column at a time keeps the places written to few enough for the caches
    scatterNumbers(this.#times, times, places, count);
    scatterNumbers(this.#values, values, places, count);
    scatterNumbers(this.#serverTimes, serverTimes, places, count);
    scatterBytes(this.#qualities, qualities, places, count);
    for (const [row, text] of texts) if (places[row] !== nowhere) into.set(places[row]!, text);
  }

  #slice(start: number, end: number, texts: ReadonlyMap<number, string>): Columns {
    let column: (string | undefined)[] | undefined;
    if (texts.size > 0) {
      for (let row = start; row < end; row++) {
        const text = texts.get(row);
        if (text !== undefined) (column ??= Array.from({ length: end - start }))[row - start] = text;
      }
    }
    return {
      count: end - start,
      times: this.#times.subarray(start, end),
      values: this.#values.subarray(start, end),
      qualities: this.#qualities.subarray(start, end),
      serverTimes: this.#serverTimes.subarray(start, end),
      texts: column,
    };
  }

  #allocate(least: number): void {
    // the next one is seldom of the same size
    const rows = Math.min(Math.max(least, this.#passRows + 1), Math.ceil(least * 1.2));
    this.#times = new Float64Array(rows);
    this.#values = new Float64Array(rows);
    this.#serverTimes = new Float64Array(rows);
    this.#qualities = new Uint8Array(rows);
  }
}

function scatterNumbers(into: Float64Array, from: Float64Array, places: Uint32Array, count: number): void {
  for (let row = 0; row < count; row++) into[places[row]!] = from[row]!;
}

function scatterBytes(into: Uint8Array, from: Uint8Array, places: Uint32Array, count: number): void {
  for (let row = 0; row < count; row++) into[places[row]!] = from[row]!;
}
