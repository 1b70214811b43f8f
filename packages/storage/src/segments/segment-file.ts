import { join } from "node:path";
import { crc32 } from "node:zlib";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import type { FileLayer, OpenFile } from "../files/file-layer.ts";
import { decodeBlock, decodeForReading, decodeRowAt, encodeBlock, type BlockForm, type BlockRow, type BlockSummary } from "./block.ts";
import { ByteReader, ByteWriter } from "./byte-writer.ts";
import type { Columns, NumberColumns } from "./columns.ts";
import { prefaceLength, writePreface, type SeriesExtent } from "./preface.ts";
import { SegmentIndex, writeEntry } from "./segment-index.ts";

/** Name and version of the format; a newer number is refused untouched. 4: rows carry their origin. A segment has blocks of its own format and of earlier ones. */
const MAGIC = "DWHIST4\n";
const READABLE = ["DWHIST1\n", "DWHIST2\n", "DWHIST3\n", MAGIC];
export const MAGIC_BYTES = new TextEncoder().encode(MAGIC);

export function isMagic(bytes: Uint8Array): boolean {
  return READABLE.includes(new TextDecoder().decode(bytes));
}
export const TRAILER_BYTES = 24;
const WRITE_BYTES = 1 << 18;
const AHEAD_BYTES = 1 << 17;

export interface SeriesName {
  readonly number: number;
  readonly branch: string;
  readonly signal: string;
}

/** A segment holds what arrived in a span of flushes [from, to]; merged ones span those they replace. */
export interface SegmentSpan {
  readonly from: number;
  readonly to: number;
}

export function segmentName({ from, to }: SegmentSpan): string {
  return `segment-${String(from).padStart(10, "0")}-${String(to).padStart(10, "0")}.seg`;
}

export function spanOf(name: string): SegmentSpan | undefined {
  const match = /^segment-(\d{10})-(\d{10})\.seg$/.exec(name);
  return match === null ? undefined : { from: Number(match[1]), to: Number(match[2]) };
}

/** A block that does not match its checksum, or cannot be read. */
export class DamagedBlock extends DoppelwerkError {
  readonly file: string;
  readonly entry: number;

  constructor(file: string, entry: number, reason: Message) {
    super("DW_DAMAGED", reason, { file });
    this.file = file;
    this.entry = entry;
  }
}

/**
 * Writes a segment: magic, preface, blocks, entries, names, trailer. It has its name only when it is whole and on disk.
 * Blocks come by series and within a series by first time. The preface says at the beginning what the index says at the end, so that a file which
 * lost its end still tells what is missing; readers of the first releases pass over it.
 */
export class SegmentBuilder {
  readonly #layer: FileLayer;
  readonly #directory: string;
  readonly #span: SegmentSpan;
  readonly #temporary: string;
  readonly #file: OpenFile;
  readonly #pending = new ByteWriter(WRITE_BYTES);
  readonly #entries = new ByteWriter(1 << 14);
  readonly #extents: Map<number, { -readonly [field in keyof SeriesExtent]: SeriesExtent[field] }>;
  #offset = 0;

