import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

const BLOCK = 512;
/** A longer header of names is none of ours. */
const MAX_PAX_BYTES = 65_536;

/** Header of a file in a tar archive (POSIX ustar with pax records where a name or a size does not fit), as GNU tar and bsdtar read it. */
export function tarHeader(name: string, size: number, mode: number): Uint8Array {
  const path = Buffer.from(name);
  const records = [
    ...(path.length > 100 || path.some((byte) => byte > 0x7e) ? [paxRecord("path", name)] : []),
    ...(size >= 8 ** 11 ? [paxRecord("size", String(size))] : []),
  ];
  const header = block(path.subarray(0, 100), Math.min(size, 8 ** 11 - 1), mode, "0");
  if (records.length === 0) return header;
  const pax = Buffer.concat(records);
  return Buffer.concat([block(Buffer.from("pax"), pax.length, 0o600, "x"), pax, tarPadding(pax.length), header]);
}

/** After the content of a file. */
export function tarPadding(size: number): Uint8Array {
  return new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK);
}

/** After the last file. */
export const tarEnd = (): Uint8Array => new Uint8Array(2 * BLOCK);

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** To be read to its end before the next entry. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** The files of an archive, one after the other. Links, devices, folders and damaged headers are refused: DW_DAMAGED. */
export async function* readTar(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const reader = new Reader(bytes);
  let pax = new Map<string, string>();
  for (;;) {
    const header = await reader.take(BLOCK);
    if (header.every((byte) => byte === 0)) return reader.toEnd();
    checkSum(header);
    const type = String.fromCharCode(header[156]!);
    const size = Number(pax.get("size") ?? octal(header.subarray(124, 136)));
    if (!Number.isSafeInteger(size) || size < 0) throw damaged();
    if (type === "x") {
      if (size > MAX_PAX_BYTES) throw damaged();
      pax = paxRecords(await reader.take(size));
      await reader.take(tarPadding(size).length);
      continue;
    }
    if (type !== "0") throw damaged();
    const name = pax.get("path") ?? text(header.subarray(0, 100));
    pax = new Map();
    yield { name, size, content: reader.content(size) };
    await reader.finish();
    await reader.take(tarPadding(size).length);
  }
}

class Reader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  /** Of the content that is being read. */
  #left = 0;

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.#source = bytes[Symbol.asyncIterator]();
  }

  async take(count: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let left = count; left > 0;) {
      const part = await this.#some(left);
      parts.push(part);
      left -= part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** To be skipped by `finish` also where nobody reads it. */
  content(size: number): AsyncIterable<Uint8Array> {
    this.#left = size;
    return this.#pieces();
  }

  async *#pieces(): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) {
      const part = await this.#some(this.#left);
      this.#left -= part.length;
      yield part;
    }
  }

  /** What was not read of the content. */
  async finish(): Promise<void> {
    while (this.#left > 0) this.#left -= (await this.#some(this.#left)).length;
  }

  /** An encrypted stream says at its end alone that it is whole. */
  async toEnd(): Promise<void> {
    while ((await this.#source.next()).done !== true);
  }

  async #some(most: number): Promise<Uint8Array> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#source.next();
      if (done === true) throw damaged();
      this.#rest = value;
    }
    const part = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}

function block(name: Uint8Array, size: number, mode: number, type: string): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  header.set(name);
  header.write(`${mode.toString(8).padStart(7, "0")}\0`, 100, "latin1");
  header.write("0000000\0".repeat(2), 108, "latin1");
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  header.write(`${"0".repeat(11)}\0`, 136, "latin1");
  header.write("        ", 148, "latin1");
  header.write(type, 156, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  header.write(`${sumOf(header).toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** `LENGTH NAME=VALUE`, the length with its own digits. */
function paxRecord(name: string, value: string): Uint8Array {
  const rest = Buffer.byteLength(` ${name}=${value}\n`);
  let length = rest + String(rest).length;
  if (rest + String(length).length !== length) length = rest + String(length).length;
  return Buffer.from(`${length} ${name}=${value}\n`);
}

function paxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  const content = Buffer.from(bytes);
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.subarray(at, space).toString("latin1"));
    if (space < 0 || !Number.isSafeInteger(length) || length < 1 || at + length > content.length) throw damaged();
    const [, name, value] = /^(\w+)=(.*)\n$/su.exec(content.subarray(space + 1, at + length).toString("utf8")) ?? [];
    if (name === undefined) throw damaged();
    records.set(name, value!);
    at += length;
  }
  return records;
}

function checkSum(header: Uint8Array): void {
  if (octal(header.subarray(148, 156)) !== sumOf(header)) throw damaged();
}

/** Of all bytes, those of the field itself taken as spaces. */
function sumOf(header: Uint8Array): number {
  return header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function octal(field: Uint8Array): number {
  const digits = text(field).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return Buffer.from(end < 0 ? field : field.subarray(0, end)).toString("utf8");
}

function damaged(): DoppelwerkError {
  return new DoppelwerkError("DW_DAMAGED", message("server.backupArchiveDamaged"));
}
