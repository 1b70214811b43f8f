import { crc32 } from "node:zlib";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/** How such a pack begins: with a type of block that deflate does not have (RFC 1951, 3.2.3), and no JSON begins so. */
export const LINE_PACK = 0x6e;

/** A longer pack holds large documents: those deflate packs better, and to read one takes long in any form. */
const MAX_BYTES = 60_000;
/** Type, CRC-32 of all that follows, number of lines, number of the line that others are told by. */
const HEADER = 7;
/** Equal bytes from so many on are told by where they stand. */
const LEAST = 4;
const LONGEST = 127 + LEAST;
const LITERALS = 128;
const LINE_END = 10;

/** Where in the line that others are told by four bytes stand, plus one, by their hash. */
const places = new Uint16Array(1 << 12);

/**
 * Lines of JSON, at most 64, each told by what differs from one of them, so that one is read without the others: inflating a pack takes ten times as long as
 * parsing a record of it. Header, the end of each line (u16, from the beginning of the pack), then the lines: that one as it is, the others as literals
 * (length - 1, bytes) and copies (128 + length - 4, place u16 in that line). Little-endian. Undefined: too long to be told so.
 */
export function packLines(lines: readonly string[]): Uint8Array | undefined {
  const text = Buffer.from(lines.join("\n"));
  if (text.length > MAX_BYTES) return undefined;
  const ends = endsOf(text, lines.length);
  const base = lines.length >> 1;
  const from = startOf(ends, base);
  notePlaces(text, from, ends[base]!);
  const bytes = new Uint8Array(HEADER + lines.length * 2 + text.length + Math.ceil(text.length / LITERALS) + lines.length);
  const view = new DataView(bytes.buffer);
  let at = HEADER + lines.length * 2;
  for (let line = 0; line < lines.length; line++) {
    const [start, end] = [startOf(ends, line), ends[line]!];
    if (line === base) {
      bytes.set(text.subarray(start, end), at);
      at += end - start;
    } else at = putDifference({ text, from, until: ends[base]! }, start, end, bytes, at);
    view.setUint16(HEADER + line * 2, at, true);
  }
  bytes[0] = LINE_PACK;
  bytes[5] = lines.length;
  bytes[6] = base;
  const pack = bytes.slice(0, at);
  new DataView(pack.buffer).setUint32(1, crc32(pack.subarray(5)), true);
  return pack;
}

/** The pack, to be read by `lineOf`. Errors: DW_DAMAGED for bytes that are not what was written. */
export function checkedLinePack(bytes: Uint8Array): Buffer {
  const pack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (pack.length < HEADER || pack.readUInt32LE(1) !== crc32(pack.subarray(5)))
    throw new DoppelwerkError("DW_DAMAGED", message("storage.recordCacheDamaged", { reason: "a pack does not match its checksum" }));
  return pack;
}

const unpacked = Buffer.allocUnsafeSlow(MAX_BYTES);

/** A line of a pack that was checked. */
export function lineOf(pack: Buffer, line: number): string {
  const [start, end] = [startIn(pack, line), pack.readUInt16LE(HEADER + line * 2)];
  const base = pack[6]!;
  if (line === base) return pack.toString("utf8", start, end);
  const from = startIn(pack, base);
  const into = unpacked;
  let length = 0;
  for (let at = start; at < end;) {
    const told = pack[at++]!;
    if (told < LITERALS) for (let left = told; left >= 0; left--) into[length++] = pack[at++]!;
    else {
      let place = from + (pack[at]! | (pack[at + 1]! << 8));
      at += 2;
      for (let left = told - LITERALS + LEAST; left > 0; left--) into[length++] = pack[place++]!;
    }
  }
  return into.toString("utf8", 0, length);
}

function startIn(pack: Buffer, line: number): number {
  return line === 0 ? HEADER + pack[5]! * 2 : pack.readUInt16LE(HEADER + (line - 1) * 2);
}

function endsOf(text: Uint8Array, count: number): readonly number[] {
  const ends: number[] = [];
  for (let start = 0; ends.length < count - 1; start = ends.at(-1)! + 1) ends.push(text.indexOf(LINE_END, start));
  ends.push(text.length);
  return ends;
}

function startOf(ends: readonly number[], line: number): number {
  return line === 0 ? 0 : ends[line - 1]! + 1;
}

function notePlaces(text: Uint8Array, from: number, until: number): void {
  places.fill(0);
  for (let at = from; at + LEAST <= until; at++) places[hashAt(text, at)] = at - from + 1;
}

/** Knuth's multiplicative hash of four bytes. */
function hashAt(text: Uint8Array, at: number): number {
  const bytes = text[at]! | (text[at + 1]! << 8) | (text[at + 2]! << 16) | (text[at + 3]! << 24);
  return Math.imul(bytes, 0x9e3779b1) >>> 20;
}

interface Base {
  readonly text: Uint8Array;
  readonly from: number;
  readonly until: number;
}

/** Writes a line at a place of `into` and returns where it ends. */
function putDifference({ text, from, until }: Base, start: number, end: number, into: Uint8Array, place: number): number {
  let literal = start;
  for (let at = start; at + LEAST <= end;) {
    const noted = places[hashAt(text, at)]!;
    const length = noted === 0 ? 0 : equalBytes(text, from + noted - 1, until, at, Math.min(end, at + LONGEST));
    if (length < LEAST) {
      at++;
      continue;
    }
    place = putLiterals(text, literal, at, into, place);
    into[place++] = LITERALS + length - LEAST;
    into[place++] = noted - 1;
    into[place++] = (noted - 1) >> 8;
    literal = at += length;
  }
  return putLiterals(text, literal, end, into, place);
}

function equalBytes(text: Uint8Array, one: number, oneEnd: number, other: number, otherEnd: number): number {
  let length = 0;
  while (one + length < oneEnd && other + length < otherEnd && text[one + length] === text[other + length]) length++;
  return length;
}

function putLiterals(text: Uint8Array, from: number, to: number, into: Uint8Array, place: number): number {
  for (let at = from; at < to;) {
    const count = Math.min(LITERALS, to - at);
    into[place++] = count - 1;
    for (let left = count; left > 0; left--) into[place++] = text[at++]!;
  }
  return place;
}
