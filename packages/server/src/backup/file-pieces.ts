import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Bytes of a file that are in memory while it is read. */
const PIECE_BYTES = 1 << 18;
const END_BYTES = 4_096;

/** The bytes of a file from `from` to `to`. Errors: DW_UNAVAILABLE where it ends before. */
export async function* bytesOf(path: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r");
  try {
    for (let at = from; at < to;) {
      const buffer = Buffer.allocUnsafe(Math.min(PIECE_BYTES, to - at));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.fileCouldNotReadEnd", { path }));
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** SHA-256 of the last of the first bytes of a file. */
export function firstBytesHash(path: string, length: number): string {
  const bytes = Buffer.alloc(Math.min(END_BYTES, length));
  const file = openSync(path, "r");
  try {
    readSync(file, bytes, 0, bytes.length, length - bytes.length);
  } finally {
    closeSync(file);
  }
  return createHash("sha256").update(bytes).digest("hex");
}
