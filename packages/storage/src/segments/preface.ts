import { crc32 } from "node:zlib";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import type { SeriesName } from "./segment-file.ts";

/** What a segment holds of one series. Times in microseconds, NaN when it holds nothing. */
export interface SeriesExtent {
  readonly name: SeriesName;
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

const PREFACE_MAGIC = 0x46455250; // "PREF"
export const PREFACE_HEADER_BYTES = 12;
/** A preface that claims more is damaged. */
const MAX_LENGTH = 1 << 28;

/** The length depends on the names only, so that the place can be kept free. */
export function prefaceLength(names: readonly SeriesName[]): number {
  return writePreface(names.map((name) => ({ name, first: 0, last: 0, count: 0 }))).length;
}

/** Magic u32, CRC-32 u32 of the payload, length u32, then per series number, branch, signal, first, last, count. */
export function writePreface(extents: readonly SeriesExtent[]): Uint8Array {
  const writer = new ByteWriter(64 + extents.length * 96);
  writer.u32(PREFACE_MAGIC);
  writer.u32(0);
  writer.u32(0);
  writer.u32(extents.length);
  for (const { name, first, last, count } of extents) {
    writer.u32(name.number);
    writer.text(name.branch);
    writer.text(name.signal);
    for (const number of [first, last, count]) writer.f64(number);
  }
  const bytes = writer.written;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  view.setUint32(4, crc32(bytes.subarray(PREFACE_HEADER_BYTES)), true);
  view.setUint32(8, bytes.length - PREFACE_HEADER_BYTES, true);
  return bytes;
}

/** Undefined: there is none, or it is damaged. `read` gives fewer bytes than asked at the end of the file. */
export function readPreface(read: (offset: number, length: number) => Uint8Array, at: number): readonly SeriesExtent[] | undefined {
  const header = read(at, PREFACE_HEADER_BYTES);
  if (header.length < PREFACE_HEADER_BYTES) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const length = view.getUint32(8, true);
  if (view.getUint32(0, true) !== PREFACE_MAGIC || length > MAX_LENGTH) return undefined;
  const payload = read(at + PREFACE_HEADER_BYTES, length);
  if (payload.length < length || crc32(payload) !== view.getUint32(4, true)) return undefined;
  const reader = new ByteReader(payload);
  return Array.from({ length: reader.u32() }, () => ({
    name: { number: reader.u32(), branch: reader.text(), signal: reader.text() },
    first: reader.f64(),
    last: reader.f64(),
    count: reader.f64(),
  }));
}
