import { crc32c } from "./crc32c.ts";

/**
 * A frame holds the entries of one group, so that a group is on disk whole or not at all:
 * magic u32 · CRC-32C u32 of all that follows · payload length u32 · number of entries u32 · lease epoch u32 · first revision f64 · payload
 * (little-endian). The payload is the entries as JSON, one a line, UTF-8.
 */
export interface FrameHeader {
  readonly length: number;
  readonly count: number;
  readonly epoch: number;
  readonly firstRevision: number;
}

export const HEADER_BYTES = 28;
/** A longer payload is taken for damage. */
export const PAYLOAD_MAX = 2 ** 30;
const MAGIC = 0x31465744; // "DWF1"
const CRC_START = 8;

export function encodeFrame(payload: Uint8Array, { count, epoch, firstRevision }: Omit<FrameHeader, "length">): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(8, payload.length, true);
  view.setUint32(12, count, true);
  view.setUint32(16, epoch, true);
  view.setFloat64(20, firstRevision, true);
  frame.set(payload, HEADER_BYTES);
  view.setUint32(4, crc32c(frame, CRC_START), true);
  return frame;
}

/** The header at an offset when a whole and undamaged frame starts there, else undefined. */
export function frameAt(bytes: Uint8Array, offset: number): FrameHeader | undefined {
  const header = headerAt(bytes, offset);
  if (header === undefined) return undefined;
  const end = offset + HEADER_BYTES + header.length;
  if (end > bytes.length) return undefined;
  const stated = new DataView(bytes.buffer, bytes.byteOffset + offset).getUint32(4, true);
  return crc32c(bytes, offset + CRC_START, end) === stated ? header : undefined;
}

/** The header as written, its checksum not looked at. */
export function headerAt(bytes: Uint8Array, offset: number): FrameHeader | undefined {
  if (offset + HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, HEADER_BYTES);
  const header = {
    length: view.getUint32(8, true),
    count: view.getUint32(12, true),
    epoch: view.getUint32(16, true),
    firstRevision: view.getFloat64(20, true),
  };
  return view.getUint32(0, true) === MAGIC && header.length <= PAYLOAD_MAX && header.count > 0 && Number.isSafeInteger(header.firstRevision)
    ? header
    : undefined;
}

/** Offset of the next whole frame after `offset`: tells a torn tail (none) from damage in the middle. */
export function nextFrame(bytes: Uint8Array, offset: number): number | undefined {
  for (let at = offset + 1; at + HEADER_BYTES <= bytes.length; at++) {
    at = bytes.indexOf(MAGIC & 0xff, at);
    if (at < 0) return undefined;
    if (frameAt(bytes, at) !== undefined) return at;
  }
  return undefined;
}
