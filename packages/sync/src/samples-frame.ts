import { message as messageOf } from "@doppelwerk/messages";
import { DoppelwerkError, originAt, originCodeOfGrade, qualityOfGrade } from "@doppelwerk/world";
import type { Origin, SampleBatch } from "@doppelwerk/world";

/** First byte of every binary frame that carries samples. */
export const SAMPLES_FRAME = 1;
/** Newest version of the column layout; a decoder reads earlier ones too, and refuses others. 2: rows have origins of their own. */
export const SAMPLES_FRAME_VERSION = 2;

const HEADER_BYTES = 16;
const ROW_BYTES = 8 + 8 + 4 + 1;
const TEXT_HEADER_BYTES = 8;

/** Position = code in the header; append only. */
const origins: readonly Origin[] = ["measured", "simulated", "replayed", "entered", "derived"];

/**
 * Samples in columns for the wire, little-endian (SPEC S1–S4):
 * header of 16 bytes {u8 type, u8 version, u8 origin, u8 0, u32 count, u32 textCount, u32 textBytes}, then f64 values, f64 sourceTimes,
 * u32 signals, u8 qualities, then per text {u32 row, u32 byteLength, UTF-8}. Server times do not travel. Version 1 where all rows are of one origin; else
 * version 2, in which the upper six bits of a quality are the code of the row's origin (0 = that of the header). Throws DW_INVALID on columns shorter
 * than `count`.
 */
export function encodeSamplesFrame(batch: SampleBatch): Uint8Array<ArrayBuffer> {
  const uniform = withOneOrigin(batch);
  return encode(uniform ?? batch, uniform === undefined ? 2 : 1);
}

/** The same for a receiver that reads version 1 only: a frame an origin. */
export function encodeSamplesFramesOfVersion1(batch: SampleBatch): readonly Uint8Array<ArrayBuffer>[] {
  const uniform = withOneOrigin(batch);
  if (uniform !== undefined) return [encode(uniform, 1)];
  const rows = new Map<Origin, number[]>();
  for (let row = 0; row < batch.count; row += 1) {
    const origin = originAt(batch, row);
    const own = rows.get(origin);
    if (own === undefined) rows.set(origin, [row]);
    else own.push(row);
  }
  return [...rows].map(([origin, own]) => encode(rowsOf(batch, own, origin), 1));
}

/** Undefined where rows differ in their origin. */
function withOneOrigin(batch: SampleBatch): SampleBatch | undefined {
  const { origins: codes, count, ...rest } = batch;
  if (codes === undefined || count === 0) return { count, ...rest };
  if (codes.length < count) throw invalid(`a column has ${codes.length} rows, the batch says ${count}`);
  for (let row = 1; row < count; row += 1) if (codes[row] !== codes[0]) return undefined;
  return { ...rest, count, origin: originAt(batch, 0) };
}

function rowsOf(batch: SampleBatch, rows: readonly number[], origin: Origin): SampleBatch {
  const sourceTimes = Float64Array.from(rows, (row) => batch.sourceTimes[row]!);
  return {
    origin,
    count: rows.length,
    signals: Uint32Array.from(rows, (row) => batch.signals[row]!),
    values: Float64Array.from(rows, (row) => batch.values[row]!),
    qualities: Uint8Array.from(rows, (row) => batch.qualities[row]!),
    sourceTimes,
    serverTimes: sourceTimes,
    texts: new Map(rows.flatMap((row, at) => (batch.texts.has(row) ? [[at, batch.texts.get(row)!] as const] : []))),
  };
}

function encode(batch: SampleBatch, version: 1 | 2): Uint8Array<ArrayBuffer> {
  const { count } = batch;
  for (const column of [batch.signals, batch.values, batch.qualities, batch.sourceTimes]) {
    if (column.length < count) throw invalid(`a column has ${column.length} rows, the batch says ${count}`);
  }
  const originCode = origins.indexOf(batch.origin);
  if (originCode < 0) throw invalid(`unknown origin ${String(batch.origin)}`);
  const texts = encodedTexts(batch);
  const textBytes = texts.reduce((sum, text) => sum + TEXT_HEADER_BYTES + text.bytes.length, 0);
  const frame = new Uint8Array(HEADER_BYTES + count * ROW_BYTES + textBytes);
  const view = new DataView(frame.buffer);
  view.setUint8(0, SAMPLES_FRAME);
  view.setUint8(1, version);
  view.setUint8(2, originCode);
  view.setUint32(4, count, true);
  view.setUint32(8, texts.length, true);
  view.setUint32(12, textBytes, true);
  let offset = HEADER_BYTES;
  offset = writeColumn(frame, offset, batch.values, count);
  offset = writeColumn(frame, offset, batch.sourceTimes, count);
  offset = writeColumn(frame, offset, batch.signals, count);
  frame.set(batch.qualities.subarray(0, count), offset);
  if (version === 2) for (let row = 0; row < count; row += 1) frame[offset + row]! |= batch.origins![row]! << 2;
  offset += count;
  for (const text of texts) {
    view.setUint32(offset, text.row, true);
    view.setUint32(offset + 4, text.bytes.length, true);
    frame.set(text.bytes, offset + TEXT_HEADER_BYTES);
    offset += TEXT_HEADER_BYTES + text.bytes.length;
  }
  return frame;
}

