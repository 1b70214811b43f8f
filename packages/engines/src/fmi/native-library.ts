import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Argument, Block, CType, FmiLibrary, Pointer } from "./library.ts";

type Ffi = typeof import("node:ffi");

const TYPES: Readonly<Record<CType, string>> = {
  pointer: "pointer",
  size: "uint64",
  u32: "uint32",
  i32: "int32",
  bool: "bool",
  f64: "double",
  void: "void",
};

/**
 * A shared library loaded into *this* process through `node:ffi`: only ever used by `native-main.ts`, a process of its own that may crash. Nothing of what
 * the model does is caught here; what it takes or breaks dies with the process.
 */
export class NativeLibrary implements FmiLibrary {
  readonly addressBytes = 8;
  readonly nullPointer = 0n;
  readonly memoryFault = "it is native code, whose memory cannot be copied";
  readonly resources: string;
  readonly calloc: Pointer;
  readonly free: Pointer;
  readonly #ffi: Ffi;
  readonly #library: InstanceType<Ffi["DynamicLibrary"]>;
  /** What was given to the model and must outlive it. */
  readonly #kept: ArrayBuffer[] = [];

  constructor(path: string, resources: string) {
    this.resources = resources;
    try {
      this.#ffi = process.getBuiltinModule("node:ffi");
      this.#library = new this.#ffi.DynamicLibrary(path);
    } catch (cause) {
      throw new DoppelwerkError(
        "DW_INVALID",
        message("engines.nativeCodeModelCannotLoaded", { reason: cause instanceof Error ? cause.message : String(cause) }),
      );
    }
    const c = new this.#ffi.DynamicLibrary(null);
    this.calloc = c.getSymbol("calloc");
    this.free = c.getSymbol("free");
  }

  has(name: string): boolean {
    try {
      this.#library.getSymbol(name);
      return true;
    } catch {
      return false;
    }
  }

  call(name: string, returns: CType, ...parameters: CType[]): (...given: Argument[]) => Argument {
    if (!this.has(name)) throw new DoppelwerkError("DW_INVALID", message("engines.nativeCodeModelNoFunction", { name }));
    const signature = { arguments: parameters.map((type) => TYPES[type]), return: TYPES[returns] };
    return this.#library.getFunction(name, signature as never) as unknown as (...given: Argument[]) => Argument;
  }

  size(value: number): bigint {
    return BigInt(value);
  }

  block(bytes: number): Block {
    const buffer = new ArrayBuffer(Math.max(bytes, 8));
    this.#kept.push(buffer);
    const view = new DataView(buffer);
    return { pointer: this.#ffi.getRawPointer(buffer), view: () => view };
  }

  text(text: string): Pointer {
    const bytes = new TextEncoder().encode(text);
    const { pointer, view } = this.block(bytes.length + 1);
    new Uint8Array(view().buffer).set(bytes);
    return pointer;
  }

  textAt(pointer: Pointer): string {
    return this.#ffi.toString(pointer as bigint) ?? "";
  }

  bytesAt(pointer: Pointer, length: number): Uint8Array {
    return new Uint8Array(this.#ffi.toArrayBuffer(pointer as bigint, length, true));
  }

  readPointer(block: Block, index: number): Pointer {
    return block.view().getBigUint64(index * 8, true);
  }

  /** The variable arguments of FMI 2.0 cannot be taken: its messages are told as the model writes them, with their placeholders. */
  logger(standard: 2 | 3, log: (status: number, message: string) => void): Pointer {
    const [before, after] =
      standard === 2
        ? [
            ["pointer", "pointer"],
            ["pointer", "pointer"],
          ]
        : [["pointer"], ["pointer", "pointer"]];
    const own = (...given: (number | bigint)[]): void =>
      log(Number(given[before!.length]), this.textAt(given[before!.length + 2] as bigint));
    return this.#library.registerCallback({ arguments: [...before!, "int32", ...after!], return: "void" } as never, own as never);
  }

  saveMemory(): Uint8Array {
    throw new DoppelwerkError("DW_INVALID", message("engines.nativeMemoryNotCopied"));
  }

  loadMemory(): void {
    this.saveMemory();
  }

  /** The library stays loaded: the process ends anyway, and unloading is where many models crash. */
  close(): void {}
}
