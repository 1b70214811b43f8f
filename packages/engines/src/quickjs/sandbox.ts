import type { QuickJSContext, QuickJSHandle, QuickJSRuntime } from "quickjs-emscripten-core";
import type { Machine } from "./machines.ts";

// A stranger's code runs in QuickJS, compiled to WebAssembly, inside the thread that calls it: it knows no clock, chance, file, network or object of the
// server, its memory and steps are counted, and the same code gives the same numbers on every machine.

const MAX_MEMORY_BYTES = 4_000_000;
const MAX_STACK_BYTES = 200_000;
/** Steps of the machine that one call may take, in the ten thousands in which QuickJS counts them: about a quarter of a second. */
const MAX_STEPS = 200;

export interface SandboxOptions {
  /** What runs in it, as in "a fold imports files of its pack only". */
  readonly kind: string;
  /** Module that stands around the code: it imports `pack:entry`, and its default export has the methods that are called. */
  readonly run: string;
  /** Path of the entry in the pack, as `./folds/level.js`. */
  readonly module: string;
  /** Ten thousands of steps that all calls together may take; default: no bound but that of each. */
  readonly maxRunSteps?: number;
  /** Text of a module of the pack by its path, as `/folds/level.js`. Throws where there is none. */
  source(path: string): string;
}

/** Why code was stopped: it does not come to an end, needs more memory than it may, or threw. */
export class SandboxStopped extends Error {
  readonly why: "endless" | "memory" | "threw";
  /** Name of what it threw. */
  readonly thrown: string;
  /** Most that it may have: steps, or bytes. */
  readonly limit: number;

  constructor(why: SandboxStopped["why"], text: string, { thrown = "", limit = 0 } = {}) {
    super(text);
    this.why = why;
    this.thrown = thrown;
    this.limit = limit;
  }
}

/** What would tell one run from another, and what ends in another thread. */
const SEAL = `delete Math.random; delete globalThis.SharedArrayBuffer; delete globalThis.Atomics;`;

/** One instance of code: nothing but what it is given goes in, and nothing stays when it is disposed. */
export class Sandbox {
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #run: QuickJSHandle;
  /** Given back before the machine is: it counts them. */
  readonly #held: QuickJSHandle[] = [];
  readonly #maxRunSteps: number;
  #steps = 0;
  #runSteps = 0;
  #isDisposed = false;

