import { HistoryData, Variant } from "node-opcua";
import type { BinaryStream } from "node-opcua";

/** One node's answer to HistoryRead in columns, as it came. Times in microseconds since 1970, NaN = absent. */
export interface HistoryColumns {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
  readonly texts: ReadonlyMap<number, string>;
  /** Integers beyond ±2^53, exact; `kinds` says `wide`. */
  readonly wide: ReadonlyMap<number, bigint>;
  readonly statuses: Uint32Array;
  readonly sourceTimes: Float64Array;
  readonly serverTimes: Float64Array;
}

/** What stands in `kinds`. */
export const rawKind = { nothing: 0, number: 1, boolean: 2, text: 3, other: 4, wide: 5 } as const;

const withColumns = new WeakMap<HistoryData, HistoryColumns>();

/** The columns of a HistoryData that this process received; undefined for one that was constructed. */
export function columnsOf(data: HistoryData): HistoryColumns | undefined {
  return withColumns.get(data);
}

/**
 * The library makes one DataValue, one Variant and two Dates a sample and divides 64-bit numbers in software: 40 times the cost of what is read.
 * A HistoryData received is therefore decoded straight into columns (Part 6, 5.2.2.17 and 5.2.2.16); only HistoryRead answers are of this class.
 */
HistoryData.prototype.decode = function decode(this: HistoryData, stream: BinaryStream): void {
  this.dataValues = [];
  withColumns.set(this, readDataValues(stream));
};

/** An array of DataValue from the cursor of the stream. Throws RangeError when the message is shorter than it says. */
export function readDataValues(stream: BinaryStream): HistoryColumns {
  const declared = stream.readInteger();
  const count = declared < 0 ? 0 : declared;
  const bytes = stream.buffer as Buffer;
  if (count > bytes.length - stream.length) throw new RangeError(`${count} values in ${bytes.length - stream.length} bytes`);
  const reader = new ValueReader(stream, count);
  for (let row = 0; row < count; row++) reader.read(row);
  stream.length = reader.position;
  return reader;
}

export class ValueReader implements HistoryColumns {
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly values: Float64Array;
  readonly texts = new Map<number, string>();
  readonly wide = new Map<number, bigint>();
  readonly statuses: Uint32Array;
  readonly sourceTimes: Float64Array;
  readonly serverTimes: Float64Array;
  position: number;
  readonly #stream: BinaryStream;
  readonly #bytes: Buffer;
  readonly #view: DataView;

  constructor(stream: BinaryStream, count: number) {
    this.#stream = stream;
    this.#bytes = stream.buffer as Buffer;
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.position = stream.length;
    this.count = count;
    this.kinds = new Uint8Array(count);
    this.values = new Float64Array(count).fill(Number.NaN);
    this.statuses = new Uint32Array(count);
    this.sourceTimes = new Float64Array(count).fill(Number.NaN);
    this.serverTimes = new Float64Array(count).fill(Number.NaN);
  }

  read(row: number): void {
    const mask = this.#bytes[this.position++]!;
    if (mask & 0x01) this.#readVariant(row);
    if (mask & 0x02) {
      this.statuses[row] = this.#view.getUint32(this.position, true);
      this.position += 4;
    }
    if (mask & 0x04) this.sourceTimes[row] = this.#readTime();
    if (mask & 0x10) this.position += 2;
    if (mask & 0x08) this.serverTimes[row] = this.#readTime();
    if (mask & 0x20) this.position += 2;
    // single bytes beyond the end were read as nothing
    if (this.position > this.#bytes.length) throw new RangeError("a value beyond the end of the message");
  }

  #readVariant(row: number): void {
    const type = this.#bytes[this.position]!;
    const view = this.#view;
    const at = this.position + 1;
    switch (type) {
      case 0:
        this.position = at;
        return;
      case 1:
        return this.#number(row, this.#bytes[at] === 0 ? 0 : 1, at + 1, rawKind.boolean);
      case 2:
        return this.#number(row, view.getInt8(at), at + 1);
      case 3:
        return this.#number(row, view.getUint8(at), at + 1);
      case 4:
        return this.#number(row, view.getInt16(at, true), at + 2);
      case 5:
        return this.#number(row, view.getUint16(at, true), at + 2);
      case 6:
        return this.#number(row, view.getInt32(at, true), at + 4);
      case 7:
        return this.#number(row, view.getUint32(at, true), at + 4);
      case 8:
        return this.#long(row, view.getInt32(at + 4, true) * 4294967296 + view.getUint32(at, true), at, true);
      case 9:
        return this.#long(row, view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true), at, false);
      case 10:
        return this.#number(row, view.getFloat32(at, true), at + 4);
      case 11:
        return this.#number(row, view.getFloat64(at, true), at + 8);
      case 12:
        this.position = at;
        return this.#text(row);
      case 21:
        return this.#localizedText(row, at);
      default:
        return this.#other(row);
    }
  }

  #number(row: number, value: number, next: number, kind: number = rawKind.number): void {
    this.kinds[row] = kind;
    this.values[row] = value;
    this.position = next;
  }

  #long(row: number, value: number, at: number, signed: boolean): void {
    if (Number.isSafeInteger(value)) return this.#number(row, value, at + 8);
    this.wide.set(row, signed ? this.#view.getBigInt64(at, true) : this.#view.getBigUint64(at, true));
    this.kinds[row] = rawKind.wide;
    this.position = at + 8;
  }

  #localizedText(row: number, at: number): void {
    const mask = this.#bytes[at]!;
    this.position = at + 1;
    if (mask & 0x01) this.#readString();
    if (mask & 0x02) this.#text(row);
  }

  #text(row: number): void {
    const text = this.#readString();
    if (text === undefined) return;
    this.kinds[row] = rawKind.text;
    this.texts.set(row, text);
  }

  #readString(): string | undefined {
    const length = this.#view.getInt32(this.position, true);
    this.position += 4;
    if (length < 0) return undefined;
    const end = this.position + length;
    if (end > this.#bytes.length) throw new RangeError("string beyond the end of the message");
    const text = this.#bytes.toString("utf8", this.position, end);
    this.position = end;
    return text;
  }

  /** Arrays and structures: the library reads over them. */
  #other(row: number): void {
    this.#stream.length = this.position;
    new Variant().decode(this.#stream);
    this.position = this.#stream.length;
    this.kinds[row] = rawKind.other;
  }

  #readTime(): number {
    const low = this.#view.getUint32(this.position, true);
    const high = this.#view.getInt32(this.position + 4, true);
    this.position += 8;
    return microseconds(high, low);
  }
}

const EPOCH_HIGH = Number(116444736000000000n >> 32n);
const EPOCH_LOW = Number(116444736000000000n & 0xffffffffn);

/** Ticks of 100 ns since 1601 in two halves as microseconds since 1970, rounded down, without leaving the exact integers. */
function microseconds(high: number, low: number): number {
  const deltaHigh = high - EPOCH_HIGH;
  return deltaHigh * 429496729 + Math.floor((deltaHigh * 6 + (low - EPOCH_LOW)) / 10);
}
