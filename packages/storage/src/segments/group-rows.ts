import type { Arrival } from "./arrival.ts";
import { mergeColumns, type Columns } from "./columns.ts";

/** Rows grouped at a time; more are grouped in several passes, a range of series each, so that memory stays bounded. */
const PASS_ROWS = 524_288;

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
}

/** A counting sort, a column at a time. Its memory is that of one pass, and kept. One grouping at a time. */
export class RowGroups {
  readonly #passRows: number;
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  #serverTimes = new Float64Array(0);
  #qualities = new Uint8Array(0);
  #rows = new Uint32Array(0);
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
      if (rows > 0) yield* this.#pass(arrivals, counts, { from, to, rows });
      from = to;
    }
  }

  *#pass(arrivals: readonly Arrival[], counts: Uint32Array, { from, to, rows }: Pass): Generator<SeriesRows> {
    if (this.#times.length < rows) this.#allocate(rows);
    const next = new Uint32Array(to - from);
    for (let series = from + 1; series < to; series++) next[series - from] = next[series - from - 1]! + counts[series - 1]!;
    const texts = new Map<number, string>();
    for (const arrival of arrivals) this.#scatter(arrival, next, { from, to, rows }, texts);
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
    if (this.#places.length < count) {
      this.#places = new Uint32Array(count);
      this.#rows = new Uint32Array(count);
    }
    const [rows, places] = [this.#rows, this.#places];
    const { from, to } = pass;
    let taken = 0;
    for (let row = 0; row < count; row++) {
      const number = series[row]! - from;
      if (number < 0 || number >= to - from) continue;
      rows[taken] = row;
      places[taken++] = next[number]!++;
    }
    // a column at a time keeps the places written to few enough for the caches
    scatterNumbers(this.#times, times, { rows, places, taken });
    scatterNumbers(this.#values, values, { rows, places, taken });
    scatterNumbers(this.#serverTimes, serverTimes, { rows, places, taken });
    scatterBytes(this.#qualities, qualities, { rows, places, taken });
    if (texts.size === 0) return;
    for (let at = 0; at < taken; at++) {
      const text = texts.get(rows[at]!);
      if (text !== undefined) into.set(places[at]!, text);
    }
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

  #allocate(rows: number): void {
    this.#times = new Float64Array(rows);
    this.#values = new Float64Array(rows);
    this.#serverTimes = new Float64Array(rows);
    this.#qualities = new Uint8Array(rows);
  }
}

/** Rows of an arrival that belong to a pass, and where they go. */
interface Moves {
  readonly rows: Uint32Array;
  readonly places: Uint32Array;
  readonly taken: number;
}

function scatterNumbers(into: Float64Array, from: Float64Array, { rows, places, taken }: Moves): void {
  for (let at = 0; at < taken; at++) into[places[at]!] = from[rows[at]!]!;
}

function scatterBytes(into: Uint8Array, from: Uint8Array, { rows, places, taken }: Moves): void {
  for (let at = 0; at < taken; at++) into[places[at]!] = from[rows[at]!]!;
}
