import type { Arrival } from "./arrival.ts";
import { mergeColumns, type Columns } from "./columns.ts";
import { isConstant, isPeriodic } from "./repeats.ts";

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
  for (const { series, count } of arrivals) {
    const turn = turnOf(series, count);
    const begin = turn === undefined ? 0 : count - (count % turn);
    if (turn !== undefined) for (let row = 0; row < turn; row++) counts[series[row]!]! += begin / turn;
    for (let row = begin; row < count; row++) counts[series[row]!]!++;
  }
  return counts;
}

interface Pass {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  /** Every row belongs to it. */
  readonly isOnly: boolean;
}

interface Scattering extends Pass {
  /** Rows differ in quality. */
  readonly qualities: boolean;
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
    const quality = onlyQuality(arrivals);
    if (quality !== undefined) this.#qualities.fill(quality, 0, rows);
    for (const arrival of arrivals) this.#scatter(arrival, next, { ...pass, qualities: quality === undefined }, texts);
    for (let series = from; series < to; series++) {
      const count = counts[series]!;
      if (count === 0) continue;
      const start = next[series - from]! - count;
      yield { series, columns: mergeColumns([this.#slice(start, start + count, texts)]) };
    }
  }

  #scatter(arrival: Arrival, next: Uint32Array, pass: Scattering, into: Map<number, string>): void {
    const { series, texts } = arrival;
    // of rows with texts every place is asked for
    const turn = texts.size === 0 ? turnOf(series, arrival.count) : undefined;
    const begin = turn === undefined ? 0 : this.#takeTurns(arrival, next, pass, turn);
    this.#scatterFrom(begin, arrival, next, pass, into);
  }

  /** Rows of series in turn, eight series at a time: each line of memory is read once and written once. Returns how many rows were taken. */
  #takeTurns({ series, count, times, values, serverTimes, qualities }: Arrival, next: Uint32Array, pass: Scattering, turn: number): number {
    if (this.#places.length < turn) this.#places = new Uint32Array(turn);
    const turns = Math.floor(count / turn);
    const starts = this.#places;
    // ascending, so that those of this pass stand together
    let first = 0;
    while (first < turn && series[first]! < pass.from) first++;
    let end = first;
    for (; end < turn && series[end]! < pass.to; end++) {
      const number = series[end]! - pass.from;
      starts[end] = next[number]!;
      next[number]! += turns;
    }
    const rows: Turns = { starts, first, end, turn, turns };
    transposeNumbers(this.#times, times, rows);
    transposeNumbers(this.#values, values, rows);
    transposeNumbers(this.#serverTimes, serverTimes, rows);
    if (pass.qualities) transposeBytes(this.#qualities, qualities, rows);
    return turn * turns;
  }

  #scatterFrom(
    begin: number,
    { series, count, times, values, serverTimes, qualities, texts }: Arrival,
    next: Uint32Array,
    { from, to, rows: nowhere, isOnly, qualities: isMixed }: Scattering,
    into: Map<number, string>,
  ): void {
    if (this.#places.length < count) this.#places = new Uint32Array(count);
    const places = this.#places;
    if (isOnly) for (let row = begin; row < count; row++) places[row] = next[series[row]!]!++;
    else
      for (let row = begin; row < count; row++) {
        const number = series[row]! - from;
        // rows of other passes go behind the last one
        places[row] = number < 0 || number >= to - from ? nowhere : next[number]!++;
      }
    // a column at a time keeps the places written to few enough for the caches
    scatterNumbers(this.#times, times, { places, begin, count });
    scatterNumbers(this.#values, values, { places, begin, count });
    scatterNumbers(this.#serverTimes, serverTimes, { places, begin, count });
    if (isMixed) scatterBytes(this.#qualities, qualities, { places, begin, count });
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

/** Rows from `begin` on and where they go. */
interface Moves {
  readonly places: Uint32Array;
  readonly begin: number;
  readonly count: number;
}

function scatterNumbers(into: Float64Array, from: Float64Array, { places, begin, count }: Moves): void {
  for (let row = begin; row < count; row++) into[places[row]!] = from[row]!;
}

function scatterBytes(into: Uint8Array, from: Uint8Array, { places, begin, count }: Moves): void {
  for (let row = begin; row < count; row++) into[places[row]!] = from[row]!;
}

/** Fewer turns are not worth it. */
const LEAST_TURNS = 8;

/** How many series report in turn, when they do for most of the rows: a poll names all of its signals each time. Undefined: they do not. */
function turnOf(series: Uint32Array, count: number): number | undefined {
  const first = series[0]!;
  let turn = 1;
  // ascending, so that none comes twice in one turn
  while (turn < count && series[turn]! > series[turn - 1]!) turn++;
  if (turn * LEAST_TURNS > count || series[turn] !== first) return undefined;
  return isPeriodic(series, count, turn) ? turn : undefined;
}

interface Turns {
  /** Place of the first row of each series of a turn. */
  readonly starts: Uint32Array;
  /** Which series of the turn are taken: [first, end). */
  readonly first: number;
  readonly end: number;
  readonly turn: number;
  readonly turns: number;
}

function transposeNumbers(into: Float64Array, from: Float64Array, { starts, first, end, turn, turns }: Turns): void {
  let at = first;
  for (; at + 8 <= end; at += 8) {
    const [a, b, c, d] = [starts[at]!, starts[at + 1]!, starts[at + 2]!, starts[at + 3]!];
    const [e, f, g, h] = [starts[at + 4]!, starts[at + 5]!, starts[at + 6]!, starts[at + 7]!];
    for (let n = 0, row = at; n < turns; n++, row += turn) {
      into[a + n] = from[row]!;
      into[b + n] = from[row + 1]!;
      into[c + n] = from[row + 2]!;
      into[d + n] = from[row + 3]!;
      into[e + n] = from[row + 4]!;
      into[f + n] = from[row + 5]!;
      into[g + n] = from[row + 6]!;
      into[h + n] = from[row + 7]!;
    }
  }
  for (; at < end; at++) for (let n = 0, row = at; n < turns; n++, row += turn) into[starts[at]! + n] = from[row]!;
}

function transposeBytes(into: Uint8Array, from: Uint8Array, { starts, first, end, turn, turns }: Turns): void {
  for (let at = first; at < end; at++)
    for (let n = 0, row = at, place = starts[at]!; n < turns; n++, row += turn) into[place++] = from[row]!;
}

/** The quality that all rows have, if there is one. */
function onlyQuality(arrivals: readonly Arrival[]): number | undefined {
  const quality = arrivals[0]?.qualities[0];
  return arrivals.every(({ qualities, count }) => qualities[0] === quality && isConstant(qualities, count)) ? quality : undefined;
}
