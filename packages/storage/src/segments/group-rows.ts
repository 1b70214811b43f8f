import type { Arrival } from "./arrival.ts";
import { mergeColumns, type Columns } from "./columns.ts";
import { isConstant, turnOf } from "./repeats.ts";

/** Rows grouped at a time; more are grouped in several passes, a range of series each, so that memory stays bounded. */
const PASS_ROWS = 1 << 20;
/** The same of rows that come in turn: those of a few series stay in the caches from where they are sorted to where they are packed. */
const TURN_PASS_ROWS = 1 << 14;

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

/** What the passes of one grouping share. */
interface Grouping {
  readonly arrivals: readonly Arrival[];
  readonly counts: Uint32Array;
  /** Of each arrival how many series report in turn, if they do. */
  readonly turns: readonly (number | undefined)[];
  /** The quality that all rows have, if there is one. */
  readonly quality: number | undefined;
}

/** Where the rows of a pass go, and whether their qualities do too. */
interface Scattering extends Pass {
  /** The next place of each series of the pass. */
  readonly next: Uint32Array;
  readonly isMixed: boolean;
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
    // of rows with texts every place is asked for
    const turns = arrivals.map(({ series, count, texts }) => (texts.size === 0 ? turnOf(series, count) : undefined));
    const most = turns.includes(undefined) ? this.#passRows : Math.min(this.#passRows, TURN_PASS_ROWS);
    const grouping: Grouping = { arrivals, counts, turns, quality: onlyQuality(arrivals) };
    for (let from = 0; from < counts.length;) {
      let rows = 0;
      let to = from;
      do rows += counts[to++]!;
      while (to < counts.length && rows + counts[to]! <= most);
      if (rows > 0) yield* this.#pass(grouping, { from, to, rows, isOnly: from === 0 && to === counts.length });
      from = to;
    }
  }

  *#pass({ arrivals, counts, turns, quality }: Grouping, pass: Pass): Generator<SeriesRows> {
    const { from, to, rows } = pass;
    if (this.#times.length <= rows) this.#allocate(rows + 1);
    const next = new Uint32Array(to - from);
    for (let series = from + 1; series < to; series++) next[series - from] = next[series - from - 1]! + counts[series - 1]!;
    const texts = new Map<number, string>();
    if (quality !== undefined) this.#qualities.fill(quality, 0, rows);
    const scattering: Scattering = { ...pass, next, isMixed: quality === undefined };
    for (let at = 0; at < arrivals.length; at++) {
      const turn = turns[at];
      if (turn === undefined) this.#scatter(arrivals[at]!, scattering, texts);
      else this.#takeTurns(arrivals[at]!, scattering, turn);
    }
    for (let series = from; series < to; series++) {
      const count = counts[series]!;
      if (count === 0) continue;
      const start = next[series - from]! - count;
      yield { series, columns: mergeColumns([this.#slice(start, start + count, texts)]) };
    }
  }

  /** Rows of series in turn, eight series at a time: each line of memory is read once and written once. */
  #takeTurns({ series, count, times, values, serverTimes, qualities }: Arrival, pass: Scattering, turn: number): void {
    if (this.#places.length < turn) this.#places = new Uint32Array(turn);
    const turns = Math.floor(count / turn);
    const rest = count - turns * turn;
    const starts = this.#places;
    // ascending, so that those of this pass stand together
    const first = firstFrom(series, turn, pass.from);
    const end = firstFrom(series, turn, pass.to);
    for (let at = first; at < end; at++) {
      const number = series[at]! - pass.from;
      starts[at] = pass.next[number]!;
      pass.next[number]! += at < rest ? turns + 1 : turns;
    }
    const rows: Turns = { starts, first, end, turn, turns, rest };
    transpose(this.#times, times, rows);
    transpose(this.#values, values, rows);
    transpose(this.#serverTimes, serverTimes, rows);
    if (pass.isMixed) transpose(this.#qualities, qualities, rows);
  }

  #scatter(
    { series, count, times, values, serverTimes, qualities, texts }: Arrival,
    { from, to, rows: nowhere, isOnly, next, isMixed }: Scattering,
    into: Map<number, string>,
  ): void {
    if (this.#places.length < count) this.#places = new Uint32Array(count);
    const places = this.#places;
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
    if (isMixed) scatterBytes(this.#qualities, qualities, places, count);
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

/** The first of so many ascending numbers that is not below `least`. */
function firstFrom(numbers: Uint32Array, count: number, least: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Turns {
  /** Place of the first row of each series of a turn. */
  readonly starts: Uint32Array;
  /** Which series of the turn are taken: [first, end). */
  readonly first: number;
  readonly end: number;
  readonly turn: number;
  readonly turns: number;
  /** So many series begin one turn more. */
  readonly rest: number;
}

function transpose<T extends Float64Array | Uint8Array>(into: T, from: T, rows: Turns): void {
  if (into instanceof Float64Array) transposeNumbers(into, from as Float64Array, rows);
  else transposeBytes(into, from as Uint8Array, rows);
  const { starts, first, end, turn, turns, rest } = rows;
  for (let at = first; at < end && at < rest; at++) into[starts[at]! + turns] = from[turns * turn + at]!;
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
  for (; at < end; at++) for (let n = 0, row = at, place = starts[at]!; n < turns; n++, row += turn) into[place++] = from[row]!;
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
