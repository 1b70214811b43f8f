import type { ByteReader, ByteWriter } from "./byte-writer.ts";

/** Rows that share a unit and a width, at most: an outlier widens these few only. */
export const STRIP_ROWS = 1_024;
/** Instead of offsets the bits as they are. */
const EXACT = 8;
/** A series number to each row, one more than the one before. */
const STEPS = 9;
/** What whole numbers are multiplied by when they are read. */
const UNITS = [1_000, 1] as const;
/** What whole numbers are divided by when they are read. */
const POWERS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const;
/** Added and taken away it rounds a number within ±2^51 to a whole one. */
const ROUND = 6_755_399_441_055_744;
const LARGEST = 2 ** 50;

export type StripKind = "whole" | "time" | "decimal";

/** Offsets from a number in the middle of what two bytes hold: most strips are told in one look. */
const near = new Uint16Array(STRIP_ROWS);
const nearBytes = new Uint8Array(near.buffer);
const MIDDLE = 32_768;
let nearLeast = 0;
let nearMost = 0;

/** A strip times or by its unit, and the least and the most of it. */
const whole = new Float64Array(STRIP_ROWS);
let least = 0;
let most = 0;

/**
 * Numbers of no order, fast: strips of 1,024 or of as many rows as the caller says, each a form (width 0, 1, 2, 4 bytes, or 8 for the bits as they are, or 9 for steps of one; u8), a scale (u8:
 * 0 and 1 are units, from 2 on powers of ten), a number none is below (f64), and each number's offset from it in so many bytes. Numbers come back bit by bit.
 */
export function writeStrips(
  writer: ByteWriter,
  numbers: Float64Array | Uint32Array,
  count: number,
  kind: StripKind,
  stripRows: number = STRIP_ROWS,
): void {
  let scale = kind === "time" ? 0 : kind === "whole" ? 1 : 2;
  for (let start = 0; start < count; start += stripRows) {
    const rows = Math.min(stripRows, count - start);
    writer.reserve(10 + rows * 8);
    if (kind === "whole" && isSteps(numbers, start, rows)) {
      writer.u8(STEPS);
      writer.u8(1);
      writer.f64(numbers[start]!);
      continue;
    }
    if (isConstant(numbers, start, rows)) {
      writer.u8(0);
      writer.u8(1);
      writer.f64(numbers[start]!);
      continue;
    }
    if (kind !== "whole" && scale >= 0) {
      const base =
        scale === 0
          ? nearMilliseconds(numbers, start, rows)
          : scale > 1
            ? nearDecimals(numbers, start, rows, POWERS[scale - 2]!)
            : undefined;
      if (base !== undefined) {
        writeNear(writer, rows, base, scale);
        continue;
      }
    }
    if (kind === "decimal") scale = toPower(numbers, start, rows, scale);
    else if (scale !== 0 || !toMilliseconds(numbers, start, rows)) scale = toWhole(numbers, start, rows) ? 1 : -1;
    const range = most - least;
    if (scale < 0 || !(range < 4_294_967_296)) {
      writer.u8(EXACT);
      writer.u8(1);
      for (let row = 0; row < rows; row++) writer.f64(numbers[start + row]!);
      // the next strip may be plain again
      if (scale < 0) scale = kind === "decimal" ? 2 : 1;
      continue;
    }
    // a strip of one number has been told above
    const width = range < 256 ? 1 : range < 65_536 ? 2 : 4;
    writer.u8(width);
    writer.u8(scale);
    writer.f64(least);
    writer.offsets(whole, rows, least, width);
  }
}

function writeNear(writer: ByteWriter, rows: number, base: number, scale: number): void {
  const isNarrow = nearMost - nearLeast < 256;
  writer.u8(isNarrow ? 1 : 2);
  writer.u8(scale);
  writer.f64(isNarrow ? base + nearLeast : base);
  if (isNarrow) writer.lowBytes(near, rows, nearLeast);
  else writer.bytes(nearBytes.subarray(0, rows * 2));
}

/** Fills `near` with milliseconds above the number that is returned; undefined where that does not bring all of them back. */
function nearMilliseconds(numbers: Float64Array | Uint32Array, start: number, rows: number): number | undefined {
  const base = numbers[start]! * 1e-3 + ROUND - ROUND - MIDDLE;
  // about zero there may be one with a minus
  if (!(base > 0 && base < LARGEST)) return undefined;
  let [low, high] = [65_535, 0];
  for (let row = 0; row < rows; row++) {
    const number = numbers[start + row]!;
    const scaled = number * 1e-3 + ROUND - ROUND;
    const offset = scaled - base;
    if (scaled * 1_000 !== number || !(offset >= 0 && offset < 65_536)) return undefined;
    const small = offset | 0;
    near[row] = small;
    if (small < low) low = small;
    if (small > high) high = small;
  }
  nearLeast = low;
  nearMost = high;
  return base;
}

