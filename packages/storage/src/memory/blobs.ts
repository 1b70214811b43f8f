import { createHash } from "node:crypto";
import type { Blobs } from "@doppelwerk/world";

/** Content-addressed bytes in memory. */
export function createMemoryBlobs(): Blobs {
  const blobs = new Map<string, { readonly bytes: Uint8Array; readonly contentType: string }>();
  const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
  return {
    async put(bytes, contentType) {
      const hash = hashOf(bytes);
      if (!blobs.has(hash)) blobs.set(hash, { bytes: bytes.slice(), contentType });
      return { hash };
    },
    async stage(pieces) {
      const held: Uint8Array[] = [];
      for await (const piece of pieces) held.push(piece);
      const bytes = new Uint8Array(Buffer.concat(held));
      const hash = hashOf(bytes);
      return {
        hash,
        size: bytes.length,
        bytes: async () => bytes.slice(),
        pieces: () => wholePiece(bytes),
        keep: async (contentType) => {
          if (!blobs.has(hash)) blobs.set(hash, { bytes, contentType });
        },
        drop: async () => {},
      };
    },
    async get(hash) {
      const blob = blobs.get(hash);
      return blob && { bytes: blob.bytes.slice(), contentType: blob.contentType };
    },
    async open(hash) {
      const blob = blobs.get(hash);
      return blob && { contentType: blob.contentType, size: blob.bytes.length, pieces: () => wholePiece(blob.bytes) };
    },
    async usage() {
      return { files: blobs.size, bytes: [...blobs.values()].reduce((sum, { bytes }) => sum + bytes.length, 0) };
    },
    async close() {},
  };
}

async function* wholePiece(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes.slice();
}
