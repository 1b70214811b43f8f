import { readFileSync } from "node:fs";

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/**
 * Where the write-ahead log of a SQLite file is damaged (https://www.sqlite.org/fileformat.html, 4.1). SQLite takes the first frame that does not match its
 * checksum for the end and says nothing, so what was committed behind it is gone. Undefined: whole, or its last frame is cut short.
 */
export function walProblem(path: string): string | undefined {
  const bytes = readFileSync(path);
  if (bytes.length === 0) return undefined;
  if (bytes.length < HEADER_BYTES) return "its header is cut short";
  const magic = bytes.readUInt32BE(0);
  if (magic !== 0x377f0682 && magic !== 0x377f0683) return "it does not begin as a write-ahead log";
  const sum = (magic & 1) === 1 ? checksumBE : checksumLE;
  let check = sum(bytes, 0, 24, [0, 0]);
  if (check[0] !== bytes.readUInt32BE(24) || check[1] !== bytes.readUInt32BE(28)) return "its header does not match its checksum";
  const pageBytes = bytes.readUInt32BE(8);
  const frameBytes = FRAME_HEADER_BYTES + pageBytes;
  for (let at = HEADER_BYTES; at + frameBytes <= bytes.length; at += frameBytes) {
    // What an earlier use of the file left behind has other salts.
    const isSalted = bytes.subarray(at + 8, at + 16).equals(bytes.subarray(16, 24));
    check = sum(bytes, at + FRAME_HEADER_BYTES, at + frameBytes, sum(bytes, at, at + 8, check));
    const matches = check[0] === bytes.readUInt32BE(at + 16) && check[1] === bytes.readUInt32BE(at + 20);
    if (isSalted && !matches) return `the frame at byte ${at} does not match its checksum`;
    if (!isSalted) return saltedBehind(bytes, at + frameBytes, frameBytes) ? `the frame at byte ${at} is not one of this log` : undefined;
  }
  return undefined;
}

/** Frames of this log behind one that is none. */
function saltedBehind(bytes: Buffer, from: number, frameBytes: number): boolean {
  for (let at = from; at + frameBytes <= bytes.length; at += frameBytes)
    if (bytes.subarray(at + 8, at + 16).equals(bytes.subarray(16, 24))) return true;
  return false;
}

type Sum = readonly [number, number];

function checksumBE(bytes: Buffer, start: number, end: number, before: Sum): Sum {
  let [a, b] = before;
  for (let at = start; at < end; at += 8) {
    a = (a + bytes.readUInt32BE(at) + b) >>> 0;
    b = (b + bytes.readUInt32BE(at + 4) + a) >>> 0;
  }
  return [a, b];
}

function checksumLE(bytes: Buffer, start: number, end: number, before: Sum): Sum {
  let [a, b] = before;
  for (let at = start; at < end; at += 8) {
    a = (a + bytes.readUInt32LE(at) + b) >>> 0;
    b = (b + bytes.readUInt32LE(at + 4) + a) >>> 0;
  }
  return [a, b];
}
