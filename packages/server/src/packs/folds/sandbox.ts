import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { driveFold, type DrivenCode, type FoldCode } from "@doppelwerk/kit/pack";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";

// A stranger's fold runs in QuickJS, compiled to WebAssembly, inside the thread that folds: it knows no clock, chance, file, network or object of the server,
// its memory and steps are counted, and the same code gives the same numbers on every machine.

/** Of one instance. */
const MAX_MEMORY_BYTES = 4_000_000;
const MAX_STACK_BYTES = 200_000;
/** Steps of the machine that one call may take, in the ten thousands in which QuickJS counts them: about a quarter of a second. */
const MAX_STEPS = 200;
const MAX_SOURCE_BYTES = 1_000_000;

const machines = new Map<string, Promise<QuickJSWASMModule>>();

/** The machine of a pack in this thread: what goes wrong in it goes wrong for that pack alone. */
function machineOf(folder: string): Promise<QuickJSWASMModule> {
  let machine = machines.get(folder);
  if (machine === undefined) {
    machine = makeMachine();
    machines.set(folder, machine);
  }
  return machine;
}

let compiled: Promise<WebAssembly.Module> | undefined;
/** As Node has it; its types leave it out. */
const { compile } = WebAssembly as unknown as { compile(wasm: Uint8Array): Promise<WebAssembly.Module> };

