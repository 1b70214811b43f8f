import type { Arrival } from "./arrival.ts";
import type { SeriesName } from "./segment-file.ts";

/** Rows of one chunk: a power of two, so that a row number is a shift away from its chunk. */
export const CHUNK_BITS = 17;
export const CHUNK_ROWS = 1 << CHUNK_BITS;
const ROW_BYTES = 29;

/** Memory both threads see, so that rows are copied once and never again: the writer logs and stores them from where they lie. */
export class SharedChunk {
  readonly number: number;
  readonly memory: SharedArrayBuffer;
  readonly times: Float64Array;
  readonly serverTimes: Float64Array;
  readonly values: Float64Array;
  readonly series: Uint32Array;
  readonly qualities: Uint8Array;

  constructor(number: number, memory: SharedArrayBuffer = new SharedArrayBuffer(CHUNK_ROWS * ROW_BYTES)) {
    this.number = number;
    this.memory = memory;
    this.times = new Float64Array(memory, 0, CHUNK_ROWS);
    this.serverTimes = new Float64Array(memory, CHUNK_ROWS * 8, CHUNK_ROWS);
    this.values = new Float64Array(memory, CHUNK_ROWS * 16, CHUNK_ROWS);
    this.series = new Uint32Array(memory, CHUNK_ROWS * 24, CHUNK_ROWS);
    this.qualities = new Uint8Array(memory, CHUNK_ROWS * 28, CHUNK_ROWS);
  }

  /** Rows [start, end), not copied. */
  arrival(start: number, end: number, names: readonly SeriesName[], texts: ReadonlyMap<number, string>): Arrival {
    return {
      names,
      count: end - start,
      series: this.series.subarray(start, end),
      times: this.times.subarray(start, end),
      serverTimes: this.serverTimes.subarray(start, end),
      values: this.values.subarray(start, end),
      qualities: this.qualities.subarray(start, end),
      texts,
      place: { chunk: this, start },
    };
  }
}

/**
 * An arrival on its way to the other thread: where its rows lie. The memory goes along the first time only, because every time it arrives the engine
 * there counts all of it again and collects for it. What lies in no chunk travels whole.
 */
export type SentArrival =
  | Arrival
  | {
      readonly chunk: number;
      readonly memory: SharedArrayBuffer | undefined;
      readonly start: number;
      readonly end: number;
      readonly names: readonly SeriesName[];
      readonly texts: ReadonlyMap<number, string>;
    };

/** `known`: numbers of the chunks the other thread has; added to. */
export function toSend(arrival: Arrival, known: Set<number>): SentArrival {
  const { place, names, texts, count } = arrival;
  if (place === undefined) return arrival;
  const { chunk, start } = place;
  const memory = known.has(chunk.number) ? undefined : chunk.memory;
  known.add(chunk.number);
  return { chunk: chunk.number, memory, start, end: start + count, names, texts };
}

/** The counterpart. */
export function received(sent: SentArrival, known: Map<number, SharedChunk>): Arrival {
  if (!("chunk" in sent)) return sent;
  const { chunk: number, memory, start, end, names, texts } = sent;
  if (memory !== undefined) known.set(number, new SharedChunk(number, memory));
  return known.get(number)!.arrival(start, end, names, texts);
}
