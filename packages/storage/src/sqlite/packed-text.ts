import { deflateSync, inflateRawSync, inflateSync } from "node:zlib";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/** For what is a few kilobytes long, deflate is read in a third of the time zstd takes to begin. */
const LEVEL = 3;
/** How the packs of this release begin (RFC 1950); those of older ones hold deflate alone, and JSON never begins with these bits there. */
const ZLIB_HEADER = 0x78;

/** Text in a column of the record cache, with a checksum (Adler-32) that every reading looks at. */
export function packText(text: string | Uint8Array, level = LEVEL): Uint8Array {
  return deflateSync(text, { level });
}

/** Errors: DW_DAMAGED for bytes that are not what was written. */
export function unpackText(bytes: Uint8Array, chunkSize?: number): Buffer {
  try {
    const options = chunkSize === undefined ? {} : { chunkSize };
    return bytes[0] === ZLIB_HEADER ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
  } catch (error) {
    throw new DoppelwerkError("DW_DAMAGED", message("storage.recordCacheDamaged", { reason: (error as Error).message }));
  }
}
