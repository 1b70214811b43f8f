import { HistoryData } from "node-opcua";
import type { PlantArchive } from "../archive/plant-archive.ts";
import type { SignalType } from "../signals/signal.ts";

/** OPC UA Part 6, table 1: identifiers of the built-in types. */
const builtIn: Readonly<Record<SignalType, number>> = { Boolean: 1, UInt16: 5, Int32: 6, UInt32: 7, Double: 11, String: 12 };
const valueBytes: Readonly<Record<SignalType, number>> = { Boolean: 1, UInt16: 2, Int32: 4, UInt32: 4, Double: 8, String: 4 };
const badNoCommunication = 0x80310000;
/** 100 ns ticks from 1601 to 1970, as two 32-bit words. */
const epochHigh = Math.floor(116_444_736_000_000_000 / 2 ** 32);
const epochLow = Number(116_444_736_000_000_000n & 0xffff_ffffn);

/** Which rows of which signal a HistoryRead answers with. `step` −1 reads backwards from `first`. */
export interface HistoryRows {
  readonly signal: number;
  readonly type: SignalType;
  readonly first: number;
  readonly count: number;
  readonly step: 1 | -1;
  /** Added to true plant time to give the controller's own (source) time, µs. */
  readonly sourceOffset: number;
  readonly source: boolean;
  readonly server: boolean;
}

/**
 * OPC UA Part 11, 6.5.2 HistoryData, written from the archive's columns straight into the message:
 * a million DataValue objects would cost a gigabyte and most of the minute the backfill may take.
 */
export class ColumnHistoryData extends HistoryData {
  readonly #bytes: Buffer;

  constructor(archive: PlantArchive, rows: HistoryRows) {
    super({ dataValues: [] });
    this.#bytes = encodeRows(archive, rows);
  }

  override encode(stream: Parameters<HistoryData["encode"]>[0]): void {
    stream.writeArrayBuffer(this.#bytes.buffer as ArrayBuffer, this.#bytes.byteOffset, this.#bytes.length);
  }
}

function encodeRows(archive: PlantArchive, rows: HistoryRows): Buffer {
  const most = 1 + 1 + Math.max(valueBytes[rows.type], 4) + 16;
  const texts = rows.type === "String" ? rowTexts(archive, rows) : undefined;
  const bytes = Buffer.allocUnsafe(4 + rows.count * most + (texts?.reduce((sum, text) => sum + text.length, 0) ?? 0));
  const stamps = (rows.source ? 0x04 : 0) | (rows.server ? 0x08 : 0);
  let at = bytes.writeInt32LE(rows.count, 0);
  for (let i = 0, row = rows.first; i < rows.count; i++, row += rows.step) {
    const value = archive.valueAt(rows.signal, row);
    const time = archive.timeAt(rows.signal, row);
    if (Number.isNaN(value)) {
      at = bytes.writeUInt8(0x02 | stamps, at);
      at = bytes.writeUInt32LE(badNoCommunication, at);
    } else {
      at = bytes.writeUInt8(0x01 | stamps, at);
      at = bytes.writeUInt8(builtIn[rows.type], at);
      at = texts ? writeText(bytes, texts[i]!, at) : writeNumber(bytes, rows.type, value, at);
    }
    if (rows.source) at = writeTime(bytes, time + rows.sourceOffset, at);
    if (rows.server) at = writeTime(bytes, time, at);
  }
  return bytes.subarray(0, at);
}

function rowTexts(archive: PlantArchive, rows: HistoryRows): readonly Buffer[] {
  const texts: Buffer[] = [];
  for (let i = 0, row = rows.first; i < rows.count; i++, row += rows.step) {
    texts.push(Buffer.from(archive.textAt(archive.valueAt(rows.signal, row)), "utf8"));
  }
  return texts;
}

function writeText(bytes: Buffer, text: Buffer, at: number): number {
  const next = bytes.writeInt32LE(text.length, at);
  text.copy(bytes, next);
  return next + text.length;
}

function writeNumber(bytes: Buffer, type: SignalType, value: number, at: number): number {
  if (type === "Boolean") return bytes.writeUInt8(value ? 1 : 0, at);
  if (type === "UInt16") return bytes.writeUInt16LE(value, at);
  if (type === "Int32") return bytes.writeInt32LE(value, at);
  if (type === "UInt32") return bytes.writeUInt32LE(value, at);
  return bytes.writeDoubleLE(value, at);
}

/** The product of µs and ten does not fit a double: both words are worked out apart. */
function writeTime(bytes: Buffer, time: number, at: number): number {
  const high = Math.floor(time / 2 ** 32);
  const low = (time - high * 2 ** 32) * 10 + epochLow;
  const carry = Math.floor(low / 2 ** 32);
  bytes.writeUInt32LE(low - carry * 2 ** 32, at);
  bytes.writeUInt32LE(high * 10 + epochHigh + carry, at + 4);
  return at + 8;
}
