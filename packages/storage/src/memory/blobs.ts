import { createHash } from "node:crypto";
import type { Blobs } from "@doppelwerk/world";

/** Content-addressed bytes in memory. */
export function createMemoryBlobs(): Blobs {
  const blobs = new Map<string, { readonly bytes: Uint8Array; readonly contentType: string }>();
  return {
    async put(bytes, contentType) {
      const hash = createHash("sha256").update(bytes).digest("hex");
      if (!blobs.has(hash)) blobs.set(hash, { bytes: bytes.slice(), contentType });
      return { hash };
    },
    async get(hash) {
      const blob = blobs.get(hash);
      return blob && { bytes: blob.bytes.slice(), contentType: blob.contentType };
    },
    async close() {},
  };
}
