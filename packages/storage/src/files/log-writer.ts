import { dirname, join } from "node:path";
// Not the whole room: the writer thread loads this file and starts faster without documents and parsers.
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { readChecked, writeChecked, type CheckedFile } from "./checked-files.ts";
import type { FileLayer, OpenFile } from "./file-layer.ts";
import { encodeFrame } from "./frame.ts";
import { checkpointPath, namesIn, readCheckpoint, writeCheckpoint } from "./log-checkpoint.ts";
import { checkKnownHeads, hashAt, type KnownHead } from "./log-head.ts";
import { LogIndex, type FramePosition } from "./log-index.ts";
import { writeAll } from "./replace-file.ts";
import { FILE_MAGIC, isLogFile, readWhole, scanLogFile, type ScannedFile } from "./scan-log.ts";

export interface LogWriterOptions {
  readonly layer: FileLayer;
  readonly directory: string;
  /** A file longer than this is left and the next begun. */
  readonly rotateBytes: number;
  /** What others remember of this log: one that lacks it is refused with DW_DAMAGED. */
  readonly known?: readonly KnownHead[] | undefined;
}

/** A group ready to write: entries as JSON lines. */
export interface Group {
  readonly lines: string;
  readonly count: number;
  /** Of the last entry. */
  readonly hash: string;
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
  /** Hash of the last revision, and up to where the checkpoint beside the folder knows the log. */
  #hash = "";
  #checkpointed = 0;
  readonly checkpointDamage: string | undefined;
  /** The files before the one that is written to. */
  readonly #checked = new Map<string, CheckedFile>();

  constructor(options: LogWriterOptions) {
    this.#options = options;
    const { layer, directory } = options;
    const names = namesIn(layer, directory).filter(isLogFile);
    const known = readChecked(layer, directory);
    for (const name of names.slice(0, -1)) this.#open(name, known.get(name));
    const lastName = names.at(-1);
    const last = lastName === undefined ? undefined : this.#scan(lastName, true);
    this.checkpointDamage = this.#checkHeads();
    layer.makeDirectory(directory);
    // The name of the folder itself must survive before anything in it is promised.
    if (last === undefined) layer.fsyncDirectory(dirname(directory));
    else {
      if (names.slice(0, -1).some((name) => this.#checked.get(name) !== known.get(name))) this.#remember();
      this.tornTail = this.#continue(lastName!, last);
    }
    this.#noteHead();
  }

  get lastRevision(): number {
    if (this.#dirty) this.#repair();
    return this.index.lastRevision;
  }

  /** Errors: DW_FENCED, DW_CONFLICT, DW_UNAVAILABLE; after each the log is as it was. */
  append({ lines, count, hash, expectedRevision, leaseEpoch }: Group): FramePosition {
    if (leaseEpoch < this.#epoch)
      throw new DoppelwerkError("DW_FENCED", message("storage.anotherProcessOwnsWorldSinceLease", { epoch: this.#epoch }));
    if (this.#dirty) this.#repair();
    if (expectedRevision !== this.index.lastRevision)
      throw new DoppelwerkError("DW_CONFLICT", message("storage.logRevision", { lastRevision: this.index.lastRevision, expectedRevision }));
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
        message("storage.changeLogCouldNotWritten", {
          reason: (error as Error).message,
          directory: join(this.#options.directory, this.#name),
        }),
      );
    }
    const position = { file: this.#name, offset: this.#length, end: this.#length + frame.length, firstRevision, count };
    this.#length = position.end;
    this.#epoch = leaseEpoch;
    this.index.add(position);
    this.#hash = hash;
    return position;
  }

  /** Brings the checkpoint to the last revision that is on disk, never further. False: the disk refused, the one before is still there. */
  checkpoint(): boolean {
    const { lastRevision } = this.index;
    if (this.#checkpointed === lastRevision) return true;
    try {
      writeCheckpoint(this.#options.layer, this.#options.directory, { revision: lastRevision, hash: this.#hash });
    } catch {
      return false;
    }
    this.#checkpointed = lastRevision;
    return true;
  }

  close(): void {
    this.checkpoint();
    this.#file?.close();
    this.#file = undefined;
  }

  /** Why the checkpoint could not be read. Errors: DW_DAMAGED when the log does not hold what is known of it. */
  #checkHeads(): string | undefined {
    const { layer, directory, known = [] } = this.#options;
    const { head, damage } = readCheckpoint(layer, directory);
    checkKnownHeads(layer, directory, this.index, [
      ...(head === undefined ? [] : [{ ...head, from: `the checkpoint ${checkpointPath(directory)}` }]),
      ...known,
    ]);
    this.#checkpointed = head?.revision ?? 0;
    return damage;
  }

  /** Goes on at the end of the last file. What a killed process wrote may be in no more than memory: it is on disk before anyone reads it. */
  #continue(name: string, { end, size }: ScannedFile): TornTail | undefined {
    const { layer, directory } = this.#options;
    this.#name = name;
    this.#length = end;
    this.#file = layer.open(join(directory, name), "write");
    if (end < size || end < FILE_MAGIC.length) return this.#cutTail(size);
    this.#file.fsync();
    layer.fsyncDirectory(directory);
    return undefined;
  }

  /** A folder of an older release has no checkpoint, one of a killed process has an old one. */
  #noteHead(): void {
    const { lastRevision } = this.index;
    if (lastRevision === 0 || this.#checkpointed === lastRevision) return;
    this.#hash = hashAt(this.#options.layer, this.#options.directory, this.index, lastRevision) ?? "";
    this.checkpoint();
  }

  /** The lease keeps others out; if something went around it, better no write than two writers. */
  #checkAlone(): void {
    let size: number | undefined;
    try {
      size = this.#file?.size();
    } catch (error) {
      throw new DoppelwerkError(
        "DW_UNAVAILABLE",
        message("storage.changeLogDoesNotAnswer", {
          reason: (error as Error).message,
          directory: join(this.#options.directory, this.#name),
        }),
      );
    }
    if (size !== undefined && size !== this.#length)
      throw new DoppelwerkError(
        "DW_FENCED",
        message("storage.changeLogChangedSomethingElse", { directory: join(this.#options.directory, this.#name) }),
      );
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
        message("storage.changeLogDoesNotRecoverYet", {
          reason: (error as Error).message,
          directory: join(this.#options.directory, this.#name),
        }),
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
