// The part of the JavaScript interface of WebAssembly (W3C, level 2) that models need; the library that brings it otherwise is that of the browser.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
    static imports(module: Module): { module: string; name: string; kind: "function" | "global" | "memory" | "table" }[];
  }
  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Readonly<Record<string, ExportValue>>;
  }
  class Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  class Table {
    grow(by: number): number;
    set(index: number, value: unknown): void;
  }
  class Global {
    value: number | bigint;
  }
  type Callable = (...given: never[]) => unknown;
  type ImportValue = Callable;
  type ExportValue = Callable | Memory | Table | Global;
  type Imports = Record<string, Record<string, ImportValue>>;
}