/** The same of decimals. */
function nearDecimals(numbers: Float64Array | Uint32Array, start: number, rows: number, power: number): number | undefined {
  const base = numbers[start]! * power + ROUND - ROUND - MIDDLE;
  if (!(base > -LARGEST && base < LARGEST)) return undefined;
  let [low, high] = [65_535, 0];
  for (let row = 0; row < rows; row++) {
    const number = numbers[start + row]!;
    const scaled = number * power + ROUND - ROUND;
    const offset = scaled - base;
    if (scaled / power !== number || !(offset >= 0 && offset < 65_536) || (scaled === 0 && 1 / number < 0)) return undefined;
    const small = offset | 0;
    near[row] = small;
    if (small < low) low = small;
    if (small > high) high = small;
  }
  nearLeast = low;
  nearMost = high;
  return base;
}

/** The counterpart. Throws RangeError when the bytes are too short or say nonsense. */
export function readStrips(reader: ByteReader, into: Float64Array | Uint32Array, count: number, stripRows: number = STRIP_ROWS): void {
  for (let start = 0; start < count; start += stripRows) {
    const rows = Math.min(stripRows, count - start);
    const width = reader.u8();
    const scale = reader.u8();
    if (width === EXACT) {
      for (let row = 0; row < rows; row++) into[start + row] = reader.f64();
      continue;
    }
    const first = reader.f64();
    if (width === STEPS) {
      for (let row = 0; row < rows; row++) into[start + row] = first + row;
      continue;
    }
    if (width > 4 || width === 3) throw new RangeError(`offsets of ${width} bytes`);
    if (width === 0) whole.fill(first, 0, rows);
    else reader.offsets(whole, rows, first, width);
    if (scale < 2) {
      const unit = UNITS[scale]!;
      for (let row = 0; row < rows; row++) into[start + row] = whole[row]! * unit;
      continue;
    }
    const power = POWERS[scale - 2];
    if (power === undefined) throw new RangeError("numbers of an unknown scale");
    for (let row = 0; row < rows; row++) into[start + row] = whole[row]! / power;
  }
}

function isSteps(numbers: Float64Array | Uint32Array, start: number, rows: number): boolean {
  const first = numbers[start]!;
  for (let row = 1; row < rows; row++) if (numbers[start + row] !== first + row) return false;
  return true;
}

/** Of numbers that an offset brings back. */
function isConstant(numbers: Float64Array | Uint32Array, start: number, rows: number): boolean {
  const first = numbers[start]!;
  for (let row = 1; row < rows; row++) if (numbers[start + row] !== first) return false;
  return first !== 0;
}

function toMilliseconds(numbers: Float64Array | Uint32Array, start: number, rows: number): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    const number = numbers[start + row]!;
    const scaled = number * 1e-3 + ROUND - ROUND;
    if (scaled * 1_000 !== number || Object.is(number, -0)) return false;
    whole[row] = scaled;
    if (scaled < low) low = scaled;
    if (scaled > high) high = scaled;
  }
  least = low;
  most = high;
  return true;
}

/** Whether all are whole numbers that an offset brings back. */
function toWhole(numbers: Float64Array | Uint32Array, start: number, rows: number): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < rows; row++) {
    const number = numbers[start + row]!;
    if (!Number.isSafeInteger(number) || Object.is(number, -0)) return false;
    whole[row] = number;
    if (number < low) low = number;
    if (number > high) high = number;
  }
  least = low;
  most = high;
  return true;
}

/** Scale of the least power of ten, from that of `scale` on, by which all are whole; −1 when there is none. What a PLC sends are decimals. */
function toPower(numbers: Float64Array | Uint32Array, start: number, rows: number, scale: number): number {
  for (; scale - 2 < POWERS.length; scale++) {
    const power = POWERS[scale - 2]!;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    let row = 0;
    for (; row < rows; row++) {
      const number = numbers[start + row]!;
      const scaled = number * power + ROUND - ROUND;
      if (scaled / power !== number || !(scaled < LARGEST && scaled > -LARGEST) || (scaled === 0 && 1 / number < 0)) break;
      whole[row] = scaled;
      if (scaled < low) low = scaled;
      if (scaled > high) high = scaled;
    }
    if (row === rows) {
      least = low;
      most = high;
      return scale;
    }
    const stuck = numbers[start + row]!;
    // no power helps what has no decimals of its own, like a number that is missing
    if (!((stuck * 1e6 + ROUND - ROUND) / 1e6 === stuck)) return -1;
  }
  return -1;
}
