import { appendFileSync, closeSync, existsSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";

const INDEXED = 64;
const CHUNK = 1 << 18;

/**
 * What a program has told, one JSON object a line, `seq` from 1. A program that is started again reads the shop floor from its beginning and says the same again in
 * the same order; what stands in the file already is not written twice.
 */
export class Outbox<T extends object> {
  readonly #file: string;
  /** Byte at which every 64th entry begins. */
  readonly #index: number[] = [];
  #size = 0;
  #written = 0;
  #said = 0;
  #waiting: string[] = [];
  #waitingBytes = 0;

  constructor(file: string) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file)) this.#open();
  }

  /** Entries in the file and in the hand. */
  get count(): number {
    return Math.max(this.#written + this.#waiting.length, this.#said);
  }

  /** Its number. */
  say(entry: T): number {
    const seq = ++this.#said;
    if (seq <= this.#written + this.#waiting.length) return seq;
    const line = `${JSON.stringify({ seq, ...entry })}\n`;
    if ((seq - 1) % INDEXED === 0) this.#index.push(this.#size + this.#waitingBytes);
    this.#waiting.push(line);
    this.#waitingBytes += Buffer.byteLength(line);
    return seq;
  }

  /** On disk; nothing of it is given out before. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    appendFileSync(this.#file, this.#waiting.join(""));
    this.#size += this.#waitingBytes;
    this.#written += this.#waiting.length;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  /** Entries after number `after`, on disk. */
  after(after: number, most: number): readonly (T & { readonly seq: number })[] {
    const first = Math.floor(Math.max(0, after) / INDEXED);
    const from = this.#index[first];
    if (from === undefined || after >= this.#written) return [];
    const end = this.#index[Math.min(first + Math.ceil(most / INDEXED) + 1, this.#index.length)] ?? this.#size;
    const handle = openSync(this.#file, "r");
    try {
      const bytes = Buffer.alloc(Math.min(end, this.#size) - from);
      const read = readSync(handle, bytes, 0, bytes.length, from);
      const lines = bytes.toString("utf8", 0, read).split("\n").slice(0, -1);
      return lines
        .slice(Math.max(0, after) - first * INDEXED)
        .slice(0, most)
        .map((line) => JSON.parse(line) as T & { readonly seq: number });
    } finally {
      closeSync(handle);
    }
  }

  /** Counts the lines; a torn last one is cut off. */
  #open(): void {
    const handle = openSync(this.#file, "r+");
    try {
      const { size } = fstatSync(handle);
      const bytes = Buffer.alloc(CHUNK);
      let begin = 0;
      for (let at = 0; at < size;) {
        const read = readSync(handle, bytes, 0, CHUNK, at);
        for (let end = bytes.indexOf(10); end >= 0 && end < read; end = bytes.indexOf(10, end + 1)) {
          if (this.#written++ % INDEXED === 0) this.#index.push(begin);
          begin = at + end + 1;
        }
        at += read;
      }
      ftruncateSync(handle, begin);
      this.#size = begin;
    } finally {
      closeSync(handle);
    }
  }
}
