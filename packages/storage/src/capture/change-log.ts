import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { frameAt, HEADER_BYTES, linesOf, nextFrame } from "../files/frame.ts";
import { checkpointPath } from "../files/log-checkpoint.ts";
import { FILE_MAGIC, isLogFile } from "../files/scan-log.ts";
import type { CapturedFile, Staging } from "./staging.ts";

/** Where a change log ended when it was captured. */
export interface CapturedHead {
  readonly revision: number;
  /** Of the last entry; undefined for an empty log. */
  readonly hash: string | undefined;
  /** Of the lease that wrote it. */
  readonly epoch: number;
}

/** The change log of a world up to its last whole group; the checkpoint first, so that it knows no more than the log. Errors: DW_DAMAGED. */
export function captureChangeLog(
  world: string,
  staging: Staging,
): { readonly files: readonly CapturedFile[]; readonly head: CapturedHead } {
  const directory = join(world, "changes");
  const checkpoint = staging.file(checkpointPath(directory));
  const logs = staging.folder(directory, (name) => (isLogFile(name) ? { grows: true } : undefined));
  const files = checkpoint === undefined ? [] : [checkpoint];
  const last = logs.at(-1);
  if (last === undefined) return { files, head: { revision: 0, hash: undefined, epoch: 0 } };
  const end = endOf(last);
  const head = end.head ?? (logs.length > 1 ? endOf(logs.at(-2)!).head : undefined) ?? { revision: 0, hash: undefined, epoch: 0 };
  return { files: [...files, ...logs.slice(0, -1), { ...last, length: end.bytes }], head };
}

/** Where the whole groups of a file end, and what the last one says. */
function endOf({ path, source, length }: CapturedFile): { readonly bytes: number; readonly head?: CapturedHead } {
  const bytes = firstBytes(source, length);
  if (bytes.length < FILE_MAGIC.length) return { bytes: 0 };
  let offset = FILE_MAGIC.length;
  let last: { readonly offset: number; readonly header: NonNullable<ReturnType<typeof frameAt>> } | undefined;
  let epoch = 0;
  for (let header = frameAt(bytes, offset); header !== undefined; header = frameAt(bytes, offset)) {
    last = { offset, header };
    epoch = Math.max(epoch, header.epoch);
    offset += HEADER_BYTES + header.length;
  }
  // to end there would leave out what was acknowledged
  if (offset < bytes.length && nextFrame(bytes, offset) !== undefined)
    throw new DoppelwerkError("DW_DAMAGED", message("storage.changeLog", { offset, path }), { file: path, offset });
  if (last === undefined) return { bytes: offset };
  const { header } = last;
  const payload = bytes.subarray(last.offset + HEADER_BYTES, last.offset + HEADER_BYTES + header.length);
  const line = linesOf(payload, header).split("\n").at(-1)!;
  const { hash } = JSON.parse(line) as { readonly hash: string };
  return { bytes: offset, head: { revision: header.firstRevision + header.count - 1, hash, epoch } };
}

export function firstBytes(path: string, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  const file = openSync(path, "r");
  try {
    let at = 0;
    while (at < length) {
      const read = readSync(file, bytes, at, length - at, at);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } finally {
    closeSync(file);
  }
}
