import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import { partsOf } from "./block-chain.ts";
import { decodeBlockOfFormat1 } from "./block-format-1.ts";
import { BAD, isKnown, numberColumns, QUALITY, type Columns, type NumberColumns } from "./columns.ts";
import { readPacked, writePacked, writeSteps } from "./packed-integers.ts";
import { isConstant } from "./repeats.ts";

/** Rows of a block at most: small enough that one instant of 400 series is decoded and kept cheaply. */
export const BLOCK_ROWS = 2048;

/** How the bytes of a block are to be read; what was written before segments of format 4 has no origins in its grades. Format 1 is what the first releases wrote, 3 a chain of blocks of format 2. */
export interface BlockForm {
  readonly compressed: boolean;
  readonly format: 1 | 2 | 3;
}

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
  /** A grade: the origin of the last sample is in it. */
  readonly lastQuality: number;
  /** Value of the last known sample. */
  readonly lastKnown: number;
  readonly worstQuality: number;
  /** Bit = code of the origin of any row. */
  readonly origins: number;
  readonly hasTexts: boolean;
}

export function summarise(columns: Columns): BlockSummary {
  const { count, times, values, qualities } = columns;
  let [min, max, lastKnown] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
  let [integral, known, worst, origins] = [0, 0, 0, 0];
  let next = times[0]!;
  for (let row = 0; row < count; row++) {
    const time = next;
    // the last one holds for no time inside the block
    if (row + 1 < count) next = times[row + 1]!;
    const quality = qualities[row]!;
    if ((quality & QUALITY) > worst) worst = quality & QUALITY;
    origins |= 1 << (quality >> 2);
    const value = values[row]!;
    if (!isKnown(value, quality)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    lastKnown = value;
    const held = next - time;
    if (!(held > 0)) continue;
    integral += value * held;
    known += held;
  }
  if (Number.isNaN(lastKnown)) min = max = Number.NaN;
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
    origins,
    hasTexts: columns.texts !== undefined,
  };
}

/** The same of rows that are all known, of one quality, ascending, and whose extremes are known already. */
function summarisePlain(columns: Columns, { min, max }: { readonly min: number; readonly max: number }): BlockSummary {
  const { count, times, values, qualities } = columns;
  let integral = 0;
  let time = times[0]!;
  for (let row = 1; row < count; row++) {
    const next = times[row]!;
    integral += values[row - 1]! * (next - time);
    time = next;
  }
  const [first, last, lastValue, quality] = [times[0]!, times[count - 1]!, values[count - 1]!, qualities[0]!];
  return {
    count,
    first,
    last,
    min,
    max,
    integral,
    known: last - first,
    lastValue,
    lastQuality: quality,
    lastKnown: lastValue,
    worstQuality: quality & QUALITY,
    origins: 1 << (quality >> 2),
    hasTexts: columns.texts !== undefined,
  };
}

const FLAG = { constantQuality: 1, texts: 2, exact: 4, gaps: 8, exactTimes: 16 } as const;
const LARGEST = 2 ** 50;
/** More rows in one block are damage. */
const ROWS_MAX = 1 << 20;
const UNITS = [1_000_000, 1_000, 1] as const;
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8] as const;
/** Added and taken away it rounds a number within ±2^51 to a whole one. */
const ROUND = 6_755_399_441_055_744;

const scratch = new ByteWriter(1 << 16);
let integers = new Float64Array(BLOCK_ROWS);

/** `bytes` are valid until the next block is encoded. */
export interface EncodedBlock {
  readonly bytes: Uint8Array;
  readonly summary: BlockSummary;
  readonly rawLength: number;
  readonly compressed: boolean;
}

/**
 * Columns as bytes: count u32, flags u8, unit of the times u8, decimal places u8, quality u8 when there is one only, the first time, the first decimal and
 * the first server time (f64), then the columns one after another, each on a multiple of four bytes. Times and server times (milliseconds) are packed
 * integers, times in the largest unit of 1 s, 1 ms, 1 µs that loses nothing; so are values when all are decimals of at most eight places (what a PLC
 * sends), a bit a row telling the missing ones; else the exact bits against the one before in eight planes of bytes. Qualities are runs, texts a
 * dictionary and packed numbers. Where planes or texts leave something to gain, zstd. Rows ascend.
 */