async function makeMachine(): Promise<QuickJSWASMModule> {
  const { default: variant } = await import("@jitl/quickjs-wasmfile-release-sync");
  compiled ??= readFile(fileURLToPath(import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm"))).then(compile);
  return newQuickJSWASMModuleFromVariant(newVariant(variant as unknown as QuickJSSyncVariant, { wasmModule: await compiled }));
}

export interface SandboxedFold {
  /** Of the pack; modules outside of it are not there. */
  readonly folder: string;
  /** Path of the module in the folder, as `./folds/level.js`. */
  readonly module: string;
  readonly inputs: readonly string[];
  readonly maxOutputs: number;
}

/** The code of a fold of a pack in a sandbox. Throws where it cannot be loaded or exports no fold. */
export async function sandboxedCode(fold: SandboxedFold): Promise<FoldCode> {
  const quickjs = await machineOf(fold.folder);
  // what cannot be loaded is found now, and not when the first document comes
  new Sandbox(quickjs, fold).dispose();
  const once = <Result>(work: (sandbox: Sandbox) => Result): Result => {
    const sandbox = new Sandbox(quickjs, fold);
    try {
      return work(sandbox);
    } finally {
      sandbox.dispose();
    }
  };
  return {
    open(instance, state) {
      const sandbox = new Sandbox(quickjs, fold);
      const driven = new SandboxedInstance(sandbox, JSON.stringify(instance), state === undefined ? undefined : JSON.stringify(state));
      abandoned.register(driven, sandbox);
      return driven;
    },
    upcast: (version, state) => once((sandbox) => sandbox.json("upcast", String(version), JSON.stringify(state))),
    adopt: (state, before, after) =>
      once((sandbox) => sandbox.json("adopt", JSON.stringify(state), JSON.stringify(before), JSON.stringify(after))),
  };
}

/** A run that is dropped takes its instances with it; their machines are freed when they are found to be gone. */
const abandoned = new FinalizationRegistry<Sandbox>((sandbox) => sandbox.dispose());

/** What stands around the fold in the sandbox. */
const RUN = `
import fold from "pack:fold";
const driveFold = ${driveFold.toString()};
if (typeof fold?.open !== "function") throw new Error("its module exports no fold: a default export with open");
const value = (text) => text === undefined ? undefined : JSON.parse(text);
export default {
  open: (inputs, maxOutputs, instance, state) => driveFold(fold, value(inputs), Number(maxOutputs), value(instance), value(state)),
  upcast: (version, state) => JSON.stringify(fold.upcast?.[version]?.(value(state))),
  adopt: (state, before, after) => JSON.stringify(fold.adopt?.(value(state), value(before), value(after))),
};
`;

/** What would tell one run from another, and what ends in another thread. */
const SEAL = `delete Math.random; delete globalThis.SharedArrayBuffer; delete globalThis.Atomics;`;

class Sandbox {
  readonly fold: SandboxedFold;
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #run: QuickJSHandle;
  /** Given back before the machine is: it counts them. */
  readonly #held: QuickJSHandle[] = [];
  #steps = 0;
  #isDisposed = false;

  constructor(quickjs: QuickJSWASMModule, fold: SandboxedFold) {
    this.fold = fold;
    this.#runtime = quickjs.newRuntime();
    this.#runtime.setMemoryLimit(MAX_MEMORY_BYTES);
    this.#runtime.setMaxStackSize(MAX_STACK_BYTES);
    this.#runtime.setInterruptHandler(() => ++this.#steps > MAX_STEPS);
    this.#runtime.setModuleLoader(
      (name) => sourceOf(name, fold),
      (base, requested) => resolved(base, requested, fold),
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
      const loaded = this.#unwrap(this.#context.evalCode(RUN, "doppelwerk:run", { type: "module" }));
      this.#run = this.hold(this.#context.getProp(loaded, "default"));
      loaded.dispose();
      if (this.#context.typeof(this.#run) !== "object") throw new Error("its module waits for something, which a fold may not");
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Calls a method; takes the arguments with it, and gives a handle to what it returns. Throws what the fold throws, or why it was stopped. */
  call(on: QuickJSHandle | undefined, method: QuickJSHandle | string, args: readonly QuickJSHandle[]): QuickJSHandle {
    if (this.#isDisposed) throw new Error("it was stopped");
    this.#steps = 0;
    const named = typeof method === "string" ? this.#context.getProp(this.#run, method) : method;
    const result = this.#context.callFunction(named, on ?? this.#context.undefined, ...args);
    if (typeof method === "string") named.dispose();
    for (const arg of args) arg.dispose();
    return this.#unwrap(result);
  }

  /** Calls a method of what stands around the fold. */
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
    throw new Error(this.#reasonOf(thrown));
  }

  #reasonOf(thrown: unknown): string {
    if (this.#steps > MAX_STEPS) return `it does not come to an end: stopped after ${MAX_STEPS * 10_000} steps`;
    const { name, message } = (thrown ?? {}) as { readonly name?: unknown; readonly message?: unknown };
    if (name === "InternalError" && message === "out of memory") return `it uses more than ${MAX_MEMORY_BYTES / 1e6} MB of memory`;
    return (typeof message === "string" ? `${String(name)}: ${message}` : String(thrown)).slice(0, 500);
  }
}

type Method = keyof DrivenCode;

/** One instance, driven across the boundary: a call an instant, its samples as one block of numbers. */
class SandboxedInstance implements DrivenCode {
  readonly #sandbox: Sandbox;
  readonly #driven: QuickJSHandle;
  readonly #methods: Readonly<Record<Method, QuickJSHandle>>;

  constructor(sandbox: Sandbox, instance: string, state: string | undefined) {
    this.#sandbox = sandbox;
    const { context, fold } = sandbox;
    const texts = [JSON.stringify(fold.inputs), String(fold.maxOutputs), instance, ...(state === undefined ? [] : [state])];
    try {
      this.#driven = sandbox.hold(sandbox.run("open", ...texts));
    } catch (error) {
      sandbox.dispose();
      throw error;
    }
    const method = (name: string): QuickJSHandle => sandbox.hold(context.getProp(this.#driven, name));
    this.#methods = {
      step: method("step"),
      fire: method("fire"),
      pull: method("pull"),
      open: method("open"),
      snapshot: method("snapshot"),
    };
  }

  step(rows: Float64Array, texts: readonly (string | null)[] | undefined, at: number): number {
    const { context } = this.#sandbox;
    const buffer = context.newArrayBuffer(rows.buffer as ArrayBuffer);
    const words = texts === undefined ? context.undefined : context.newString(JSON.stringify(texts));
    const instant = context.newNumber(at);
    return this.#sandbox.number(this.#call("step", [buffer, words, instant]));
  }

  fire(at: number): number {
    return this.#sandbox.number(this.#call("fire", [this.#sandbox.context.newNumber(at)]));
  }

  pull(): string {
    return this.#text("pull");
  }

  open(at: number): string {
    return this.#text("open", [this.#sandbox.context.newNumber(at)]);
  }

  snapshot(): string {
    return this.#text("snapshot");
  }

  #text(method: "pull" | "open" | "snapshot", args: readonly QuickJSHandle[] = []): string {
    const text = this.#sandbox.string(this.#call(method, args));
    if (text === undefined) throw new Error(`what it ${method === "snapshot" ? "holds" : "concludes"} is no JSON`);
    return text;
  }

  #call(method: Method, args: readonly QuickJSHandle[]): QuickJSHandle {
    try {
      return this.#sandbox.call(this.#driven, this.#methods[method], args);
    } catch (error) {
      // the engine stops it for good
      this.#sandbox.dispose();
      throw error;
    }
  }
}

/** What stands before the name of a module that is not there: the reason is lost where a name is resolved, and kept where it is loaded. */
const REFUSED = "refused:";

function resolved(base: string, requested: string, { module }: SandboxedFold): string {
  if (requested === "pack:fold") return `pack:/${module.slice(2)}`;
  if (!base.startsWith("pack:/") || !/^\.\.?\/[\w@+./-]+$/.test(requested)) return `${REFUSED}${requested}`;
  // a URL does not leave its root, however many .. there are
  return `pack:${new URL(requested, `file://${base.slice("pack:".length)}`).pathname}`;
}

function sourceOf(name: string, { folder }: SandboxedFold): string {
  if (!name.startsWith("pack:/")) throw new Error(`a fold imports files of its pack only, not ${name.slice(REFUSED.length)}`);
  const path = `${folder}${name.slice("pack:".length)}`;
  const text = readFileSync(path, "utf8");
  if (text.length > MAX_SOURCE_BYTES) throw new Error(`a module of a fold has at most ${MAX_SOURCE_BYTES} octets: ${name}`);
  return path.endsWith(".ts") ? withoutTypes(text) : text;
}

/** Node warns that this function of it may change, once in each thread; that is for who writes the server, not for who runs it. */
function withoutTypes(text: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}
