import { reasonOf } from "@doppelwerk/world";
import { parentPort, workerData } from "node:worker_threads";
import { ModelRun } from "@doppelwerk/sim/models";
import { instantiateWasm, mustSave } from "./load-fmu.ts";
import type { WasmOrder } from "./run-fmu.ts";

// One run of one model on a thread that can be ended while the model hangs. Answers with the result, or why there is none.
const { fmu, plan, from, snapshot } = workerData as WasmOrder;
try {
  const instance = instantiateWasm(fmu);
  if (snapshot) mustSave(instance);
  const run = new ModelRun(instance, plan, from);
  run.advance(plan.durationS);
  const state = snapshot ? run.snapshot() : undefined;
  const result = run.result();
  parentPort!.postMessage({ result, ...(state === undefined ? {} : { snapshot: state }), log: instance.takeLog() });
} catch (cause) {
  parentPort!.postMessage({ failure: reasonOf(cause) });
}