export function encodeBlock(columns: Columns): EncodedBlock {
  const { count, times, values, qualities, serverTimes, texts } = columns;
  if (integers.length < count) integers = new Float64Array(count);
  const writer = scratch;
  writer.clear();
  writer.reserve(64 + count * 8);
  const exactTimes = !(times[count - 1]! - times[0]! < LARGEST);
  const unit = exactTimes ? 0 : scaleTimes(times, count);
  const constant = isConstant(qualities, count);
  let flags = (constant ? FLAG.constantQuality : 0) | (texts === undefined ? 0 : FLAG.texts) | (exactTimes ? FLAG.exactTimes : 0);
  writer.u32(count);
  for (const byte of [flags, unit, 0, constant ? qualities[0]! : 0]) writer.u8(byte);
  for (const number of [times[0]!, 0, Math.floor(serverTimes[0]! / 1000)]) writer.f64(number);
  if (exactTimes) for (let row = 0; row < count; row++) writer.f64(times[row]!);
  else writePacked(writer, integers, count);
  const decimals = scaleDecimals(values, count);
  if (decimals === undefined) {
    flags |= FLAG.exact;
    writeExact(writer, values, count);
  } else {
    if (decimals.gaps) {
      flags |= FLAG.gaps;
      writeGaps(writer, values, count);
    }
    writer.put(6, decimals.places);
    writer.putF64(16, integers[0]!);
    writePacked(writer, integers, count);
  }
  writer.put(4, flags);
  if (!constant) writeQualities(writer, qualities, count);
  if (texts !== undefined) writeTexts(writer, texts, count);
  writeServerTimes(writer, serverTimes, count);
  const isPlain = constant && (qualities[0]! & QUALITY) !== BAD && decimals !== undefined && !decimals.gaps;
  const summary = isPlain ? summarisePlain(columns, decimals) : summarise(columns);
  return { ...finish(writer.written, decimals === undefined || texts !== undefined), summary };
}

