/** Bytes that grow, little-endian. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** A view of what was written, valid until the next write. */
  get written(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  /** Makes room for `extra` bytes more; the single writes below do not check. */
  reserve(extra: number): void {
    if (this.length + extra <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + extra));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  u8(value: number): void {
    this.reserve(1);
    this.#bytes[this.length++] = value;
  }

  u32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  f64(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** The first `length` of some bytes; a view of them costs more than a few dozen of them. */
  part(bytes: Uint8Array, length: number): void {
    if (length > 96) return this.bytes(bytes.subarray(0, length));
    this.reserve(length);
    for (let at = 0; at < length; at++) this.#bytes[this.length + at] = bytes[at]!;
    this.length += length;
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.#bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Each of the first `count` numbers less the least one, in so many bytes. Room must be reserved. */
  offsets(numbers: Float64Array, count: number, least: number, width: 1 | 2 | 4): void {
    const bytes = this.#bytes;
    let at = this.length;
    if (width === 1) for (let row = 0; row < count; row++) bytes[at++] = numbers[row]! - least;
    else if (width === 2)
      for (let row = 0; row < count; row++, at += 2) {
        const offset = numbers[row]! - least;
        bytes[at] = offset;
        bytes[at + 1] = offset >>> 8;
      }
    else for (let row = 0; row < count; row++, at += 4) this.#view.setUint32(at, numbers[row]! - least, true);
    this.length = at;
  }

  /** Each of the first `count` numbers less the least one, which fit a byte. Room must be reserved. */
  lowBytes(numbers: Uint16Array, count: number, least: number): void {
    const bytes = this.#bytes;
    const at = this.length;
    for (let row = 0; row < count; row++) bytes[at + row] = numbers[row]! - least;
    this.length = at + count;
  }

  /** Replaces a byte that was written. */
  put(at: number, value: number): void {
    this.#bytes[at] = value;
  }

  putF64(at: number, value: number): void {
    this.#view.setFloat64(at, value, true);
  }

  /** Zeros up to a multiple of `size`. */
  align(size: number): void {
    while (this.length % size !== 0) this.u8(0);
  }

  text(text: string): void {
    this.reserve(4 + text.length * 3);
    const start = this.length + 4;
    const bytes = this.#bytes;
    let at = 0;
    // names are plain and short: the encoder's fixed cost is most of theirs
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code > 0x7f) break;
      bytes[start + at] = code;
    }
    const length = at === text.length ? at : encoder.encodeInto(text, bytes.subarray(start)).written;
    this.#view.setUint32(this.length, length, true);
    this.length = start + length;
  }

  /** A signed integer within ±2^52, small ones in one byte: zigzag, then seven bits a byte. Ten bytes must be reserved. */
  varint(value: number): void {
    let rest = value < 0 ? -value * 2 - 1 : value * 2;
    while (rest >= 0x80) {
      // beyond 32 bits only arithmetic is exact
      const low = rest < 0x80000000 ? rest & 0x7f : rest % 0x80;
      this.#bytes[this.length++] = low | 0x80;
      rest = rest < 0x80000000 ? rest >>> 7 : (rest - low) / 0x80;
    }
    this.#bytes[this.length++] = rest;
  }
}

/** The counterpart. Reading beyond the end throws RangeError. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  position: number;

  constructor(bytes: Uint8Array, position = 0) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  u8(): number {
    return this.#view.getUint8(this.position++);
  }

  u32(): number {
    this.position += 4;
    return this.#view.getUint32(this.position - 4, true);
  }

  f64(): number {
    this.position += 8;
    return this.#view.getFloat64(this.position - 8, true);
  }

  bytes(length: number): Uint8Array {
    const end = this.position + length;
    if (end > this.#bytes.length) throw new RangeError("beyond the end of the bytes");
    const part = this.#bytes.subarray(this.position, end);
    this.position = end;
    return part;
  }

  /** The counterpart of `ByteWriter.offsets`. */
  offsets(into: Float64Array, count: number, least: number, width: number): void {
    const bytes = this.bytes(count * width);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let row = 0; row < count; row++)
      into[row] = least + (width === 1 ? bytes[row]! : width === 2 ? view.getUint16(row * 2, true) : view.getUint32(row * 4, true));
  }

  align(size: number): void {
    this.position += (size - (this.position % size)) % size;
  }

  /** So many words of 32 bits, from a place that is a multiple of four. */
  words(count: number): Int32Array {
    const bytes = this.bytes(count * 4);
    return bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, count) : new Int32Array(bytes.slice().buffer);
  }

  text(): string {
    return decoder.decode(this.bytes(this.u32()));
  }

  skipVarints(count: number): void {
    const bytes = this.#bytes;
    let left = count;
    for (; left > 0 && this.position < bytes.length; this.position++) if (bytes[this.position]! < 0x80) left--;
    if (left > 0) throw new RangeError("the bytes end too early");
  }

  varint(): number {
    let byte = this.#bytes[this.position++]!;
    let rest = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = this.#bytes[this.position++]!;
      if (byte === undefined) throw new RangeError("beyond the end of the bytes");
      rest += (byte & 0x7f) * factor;
    }
    return rest % 2 === 0 ? rest / 2 : -(rest + 1) / 2;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
