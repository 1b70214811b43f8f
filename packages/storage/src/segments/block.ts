import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import { isKnown, type Columns } from "./columns.ts";

/** Rows of a block at most: small enough that one instant of 400 series is decoded and kept cheaply. */
export const BLOCK_ROWS = 2048;

/** What a reader knows of a block without decoding it. Times in microseconds; numbers over known values only, NaN when there is none. */
export interface BlockSummary {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  /** Σ value × time held, from each known sample to the next one of the block. */
  readonly integral: number;
  /** Time held by those. */
  readonly known: number;
  readonly lastValue: number;
  readonly lastQuality: number;
  /** Value of the last known sample. */
  readonly lastKnown: number;
  readonly worstQuality: number;
  readonly hasTexts: boolean;
}

export function summarise(columns: Columns): BlockSummary {
  const { count, times, values, qualities } = columns;
  let [min, max, lastKnown] = [Number.NaN, Number.NaN, Number.NaN];
  let [integral, known, worst] = [0, 0, 0];
  for (let row = 0; row < count; row++) {
    const quality = qualities[row]!;
    if (quality > worst) worst = quality;
    const value = values[row]!;
    if (!isKnown(value, quality)) continue;
    if (!(value >= min)) min = value;
    if (!(value <= max)) max = value;
    lastKnown = value;
    if (row + 1 < count) {
      const held = times[row + 1]! - times[row]!;
      integral += value * held;
      known += held;
    }
  }
  return {
    count,
    first: times[0]!,
    last: times[count - 1]!,
    min,
    max,
    integral,
    known,
    lastValue: values[count - 1]!,
    lastQuality: qualities[count - 1]!,
    lastKnown,
    worstQuality: worst,
    hasTexts: columns.texts !== undefined,
  };
}

const FLAG = { constantQuality: 1, texts: 2, exact: 4, gaps: 8 } as const;
const LARGEST = 2 ** 50;
const scratch = new ByteWriter(1 << 16);

/**
 * Columns as bytes. Times are differences of differences in the largest unit of 1 s, 1 ms, 1 µs that loses nothing; values are differences of
 * decimals when all are decimals of at most eight places (what a PLC sends), else the exact bits against the one before in eight planes of bytes;
 * server times are differences in milliseconds. Then zstd, unless that makes it longer. Rows ascend.
 */