function finish(raw: Uint8Array, worthwhile: boolean): Omit<EncodedBlock, "summary"> {
  const rawLength = raw.length;
  if (worthwhile) {
    const bytes = zstdCompressSync(raw, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
    if (bytes.length < rawLength) return { bytes, rawLength, compressed: true };
  }
  return { bytes: raw, rawLength, compressed: false };
}

/** Fills the first rows of `room`, fresh columns without one. Throws RangeError when the bytes are too short, or the room. */
export function decodeBlock(bytes: Uint8Array, form: BlockForm, room?: NumberColumns): Columns {
  return decode(bytes, form, room ?? numberColumns);
}

/** Columns for questions, which nobody asks about server times: their column is that of the times. */
export function readingColumns(rows: number): NumberColumns {
  const times = new Float64Array(rows);
  return { times, values: new Float64Array(rows), qualities: new Uint8Array(rows), serverTimes: times };
}

/** In the first rows of what `room` gives for a count. */
export function decodeForReading(bytes: Uint8Array, form: BlockForm, room: (count: number) => NumberColumns = readingColumns): Columns {
  return decode(bytes, form, room);
}

function decode(bytes: Uint8Array, form: BlockForm, room: NumberColumns | ((count: number) => NumberColumns)): Columns {
  if (form.format === 3) return decodeChain(bytes, room);
  const raw = form.compressed ? zstdDecompressSync(bytes) : bytes;
  if (form.format === 1) return decodeBlockOfFormat1(raw);
  const reader = new ByteReader(raw);
  const head = readHead(reader);
  const { count } = head;
  const columns = typeof room === "function" ? room(count) : room;
  if (columns.times.length < count) throw new RangeError(`${count} rows and room for ${columns.times.length}`);
  return { count, ...columns, texts: decodeInto(reader, head, columns, 0) };
}

function decodeChain(bytes: Uint8Array, room: NumberColumns | ((count: number) => NumberColumns)): Columns {
  const parts = partsOf(bytes);
  const count = parts.reduce((sum, { rows }) => sum + rows, 0);
  if (count > ROWS_MAX) throw new RangeError(`a chain of ${count} rows`);
  const columns = typeof room === "function" ? room(count) : room;
  if (columns.times.length < count) throw new RangeError(`${count} rows and room for ${columns.times.length}`);
  let texts: (string | undefined)[] | undefined;
  let at = 0;
  for (const part of parts) {
    const reader = new ByteReader(part.compressed ? zstdDecompressSync(part.bytes) : part.bytes);
    const head = readHead(reader);
    if (head.count !== part.rows) throw new RangeError(`a part of ${head.count} rows that should have ${part.rows}`);
    const found = decodeInto(reader, head, columns, at);
    if (found !== undefined) {
      texts ??= Array.from({ length: count });
      for (const [row, text] of found.entries()) texts[at + row] = text;
    }
    at += head.count;
  }
  return { count, ...columns, texts };
}

/** Fills rows from `at` on and returns the texts; the server times too, unless they are the same column as the times. */
function decodeInto(reader: ByteReader, head: Head, columns: NumberColumns, at: number): (string | undefined)[] | undefined {
  const { count, flags } = head;
  const behind = <T extends Float64Array | Uint8Array>(column: T): T => (at === 0 ? column : (column.subarray(at) as T));
  const [times, values, qualities] = [behind(columns.times), behind(columns.values), behind(columns.qualities)];
  readTimes(reader, head, times, count);
  readValues(reader, head, values, count);
  if (flags & FLAG.constantQuality) qualities.fill(head.quality, 0, count);
  else readQualities(reader, qualities, count);
  const texts = flags & FLAG.texts ? readTexts(reader, count) : undefined;
  if (columns.serverTimes === columns.times) return texts;
  const serverTimes = behind(columns.serverTimes);
  serverTimes[0] = head.firstServerMs;
  readPacked(reader, serverTimes, count);
  for (let row = 0; row < count; row++) serverTimes[row]! *= 1000;
  return texts;
}

export interface BlockRow {
  readonly time: number;
  readonly value: number;
  readonly quality: number;
  readonly text: string | undefined;
}

/** The last row at or before an instant, without unpacking the rows behind it and what nobody asked for; undefined when the block begins later. */
export function decodeRowAt(bytes: Uint8Array, form: BlockForm, instant: number): BlockRow | undefined {
  if (form.format === 1) return rowOf(decodeBlock(bytes, form), instant);
  if (form.format === 3) {
    // the first part that begins early enough, from behind: nothing of the others is unpacked
    for (const { bytes: part, compressed } of partsOf(bytes).toReversed()) {
      const row = decodeRowAt(part, { compressed, format: 2 }, instant);
      if (row !== undefined) return row;
    }
    return undefined;
  }
  const reader = new ByteReader(form.compressed ? zstdDecompressSync(bytes) : bytes);
  const head = readHead(reader);
  const { count } = head;
  if (head.firstTime > instant) return undefined;
  if (integers.length < count) integers = new Float64Array(count);
  readTimes(reader, head, integers, count);
  const row = lastRowAt(integers, count, instant);
  if (row < 0) return undefined;
  const time = integers[row]!;
  readValues(reader, head, integers, row + 1);
  const value = integers[row]!;
  const quality = head.flags & FLAG.constantQuality ? head.quality : readQualities(reader, new Uint8Array(count), count)[row]!;
  return { time, value, quality, text: head.flags & FLAG.texts ? readTexts(reader, count)[row] : undefined };
}

/** The last row at or before an instant. */
export function rowOf({ count, times, values, qualities, texts }: Columns, instant: number): BlockRow | undefined {
  const row = lastRowAt(times, count, instant);
  return row < 0 ? undefined : { time: times[row]!, value: values[row]!, quality: qualities[row]!, text: texts?.[row] };
}

function lastRowAt(times: Float64Array, count: number, instant: number): number {
  let row = count - 1;
  while (row >= 0 && times[row]! > instant) row--;
  return row;
}

interface Head {
  readonly count: number;
  readonly flags: number;
  readonly unit: number;
  readonly power: number;
  readonly quality: number;
  readonly firstTime: number;
  readonly firstDecimal: number;
  readonly firstServerMs: number;
}

function readHead(reader: ByteReader): Head {
  const count = reader.u32();
  if (count === 0 || count > ROWS_MAX) throw new RangeError(`a block of ${count} rows`);
  const flags = reader.u8();
  const [unit, power, quality] = [UNITS[reader.u8()], POWERS[reader.u8()], reader.u8()];
  if (unit === undefined || power === undefined) throw new RangeError("a block of unknown units");
  return { count, flags, unit, power, quality, firstTime: reader.f64(), firstDecimal: reader.f64(), firstServerMs: reader.f64() };
}

/** Fills `integers` with the times since the first one in the largest unit in which all are whole, and returns the index of that. */
function scaleTimes(times: Float64Array, count: number): number {
  const first = times[0]!;
  const into = integers;
  let row = 0;
  for (; row < count; row++) {
    const since = times[row]! - first;
    const scaled = since * 1e-3 + ROUND - ROUND;
    if (scaled * 1_000 !== since) break;
    into[row] = scaled;
  }
  if (row < count) {
    for (row = 0; row < count; row++) into[row] = times[row]! - first;
    return 2;
  }
  for (row = 0; row < count; row++) {
    const milliseconds = into[row]!;
    if ((milliseconds * 1e-3 + ROUND - ROUND) * 1_000 !== milliseconds) return 1;
  }
  for (row = 0; row < count; row++) into[row] = into[row]! * 1e-3 + ROUND - ROUND;
  return 0;
}

/** As whole milliseconds, rounded down. */
function writeServerTimes(writer: ByteWriter, serverTimes: Float64Array, count: number): void {
  const step = stepOf(serverTimes, count);
  if (step !== undefined) return writeSteps(writer, step, count);
  const into = integers;
  for (let row = 0; row < count; row++) {
    const time = serverTimes[row]!;
    const nearest = time * 1e-3 + ROUND - ROUND;
    into[row] = nearest * 1_000 > time ? nearest - 1 : nearest;
  }
  writePacked(writer, integers, count);
}

/** By how many whole milliseconds times advance, where it is always the same: a poll has its beat. */
function stepOf(times: Float64Array, count: number): number | undefined {
  if (count < 2) return undefined;
  let before = times[1]!;
  const step = before - times[0]!;
  if (step % 1_000 !== 0 || !(step < LARGEST && step > -LARGEST)) return undefined;
  for (let row = 2; row < count; row++) {
    const time = times[row]!;
    if (time - before !== step) return undefined;
    before = time;
  }
  return step / 1_000;
}

function readTimes(reader: ByteReader, { flags, unit, firstTime }: Head, times: Float64Array, count: number): void {
  if (flags & FLAG.exactTimes) {
    for (let row = 0; row < count; row++) times[row] = reader.f64();
    return;
  }
  times[0] = 0;
  readPacked(reader, times, count);
  for (let row = 0; row < count; row++) times[row] = firstTime + times[row]! * unit;
}

interface Decimals {
  readonly places: number;
  /** Values are missing. */
  readonly gaps: boolean;
  readonly min: number;
  readonly max: number;
}

/** Fills `integers` with the values times the least power of ten that makes all of them whole, missing ones as the one before; undefined: none does. */
function scaleDecimals(values: Float64Array, count: number): Decimals | undefined {
  let gaps = false;
  for (let places = 0, row = 0; places < POWERS.length;) {
    const power = POWERS[places]!;
    const into = integers;
    let scaled = 0;
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (row = 0; row < count; row++) {
      const value = values[row]!;
      if (value === value) {
        scaled = value * power + ROUND - ROUND;
        if (scaled / power !== value || !(scaled < LARGEST && scaled > -LARGEST) || (scaled === 0 && 1 / value < 0)) break;
        if (scaled < least) least = scaled;
        if (scaled > most) most = scaled;
      } else gaps = true;
      into[row] = scaled;
    }
    if (row === count) return { places, gaps, min: least / power, max: most / power };
    const stuck = values[row]!;
    do places++;
    while (places < POWERS.length && (stuck * POWERS[places]! + ROUND - ROUND) / POWERS[places]! !== stuck);
  }
  return undefined;
}

/** The first `rows` values; the reader stands behind all of them afterwards. */
function readValues(reader: ByteReader, { count, flags, power, firstDecimal }: Head, values: Float64Array, rows: number): void {
  if (flags & FLAG.exact) return readExact(reader, count, values, rows);
  const missing = flags & FLAG.gaps ? reader.bytes(Math.ceil(count / 8)) : undefined;
  reader.align(4);
  values[0] = firstDecimal;
  readPacked(reader, values, count, rows);
  if (power !== 1) for (let row = 0; row < rows; row++) values[row]! /= power;
  if (missing !== undefined) for (let row = 0; row < rows; row++) if ((missing[row >> 3]! >> (row & 7)) & 1) values[row] = Number.NaN;
}

function writeGaps(writer: ByteWriter, values: Float64Array, count: number): void {
  const missing = new Uint8Array(Math.ceil(count / 8));
  for (let row = 0; row < count; row++) if (Number.isNaN(values[row]!)) missing[row >> 3]! |= 1 << (row & 7);
  writer.bytes(missing);
  writer.align(4);
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

function readExact(reader: ByteReader, count: number, values: Float64Array, rows: number): void {
  const planes = reader.bytes(count * 8);
  const bits = new Uint32Array(values.buffer, values.byteOffset, rows * 2);
  let [low, high] = [0, 0];
  for (let row = 0; row < rows; row++) {
    for (let plane = 0; plane < 4; plane++) {
      low ^= planes[plane * count + row]! << (plane * 8);
      high ^= planes[(plane + 4) * count + row]! << (plane * 8);
    }
    bits[row * 2] = low;
    bits[row * 2 + 1] = high;
  }
}

/** Runs: quality u8, rows varint. */
function writeQualities(writer: ByteWriter, qualities: Uint8Array, count: number): void {
  for (let start = 0, row = 1; row <= count; row++) {
    if (row < count && qualities[row] === qualities[start]) continue;
    writer.u8(qualities[start]!);
    writer.reserve(10);
    writer.varint(row - start);
    start = row;
  }
  writer.align(4);
}

function readQualities(reader: ByteReader, qualities: Uint8Array, count: number): Uint8Array {
  for (let row = 0; row < count;) {
    const quality = reader.u8();
    const end = row + reader.varint();
    if (!(end > row) || end > count) throw new RangeError("a run of qualities beyond the rows");
    qualities.fill(quality, row, end);
    row = end;
  }
  reader.align(4);
  return qualities;
}

/** The different texts of the block, then for each row its number from 1, 0 for none. */
function writeTexts(writer: ByteWriter, texts: readonly (string | undefined)[], count: number): void {
  const numbers = new Map<string, number>();
  for (let row = 0; row < count; row++) {
    const text = texts[row];
    if (text !== undefined && !numbers.has(text)) numbers.set(text, numbers.size + 1);
    integers[row] = text === undefined ? 0 : numbers.get(text)!;
  }
  writer.u32(numbers.size);
  for (const text of numbers.keys()) writer.text(text);
  writer.u32(integers[0]!);
  writePacked(writer, integers, count);
}

function readTexts(reader: ByteReader, count: number): (string | undefined)[] {
  const dictionary: string[] = [];
  for (let left = reader.u32(); left > 0; left--) dictionary.push(reader.text());
  const numbers = new Float64Array(count);
  numbers[0] = reader.u32();
  readPacked(reader, numbers, count);
  return Array.from(numbers, (number) => dictionary[number - 1]);
}