  constructor(layer: FileLayer, directory: string, span: SegmentSpan, names: readonly SeriesName[]) {
    this.#layer = layer;
    this.#directory = directory;
    this.#span = span;
    this.#temporary = `${segmentName(span)}.new`;
    if (layer.list(directory).includes(this.#temporary)) layer.remove(join(directory, this.#temporary));
    this.#file = layer.open(join(directory, this.#temporary), "create");
    this.#extents = new Map(names.map((name) => [name.number, { name, first: Number.NaN, last: Number.NaN, count: 0 }]));
    this.#put(MAGIC_BYTES);
    // filled in at the end, when it is known
    this.#put(new Uint8Array(prefaceLength(names)));
  }

  add(series: number, columns: Columns): void {
    const { bytes, rawLength, compressed, summary } = encodeBlock(columns);
    this.addEncoded(bytes, { series, rawLength, compressed, format: 2, summary });
  }

  addEncoded(
    bytes: Uint8Array,
    block: BlockForm & { readonly series: number; readonly rawLength: number; readonly summary: BlockSummary },
  ): void {
    const { series, rawLength, compressed, format, summary } = block;
    // words are read from where they lie
    this.#align(4);
    const place = { series, offset: this.#offset, length: bytes.length, rawLength, crc: crc32(bytes), compressed, format };
    writeEntry(this.#entries, place, summary);
    const extent = this.#extents.get(series)!;
    if (extent.count === 0) extent.first = extent.last = summary.first;
    extent.last = Math.max(extent.last, summary.last);
    extent.count += summary.count;
    this.#put(bytes);
  }

  finish(): void {
    const extents = [...this.#extents.values()];
    const names = extents.map(({ name }) => name);
    const entriesAt = this.#offset;
    const footer = new ByteWriter(this.#entries.length + 1024);
    footer.bytes(this.#entries.written);
    footer.u32(names.length);
    for (const { number, branch, signal } of names) {
      footer.u32(number);
      footer.text(branch);
      footer.text(signal);
    }
    const crc = crc32(footer.written);
    this.#put(footer.written);
    const trailer = new ByteWriter(TRAILER_BYTES);
    trailer.f64(entriesAt);
    trailer.u32(this.#entries.length);
    trailer.u32(crc);
    trailer.bytes(MAGIC_BYTES);
    this.#put(trailer.written);
    this.#write();
    writeAll(this.#file, writePreface(extents), MAGIC_BYTES.length);
    this.#file.fsync();
    this.#file.close();
    this.#layer.rename(join(this.#directory, this.#temporary), join(this.#directory, segmentName(this.#span)));
    this.#layer.fsyncDirectory(this.#directory);
  }

  /** Takes the half-written file away; a failure to do so is left to the next opening. */
  abandon(): void {
    try {
      this.#file.close();
      this.#layer.remove(join(this.#directory, this.#temporary));
    } catch {
      // the disk that refused the segment may refuse this too
    }
  }

  #put(bytes: Uint8Array): void {
    this.#pending.bytes(bytes);
    this.#offset += bytes.length;
    if (this.#pending.length >= WRITE_BYTES) this.#write();
  }

  #align(size: number): void {
    const zeros = (size - (this.#offset % size)) % size;
    for (let n = 0; n < zeros; n++) this.#pending.u8(0);
    this.#offset += zeros;
  }

  #write(): void {
    writeAll(this.#file, this.#pending.written, this.#offset - this.#pending.length);
    this.#pending.clear();
  }
}

/** A whole segment, open for reading. */
export class SegmentFile {
  readonly name: string;
  readonly span: SegmentSpan;
  readonly index: SegmentIndex;
  readonly names: readonly SeriesName[];
  readonly bytes: number;
  readonly rows: number;
  readonly #file: OpenFile;
  readonly #path: string;
  /** What was read ahead, and from which byte of the file on. */
  #window: { bytes: Uint8Array; from: number } | undefined;

  /** `salvaged`: what is whole of a file that is not. Errors: DW_DAMAGED, DW_FORMAT_NEWER; the file is not touched. */
  constructor(
    layer: FileLayer,
    directory: string,
    name: string,
    salvaged?: { readonly span: SegmentSpan; readonly index: SegmentIndex; readonly names: readonly SeriesName[] },
  ) {
    this.name = name;
    this.span = salvaged?.span ?? spanOf(name)!;
    this.#path = join(directory, name);
    this.#file = layer.open(this.#path, "read");
    try {
      this.bytes = this.#file.size();
      ({ index: this.index, names: this.names } = salvaged ?? this.#readFooter());
      this.rows = this.index.allRows();
    } catch (error) {
      this.#file.close();
      throw error instanceof RangeError ? this.#damaged("its index is cut short") : error;
    }
  }

  /** In the first rows of `room`, if it is given and the block is not of a past format. Errors: DamagedBlock. */
  block(entry: number, room?: NumberColumns): Columns {
    return decodeBlock(this.encoded(entry), this.index.place(entry), room);
  }

  /** The rows of a block but for their server times. Errors: DamagedBlock. */
  rowsOf(entry: number, room?: (count: number) => NumberColumns): Columns {
    return decodeForReading(this.encoded(entry), this.index.place(entry), room);
  }

  /** The last row of a block at or before an instant. Errors: DamagedBlock. */
  rowAt(entry: number, instant: number): BlockRow | undefined {
    return decodeRowAt(this.encoded(entry), this.index.place(entry), instant);
  }

  /** From now on blocks are read many at once; the bytes of one are valid until the next. For those who read all of them in turn. */
  readAhead(): void {
    this.#window = { bytes: new Uint8Array(0), from: 0 };
  }

  /** The bytes of a block, checked. Errors: DamagedBlock. */
  encoded(entry: number): Uint8Array {
    const { offset, length, crc } = this.index.place(entry);
    let why = "does not match its checksum";
    try {
      const bytes = this.#read(offset, length);
      if (crc32(bytes) === crc) return bytes;
    } catch (error) {
      why = `cannot be read: ${(error as Error).message}`;
    }
    throw new DamagedBlock(this.name, entry, message("storage.historyBlockDamaged", { offset, why, path: this.#path }));
  }

  close(): void {
    this.#file.close();
  }

  #read(offset: number, length: number): Uint8Array {
    const window = this.#window;
    if (window !== undefined && this.#isAhead(window, offset, length)) {
      return window.bytes.subarray(offset - window.from, offset - window.from + length);
    }
    const bytes = new Uint8Array(length);
    readAll(this.#file, bytes, offset, this.#path);
    return bytes;
  }

  /** Moves the window where it must; false: the disk does not give that much at once, and what a block needs may still be whole. */
  #isAhead(window: { bytes: Uint8Array; from: number }, offset: number, length: number): boolean {
    if (offset >= window.from && offset + length <= window.from + window.bytes.length) return true;
    const from = offset - (offset % 4);
    const size = Math.max(AHEAD_BYTES, offset + length - from);
    if (from + size > this.bytes) return false;
    if (window.bytes.length < size) window.bytes = new Uint8Array(size);
    window.from = Number.POSITIVE_INFINITY;
    try {
      readAll(this.#file, window.bytes, from, this.#path);
    } catch {
      return false;
    }
    window.from = from;
    return true;
  }

  #readFooter(): { readonly index: SegmentIndex; readonly names: readonly SeriesName[] } {
    const head = new Uint8Array(MAGIC_BYTES.length);
    if (this.bytes < MAGIC_BYTES.length + TRAILER_BYTES) throw this.#damaged("too short");
    readAll(this.#file, head, 0, this.#path);
    if (!isMagic(head)) {
      if (/^DWHIST\d\n$/.test(new TextDecoder().decode(head)))
        throw new DoppelwerkError("DW_FORMAT_NEWER", message("storage.historyWrittenNewerDoppelwerk", { path: this.#path }));
      throw this.#damaged("not a history segment");
    }
    const trailerBytes = new Uint8Array(TRAILER_BYTES);
    readAll(this.#file, trailerBytes, this.bytes - TRAILER_BYTES, this.#path);
    const trailer = new ByteReader(trailerBytes);
    const entriesAt = trailer.f64();
    const entriesLength = trailer.u32();
    const crc = trailer.u32();
    const footerLength = this.bytes - TRAILER_BYTES - entriesAt;
    if (!(footerLength >= entriesLength) || !(entriesAt >= 0)) throw this.#damaged("its trailer is wrong");
    const footer = new Uint8Array(footerLength);
    readAll(this.#file, footer, entriesAt, this.#path);
    if (crc32(footer) !== crc) throw this.#damaged("its index does not match its checksum");
    const reader = new ByteReader(footer, entriesLength);
    const names = Array.from({ length: reader.u32() }, () => ({ number: reader.u32(), branch: reader.text(), signal: reader.text() }));
    return { index: new SegmentIndex(footer.subarray(0, entriesLength)), names };
  }

  #damaged(why: string): DoppelwerkError {
    return new DoppelwerkError("DW_DAMAGED", message("storage.historySegmentDamaged", { why, path: this.#path }));
  }
}

export function writeAll(file: OpenFile, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length;) {
    const step = file.write(bytes.subarray(written), position + written);
    if (step <= 0) throw new Error("nothing was written");
    written += step;
  }
}

export function readAll(file: OpenFile, into: Uint8Array, position: number, path: string): void {
  for (let read = 0; read < into.length;) {
    const step = file.read(into.subarray(read), position + read);
    if (step <= 0) throw new DoppelwerkError("DW_DAMAGED", message("storage.historyFileEndsTooEarly", { path }));
    read += step;
  }
}
