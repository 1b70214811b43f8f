import { message, verbatim } from "@doppelwerk/messages";
import { driveComponent, RunError } from "@doppelwerk/sim";
import type { ComponentCode, ComponentStation, OpenComponent, RunningComponents } from "@doppelwerk/sim";
import type { Machine } from "../quickjs/machines.ts";
import { Sandbox, SandboxStopped } from "../quickjs/sandbox.ts";

/** Steps of the machine of one station in one run, in the ten thousands in which QuickJS counts them: about ten seconds. */
const MAX_RUN_STEPS = 10_000;
const MAX_ANSWER_BYTES = 10_000;

type Handle = ReturnType<Sandbox["run"]>;

/** What stands around a component in its sandbox: rows of numbers go in and out. */
export const RUN = `
import component from "pack:entry";
if (typeof component?.open !== "function") throw new Error("its module exports no component: a default export with open");
const driveComponent = ${driveComponent.toString()};
export default {
  open(declared, station) {
    const drive = driveComponent(component, JSON.parse(declared), JSON.parse(station));
    return { begin: (buffer) => drive(new Float64Array(buffer)).buffer };
  },
};
`;

export interface PrepareOptions {
  /** Where packs have their machine in this runtime. */
  readonly machineOf: (pack: string) => Promise<Machine>;
  /** As `MAX_RUN_STEPS`, where one instance is not of one run alone. */
  readonly maxRunSteps?: number;
}

/** Components whose machines are there: each call opens them again, so that nothing goes from one run to another. */
export async function prepareComponents(
  codes: readonly ComponentCode[],
  { machineOf, maxRunSteps = MAX_RUN_STEPS }: PrepareOptions,
): Promise<() => RunningComponents> {
  const known = new Map<string, { readonly code: ComponentCode; readonly machine: Machine }>();
  for (const code of codes) known.set(code.id, { code, machine: await machineOf(`${code.pack} ${code.version}`) });
  return () => {
    const running: SandboxedComponent[] = [];
    return {
      declared: (id) => known.get(id)?.code,
      open(id, station) {
        const { code, machine } = known.get(id)!;
        const component = new SandboxedComponent(machine, code, station, maxRunSteps);
        running.push(component);
        return component;
      },
      dispose() {
        for (const component of running.splice(0)) component.dispose();
      },
    };
  };
}

class SandboxedComponent implements OpenComponent {
  readonly #code: ComponentCode;
  readonly #station: string;
  readonly #sandbox: Sandbox;
  readonly #opened: Handle;
  readonly #begin: Handle;

  constructor(machine: Machine, code: ComponentCode, station: ComponentStation, maxRunSteps: number) {
    this.#code = code;
    this.#station = station.station;
    try {
      this.#sandbox = new Sandbox(machine, {
        kind: "component",
        run: RUN,
        module: code.module,
        source: (path) => sourceIn(code, path),
        maxRunSteps,
      });
    } catch (error) {
      const { id: component, pack } = code;
      throw new RunError(message("sim.componentNotLoaded", { component, pack, reason: verbatim((error as Error).message) }));
    }
    const { files: _files, ...declared } = code;
    try {
      this.#opened = this.#sandbox.hold(this.#sandbox.run("open", JSON.stringify(declared), JSON.stringify(station)));
      this.#begin = this.#sandbox.hold(this.#sandbox.context.getProp(this.#opened, "begin"));
    } catch (error) {
      throw this.#stopped(error);
    }
  }

  begin(work: Float64Array): Float64Array {
    const { context } = this.#sandbox;
    let answer: Handle | undefined;
    try {
      answer = this.#sandbox.call(this.#opened, this.#begin, [context.newArrayBuffer(work.buffer as ArrayBuffer)]);
      const octets = context.getArrayBuffer(answer);
      const copy = octets.value.length > MAX_ANSWER_BYTES || octets.value.length % 8 !== 0 ? new Uint8Array() : octets.value.slice();
      octets.dispose();
      answer.dispose();
      return new Float64Array(copy.buffer);
    } catch (error) {
      throw this.#stopped(error);
    }
  }

  dispose(): void {
    this.#sandbox.dispose();
  }

  #stopped(error: unknown): RunError {
    this.#sandbox.dispose();
    const { id: component, pack } = this.#code;
    const at = { component, pack, station: this.#station };
    const { message: text } = error as Error;
    if (!(error instanceof SandboxStopped)) return new RunError(message("sim.componentThrew", { ...at, reason: verbatim(text) }));
    const { why, thrown, limit } = error;
    if (why === "endless") return new RunError(message("sim.componentEndless", { ...at, steps: limit }));
    if (why === "memory") return new RunError(message("sim.componentMemory", { ...at, megabytes: limit / 1e6 }));
    const what = text.slice(`${thrown}: `.length);
    if (thrown === "AnswerError") return new RunError(message("sim.componentAnswer", { ...at, what: verbatim(what) }));
    return new RunError(message("sim.componentThrew", { ...at, reason: verbatim(text) }));
  }
}

function sourceIn({ files }: ComponentCode, path: string): string {
  const text = Object.hasOwn(files, path) ? files[path] : undefined;
  if (text === undefined) throw new Error(`a component imports only what it imports when it is loaded, not ${path}`);
  return text;
}
