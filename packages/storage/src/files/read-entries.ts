import { join } from "node:path";
import { DoppelwerkError, upcastEntry, type LogEntry } from "@doppelwerk/world";
import type { FileLayer, OpenFile } from "./file-layer.ts";
import { frameAt, HEADER_BYTES, headerAt, linesOf, type FrameHeader } from "./frame.ts";
import type { LogIndex } from "./log-index.ts";

const CHUNK_BYTES = 1 << 20;

/** The entries after a revision, read up to what is known to be on disk. Errors: DW_DAMAGED (file and offset), DW_FORMAT_NEWER. */
export async function* readEntries(layer: FileLayer, directory: string, index: LogIndex, after: number): AsyncGenerator<LogEntry> {
  for (const { name, start, end } of Array.from(index.stretchesAfter(after))) {
    const path = join(directory, name);
    const file = layer.open(path, "read");
    try {
      for (const { payload, at, header } of framesOf(file, path, start, end)) {
        const { count, firstRevision } = header;
        if (firstRevision + count - 1 <= after) continue;
        const lines = unpacked(payload, header, path, at).split("\n");
        for (let i = 0; i < lines.length; i++) if (firstRevision + i > after) yield upcastEntry(JSON.parse(lines[i]!));
      }
    } finally {
      file.close();
    }
  }
}

function* framesOf(file: OpenFile, path: string, start: number, end: number) {
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

function unpacked(payload: Uint8Array, header: FrameHeader, path: string, offset: number): string {
  try {
    return linesOf(payload, header);
  } catch {
    throw damaged(path, offset);
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
  return new DoppelwerkError("DW_DAMAGED", `the change log is damaged at byte ${offset}: ${path}`, { file: path, offset });
}
