import { dirname, join } from "node:path";
// Not the whole room: the writer thread loads this file and starts faster without documents and parsers.
import { DoppelwerkError } from "@doppelwerk/world/error";
import { readChecked, writeChecked, type CheckedFile } from "./checked-files.ts";
import type { FileLayer, OpenFile } from "./file-layer.ts";
import { encodeFrame } from "./frame.ts";
import { LogIndex, type FramePosition } from "./log-index.ts";
import { writeAll } from "./replace-file.ts";
import { FILE_MAGIC, logFilesOf, readWhole, scanLogFile, type ScannedFile } from "./scan-log.ts";

export interface LogWriterOptions {
  readonly layer: FileLayer;
  readonly directory: string;
  /** A file longer than this is left and the next begun. */
  readonly rotateBytes: number;
}

/** A group ready to write: entries as JSON lines. */
export interface Group {
  readonly lines: string;
  readonly count: number;
  readonly expectedRevision: number;
  readonly leaseEpoch: number;
}

/** What opening found at the end of the log: bytes of a write that power loss cut short, which nobody was told is done. */
export interface TornTail {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  /** The cut bytes are kept here. */
  readonly keptAs: string;
}

/**
 * Writes the log files, synchronously: append, fsync, or nothing. Opening reads the last file, and every earlier one that was not found whole before:
 * a torn tail is cut off (and kept aside), damage anywhere else is refused with DW_DAMAGED and nothing is touched.
 */
export class LogWriter {
  readonly index = new LogIndex();
  readonly tornTail: TornTail | undefined;
  readonly #options: LogWriterOptions;
  #file: OpenFile | undefined;
  #name = "";
  #length = 0;
  #epoch = 0;
  /** Bytes of a refused group may still lie beyond `#length`. */
  #dirty = false;
  /** The files before the one that is written to. */
  readonly #checked = new Map<string, CheckedFile>();

