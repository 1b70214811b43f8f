import type { ByteReader, ByteWriter } from "./byte-writer.ts";
import { isConstant, isPeriodic } from "./repeats.ts";
import { readStrips, STRIP_ROWS, writeStrips } from "./offset-strips.ts";
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

/** More rows in one arrival are damage. */
const ROWS_MAX = 1 << 28;

/**
 * Names, then the columns one after another: series up to where their order repeats (a poll names the same ones in turn), times, server times and values
 * as strips of offsets, qualities as one byte when there is one only, texts by row. A row of a plant takes three to eight bytes where memory has 29.
 */
export function writeArrival(writer: ByteWriter, arrival: Arrival): void {
  const { names, count, texts, qualities } = arrival;
  writer.u32(names.length);
  for (const { number, branch, signal } of names) {
    writer.u32(number);
    writer.text(branch);
    writer.text(signal);
  }
  writer.u32(count);
  if (count === 0) return;
  const period = periodOf(arrival.series, count);
  writer.u32(period);
  writeStrips(writer, arrival.series, period, "whole");
  const stripRows = stripRowsOf(period);
  writeStrips(writer, arrival.times, count, "time", stripRows);
  writeStrips(writer, arrival.serverTimes, count, "time", stripRows);
  writeStrips(writer, arrival.values, count, "decimal", stripRows);
  const constant = isConstant(qualities, count);
  writer.u8(constant ? 1 : 0);
  if (constant) writer.u8(qualities[0]!);
  else writer.bytes(qualities.subarray(0, count));
  writer.u32(texts.size);
  for (const [row, text] of texts) {
    writer.u32(row);
    writer.text(text);
  }
}

/** Throws RangeError when the bytes are too short or say nonsense. */
export function readArrival(reader: ByteReader): Arrival {
  return read(reader, stripRowsOf);
}

/** As the log before held it: strips that know of no turn. */
export function readArrivalOfFormat2(reader: ByteReader): Arrival {
  return read(reader, () => STRIP_ROWS);
}

function read(reader: ByteReader, stripRowsIn: (period: number) => number): Arrival {
  const names = Array.from({ length: reader.u32() }, () => ({ number: reader.u32(), branch: reader.text(), signal: reader.text() }));
  const count = reader.u32();
  if (count > ROWS_MAX) throw new RangeError(`an arrival of ${count} rows`);
  const series = new Uint32Array(count);
  const [times, serverTimes, values] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  const qualities = new Uint8Array(count);
  const texts = new Map<number, string>();
  if (count === 0) return { names, count, series, times, serverTimes, values, qualities, texts };
  const period = reader.u32();
  if (period === 0 || period > count) throw new RangeError(`${count} rows of ${period} series in turn`);
  readStrips(reader, series, period);
  for (let row = period; row < count; row++) series[row] = series[row - period]!;
  for (const column of [times, serverTimes, values]) readStrips(reader, column, count, stripRowsIn(period));
  if (reader.u8() === 1) qualities.fill(reader.u8());
  else qualities.set(reader.bytes(count));
  for (let left = reader.u32(); left > 0; left--) texts.set(reader.u32(), reader.text());
  return { names, count, series, times, serverTimes, values, qualities, texts };
}

/** Rows of a strip where series report in turn: whole turns or whole parts of one, since what is polled together has one server time and near times. */
function stripRowsOf(period: number): number {
  if (period <= STRIP_ROWS) return STRIP_ROWS - (STRIP_ROWS % period);
  const part = period / Math.ceil(period / STRIP_ROWS);
  return Number.isInteger(part) ? part : STRIP_ROWS;
}

/** After how many rows the series come again in the same order; all of them when they do not. */
function periodOf(series: Uint32Array, count: number): number {
  const first = series[0]!;
  let period = 1;
  while (period < count && series[period] !== first) period++;
  return isPeriodic(series, count, period) ? period : count;
}
