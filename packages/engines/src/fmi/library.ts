import type { VariableType } from "@doppelwerk/sim/models";

/** An address in the memory of a model: a number in WebAssembly, a bigint in native code. */
export type Pointer = number | bigint;
export type Argument = number | bigint;

/** C types of arguments; `size` is `size_t`, and both it and `pointer` are as wide as an address. */
export type CType = "pointer" | "size" | "u32" | "i32" | "bool" | "f64" | "void";

/** Memory that the model may write to. `view` is valid until the model is called the next time; `pointer` until a state is loaded, which moves it. */
export interface Block {
  readonly pointer: Pointer;
  readonly view: () => DataView;
}

/**
 * The C functions and the memory of one loaded model. Written once for WebAssembly (`wasm-library.ts`) and once for native code (`native-library.ts`),
 * so that the order of calls of FMI 2.0 and 3.0 is written once each.
 */
export interface FmiLibrary {
  readonly addressBytes: 4 | 8;
  has(name: string): boolean;
  /** Throws DW_INVALID when the model lacks the function. A trap in it throws DW_INVALID, too. */
  call(name: string, returns: CType, ...parameters: CType[]): (...given: Argument[]) => Argument;
  size(value: number): Argument;
  readonly nullPointer: Pointer;
  block(bytes: number): Block;
  /** Text with a zero at its end, kept as long as the library. */
  text(text: string): Pointer;
  /** A copy of the text at an address. */
  textAt(pointer: Pointer): string;
  bytesAt(pointer: Pointer, length: number): Uint8Array;
  readPointer(block: Block, index: number): Pointer;
  /** Pointer to a function of ours that logs: FMI 2.0 (environment, instance, status, category, message, …), FMI 3.0 (environment, status, category, message). The null pointer where the model cannot be given one. */
  logger(standard: 2 | 3, log: (status: number, message: string) => void): Pointer;
  /** Pointers to `calloc` and `free` for FMI 2.0, null pointers where there are none. */
  readonly calloc: Pointer;
  readonly free: Pointer;
  /** Whole memory of the model, where it can be copied: everything it remembers. */
  readonly memoryFault: string | undefined;
  saveMemory(): Uint8Array;
  /** Replaces the whole memory. Blocks of this library keep what is in them, at new places; those of the saved one stay, for the model may know them. */
  loadMemory(bytes: Uint8Array): void;
  /** Address of the folder of resources as the model expects it: a path that ends in a slash, or an URI. */
  readonly resources: string;
  close(): void;
}

/** How values of a type lie in memory: bytes a value, and how one is read and written. FMI 2.0 has integers and truth values of 32 bits. */
export interface ValueLayout {
  readonly bytes: number;
  readonly read: (view: DataView, at: number) => number | bigint;
  readonly write: (view: DataView, at: number, value: number | bigint) => void;
}

const LAYOUTS: Readonly<Record<string, ValueLayout>> = {
  Float64: layout(
    8,
    (v, a) => v.getFloat64(a, true),
    (v, a, x) => v.setFloat64(a, Number(x), true),
  ),
  Float32: layout(
    4,
    (v, a) => v.getFloat32(a, true),
    (v, a, x) => v.setFloat32(a, Number(x), true),
  ),
  Int8: layout(
    1,
    (v, a) => v.getInt8(a),
    (v, a, x) => v.setInt8(a, Number(x)),
  ),
  UInt8: layout(
    1,
    (v, a) => v.getUint8(a),
    (v, a, x) => v.setUint8(a, Number(x)),
  ),
  Int16: layout(
    2,
    (v, a) => v.getInt16(a, true),
    (v, a, x) => v.setInt16(a, Number(x), true),
  ),
  UInt16: layout(
    2,
    (v, a) => v.getUint16(a, true),
    (v, a, x) => v.setUint16(a, Number(x), true),
  ),
  Int32: layout(
    4,
    (v, a) => v.getInt32(a, true),
    (v, a, x) => v.setInt32(a, Number(x), true),
  ),
  UInt32: layout(
    4,
    (v, a) => v.getUint32(a, true),
    (v, a, x) => v.setUint32(a, Number(x), true),
  ),
  Int64: layout(
    8,
    (v, a) => v.getBigInt64(a, true),
    (v, a, x) => v.setBigInt64(a, BigInt(x), true),
  ),
  UInt64: layout(
    8,
    (v, a) => v.getBigUint64(a, true),
    (v, a, x) => v.setBigUint64(a, BigInt(x), true),
  ),
};

function layout(bytes: number, read: ValueLayout["read"], write: ValueLayout["write"]): ValueLayout {
  return { bytes, read, write };
}

/** Layout of a numeric type, and what its access functions are called after `fmi2Get` or `fmi3Get`. */
export function layoutOf(standard: 2 | 3, type: VariableType): ValueLayout & { readonly accessor: string } {
  if (standard === 2) {
    if (type === "Float64") return { ...LAYOUTS.Float64!, accessor: "Real" };
    return { ...LAYOUTS.Int32!, accessor: type === "Boolean" ? "Boolean" : "Integer" };
  }
  if (type === "Boolean") return { ...LAYOUTS.UInt8!, accessor: "Boolean" };
  if (type === "Enumeration") return { ...LAYOUTS.Int64!, accessor: "Int64" };
  return { ...LAYOUTS[type]!, accessor: type };
}
