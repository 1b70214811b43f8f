import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { Blobs } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

const MAX_BYTES = 5_000_000;

/** JPEG or PNG by what the bytes are, whatever somebody calls them; undefined: neither, and nothing else is shown. */
export function pictureType(bytes: Uint8Array): "image/jpeg" | "image/png" | undefined {
  const begins = (...magic: readonly number[]): boolean => magic.every((byte, at) => bytes[at] === byte);
  if (begins(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return "image/png";
  return undefined;
}

/** Errors: DW_INVALID for no picture, or a larger one. */
export async function storePhoto(blobs: Blobs, bytes: Uint8Array): Promise<string> {
  const type = pictureType(bytes);
  if (type === undefined || bytes.length > MAX_BYTES) throw new DoppelwerkError("DW_INVALID", message("rounds.fault.photo"));
  return (await blobs.put(bytes, type)).hash;
}
