import type { Arrival } from "./arrival.ts";
import { rowOf, type BlockRow } from "./block.ts";
import type { Columns } from "./columns.ts";
import { KeptColumns } from "./kept-columns.ts";
import { CHUNK_BITS, CHUNK_ROWS, SharedChunk } from "./shared-chunk.ts";

const ROW_MASK = CHUNK_ROWS - 1;
/** Chunks kept for the next rows at least: fresh memory is filled with zeros by the machine first. */
const SPARE = 2;

/** A chunk and who holds rows of it. */
class Chunk extends SharedChunk {
  /** Rows given out. */
  used = 0;
  /** Heads and appends on their way. */
  holders = 0;
}

/** Rows of a chunk given out for one append. */
export interface Place {
  readonly chunk: Chunk;
  readonly start: number;
  readonly arrival: Arrival;
}

export interface RowsSource {
  readonly times: Float64Array;
  readonly serverTimes: Float64Array;
  readonly values: Float64Array;
  readonly texts: ReadonlyMap<number, string>;
  /** Writes the grades of rows [from, to). */
  grades(into: Uint8Array, from: number, to: number): void;
}

/** Gives out places for rows, chunk after chunk. */
export class RowMemory {
  #chunk: Chunk | undefined;
  #made = 0;
  /** Chunks in which rows lie. */
  #held = 0;
  readonly #spare: Chunk[] = [];
  readonly #onForgotten: (chunk: number) => void;

  /** `onForgotten`: rows will never lie in the chunk of this number again. */
  constructor(onForgotten: (chunk: number) => void) {
    this.#onForgotten = onForgotten;
  }

  /** Copies rows [from, to) of a source; `place.arrival.series` is left to the caller to fill. At most CHUNK_ROWS rows. */
  take(source: RowsSource, from: number, to: number, names: Arrival["names"]): Place {
    const count = to - from;
    const chunk = this.#chunkFor(count);
    const start = chunk.used;
    chunk.used += count;
    chunk.holders++;
    const arrival = chunk.arrival(start, start + count, names, textsBetween(source.texts, from, to));
    arrival.times.set(source.times.subarray(from, to));
    arrival.serverTimes.set(source.serverTimes.subarray(from, to));
    arrival.values.set(source.values.subarray(from, to));
    source.grades(arrival.qualities, from, to);
    return { chunk, start, arrival };
  }

  release(chunk: Chunk): void {
    if (--chunk.holders > 0 || chunk === this.#chunk) return;
    this.#held--;
    // where as many rows came while a head was stored as it had, the next one needs as much
    if (this.#spare.length >= Math.max(SPARE, this.#held)) return this.#onForgotten(chunk.number);
    chunk.used = 0;
    this.#spare.push(chunk);
  }

  #chunkFor(count: number): Chunk {
    const current = this.#chunk;
    if (current !== undefined && current.used + count <= CHUNK_ROWS) return current;
    this.#chunk = this.#spare.pop() ?? new Chunk(++this.#made);
    this.#held++;
    if (current !== undefined && current.holders === 0) {
      current.holders = 1;
      this.release(current);
    }
    return this.#chunk;
  }
}

function textsBetween(texts: ReadonlyMap<number, string>, from: number, to: number): ReadonlyMap<number, string> {
  if (texts.size === 0) return texts;
  const part = new Map<number, string>();
  for (const [row, text] of texts) if (row >= from && row < to) part.set(row - from, text);
  return part;
}

/** Adjoining rows of one chunk. */
interface Part {
  readonly chunk: Chunk;
  readonly start: number;
  end: number;
}

/**
 * The newest rows of all series in order of arrival. Each row knows the one before it of its series; that chain is made when someone asks, so that
 * what only passes through costs nothing. A row's number is its chunk's number here and its row there.
 */
export class MemoryRows {
  readonly #memory: RowMemory;
  readonly #chunks: Chunk[] = [];
  readonly #before: Int32Array[] = [];
  readonly #parts: Part[] = [];
  readonly #texts = new Map<number, string>();
  /** Of each series its last row, and 1 when its times ever went back or stood still. */
  #last = new Int32Array(0);
  #mixed = new Uint8Array(0);
  #chained = { part: 0, row: 0 };
  readonly #kept = new KeptColumns();
  count = 0;

  constructor(memory: RowMemory) {
    this.#memory = memory;
  }