  /** Throws where the module cannot be loaded. */
  constructor(machine: Machine, options: SandboxOptions) {
    this.#maxRunSteps = options.maxRunSteps ?? Infinity;
    this.#runtime = machine.newRuntime();
    this.#runtime.setMemoryLimit(MAX_MEMORY_BYTES);
    this.#runtime.setMaxStackSize(MAX_STACK_BYTES);
    this.#runtime.setInterruptHandler(() => ++this.#steps > MAX_STEPS || ++this.#runSteps > this.#maxRunSteps);
    this.#runtime.setModuleLoader(
      (name) => sourceOf(name, options),
      (base, requested) => resolved(base, requested, options),
    );
    this.#context = this.#runtime.newContext({
      intrinsics: {
        BaseObjects: true,
        Eval: true,
        StringNormalize: true,
        RegExp: true,
        RegExpCompiler: true,
        JSON: true,
        Proxy: true,
        MapSet: true,
        TypedArrays: true,
        Promise: true,
        BigInt: true,
      },
    });
    try {
      this.#unwrap(this.#context.evalCode(SEAL, "seal.js")).dispose();
      const loaded = this.#unwrap(this.#context.evalCode(options.run, "doppelwerk:run", { type: "module" }));
      this.#run = this.hold(this.#context.getProp(loaded, "default"));
      loaded.dispose();
      if (this.#context.typeof(this.#run) !== "object") throw new Error(`its module waits for something, which a ${options.kind} may not`);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Calls a method; takes the arguments with it, and gives a handle to what it returns. Throws SandboxStopped. */
  call(on: QuickJSHandle | undefined, method: QuickJSHandle | string, args: readonly QuickJSHandle[]): QuickJSHandle {
    if (this.#isDisposed) throw new Error("it was stopped");
    this.#steps = 0;
    const named = typeof method === "string" ? this.#context.getProp(this.#run, method) : method;
    const result = this.#context.callFunction(named, on ?? this.#context.undefined, ...args);
    if (typeof method === "string") named.dispose();
    for (const arg of args) arg.dispose();
    return this.#unwrap(result);
  }

  /** Calls a method of what stands around the code. */
  run(method: string, ...texts: readonly string[]): QuickJSHandle {
    const args = texts.map((text) => this.#context.newString(text));
    return this.call(undefined, method, args);
  }

  json(method: string, ...texts: readonly string[]): unknown {
    const text = this.string(this.run(method, ...texts));
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  }

  /** Keeps a handle until the sandbox is taken apart. */
  hold(handle: QuickJSHandle): QuickJSHandle {
    this.#held.push(handle);
    return handle;
  }

  /** Gives the handle back. */
  string(handle: QuickJSHandle): string | undefined {
    const value = this.#context.typeof(handle) === "string" ? this.#context.getString(handle) : undefined;
    handle.dispose();
    return value;
  }

  number(handle: QuickJSHandle): number {
    const value = this.#context.typeof(handle) === "number" ? this.#context.getNumber(handle) : Number.NaN;
    handle.dispose();
    return value;
  }

  get context(): QuickJSContext {
    return this.#context;
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    try {
      for (const handle of this.#held) handle.dispose();
      this.#context.dispose();
      this.#runtime.dispose();
    } catch {
      // a machine that ran out of memory cannot be taken apart: what it holds is bounded
    }
  }

  #unwrap(result: ReturnType<QuickJSContext["evalCode"]>): QuickJSHandle {
    if (result.error === undefined) return result.value;
    const thrown: unknown = this.#context.dump(result.error);
    result.error.dispose();
    throw this.#reasonOf(thrown);
  }

  #reasonOf(thrown: unknown): SandboxStopped {
    if (this.#steps > MAX_STEPS || this.#runSteps > this.#maxRunSteps) {
      const limit = (this.#steps > MAX_STEPS ? MAX_STEPS : this.#maxRunSteps) * 10_000;
      return new SandboxStopped("endless", `it does not come to an end: stopped after ${limit} steps`, { limit });
    }
    const { name, message } = (thrown ?? {}) as { readonly name?: unknown; readonly message?: unknown };
    if (name === "InternalError" && message === "out of memory")
      return new SandboxStopped("memory", `it uses more than ${MAX_MEMORY_BYTES / 1e6} MB of memory`, { limit: MAX_MEMORY_BYTES });
    const text = typeof message === "string" ? `${String(name)}: ${message}` : String(thrown);
    return new SandboxStopped("threw", text.slice(0, 500), { thrown: String(name) });
  }
}

/** What stands before the name of a module that is not there: the reason is lost where a name is resolved, and kept where it is loaded. */
const REFUSED = "refused:";

function resolved(base: string, requested: string, { module }: SandboxOptions): string {
  if (requested === "pack:entry") return `pack:/${module.slice(2)}`;
  if (!base.startsWith("pack:/") || !/^\.\.?\/[\w@+./-]+$/.test(requested)) return `${REFUSED}${requested}`;
  // a URL does not leave its root, however many .. there are
  return `pack:${new URL(requested, `file://${base.slice("pack:".length)}`).pathname}`;
}

function sourceOf(name: string, { kind, source }: SandboxOptions): string {
  if (!name.startsWith("pack:/")) throw new Error(`a ${kind} imports files of its pack only, not ${name.slice(REFUSED.length)}`);
  return source(name.slice("pack:".length));
}
