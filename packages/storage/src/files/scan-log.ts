import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { FileLayer } from "./file-layer.ts";
import { frameAt, HEADER_BYTES, nextFrame } from "./frame.ts";
import type { LogIndex } from "./log-index.ts";

/** Starts every log file: name and version of the file format. */
export const FILE_MAGIC = new TextEncoder().encode("DWLOG\n\0\u0001");
const filePattern = /^changes-\d{16}\.log$/;

export interface ScannedFile {
  /** Where the whole frames end. */
  readonly end: number;
  readonly size: number;
  /** The newest lease that wrote to it. */
  readonly epoch: number;
}

export function isLogFile(name: string): boolean {
  return filePattern.test(name);
}

/** Whether a file begins as one of ours, with a higher version: the last byte of `magic`. */
export function isOfNewerFormat(bytes: Uint8Array, magic: Uint8Array): boolean {
  const version = magic.length - 1;
  return bytes.length >= magic.length && magic.every((byte, at) => (at < version ? bytes[at] === byte : bytes[at]! > byte));
}

/** Reads a log file to its end and adds its frames to the index. Errors: DW_FORMAT_NEWER; DW_DAMAGED for all but a torn tail of the last file. */
export function scanLogFile(layer: FileLayer, directory: string, name: string, index: LogIndex, isLast: boolean): ScannedFile {
  const bytes = readWhole(layer, join(directory, name));
  const damaged = (offset: number, why: string): DoppelwerkError =>
    new DoppelwerkError("DW_DAMAGED", message("storage.changeLogDamagedByte", { offset, why, directory: join(directory, name) }), {
      file: name,
      offset,
    });
  if (isOfNewerFormat(bytes, FILE_MAGIC))
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("storage.changeLogNewer", { path: join(directory, name) }));
  let [offset, epoch] = [0, 0];
  if (FILE_MAGIC.every((byte, i) => bytes[i] === byte)) offset = FILE_MAGIC.length;
  else if (!isLast || bytes.length > FILE_MAGIC.length) throw damaged(0, "not a change log of this version");
  while (offset < bytes.length && offset > 0) {
    const header = frameAt(bytes, offset);
    if (header === undefined) {
      if (!isLast) throw damaged(offset, "a later file follows");
      const next = nextFrame(bytes, offset);
      if (next !== undefined) throw damaged(offset, `intact entries follow at byte ${next}`);
      break;
    }
    const expected = index.lastRevision + 1;
    if (header.firstRevision !== expected) throw damaged(offset, `revision ${expected} is missing, ${header.firstRevision} follows`);
    const end = offset + HEADER_BYTES + header.length;
    index.add({ file: name, offset, end, firstRevision: header.firstRevision, count: header.count });
    epoch = Math.max(epoch, header.epoch);
    offset = end;
  }
  return { end: offset, size: bytes.length, epoch };
}

export function readWhole(layer: FileLayer, path: string): Uint8Array {
  const file = layer.open(path, "read");
  try {
    const bytes = new Uint8Array(file.size());
    for (let at = 0; at < bytes.length;) {
      const step = file.read(bytes.subarray(at), at);
      if (step <= 0) throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.fileCouldNotReadEnd", { path }));
      at += step;
    }
    return bytes;
  } finally {
    file.close();
  }
}
