// What somebody finds who reads every octet of a data folder: files as they are, and what is compressed in them.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";

const FRAME = Buffer.from("DWF2");
const [FRAME_HEADER, FRAME_LENGTH_AT] = [28, 8];
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Files below a folder, with all texts that are in them. */
export function textsOfFolder(directory: string): ReadonlyMap<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => statSync(join(directory, name)).isFile());
  return new Map(files.map((name) => [relative(".", name), textsIn(readFileSync(join(directory, name)))]));
}

/** Files in which one of these texts is. */
export function filesWith(directory: string, ...wanted: readonly string[]): readonly string[] {
  return [...textsOfFolder(directory)].flatMap(([name, text]) => (wanted.some((each) => text.includes(each)) ? [name] : [])).sort();
}

function textsIn(bytes: Buffer): string {
  const packed = [...framesIn(bytes), ...packedAt(bytes, GZIP, gunzipSync), ...packedAt(bytes, Buffer.from([0x78]), inflateSync)];
  if (bytes.indexOf(ZSTD) === 0) packed.push(zstdDecompressSync(bytes));
  return [bytes, ...packed].map((each) => each.toString("utf8")).join("\n");
}

/** Of the change log. */
function framesIn(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(FRAME); at >= 0; at = bytes.indexOf(FRAME, at + 1)) {
    const length = bytes.readUInt32LE(at + FRAME_LENGTH_AT);
    found.push(zstdDecompressSync(bytes.subarray(at + FRAME_HEADER, at + FRAME_HEADER + length)));
  }
  return found;
}

/** Wherever it begins: in pages of a database that are free, too. */
function packedAt(bytes: Buffer, magic: Buffer, unpack: (packed: Buffer) => Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
    // RFC 1950: the two octets of a header are a multiple of 31
    if (magic.length === 1 && (at + 1 >= bytes.length || bytes.readUInt16BE(at) % 31 !== 0)) continue;
    try {
      found.push(unpack(bytes.subarray(at)));
    } catch {
      // octets that only look like a beginning
    }
  }
  return found;
}
