import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { crc32c } from "./crc32c.ts";

/**
 * A frame holds the entries of one group, so that a group is on disk whole or not at all:
 * magic u32 · CRC-32C u32 of all that follows · payload length u32 · number of entries u32 · lease epoch u32 · first revision f64 · payload
 * (little-endian). The payload is the entries as JSON, one a line, UTF-8; under the magic DWF2 as one zstd frame (RFC 8878).
 */
export interface FrameHeader {
  readonly length: number;
  readonly count: number;
  readonly epoch: number;
  readonly firstRevision: number;
  readonly isCompressed: boolean;
}

export const HEADER_BYTES = 28;
/** A longer payload is taken for damage, and so is one that unpacks to more. */
export const PAYLOAD_MAX = 2 ** 30;
const MAGIC = 0x31465744; // "DWF1"
const MAGIC_COMPRESSED = 0x32465744; // "DWF2"
const CRC_START = 8;
/** Less is not worth packing. */
const COMPRESSED_FROM = 256;
const [SMALL_CHUNK, LARGE_CHUNK] = [16_384, 16 << 20];
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

export function encodeFrame(
  lines: Uint8Array,
  { count, epoch, firstRevision }: Pick<FrameHeader, "count" | "epoch" | "firstRevision">,
): Uint8Array {
  const isCompressed = lines.length >= COMPRESSED_FROM;
  const payload = isCompressed ? zstdCompressSync(lines, COMPRESSION) : lines;
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, isCompressed ? MAGIC_COMPRESSED : MAGIC, true);
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
  const magic = view.getUint32(0, true);
  if (magic !== MAGIC && magic !== MAGIC_COMPRESSED) return undefined;
  const header = {
    length: view.getUint32(8, true),
    count: view.getUint32(12, true),
    epoch: view.getUint32(16, true),
    firstRevision: view.getFloat64(20, true),
    isCompressed: magic === MAGIC_COMPRESSED,
  };
  return header.length <= PAYLOAD_MAX && header.count > 0 && Number.isSafeInteger(header.firstRevision) ? header : undefined;
}

/** The lines of a whole frame. Errors: as zlib throws them, when the payload is no zstd frame or unpacks to more than may be. */
export function linesOf(payload: Uint8Array, header: Pick<FrameHeader, "isCompressed">): string {
  return new TextDecoder().decode(payloadOf(payload, header));
}

/** What was framed. Errors: as those of `linesOf`. */
export function payloadOf(payload: Uint8Array, { isCompressed }: Pick<FrameHeader, "isCompressed">): Uint8Array {
  if (!isCompressed) return payload;
  // in few pieces, and no large ones for a small payload
  const chunkSize = Math.min(Math.max(SMALL_CHUNK, payload.length * 16), LARGE_CHUNK);
  return zstdDecompressSync(payload, { maxOutputLength: PAYLOAD_MAX, chunkSize });
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
