import { ByteReader, ByteWriter } from "./byte-writer.ts";
import type { SeriesName } from "./segment-file.ts";
import type { SharedChunk } from "./shared-chunk.ts";

/** Rows of many series in order of arrival, and the names of series that appear for the first time. What the write-ahead log holds. */
export interface Arrival {
  readonly names: readonly SeriesName[];
  readonly count: number;
  readonly series: Uint32Array;
  readonly times: Float64Array;
  readonly serverTimes: Float64Array;
  readonly values: Float64Array;
  readonly qualities: Uint8Array;
  readonly texts: ReadonlyMap<number, string>;
  /** Where the rows lie when both threads see them. */
  readonly place?: { readonly chunk: SharedChunk; readonly start: number };
}

export function writeArrival(writer: ByteWriter, arrival: Arrival): void {
  const { names, count, texts } = arrival;
  writer.u32(names.length);
  for (const { number, branch, signal } of names) {
    writer.u32(number);
    writer.text(branch);
    writer.text(signal);
  }
  writer.u32(count);
  writer.u32(texts.size);
  for (const column of [arrival.series, arrival.times, arrival.serverTimes, arrival.values, arrival.qualities])
    writer.bytes(bytesOf(column, count));
  for (const [row, text] of texts) {
    writer.u32(row);
    writer.text(text);
  }
}

/** Throws RangeError when the bytes are too short. */
export function readArrival(reader: ByteReader): Arrival {
  const names = Array.from({ length: reader.u32() }, () => ({ number: reader.u32(), branch: reader.text(), signal: reader.text() }));
  const count = reader.u32();
  const textCount = reader.u32();
  const series = new Uint32Array(aligned(reader.bytes(count * 4)));
  const [times, serverTimes, values] = [0, 1, 2].map(() => new Float64Array(aligned(reader.bytes(count * 8)))) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const qualities = reader.bytes(count).slice();
  const texts = new Map<number, string>();
  for (let i = 0; i < textCount; i++) texts.set(reader.u32(), reader.text());
  return { names, count, series, times, serverTimes, values, qualities, texts };
}

function bytesOf(column: Uint32Array | Float64Array | Uint8Array, count: number): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT);
}

function aligned(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}
