import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { OpenFile } from "./file-layer.ts";
import { frameAt, HEADER_BYTES, headerAt, linesOf, payloadOf, type FrameHeader } from "./frame.ts";

const CHUNK_BYTES = 1 << 20;
const LINE_END = 0x0a;

/** The whole frames of a stretch of a file. Errors: DW_DAMAGED (file and offset). */
export function* framesOf(file: OpenFile, path: string, start: number, end: number) {
  let chunk = new Uint8Array(0);
  let chunkStart = start;
  for (let at = start; at < end;) {
    const local = at - chunkStart;
    const header = headerAt(chunk, local);
    const needed = header === undefined ? HEADER_BYTES : HEADER_BYTES + header.length;
    if (local + needed > chunk.length) {
      if (at === chunkStart && chunk.length >= Math.min(end - at, needed)) throw damaged(path, at);
      chunk = readAt(file, at, Math.min(end - at, Math.max(needed, CHUNK_BYTES)));
      chunkStart = at;
      continue;
    }
    if (header === undefined || frameAt(chunk, local) === undefined) throw damaged(path, at);
    yield { payload: chunk.subarray(local + HEADER_BYTES, local + needed), at, header };
    at += needed;
  }
}

/** The entries of a frame as JSON. Errors: DW_DAMAGED. */
export function unpacked(payload: Uint8Array, header: FrameHeader, path: string, offset: number): readonly string[] {
  try {
    return linesOf(payload, header).split("\n");
  } catch {
    throw damaged(path, offset);
  }
}

/** The same as bytes, one after the other. Errors: DW_DAMAGED. */
export function* unpackedLines(payload: Uint8Array, header: FrameHeader, path: string, offset: number): Generator<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = payloadOf(payload, header);
  } catch {
    throw damaged(path, offset);
  }
  for (let at = 0; at <= bytes.length;) {
    const end = bytes.indexOf(LINE_END, at);
    yield bytes.subarray(at, end < 0 ? bytes.length : end);
    at = end < 0 ? bytes.length + 1 : end + 1;
  }
}

function readAt(file: OpenFile, position: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const step = file.read(bytes.subarray(read), position + read);
    if (step <= 0) break;
    read += step;
  }
  return bytes.subarray(0, read);
}

function damaged(path: string, offset: number): DoppelwerkError {
  return new DoppelwerkError("DW_DAMAGED", message("storage.changeLog", { offset, path }), { file: path, offset });
}