/**
 * The inverse of `encodeSamplesFrame`. Columns may share memory with `bytes`, so the caller does not write to them again.
 * `serverTimes` is the column of source times. Throws DoppelwerkError DW_INVALID on anything malformed, whatever the bytes.
 */
export function decodeSamplesFrame(bytes: Uint8Array): SampleBatch {
  if (bytes.length < HEADER_BYTES) throw invalid(`frame of ${bytes.length} bytes is shorter than its header`);
  const frame = aligned(bytes);
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (view.getUint8(0) !== SAMPLES_FRAME) throw invalid(`frame type ${view.getUint8(0)} is not samples`);
  const version = view.getUint8(1);
  if (version < 1 || version > SAMPLES_FRAME_VERSION) throw invalid(`samples frame version ${version} is not known`);
  const origin = origins[view.getUint8(2)];
  if (origin === undefined) throw invalid(`origin code ${view.getUint8(2)} is not known`);
  const count = view.getUint32(4, true);
  const textCount = view.getUint32(8, true);
  const textBytes = view.getUint32(12, true);
  const expected = HEADER_BYTES + count * ROW_BYTES + textBytes;
  if (frame.length !== expected) throw invalid(`frame has ${frame.length} bytes, its header says ${expected}`);
  const start = frame.byteOffset + HEADER_BYTES;
  const values = new Float64Array(frame.buffer, start, count);
  const sourceTimes = new Float64Array(frame.buffer, start + 8 * count, count);
  const signals = new Uint32Array(frame.buffer, start + 16 * count, count);
  const grades = frame.subarray(HEADER_BYTES + 20 * count, HEADER_BYTES + 21 * count);
  const qualities = version === 1 ? grades : grades.map(qualityOfGrade);
  checkRows(sourceTimes, qualities);
  const texts = decodedTexts(frame, view, { offset: HEADER_BYTES + 21 * count, textCount, count });
  const rows = { count, signals, values, texts, qualities, sourceTimes, serverTimes: sourceTimes };
  return version === 1 ? { origin, ...rows } : { origin, origins: grades.map(originCodeOfGrade), ...rows };
}

function checkRows(sourceTimes: Float64Array, qualities: Uint8Array): void {
  for (let row = 0; row < sourceTimes.length; row += 1) {
    if (!Number.isFinite(sourceTimes[row])) throw invalid(`source time of row ${row} is not a number`);
    if (qualities[row]! > 2) throw invalid(`quality ${qualities[row]} of row ${row} is not known`);
  }
}

function decodedTexts(
  frame: Uint8Array,
  view: DataView,
  at: { readonly offset: number; readonly textCount: number; readonly count: number },
): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let { offset } = at;
  for (let index = 0; index < at.textCount; index += 1) {
    if (offset + TEXT_HEADER_BYTES > frame.length) throw invalid(`text ${index} begins past the end of the frame`);
    const row = view.getUint32(offset, true);
    const length = view.getUint32(offset + 4, true);
    offset += TEXT_HEADER_BYTES;
    if (row >= at.count) throw invalid(`text ${index} belongs to row ${row} of ${at.count}`);
    if (offset + length > frame.length) throw invalid(`text ${index} ends past the end of the frame`);
    try {
      texts.set(row, decoder.decode(frame.subarray(offset, offset + length)));
    } catch {
      throw invalid(`text ${index} is not UTF-8`);
    }
    offset += length;
  }
  if (offset !== frame.length) throw invalid(`${frame.length - offset} bytes follow the last text`);
  return texts;
}

function encodedTexts(batch: SampleBatch): readonly { readonly row: number; readonly bytes: Uint8Array }[] {
  const encoder = new TextEncoder();
  const texts: { row: number; bytes: Uint8Array }[] = [];
  for (const [row, text] of batch.texts) {
    if (row < 0 || row >= batch.count) throw invalid(`a text belongs to row ${row} of ${batch.count}`);
    texts.push({ row, bytes: encoder.encode(text) });
  }
  return texts;
}

function writeColumn(frame: Uint8Array<ArrayBuffer>, offset: number, column: Float64Array | Uint32Array, count: number): number {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, count * column.BYTES_PER_ELEMENT);
  frame.set(bytes, offset);
  return offset + bytes.length;
}

// A typed array of eight-byte numbers must begin at a multiple of eight; a frame cut out of a larger buffer may not.
function aligned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.buffer instanceof ArrayBuffer && bytes.byteOffset % 8 === 0) return bytes as Uint8Array<ArrayBuffer>;
  return new Uint8Array(bytes);
}

function invalid(message: string): DoppelwerkError {
  return new DoppelwerkError("DW_INVALID", messageOf("sync.samplesFrame", { message }));
}
