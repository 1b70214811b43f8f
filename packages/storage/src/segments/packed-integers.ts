import type { ByteReader, ByteWriter } from "./byte-writer.ts";

/** Rows that share one width: an outlier widens these few only. */
const STRIP_ROWS = 128;
/** Stands for a strip whose differences are wider than 32 bits: each as a double. */
const WIDE = 64;

let words = new Int32Array(4096);
let wordBytes = new Uint8Array(words.buffer);
const differences = new Float64Array(STRIP_ROWS);
const doubles = new Float64Array(STRIP_ROWS);
const doubleWords = new Int32Array(doubles.buffer);

/**
 * Whole numbers within ±2^51 as differences to the one before, from row 1 on; row 0 is kept elsewhere. A strip of 128 differences has a width (u8), its
 * least difference (varint), and behind the heads of all strips, on a multiple of four bytes, each difference less the least in that many bits.
 */
export function writePacked(writer: ByteWriter, integers: Float64Array, count: number): void {
  if (words.length < count * 2) {
    words = new Int32Array(count * 2);
    wordBytes = new Uint8Array(words.buffer);
  }
  let used = 0;
  writer.reserve((Math.ceil(count / STRIP_ROWS) + 1) * 12);
  for (let start = 1; start < count; start += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, count - start);
    let before = integers[start - 1]!;
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let row = 0; row < rows; row++) {
      const integer = integers[start + row]!;
      const difference = integer - before;
      differences[row] = difference;
      if (difference < least) least = difference;
      if (difference > most) most = difference;
      before = integer;
    }
    const range = most - least;
    const width = range < 4_294_967_296 ? 32 - Math.clz32(range) : WIDE;
    writer.u8(width);
    writer.varint(least);
    used = width === WIDE ? putWide(used, rows) : width > 0 ? putBits(used, rows, least, width) : used;
  }
  writer.align(4);
  writer.part(wordBytes, used * 4);
}

/** What `writePacked` writes of numbers that are each `step` more than the one before. */
export function writeSteps(writer: ByteWriter, step: number, count: number): void {
  writer.reserve((Math.ceil(count / STRIP_ROWS) + 1) * 12);
  for (let start = 1; start < count; start += STRIP_ROWS) {
    writer.u8(0);
    writer.varint(step);
  }
  writer.align(4);
}

function putBits(at: number, rows: number, least: number, width: number): number {
  const into = words;
  let held = 0;
  let bits = 0;
  for (let row = 0; row < rows; row++) {
    const rest = (differences[row]! - least) >>> 0;
    held |= rest << bits;
    bits += width;
    if (bits < 32) continue;
    into[at++] = held;
    bits -= 32;
    held = bits === 0 ? 0 : rest >>> (width - bits);
  }
  if (bits > 0) into[at++] = held;
  return at;
}

function putWide(at: number, rows: number): number {
  doubles.set(differences.subarray(0, rows));
  words.set(doubleWords.subarray(0, rows * 2), at);
  return at + rows * 2;
}

/** Fills `into[1…upTo - 1]` from `into[0]` on; the reader stands behind all `count` rows afterwards. Throws RangeError when the bytes are too short. */
export function readPacked(reader: ByteReader, into: Float64Array, count: number, upTo: number = count): void {
  const strips = Math.ceil((count - 1) / STRIP_ROWS);
  const heads = reader.position;
  let total = 0;
  for (let strip = 0; strip < strips; strip++) {
    total += wordsOf(reader.u8(), Math.min(STRIP_ROWS, count - 1 - strip * STRIP_ROWS));
    reader.varint();
  }
  reader.align(4);
  const from = reader.words(total);
  const end = reader.position;
  reader.position = heads;
  let at = 0;
  for (let start = 1; start < upTo; start += STRIP_ROWS) {
    const rows = Math.min(STRIP_ROWS, count - start);
    const width = reader.u8();
    const least = reader.varint();
    takeStrip({ from, at, into, start, rows: Math.min(rows, upTo - start), least, width });
    at += wordsOf(width, rows);
  }
  reader.position = end;
}

function wordsOf(width: number, rows: number): number {
  return width === WIDE ? rows * 2 : Math.ceil((rows * width) / 32);
}

interface Strip {
  readonly from: Int32Array;
  readonly at: number;
  readonly into: Float64Array;
  readonly start: number;
  readonly rows: number;
  readonly least: number;
  readonly width: number;
}

function takeStrip({ from, at, into, start, rows, least, width }: Strip): void {
  let integer = into[start - 1]!;
  const end = start + rows;
  if (width === 0) for (let row = start; row < end; row++) into[row] = integer += least;
  else if (width === 32) for (let row = start; row < end; row++) into[row] = integer += least + (from[at++]! >>> 0);
  else if (width === WIDE) {
    doubleWords.set(from.subarray(at, at + rows * 2));
    for (let row = 0; row < rows; row++) into[start + row] = integer += doubles[row]!;
  } else {
    const mask = (1 << width) - 1;
    let held = 0;
    let bits = 0;
    for (let row = start; row < end; row++) {
      let rest = held;
      if (bits >= width) {
        held >>>= width;
        bits -= width;
      } else {
        const next = from[at++]!;
        rest |= next << bits;
        held = next >>> (width - bits);
        bits += 32 - width;
      }
      into[row] = integer += least + (rest & mask);
    }
  }
}