  add({ chunk, start, arrival: { count, texts } }: Place): void {
    const end = start + count;
    if (this.#chunks.at(-1) !== chunk) {
      this.#chunks.push(chunk);
      chunk.holders++;
    }
    const last = this.#parts.at(-1);
    if (last?.chunk === chunk && last.end === start) last.end = end;
    else this.#parts.push({ chunk, start, end });
    const base = (this.#chunks.length - 1) << CHUNK_BITS;
    for (const [row, text] of texts) this.#texts.set(base + start + row, text);
    this.count += count;
  }

  /** What the writer stores: every row, in order of arrival. */
  arrivals(): Arrival[] {
    let number = -1;
    let before: Chunk | undefined;
    return this.#parts.map(({ chunk, start, end }) => {
      if (chunk !== before) number++;
      before = chunk;
      const base = number << CHUNK_BITS;
      return chunk.arrival(start, end, [], this.#textsOf(base + start, base + end));
    });
  }

  release(): void {
    for (const chunk of this.#chunks) this.#memory.release(chunk);
  }

  /** Rows of a series, ascending and without duplicates; undefined when there is none. */
  columns(series: number): Columns | undefined {
    this.#chain();
    const last = this.#last[series] ?? -1;
    if (last < 0) return undefined;
    const room = this.#kept.room(series);
    if (room.last === last) return room.columns;
    let added = 0;
    for (let row = last; row !== room.last; row = this.#rowBefore(row)) added++;
    room.extend(added);
    for (let row = last, at = room.count - 1; row !== room.last; row = this.#rowBefore(row), at--) {
      const chunk = this.#chunks[row >>> CHUNK_BITS]!;
      const place = row & ROW_MASK;
      room.times[at] = chunk.times[place]!;
      room.values[at] = chunk.values[place]!;
      room.qualities[at] = chunk.qualities[place]!;
      const text = this.#texts.size > 0 ? this.#texts.get(row) : undefined;
      if (text !== undefined) room.setText(at, text);
    }
    room.last = last;
    return this.#kept.finish(room, added, this.#mixed[series] === 1);
  }

  /** The last row of a series at or before an instant; of several at one time the one that arrived last. */
  rowAt(series: number, instant: number): BlockRow | undefined {
    this.#chain();
    if (this.#mixed[series] === 1) return rowOf(this.columns(series)!, instant);
    for (let row = this.#last[series] ?? -1; row >= 0; row = this.#rowBefore(row)) {
      const chunk = this.#chunks[row >>> CHUNK_BITS]!;
      const place = row & ROW_MASK;
      const time = chunk.times[place]!;
      if (time <= instant) return { time, value: chunk.values[place]!, quality: chunk.qualities[place]!, text: this.#texts.get(row) };
    }
    return undefined;
  }

  #rowBefore(row: number): number {
    return this.#before[row >>> CHUNK_BITS]![row & ROW_MASK]!;
  }

  #textsOf(from: number, to: number): ReadonlyMap<number, string> {
    const part = new Map<number, string>();
    if (this.#texts.size > 0) for (const [row, text] of this.#texts) if (row >= from && row < to) part.set(row - from, text);
    return part;
  }

  #chain(): void {
    let { part, row } = this.#chained;
    for (; part < this.#parts.length; part++, row = 0) {
      const { chunk, start, end } = this.#parts[part]!;
      row = Math.max(row, start);
      if (row < end) this.#chainPart(chunk, row, end);
      row = end;
      if (part === this.#parts.length - 1) break;
    }
    this.#chained = { part, row };
  }

  #chainPart(chunk: Chunk, from: number, to: number): void {
    const number = this.#chunks.lastIndexOf(chunk);
    const before = (this.#before[number] ??= new Int32Array(CHUNK_ROWS));
    const base = number << CHUNK_BITS;
    for (let row = from; row < to; row++) {
      const series = chunk.series[row]!;
      if (series >= this.#last.length) this.#grow(series + 1);
      const last = this.#last[series]!;
      before[row] = last;
      if (last >= 0 && !(chunk.times[row]! > this.#chunks[last >>> CHUNK_BITS]!.times[last & ROW_MASK]!)) this.#mixed[series] = 1;
      this.#last[series] = base + row;
    }
  }

  #grow(least: number): void {
    const length = Math.max(least, this.#last.length * 2, 64);
    const last = new Int32Array(length).fill(-1);
    last.set(this.#last);
    this.#last = last;
    const mixed = new Uint8Array(length);
    mixed.set(this.#mixed);
    this.#mixed = mixed;
  }
}
