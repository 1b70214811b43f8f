import { Worker } from "node:worker_threads";
import { isMessage, message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import type { ModelRunPlan, ModelRunResult } from "@doppelwerk/sim/models";
import { binaryOf, type Fmu } from "./read-fmu.ts";
import { runNative } from "./run-native.ts";

export interface FmuRunOptions {
  readonly plan: ModelRunPlan;
  /** A snapshot of another run of the same model to go on from. */
  readonly from?: Uint8Array;
  /** Take a snapshot at the end. */
  readonly snapshot?: boolean;
  /** Seconds after which a run is given up. */
  readonly deadlineS: number;
  readonly signal?: AbortSignal;
  /** Whether native code may run: it has the rights of this user on this machine. Default no. */
  readonly native?: boolean;
}

export interface FmuRunOutcome {
  readonly result: ModelRunResult;
  readonly snapshot?: Uint8Array;
  readonly log: readonly string[];
}

/** What the thread of a run is told. */
export interface WasmOrder {
  readonly fmu: Fmu;
  readonly plan: ModelRunPlan;
  readonly from?: Uint8Array;
  readonly snapshot?: boolean;
}

/**
 * Runs a model from beginning to end beside this thread: WebAssembly on a thread of its own, native code, where it is allowed, in a process of its own.
 * Throws DW_INVALID with what the model said, DW_FORBIDDEN for native code that is not allowed, DW_UNAVAILABLE for a run that crashed or was given up,
 * DW_CANCELLED when the signal fired.
 */
export async function runFmu(fmu: Fmu, options: FmuRunOptions): Promise<FmuRunOutcome> {
  const { name } = fmu.description;
  const binary = binaryOf(fmu);
  if (isMessage(binary)) throw new DoppelwerkError("DW_INVALID", message("engines.modelCannotRun", { name, binary }));
  if (binary.kind === "wasm") return runWasm(fmu, options);
  if (!options.native) throw new DoppelwerkError("DW_FORBIDDEN", message("engines.modelNative", { name, platform: binary.platform }));
  return runNative(fmu, options);
}

function runWasm(fmu: Fmu, { plan, from, snapshot, deadlineS, signal }: FmuRunOptions): Promise<FmuRunOutcome> {
  const { name } = fmu.description;
  return new Promise((resolve, reject) => {
    const order: WasmOrder = { fmu, plan, ...(from === undefined ? {} : { from }), ...(snapshot === undefined ? {} : { snapshot }) };
    const worker = new Worker(new URL("./wasm-worker.ts", import.meta.url), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      act();
      void worker.terminate();
    };
    const fail = (code: "DW_UNAVAILABLE" | "DW_CANCELLED" | "DW_INVALID", why: Message) =>
      settle(() => reject(new DoppelwerkError(code, why)));
    const timer = setTimeout(() => fail("DW_UNAVAILABLE", message("engines.modelGivenUp", { name, deadlineS })), deadlineS * 1000);
    const cancel = (): void => fail("DW_CANCELLED", message("engines.runOfModelCancelled", { name }));
    worker.once("message", (answer: FmuRunOutcome | { readonly failure: Message }) =>
      "failure" in answer ? fail("DW_INVALID", answer.failure) : settle(() => resolve(answer)),
    );
    worker.once("error", (cause) => fail("DW_UNAVAILABLE", message("engines.modelThreadEnded", { name, reason: reasonOf(cause) })));
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
  });
}
