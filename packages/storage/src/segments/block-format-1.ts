import { ByteReader } from "./byte-writer.ts";
import type { Columns } from "./columns.ts";

const FLAG = { constantQuality: 1, texts: 2, exact: 4, gaps: 8 } as const;
const UNITS = [1_000_000, 1_000, 1] as const;
/** Takes the place of a unit when times lie so far apart that differences of differences are not exact: the bits as they are. */
const EXACT_TIMES = 255;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8] as const;

/**
 * Blocks as the first releases wrote them; read only. Times are differences of differences in the largest unit of 1 s, 1 ms, 1 µs that loses nothing,
 * values differences of decimals or the exact bits against the one before in eight planes of bytes, server times differences in milliseconds: all varints.
 */
export function decodeBlockOfFormat1(bytes: Uint8Array): Columns {
  const reader = new ByteReader(bytes);
  const count = reader.u32();
  const flags = reader.u8();
  const times = readTimes(reader, count);
  const values = flags & FLAG.exact ? readExact(reader, count) : readDecimals(reader, count, (flags & FLAG.gaps) !== 0);
  const qualities = flags & FLAG.constantQuality ? new Uint8Array(count).fill(reader.u8()) : reader.bytes(count).slice();
  const serverTimes = readServerTimes(reader, count);
  const texts = flags & FLAG.texts ? readTexts(reader, count) : undefined;
  return { count, times, values, qualities, serverTimes, texts };
}

function readTimes(reader: ByteReader, count: number): Float64Array {
  const times = new Float64Array(count);
  const coded = reader.u8();
  if (coded === EXACT_TIMES) {
    for (let row = 0; row < count; row++) times[row] = reader.f64();
    return times;
  }
  const unit = UNITS[coded]!;
  let time = reader.f64();
  times[0] = time;
  let delta = 0;
  for (let row = 1; row < count; row++) {
    delta += reader.varint();
    time += delta * unit;
    times[row] = time;
  }
  return times;
}

function readDecimals(reader: ByteReader, count: number, gaps: boolean): Float64Array {
  const power = POWERS[reader.u8()]!;
  const values = new Float64Array(count);
  const missing = gaps ? reader.bytes(count) : undefined;
  let scaled = 0;
  for (let row = 0; row < count; row++) {
    if (missing !== undefined && missing[row] === 1) {
      values[row] = Number.NaN;
      continue;
    }
    scaled += reader.varint();
    values[row] = scaled / power;
  }
  return values;
}

function readExact(reader: ByteReader, count: number): Float64Array {
  const planes = reader.bytes(count * 8);
  const values = new Float64Array(count);
  const bits = new Uint32Array(values.buffer);
  let [low, high] = [0, 0];
  for (let row = 0; row < count; row++) {
    for (let plane = 0; plane < 4; plane++) {
      low ^= planes[plane * count + row]! << (plane * 8);
      high ^= planes[(plane + 4) * count + row]! << (plane * 8);
    }
    bits[row * 2] = low;
    bits[row * 2 + 1] = high;
  }
  return values;
}

function readServerTimes(reader: ByteReader, count: number): Float64Array {
  const serverTimes = new Float64Array(count);
  let milliseconds = 0;
  for (let row = 0; row < count; row++) {
    milliseconds += reader.varint();
    serverTimes[row] = milliseconds * 1000;
  }
  return serverTimes;
}

function readTexts(reader: ByteReader, count: number): (string | undefined)[] {
  const dictionary = Array.from({ length: reader.u32() }, () => reader.text());
  return Array.from({ length: count }, () => dictionary[reader.varint() - 1]);
}