  constructor(options: LogWriterOptions) {
    this.#options = options;
    const { layer, directory } = options;
    layer.makeDirectory(directory);
    const names = logFilesOf(layer, directory);
    // The name of the folder itself must survive before anything in it is promised.
    if (names.length === 0) layer.fsyncDirectory(dirname(directory));
    const known = readChecked(layer, directory);
    for (const name of names.slice(0, -1)) this.#open(name, known.get(name));
    const lastName = names.at(-1);
    if (lastName === undefined) return;
    const last = this.#scan(lastName, true);
    if (names.slice(0, -1).some((name) => this.#checked.get(name) !== known.get(name))) this.#remember();
    this.#name = lastName;
    this.#length = last.end;
    this.#file = layer.open(join(directory, lastName), "write");
    if (last.end < last.size || last.end < FILE_MAGIC.length) this.tornTail = this.#cutTail(last.size);
  }

  get lastRevision(): number {
    if (this.#dirty) this.#repair();
    return this.index.lastRevision;
  }

  /** Errors: DW_FENCED, DW_CONFLICT, DW_UNAVAILABLE; after each the log is as it was. */
  append({ lines, count, expectedRevision, leaseEpoch }: Group): FramePosition {
    if (leaseEpoch < this.#epoch) throw new DoppelwerkError("DW_FENCED", `another process owns the world since lease epoch ${this.#epoch}`);
    if (this.#dirty) this.#repair();
    if (expectedRevision !== this.index.lastRevision)
      throw new DoppelwerkError("DW_CONFLICT", `the log is at revision ${this.index.lastRevision}, not ${expectedRevision}`);
    const firstRevision = expectedRevision + 1;
    const frame = encodeFrame(new TextEncoder().encode(lines), { count, epoch: leaseEpoch, firstRevision });
    this.#checkAlone();
    try {
      if (this.#file === undefined || this.#length >= this.#options.rotateBytes) this.#begin(firstRevision);
      writeAll(this.#file!, frame, this.#length);
      this.#file!.fsync();
    } catch (error) {
      this.#dirty = this.#file !== undefined;
      this.#repairIfPossible();
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        `the change log could not be written: ${(error as Error).message}: ${join(this.#options.directory, this.#name)}`,
      );
    }
    const position = { file: this.#name, offset: this.#length, end: this.#length + frame.length, firstRevision, count };
    this.#length = position.end;
    this.#epoch = leaseEpoch;
    this.index.add(position);
    return position;
  }

  close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  /** The lease keeps others out; if something went around it, better no write than two writers. */
  #checkAlone(): void {
    let size: number | undefined;
    try {
      size = this.#file?.size();
    } catch (error) {
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        `the change log does not answer: ${(error as Error).message}: ${join(this.#options.directory, this.#name)}`,
      );
    }
    if (size !== undefined && size !== this.#length)
      throw new DoppelwerkError("DW_FENCED", `the change log was changed by something else: ${join(this.#options.directory, this.#name)}`);
  }

  #begin(firstRevision: number): void {
    const { layer, directory } = this.#options;
    const name = `changes-${String(firstRevision).padStart(16, "0")}.log`;
    const path = join(directory, name);
    const file = layer.list(directory).includes(name) ? layer.open(path, "write") : layer.open(path, "create");
    try {
      file.truncate(0);
      writeAll(file, FILE_MAGIC, 0);
      file.fsync();
      layer.fsyncDirectory(directory);
    } catch (error) {
      file.close();
      throw error;
    }
    this.#file?.close();
    const full = this.#name;
    this.#file = file;
    this.#name = name;
    this.#length = FILE_MAGIC.length;
    if (full === "") return;
    this.#check(full);
    this.#remember();
  }

  /** An earlier file: as it was when it was checked, or else read. */
  #open(name: string, known: CheckedFile | undefined): void {
    const { layer, directory } = this.#options;
    const asItWas =
      known !== undefined && known.firstRevision === this.index.lastRevision + 1 && known.stamp === layer.stamp(join(directory, name));
    if (asItWas) {
      this.index.addFile(name, known.end, known.points, known.lastRevision);
      this.#epoch = Math.max(this.#epoch, known.epoch);
      this.#checked.set(name, known);
    } else {
      this.#scan(name, false);
      this.#check(name);
    }
  }

  /** Notes a file that was read or written to its end. */
  #check(name: string): void {
    const { layer, directory } = this.#options;
    const points = this.index.pointsOf(name);
    const firstRevision = points[0]?.revision;
    if (firstRevision === undefined) return;
    let stamp: string;
    try {
      stamp = layer.stamp(join(directory, name));
    } catch {
      return; // It is read again at the next opening, and then the disk has to answer.
    }
    const { lastRevision } = this.index;
    this.#checked.set(name, { name, stamp, end: this.index.endOf(name), firstRevision, lastRevision, epoch: this.#epoch, points });
  }

  #remember(): void {
    writeChecked(this.#options.layer, this.#options.directory, this.#checked.values());
  }

  #repairIfPossible(): void {
    try {
      if (this.#dirty) this.#repair();
    } catch {
      // Stays dirty: the next append or question for the last revision tries again and reports.
    }
  }

  /** Takes the bytes of a refused group away, so that it can never come back to life. */
  #repair(): void {
    try {
      this.#file!.truncate(this.#length);
      this.#file!.fsync();
      this.#dirty = false;
    } catch (error) {
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        `the change log does not recover yet: ${(error as Error).message}: ${join(this.#options.directory, this.#name)}`,
      );
    }
  }

  #scan(name: string, isLast: boolean): ScannedFile {
    const { layer, directory } = this.#options;
    const scanned = scanLogFile(layer, directory, name, this.index, isLast);
    this.#epoch = Math.max(this.#epoch, scanned.epoch);
    return scanned;
  }

  #cutTail(size: number): TornTail | undefined {
    const { layer, directory } = this.#options;
    const offset = this.#length;
    const tail = readWhole(layer, join(directory, this.#name)).subarray(offset);
    const keptAs = tail.length === 0 ? undefined : this.#keepAside(tail);
    if (this.#length < FILE_MAGIC.length) {
      this.#length = FILE_MAGIC.length;
      writeAll(this.#file!, FILE_MAGIC, 0);
    }
    this.#file!.truncate(this.#length);
    this.#file!.fsync();
    layer.fsyncDirectory(directory);
    return keptAs === undefined ? undefined : { file: this.#name, offset, bytes: size - offset, keptAs };
  }

  /** A cut write and rot of the last bytes look alike, so what is cut is never thrown away. */
  #keepAside(tail: Uint8Array): string {
    const { layer, directory } = this.#options;
    const present = new Set(layer.list(directory));
    for (let attempt = 0; ; attempt++) {
      const name = `${this.#name}.torn-${this.#length}${attempt === 0 ? "" : `-${attempt}`}`;
      if (present.has(name)) continue;
      const file = layer.open(join(directory, name), "create");
      try {
        writeAll(file, tail, 0);
        file.fsync();
      } finally {
        file.close();
      }
      return name;
    }
  }
}
