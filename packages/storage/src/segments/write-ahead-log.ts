import { basename, dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { FileLayer, OpenFile } from "../files/file-layer.ts";
import { readArrival, readArrivalOfFormat2, writeArrival, type Arrival } from "./arrival.ts";
import { readArrivalOfFormat1 } from "./arrival-format-1.ts";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import { readAll, writeAll } from "./segment-file.ts";

/** Name and version of the format; a newer number is refused untouched. 4: rows carry their origin. */
const MAGIC = "DWHWAL4\n";
const READABLE = ["DWHWAL1\n", "DWHWAL2\n", "DWHWAL3\n", MAGIC];
/** Whether this version knows the format that a log says it is of. */
export const isLogMagic = (magic: string): boolean => READABLE.includes(magic);
const MAGIC_BYTES = new TextEncoder().encode(MAGIC);
/** What a frame begins with tells how its arrivals are to be read, also where the beginning of the file is damaged. */
const FRAME_MAGIC = 0x34484457; // "WDH4"
const READERS = new Map<number, (reader: ByteReader) => Arrival>([
  [FRAME_MAGIC, readArrival],
  [0x33484457, readArrival],
  [0x32484457, readArrivalOfFormat2],
  [0x31484457, readArrivalOfFormat1],
]);
const HEADER_BYTES = 12;

export function logName(number: number): string {
  return `arrivals-${String(number).padStart(10, "0")}.wal`;
}

export function logNumberOf(name: string): number | undefined {
  const match = /^arrivals-(\d{10})\.wal$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}

/**
 * One file of the write-ahead log. A frame (magic u32, CRC-32 u32 of the payload, length u32, arrivals) is one group written and fsynced at once,
 * and is there whole or not at all.
 */
export class WriteAheadLog {
  readonly number: number;
  readonly #path: string;
  readonly #file: OpenFile;
  readonly #frame = new ByteWriter(1 << 16);
  #length: number;
  #dirty = false;

  private constructor(number: number, path: string, file: OpenFile, length: number) {
    this.number = number;
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  get bytes(): number {
    return this.#length;
  }

  static create(layer: FileLayer, directory: string, number: number): WriteAheadLog {
    const path = join(directory, logName(number));
    // left by an attempt that failed
    if (layer.list(directory).includes(logName(number))) layer.remove(path);
    const file = layer.open(path, "create");
    try {
      writeAll(file, MAGIC_BYTES, 0);
      file.fsync();
      layer.fsyncDirectory(directory);
    } catch (error) {
      file.close();
      throw error;
    }
    return new WriteAheadLog(number, path, file, MAGIC_BYTES.length);
  }

  /** Resolved = on disk. DW_UNAVAILABLE: nothing of the group is kept. */
  append(group: readonly Arrival[]): void {
    this.#repair();
    const frame = this.#frame;
    frame.clear();
    frame.u32(FRAME_MAGIC);
    frame.u32(0);
    frame.u32(0);
    frame.u32(group.length);
    for (const arrival of group) writeArrival(frame, arrival);
    const bytes = frame.written;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setUint32(4, crc32(bytes.subarray(HEADER_BYTES)), true);
    view.setUint32(8, bytes.length - HEADER_BYTES, true);
    this.#dirty = true;
    try {
      writeAll(this.#file, bytes, this.#length);
      this.#file.fsync();
    } catch (error) {
      throw new DoppelwerkError("DW_UNAVAILABLE", message("storage.historyCannot", { reason: (error as Error).message, path: this.#path }));
    }
    this.#dirty = false;
    this.#length += bytes.length;
  }

  close(): void {
    try {
      this.#repair();
    } catch {
      // the torn tail is cut when the file is opened again
    }
    this.#file.close();
  }

  /** Takes the bytes of a refused group away, so that it can never come back to life. */
  #repair(): void {
    if (!this.#dirty) return;
    try {
      this.#file.truncate(this.#length);
      this.#file.fsync();
      this.#dirty = false;
    } catch (error) {
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("storage.historyDoesNotRecoverYet", { reason: (error as Error).message, path: this.#path }),
      );
    }
  }
}

export interface LogContent {
  readonly arrivals: readonly Arrival[];
  /** Why the file is damaged; undefined when it is whole. A torn tail was never acknowledged, is left out, and is no damage. */
  readonly damage: string | undefined;
  /** Bytes at the end that are no whole frame. */
  readonly tail: LogTail | undefined;
}

export interface LogTail {
  readonly offset: number;
  readonly bytes: number;
  /** The file ends before the frame does: a write that was cut short. Otherwise its bytes are all there and its checksum is wrong. */
  readonly isShort: boolean;
}

/** Arrivals of one file in order, those after a damaged frame too. The file is not changed: a new one is begun instead. */
export function readLog(layer: FileLayer, directory: string, number: number): LogContent {
  const path = join(directory, logName(number));
  const file = layer.open(path, "read");
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(file.size());
    readAll(file, bytes, 0, path);
  } finally {
    file.close();
  }
  const arrivals: Arrival[] = [];
  const damages: string[] = [];
  let offset = Math.min(MAGIC_BYTES.length, bytes.length);
  let tail: LogTail | undefined;
  const magic = new TextDecoder().decode(bytes.subarray(0, MAGIC_BYTES.length));
  if (!isLogMagic(magic) && bytes.length > MAGIC_BYTES.length) {
    if (/^DWHWAL\d\n$/.test(magic))
      throw new DoppelwerkError("DW_FORMAT_NEWER", message("storage.historyLogWrittenNewerDoppelwerk", { path }));
    damages.push("it does not begin as a history log");
  }
  while (offset < bytes.length) {
    const end = frameEnd(bytes, offset);
    if (end === undefined) {
      const next = nextFrame(bytes, offset);
      if (next === undefined) {
        tail = { offset, bytes: bytes.length - offset, isShort: isCutShort(bytes, offset) };
        break;
      }
      damages.push(`damaged from byte ${offset} to ${next}`);
      offset = next;
      continue;
    }
    const reader = new ByteReader(bytes, offset);
    const read = READERS.get(reader.u32())!;
    reader.position = offset + HEADER_BYTES;
    const count = reader.u32();
    for (let i = 0; i < count; i++) arrivals.push(read(reader));
    offset = end;
  }
  return { arrivals, damage: damages.length === 0 ? undefined : damages.join("; "), tail };
}

/** Where the whole frames of a log end; all of it where one follows that is damaged, which whoever reads it finds. */
export function wholeBytes(bytes: Uint8Array): number {
  let offset = Math.min(MAGIC_BYTES.length, bytes.length);
  for (let end = frameEnd(bytes, offset); end !== undefined; end = frameEnd(bytes, offset)) offset = end;
  return offset < bytes.length && nextFrame(bytes, offset) !== undefined ? bytes.length : offset;
}

/** Whether the file ends within the frame that begins at an offset, as its header tells. */
function isCutShort(bytes: Uint8Array, offset: number): boolean {
  if (offset + HEADER_BYTES > bytes.length) return true;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, HEADER_BYTES);
  return READERS.has(view.getUint32(0, true)) && offset + HEADER_BYTES + view.getUint32(8, true) > bytes.length;
}

/** Cuts off what is no whole frame at the end of the newest log, and keeps it aside. A disk that refuses leaves it as it is. */
export function cutTail(layer: FileLayer, directory: string, name: string, { offset, bytes }: LogTail): void {
  try {
    const file = layer.open(join(directory, name), "write");
    try {
      const tail = new Uint8Array(bytes);
      readAll(file, tail, offset, name);
      keepTail(layer, join(directory, `${name}.torn-${offset}`), tail);
      file.truncate(offset);
      file.fsync();
    } finally {
      file.close();
    }
    layer.fsyncDirectory(directory);
  } catch {
    // The next opening takes it for damage, which sets the log aside and loses nothing of it.
  }
}

function keepTail(layer: FileLayer, path: string, tail: Uint8Array): void {
  if (layer.list(dirname(path)).includes(basename(path))) layer.remove(path);
  const file = layer.open(path, "create");
  try {
    writeAll(file, tail, 0);
    file.fsync();
  } finally {
    file.close();
  }
}

/** End of the whole and undamaged frame at an offset, else undefined. */
function frameEnd(bytes: Uint8Array, offset: number): number | undefined {
  if (offset + HEADER_BYTES > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, HEADER_BYTES);
  if (!READERS.has(view.getUint32(0, true))) return undefined;
  const end = offset + HEADER_BYTES + view.getUint32(8, true);
  if (end > bytes.length) return undefined;
  return crc32(bytes.subarray(offset + HEADER_BYTES, end)) === view.getUint32(4, true) ? end : undefined;
}

function nextFrame(bytes: Uint8Array, offset: number): number | undefined {
  for (let at = bytes.indexOf(FRAME_MAGIC & 0xff, offset + 1); at >= 0; at = bytes.indexOf(FRAME_MAGIC & 0xff, at + 1)) {
    if (frameEnd(bytes, at) !== undefined) return at;
  }
  return undefined;
}
