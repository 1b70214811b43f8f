import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";

/**
 * State as columns. A *memory* is an object whose own properties are numbers and typed arrays only; that is the whole state
 * of whoever holds it, so a copy is a copy of memory, a snapshot its bytes, and nothing hides in closures.
 */
export type Column = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

const FORMAT = 0x4d57_4401;

/** Bytes that are no state of this model and version: whoever restores them begins again. */
export class SnapshotError extends DoppelwerkError {
  constructor(isCutShort = false) {
    super("DW_INVALID", isCutShort ? message("sim.snapshotCutShort") : message("sim.snapshotAnotherModel"));
  }
}

/** Makes `to` equal to `from`, an object of the same class; arrays are copied. */
export function copyMemory(from: object, to: object): void {
  const source = from as Record<string, number | Column>;
  const target = to as Record<string, number | Column>;
  for (const name of Object.keys(source)) {
    const value = source[name]!;
    target[name] = typeof value === "number" ? value : value.slice();
  }
}

/** The memories one after another as bytes: numbers as doubles, arrays with their length, in order of declaration, little endian. */
export function packMemory(memories: readonly object[]): Uint8Array<ArrayBuffer> {
  let size = 16;
  let fields = 0;
  for (const [, value] of fieldsOf(memories)) {
    size += typeof value === "number" ? 8 : 8 + padded(value.byteLength);
    fields++;
  }
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, FORMAT, true);
  view.setUint32(4, fields, true);
  let at = 16;
  for (const [, value] of fieldsOf(memories)) {
    if (typeof value === "number") {
      view.setFloat64(at, value, true);
      at += 8;
    } else {
      view.setFloat64(at, value.length, true);
      bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), at + 8);
      at += 8 + padded(value.byteLength);
    }
  }
  return bytes;
}

/** Puts packed bytes back into memories of the same classes. Throws a SnapshotError when the bytes are of other shape. */
export function unpackMemory(bytes: Uint8Array, memories: readonly object[]): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = [...fieldsOf(memories)];
  if (bytes.length < 16 || view.getUint32(0, true) !== FORMAT || view.getUint32(4, true) !== fields.length) throw new SnapshotError();
  let at = 16;
  for (const [memory, value, name] of fields) {
    const number = view.getFloat64(at, true);
    at += 8;
    if (typeof value === "number") memory[name] = number;
    else {
      const constructor = value.constructor as new (length: number) => Column;
      const column = new constructor(number);
      if (at + column.byteLength > bytes.length) throw new SnapshotError(true);
      new Uint8Array(column.buffer).set(bytes.subarray(at, at + column.byteLength));
      memory[name] = column;
      at += padded(column.byteLength);
    }
  }
}

/** A copy of `column` with at least `length` elements. */
export function growColumn<T extends Column>(column: T, length: number): T {
  if (column.length >= length) return column;
  const constructor = column.constructor as new (length: number) => T;
  const grown = new constructor(Math.max(length, column.length * 2));
  (grown as Uint8Array).set(column as Uint8Array);
  return grown;
}

function* fieldsOf(memories: readonly object[]): Generator<[Record<string, number | Column>, number | Column, string]> {
  for (const memory of memories) {
    const record = memory as Record<string, number | Column>;
    for (const name of Object.keys(record)) yield [record, record[name]!, name];
  }
}

function padded(length: number): number {
  return (length + 7) & ~7;
}
