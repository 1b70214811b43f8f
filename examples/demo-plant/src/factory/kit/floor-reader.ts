import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";

const CHUNK = 1 << 16;

/** Reads `floor.ndjson` from its beginning and then what is added. Only what the plant has told to its end is taken, up to the last `t`. */
export class FloorReader {
  readonly #file: string;
  readonly #buffer = Buffer.alloc(CHUNK);
  #offset = 0;
  #rest: Buffer = Buffer.alloc(0);
  #told: FloorRecord[] = [];
  header: FloorHeader | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /**
   * Takes at most one chunk. "more": call again at once; "end": everything is taken; "none": there is no file yet; "another": the file is of
   * another life, and whoever reads it begins anew.
   */
  read(take: (record: FloorRecord) => void): "more" | "end" | "none" | "another" {
    let handle: number;
    try {
      handle = openSync(this.#file, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "none";
      throw error;
    }
    try {
      if (this.header !== undefined && headerAt(handle) !== this.header.life) return "another";
      const { size } = fstatSync(handle);
      // what a kill of the plant tore is cut off and written again
      if (size < this.#offset) {
        this.#forgetUntold(size);
        return "end";
      }
      const bytes = this.#buffer.subarray(0, Math.min(CHUNK, size - this.#offset));
      const read = readSync(handle, bytes, 0, bytes.length, this.#offset);
      this.#offset += read;
      this.#take(bytes.subarray(0, read), take);
      return read === CHUNK ? "more" : "end";
    } finally {
      closeSync(handle);
    }
  }

  /** Bytes after the last told line; they may be cut off. */
  #untold = 0;

  #forgetUntold(size: number): void {
    this.#offset -= this.#untold;
    if (size < this.#offset) throw new Error(`${this.#file} is shorter than what was read of it`);
    this.#untold = 0;
    this.#told = [];
    this.#rest = Buffer.alloc(0);
  }

  #take(bytes: Buffer, take: (record: FloorRecord) => void): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#untold += bytes.length;
    let from = 0;
    for (let to = all.indexOf(10); to >= 0; to = all.indexOf(10, from)) {
      const record = JSON.parse(all.toString("utf8", from, to)) as FloorRecord;
      from = to + 1;
      if (record[0] === "h") this.header = record[2];
      this.#told.push(record);
      if (record[0] !== "t") continue;
      for (const each of this.#told) take(each);
      this.#told = [];
      this.#untold = all.length - from;
    }
    this.#rest = Buffer.from(all.subarray(from));
  }
}

function headerAt(handle: number): string | undefined {
  const bytes = Buffer.alloc(200);
  const read = readSync(handle, bytes, 0, bytes.length, 0);
  return /"life":"([^"]+)"/.exec(bytes.toString("utf8", 0, read))?.[1];
}
