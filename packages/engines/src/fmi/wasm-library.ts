import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Argument, Block, CType, FmiLibrary, Pointer } from "./library.ts";
import { createWasiHost, type WasiHost } from "./wasi-host.ts";
import { boundedModule } from "./wasm-module.ts";

/** Memory of one model in pages of 64 KiB: 256 MiB. */
const MAX_PAGES = 4096;

type Exports = Readonly<Record<string, WebAssembly.ExportValue>>;

/**
 * A core WebAssembly module with the C interface of FMI: exports `memory`, the functions of FMI by their C names, `malloc` (and `free`), for FMI 2.0 and for
 * its log a function table that may grow. Imports may be of WASI preview 1, which is answered without clock, chance, network or files but its resources.
 */
export class WasmLibrary implements FmiLibrary {
  readonly addressBytes = 4;
  readonly nullPointer = 0;
  readonly resources: string;
  readonly memoryFault: string | undefined;
  readonly calloc: Pointer;
  readonly free: Pointer;
  readonly #exports: Exports;
  readonly #memory: WebAssembly.Memory;
  readonly #table: WebAssembly.Table | undefined;
  readonly #globals: readonly WebAssembly.Global[];
  readonly #wasi: WasiHost;
  readonly #blocks: WasmBlock[] = [];