export function encodeBlock(columns: Columns): { readonly bytes: Uint8Array; readonly rawLength: number; readonly compressed: boolean } {
  const { count, qualities } = columns;
  const writer = scratch;
  writer.clear();
  writer.reserve(64 + count * 48);
  const places = decimalPlaces(columns.values, count);
  const constant = isConstant(qualities, count);
  const gaps = places !== undefined && hasNaN(columns.values, count);
  writer.u32(count);
  writer.u8(
    (constant ? FLAG.constantQuality : 0) |
      (columns.texts === undefined ? 0 : FLAG.texts) |
      (places === undefined ? FLAG.exact : 0) |
      (gaps ? FLAG.gaps : 0),
  );
  writeTimes(writer, columns.times, count);
  if (places === undefined) writeExact(writer, columns.values, count);
  else writeDecimals(writer, columns.values, count, places, gaps);
  if (constant) writer.u8(qualities[0]!);
  else writer.bytes(qualities.subarray(0, count));
  writeServerTimes(writer, columns.serverTimes, count);
  if (columns.texts !== undefined) writeTexts(writer, columns.texts, count);
  const raw = writer.written;
  const bytes = zstdCompressSync(raw, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return bytes.length < raw.length
    ? { bytes, rawLength: raw.length, compressed: true }
    : { bytes: raw.slice(), rawLength: raw.length, compressed: false };
}

function isConstant(column: Uint8Array, count: number): boolean {
  for (let row = 1; row < count; row++) if (column[row] !== column[0]) return false;
  return true;
}

function hasNaN(values: Float64Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (Number.isNaN(values[row]!)) return true;
  return false;
}

export function decodeBlock(bytes: Uint8Array, compressed: boolean): Columns {
  const reader = new ByteReader(compressed ? zstdDecompressSync(bytes) : bytes);
  const count = reader.u32();
  const flags = reader.u8();
  const times = readTimes(reader, count);
  const values = flags & FLAG.exact ? readExact(reader, count) : readDecimals(reader, count, (flags & FLAG.gaps) !== 0);
  const qualities = flags & FLAG.constantQuality ? new Uint8Array(count).fill(reader.u8()) : reader.bytes(count).slice();
  const serverTimes = readServerTimes(reader, count);
  const texts = flags & FLAG.texts ? readTexts(reader, count) : undefined;
  return { count, times, values, qualities, serverTimes, texts };
}

export interface BlockRow {
  readonly time: number;
  readonly value: number;
  readonly quality: number;
  readonly text: string | undefined;
}

/** The last row at or before an instant, without unpacking the rows behind it and what nobody asked for; undefined when the block begins later. */
export function decodeRowAt(bytes: Uint8Array, compressed: boolean, instant: number): BlockRow | undefined {
  const reader = new ByteReader(compressed ? zstdDecompressSync(bytes) : bytes);
  const count = reader.u32();
  const flags = reader.u8();
  const times = readTimes(reader, count);
  let row = count - 1;
  while (row >= 0 && times[row]! > instant) row--;
  if (row < 0) return undefined;
  const value =
    flags & FLAG.exact ? readExact(reader, count)[row]! : readDecimalAt(reader, { count, row, hasGaps: (flags & FLAG.gaps) !== 0 });
  const quality = flags & FLAG.constantQuality ? reader.u8() : reader.bytes(count)[row]!;
  if (!(flags & FLAG.texts)) return { time: times[row]!, value, quality, text: undefined };
  reader.skipVarints(count);
  return { time: times[row]!, value, quality, text: readTexts(reader, count)[row] };
}

const UNITS = [1_000_000, 1_000, 1] as const;

/** Takes the place of a unit when times lie so far apart that differences of differences are not exact: the bits as they are. */
const EXACT_TIMES = 255;

function writeTimes(writer: ByteWriter, times: Float64Array, count: number): void {
  if (times[count - 1]! - times[0]! >= LARGEST) {
    writer.u8(EXACT_TIMES);
    for (let row = 0; row < count; row++) writer.f64(times[row]!);
    return;
  }
  const unit = UNITS.findIndex((candidate) => candidate === 1 || everyDifference(times, count, candidate));
  const divisor = UNITS[unit]!;
  writer.u8(unit);
  writer.f64(times[0]!);
  let before = 0;
  for (let row = 1; row < count; row++) {
    const delta = (times[row]! - times[row - 1]!) / divisor;
    writer.varint(delta - before);
    before = delta;
  }
}

function everyDifference(times: Float64Array, count: number, unit: number): boolean {
  for (let row = 1; row < count; row++) if ((times[row]! - times[row - 1]!) % unit !== 0) return false;
  return true;
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

const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8] as const;

/** Fewest decimal places that give every number back bit by bit; undefined when eight do not. */
function decimalPlaces(values: Float64Array, count: number): number | undefined {
  let places = 0;
  let raisedAt = 0;
  for (let row = 0; row < count; row++) {
    while (!isDecimal(values[row]!, POWERS[places]!)) {
      raisedAt = row;
      if (++places === POWERS.length) return undefined;
    }
  }
  // what fitted with fewer places need not fit with more: a large number grows too long
  for (let row = 0; row < raisedAt; row++) if (!isDecimal(values[row]!, POWERS[places]!)) return undefined;
  return places;
}

function isDecimal(value: number, power: number): boolean {
  const scaled = Math.round(value * power);
  if (scaled / power !== value) return Number.isNaN(value);
  return scaled < LARGEST && scaled > -LARGEST && (scaled !== 0 || !Object.is(value, -0));
}

function writeDecimals(writer: ByteWriter, values: Float64Array, count: number, places: number, gaps: boolean): void {
  const power = POWERS[places]!;
  writer.u8(places);
  if (gaps) for (let row = 0; row < count; row++) writer.u8(Number.isNaN(values[row]!) ? 1 : 0);
  let before = 0;
  for (let row = 0; row < count; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    const scaled = Math.round(value * power);
    writer.varint(scaled - before);
    before = scaled;
  }
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

function readDecimalAt(
  reader: ByteReader,
  { count, row, hasGaps }: { readonly count: number; readonly row: number; readonly hasGaps: boolean },
): number {
  const power = POWERS[reader.u8()]!;
  const missing = hasGaps ? reader.bytes(count) : undefined;
  let scaled = 0;
  let behind = 0;
  for (let at = 0; at < count; at++) {
    if (missing !== undefined && missing[at] === 1) continue;
    if (at <= row) scaled += reader.varint();
    else behind++;
  }
  reader.skipVarints(behind);
  return missing !== undefined && missing[row] === 1 ? Number.NaN : scaled / power;
}

function writeExact(writer: ByteWriter, values: Float64Array, count: number): void {
  const bits = new Uint32Array(Float64Array.from(values.subarray(0, count)).buffer);
  const planes = new Uint8Array(count * 8);
  let [lowBefore, highBefore] = [0, 0];
  for (let row = 0; row < count; row++) {
    const low = bits[row * 2]!;
    const high = bits[row * 2 + 1]!;
    const lowDifference = low ^ lowBefore;
    const highDifference = high ^ highBefore;
    for (let plane = 0; plane < 4; plane++) {
      planes[plane * count + row] = lowDifference >>> (plane * 8);
      planes[(plane + 4) * count + row] = highDifference >>> (plane * 8);
    }
    lowBefore = low;
    highBefore = high;
  }
  writer.bytes(planes);
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

function writeServerTimes(writer: ByteWriter, serverTimes: Float64Array, count: number): void {
  let before = 0;
  for (let row = 0; row < count; row++) {
    const milliseconds = Math.floor(serverTimes[row]! / 1000);
    writer.varint(milliseconds - before);
    before = milliseconds;
  }
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

/** The different texts of the block, then for each row its number from 1, 0 for none. */
function writeTexts(writer: ByteWriter, texts: readonly (string | undefined)[], count: number): void {
  const numbers = new Map<string, number>();
  for (let row = 0; row < count; row++) {
    const text = texts[row];
    if (text !== undefined && !numbers.has(text)) numbers.set(text, numbers.size + 1);
  }
  writer.u32(numbers.size);
  for (const text of numbers.keys()) writer.text(text);
  writer.reserve(count * 10);
  for (let row = 0; row < count; row++) writer.varint(texts[row] === undefined ? 0 : numbers.get(texts[row]!)!);
}

function readTexts(reader: ByteReader, count: number): (string | undefined)[] {
  const dictionary = Array.from({ length: reader.u32() }, () => reader.text());
  return Array.from({ length: count }, () => dictionary[reader.varint() - 1]);
}
