import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isMessage, message as messageOf, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ModelDescription, ModelRunPlan, ModelRunResult } from "@doppelwerk/sim/models";
import { binaryOf, type Fmu } from "./read-fmu.ts";
import type { FmuRunOptions, FmuRunOutcome } from "./run-fmu.ts";

/** Everything the process of a run is told. */
export interface NativeOrder {
  readonly description: ModelDescription;
  readonly library: string;
  readonly folder: string;
  readonly plan: ModelRunPlan;
  readonly from?: Uint8Array;
  readonly snapshot?: boolean;
}

export type NativeAnswer =
  | { readonly result: ModelRunResult; readonly snapshot?: Uint8Array; readonly log: readonly string[] }
  | { readonly failure: Message };

/**
 * Runs native code in a process of its own. The files of the model are unpacked into a folder that goes with the run. Throws DW_INVALID with what the model
 * said, DW_UNAVAILABLE when the process crashed, ended itself or was given up, DW_CANCELLED when the signal fired.
 */
export async function runNative(fmu: Fmu, options: FmuRunOptions): Promise<FmuRunOutcome> {
  const binary = binaryOf(fmu);
  if (isMessage(binary) || binary.kind !== "native")
    throw new DoppelwerkError("DW_INVALID", messageOf("engines.modelNoNativeCodeMachine", { name: fmu.description.name }));
  const folder = mkdtempSync(join(tmpdir(), "doppelwerk-fmu-"));
  try {
    for (const [name, bytes] of fmu.files) {
      if (!name.startsWith("/resources/") && !name.startsWith(`/binaries/${binary.platform}/`)) continue;
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    mkdirSync(join(folder, "resources"), { recursive: true });
    return await inProcess(fmu.description.name, { ...orderOf(fmu, folder, binary.file), ...partOf(options) }, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function orderOf({ description }: Fmu, folder: string, file: string): Pick<NativeOrder, "description" | "library" | "folder"> {
  return { description, library: join(folder, file), folder };
}

function partOf({ plan, from, snapshot }: FmuRunOptions): Pick<NativeOrder, "plan" | "from" | "snapshot"> {
  return { plan, ...(from === undefined ? {} : { from }), ...(snapshot === undefined ? {} : { snapshot }) };
}

function inProcess(name: string, order: NativeOrder, { deadlineS, signal }: FmuRunOptions): Promise<FmuRunOutcome> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL("./native-main.ts", import.meta.url)), [], {
      serialization: "advanced",
      // Nothing of the server's: no open files, no secrets in its environment, no way to print into its log.
      env: {},
      cwd: order.folder,
      stdio: ["ignore", "ignore", "ignore", "ipc"],
      execArgv: ["--disable-warning=ExperimentalWarning", "--max-old-space-size=1024"],
    });
    let ending: DoppelwerkError | undefined;
    const end = (error: DoppelwerkError): void => {
      ending ??= error;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(
      () => end(new DoppelwerkError("DW_UNAVAILABLE", messageOf("engines.modelGivenUp", { name, deadlineS }))),
      deadlineS * 1000,
    );
    const cancel = (): void => end(new DoppelwerkError("DW_CANCELLED", messageOf("engines.runModelCancelled", { name })));
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
    let answer: NativeAnswer | undefined;
    child.once("message", (message) => (answer = message as NativeAnswer));
    child.once("error", (cause) =>
      end(new DoppelwerkError("DW_UNAVAILABLE", messageOf("engines.processModelDidNotStart", { name, reason: cause.message }))),
    );
    child.once("close", (code, killedBy) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      if (ending !== undefined) reject(ending);
      else if (answer === undefined)
        reject(new DoppelwerkError("DW_UNAVAILABLE", messageOf("engines.modelNothingElseHarmed", { name, code: endOf(code, killedBy) })));
      else if ("failure" in answer) reject(new DoppelwerkError("DW_INVALID", answer.failure));
      else resolve(answer);
    });
    child.send(order);
  });
}

function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `crashed its process (${signal})`;
  return `ended its process (exit code ${code})`;
}