  constructor(bytes: Uint8Array, standard: 2 | 3, resources: ReadonlyMap<string, Uint8Array>) {
    const { module, hiddenGlobals } = compiled(bytes);
    this.#wasi = createWasiHost(resources, () => this.#memory);
    this.resources = standard === 2 ? "file:///resources" : "/resources/";
    try {
      this.#exports = new WebAssembly.Instance(module, importsOf(module, this.#wasi)).exports;
    } catch (cause) {
      throw new DoppelwerkError("DW_INVALID", message("engines.webAssemblyModelCannotLoaded", { cause: messageOf(cause) }));
    }
    const { memory, __indirect_function_table: table } = this.#exports;
    if (!(memory instanceof WebAssembly.Memory))
      throw new DoppelwerkError("DW_INVALID", message("engines.webAssemblyModelExportsNoMemory"));
    this.#memory = memory;
    this.#table = table instanceof WebAssembly.Table ? table : undefined;
    this.#globals = Object.keys(this.#exports)
      .sort()
      .map((name) => this.#exports[name]!)
      .filter((value): value is WebAssembly.Global => value instanceof WebAssembly.Global && isMutable(value));
    this.memoryFault =
      hiddenGlobals === undefined || hiddenGlobals > this.#globals.length + 1
        ? "its WebAssembly has variables outside of its memory that it does not export"
        : undefined;
    if (this.has("_initialize")) this.call("_initialize", "void")();
    this.calloc = this.#slotOf("calloc");
    this.free = this.#slotOf("free");
  }

  has(name: string): boolean {
    return typeof this.#exports[name] === "function";
  }

  call(name: string, _returns: CType): (...given: Argument[]) => Argument {
    const exported = this.#exports[name];
    if (typeof exported !== "function") throw new DoppelwerkError("DW_INVALID", message("engines.webAssemblyModelNoFunction", { name }));
    const broken = (cause: unknown): never => {
      throw new DoppelwerkError(
        "DW_INVALID",
        message("engines.modelBrokeDown", { name, cause: messageOf(cause), wasi: this.#wasi.lastWords() }),
      );
    };
    return guarded(exported as unknown as (...given: Argument[]) => Argument, broken);
  }

  size(value: number): number {
    return value;
  }

  block(bytes: number): Block {
    const block = new WasmBlock(this.#memory, this.#allocate(bytes), bytes);
    this.#blocks.push(block);
    return block;
  }

  text(text: string): Pointer {
    const bytes = new TextEncoder().encode(text);
    const pointer = this.#allocate(bytes.length + 1);
    new Uint8Array(this.#memory.buffer).set(bytes, pointer);
    return pointer;
  }

  textAt(pointer: Pointer): string {
    const bytes = new Uint8Array(this.#memory.buffer);
    const end = bytes.indexOf(0, pointer as number);
    return new TextDecoder().decode(
      bytes.subarray(pointer as number, Math.min(end < 0 ? bytes.length : end, (pointer as number) + 65_536)),
    );
  }

  bytesAt(pointer: Pointer, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer).slice(pointer as number, (pointer as number) + length);
  }

  readPointer(block: Block, index: number): Pointer {
    return block.view().getUint32(index * 4, true);
  }

  logger(standard: 2 | 3, log: (status: number, message: string) => void): Pointer {
    // Functions in a table must be WebAssembly's own: a module of a few bytes takes ours in and gives it out again.
    const offset = standard === 2 ? 1 : 0;
    const own = (...given: number[]): void => log(given[1 + offset]!, this.textAt(given[3 + offset]!));
    const wrapper = new WebAssembly.Module(forwarder(standard === 2 ? 6 : 4));
    const { f } = new WebAssembly.Instance(wrapper, { m: { f: own } }).exports;
    return this.#intoTable(f);
  }

  saveMemory(): Uint8Array {
    const pages = new Uint8Array(this.#memory.buffer);
    const bytes = new Uint8Array(8 + 8 * this.#globals.length + pages.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, pages.length, true);
    view.setUint32(4, this.#globals.length, true);
    for (const [index, global] of this.#globals.entries()) {
      const value = global.value;
      if (typeof value === "bigint") view.setBigInt64(8 + 8 * index, value, true);
      else view.setFloat64(8 + 8 * index, value, true);
    }
    bytes.set(pages, 8 + 8 * this.#globals.length);
    return bytes;
  }

  loadMemory(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = bytes.length < 8 ? -1 : view.getUint32(0, true);
    const start = 8 + 8 * this.#globals.length;
    if (length < 0 || length % 65_536 !== 0 || bytes.length !== start + length || view.getUint32(4, true) !== this.#globals.length)
      throw new DoppelwerkError("DW_INVALID", message("engines.savedStateNotModel"));
    const contents = this.#blocks.map((block) => block.content());
    const missing = (length - this.#memory.buffer.byteLength) / 65_536;
    if (missing > 0) this.#memory.grow(missing);
    const pages = new Uint8Array(this.#memory.buffer);
    pages.set(bytes.subarray(start));
    pages.fill(0, length);
    for (const [index, global] of this.#globals.entries()) {
      const holder = global;
      holder.value = typeof holder.value === "bigint" ? view.getBigInt64(8 + 8 * index, true) : view.getFloat64(8 + 8 * index, true);
    }
    for (const [index, block] of this.#blocks.entries()) block.move(this.#allocate(block.bytes), contents[index]!);
  }

  close(): void {}

  /** Zeroed. */
  #allocate(bytes: number): number {
    const pointer = this.call("malloc", "pointer")(Math.max(bytes, 8)) as number;
    if (pointer === 0) throw new DoppelwerkError("DW_INVALID", message("engines.modelNoMemoryLeft"));
    new Uint8Array(this.#memory.buffer).fill(0, pointer, pointer + bytes);
    return pointer;
  }

  #slotOf(name: string): Pointer {
    const exported = this.#exports[name];
    return typeof exported === "function" ? this.#intoTable(exported) : 0;
  }

  #intoTable(callee: unknown): Pointer {
    try {
      const slot = this.#table?.grow(1) ?? 0;
      if (slot !== 0) this.#table!.set(slot, callee as () => void);
      return slot;
    } catch {
      return 0;
    }
  }
}

/** A call whose traps are told by `broken`. Steps and gets are written out: a list of arguments made for every call takes longer than the model. */
function guarded(call: (...given: Argument[]) => Argument, broken: (cause: unknown) => never): (...given: Argument[]) => Argument {
  switch (call.length) {
    case 4:
      return (a, b, c, d) => {
        try {
          return call(a!, b!, c!, d!);
        } catch (cause) {
          return broken(cause);
        }
      };
    case 5:
      return (a, b, c, d, e) => {
        try {
          return call(a!, b!, c!, d!, e!);
        } catch (cause) {
          return broken(cause);
        }
      };
    case 8:
      return (a, b, c, d, e, f, g, h) => {
        try {
          return call(a!, b!, c!, d!, e!, f!, g!, h!);
        } catch (cause) {
          return broken(cause);
        }
      };
    default:
      return (...given) => {
        try {
          return call(...given);
        } catch (cause) {
          return broken(cause);
        }
      };
  }
}

/** Growing detaches the buffer of a memory, and then `#watch` has no length any more: far quicker to look at than the memory's own buffer. */
class WasmBlock implements Block {
  pointer: number;
  readonly bytes: number;
  readonly #memory: WebAssembly.Memory;
  #view: DataView;
  #watch: Uint8Array;

  constructor(memory: WebAssembly.Memory, pointer: number, bytes: number) {
    this.#memory = memory;
    this.pointer = pointer;
    this.bytes = bytes;
    this.#view = new DataView(memory.buffer, pointer, bytes);
    this.#watch = new Uint8Array(memory.buffer, pointer, 1);
  }

  readonly view = (): DataView => {
    if (this.#watch.length === 0) this.#renew();
    return this.#view;
  };

  content(): Uint8Array {
    return new Uint8Array(this.#memory.buffer).slice(this.pointer, this.pointer + this.bytes);
  }

  move(pointer: number, content: Uint8Array): void {
    this.pointer = pointer;
    new Uint8Array(this.#memory.buffer).set(content, pointer);
    this.#renew();
  }

  #renew(): void {
    this.#view = new DataView(this.#memory.buffer, this.pointer, this.bytes);
    this.#watch = new Uint8Array(this.#memory.buffer, this.pointer, 1);
  }
}

interface Compiled {
  readonly module: WebAssembly.Module;
  readonly hiddenGlobals: number | undefined;
}

/** Modules are compiled once: every replication and fork is another instance of the same one. */
const compiledModules = new WeakMap<Uint8Array, Compiled>();

function compiled(bytes: Uint8Array): Compiled {
  const known = compiledModules.get(bytes);
  if (known !== undefined) return known;
  try {
    const bounded = boundedModule(bytes, MAX_PAGES);
    const made = { module: new WebAssembly.Module(bounded.bytes), hiddenGlobals: bounded.mutableGlobals };
    compiledModules.set(bytes, made);
    return made;
  } catch (cause) {
    throw new DoppelwerkError("DW_INVALID", message("engines.webAssemblyModelCannotCompiled", { cause: messageOf(cause) }));
  }
}

function importsOf(module: WebAssembly.Module, wasi: WasiHost): WebAssembly.Imports {
  const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== "function") throw new Error(`it imports the ${kind} ${from}.${name}; only functions are given`);
    if (!/^wasi_(snapshot_preview1|unstable)$/.test(from)) throw new Error(`it imports ${from}.${name}, which is not of WASI`);
    (imports[from] ??= {})[name] = wasi.imported(name);
  }
  return imports;
}

/** (module (import "m" "f" (func (param i32 × n))) (export "f" (func 0))) */
function forwarder(parameters: number): Uint8Array<ArrayBuffer> {
  const type = [0x01, 0x60, parameters, ...Array.from({ length: parameters }, () => 0x7f), 0x00];
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    0x01,
    0x00,
    0x00,
    0x00,
    0x01,
    type.length,
    ...type,
    0x02,
    0x07,
    0x01,
    0x01,
    0x6d,
    0x01,
    0x66,
    0x00,
    0x00,
    0x07,
    0x05,
    0x01,
    0x01,
    0x66,
    0x00,
    0x00,
  ]);
}

function isMutable(global: WebAssembly.Global): boolean {
  try {
    const { value } = global;
    global.value = value;
    return true;
  } catch {
    return false;
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
