import { machineOf, Sandbox, sourceOfFile, type Machine } from "@doppelwerk/engines/quickjs";
import { driveFold, type DrivenCode, type FoldCode } from "@doppelwerk/kit/pack";

type QuickJSHandle = ReturnType<Sandbox["run"]>;

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
  const machine = await machineOf(fold.folder);
  // what cannot be loaded is found now, and not when the first document comes
  sandboxOf(machine, fold).dispose();
  const once = <Result>(work: (sandbox: Sandbox) => Result): Result => {
    const sandbox = sandboxOf(machine, fold);
    try {
      return work(sandbox);
    } finally {
      sandbox.dispose();
    }
  };
  return {
    open(instance, state) {
      const sandbox = sandboxOf(machine, fold);
      const driven = new SandboxedInstance(
        sandbox,
        fold,
        JSON.stringify(instance),
        state === undefined ? undefined : JSON.stringify(state),
      );
      abandoned.register(driven, sandbox);
      return driven;
    },
    upcast: (version, state) => once((sandbox) => sandbox.json("upcast", String(version), JSON.stringify(state))),
    adopt: (state, before, after) =>
      once((sandbox) => sandbox.json("adopt", JSON.stringify(state), JSON.stringify(before), JSON.stringify(after))),
  };
}

function sandboxOf(machine: Machine, { folder, module }: SandboxedFold): Sandbox {
  return new Sandbox(machine, { kind: "fold", run: RUN, module, source: (path) => sourceOfFile(folder, path, "fold") });
}

/** A run that is dropped takes its instances with it; their machines are freed when they are found to be gone. */
const abandoned = new FinalizationRegistry<Sandbox>((sandbox) => sandbox.dispose());

/** What stands around the fold in the sandbox. */
const RUN = `
import fold from "pack:entry";
const driveFold = ${driveFold.toString()};
if (typeof fold?.open !== "function") throw new Error("its module exports no fold: a default export with open");
const value = (text) => text === undefined ? undefined : JSON.parse(text);
export default {
  open: (inputs, maxOutputs, instance, state) => driveFold(fold, value(inputs), Number(maxOutputs), value(instance), value(state)),
  upcast: (version, state) => JSON.stringify(fold.upcast?.[version]?.(value(state))),
  adopt: (state, before, after) => JSON.stringify(fold.adopt?.(value(state), value(before), value(after))),
};
`;

type Method = keyof DrivenCode;

/** One instance, driven across the boundary: a call an instant, its samples as one block of numbers. */
class SandboxedInstance implements DrivenCode {
  readonly #sandbox: Sandbox;
  readonly #driven: QuickJSHandle;
  readonly #methods: Readonly<Record<Method, QuickJSHandle>>;

  constructor(sandbox: Sandbox, fold: SandboxedFold, instance: string, state: string | undefined) {
    this.#sandbox = sandbox;
    const { context } = sandbox;
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
