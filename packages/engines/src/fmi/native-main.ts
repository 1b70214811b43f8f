import { reasonOf } from "@doppelwerk/world";
import { pathToFileURL } from "node:url";
import { ModelRun } from "@doppelwerk/sim/models";
import { instanceOf, mustSave } from "./load-fmu.ts";
import { NativeLibrary } from "./native-library.ts";
import type { NativeAnswer, NativeOrder } from "./run-native.ts";

// One run of one native model in a process of its own. Parent to child: an order. Child to parent: the result, or why not. Then it ends; a model that
// crashes, hangs or ends the process takes nothing with it but this process.
process.once("message", (order: NativeOrder) => {
  process.send!(carriedOut(order), () => process.exit(0));
});
process.once("disconnect", () => process.exit(1));
dieWithParent();

function carriedOut({ description, library, folder, plan, from, snapshot }: NativeOrder): NativeAnswer {
  try {
    const resources = description.standard === "FMI 2.0" ? pathToFileURL(`${folder}/resources`).href : `${folder}/resources/`;
    const instance = instanceOf({ description }, new NativeLibrary(library, resources));
    if (snapshot) mustSave(instance);
    const run = new ModelRun(instance, plan, from);
    run.advance(plan.durationS);
    const state = snapshot ? run.snapshot() : undefined;
    return { result: run.result(), ...(state === undefined ? {} : { snapshot: state }), log: instance.takeLog() };
  } catch (cause) {
    return { failure: reasonOf(cause) };
  }
}

/** A model that hangs keeps this thread from hearing that its parent is gone: Linux is told to end it then (prctl, PR_SET_PDEATHSIG). Elsewhere it is not. */
function dieWithParent(): void {
  if (process.platform !== "linux") return;
  const [PR_SET_PDEATHSIG, SIGKILL] = [1, 9];
  try {
    const signature = { arguments: ["int32", "uint64"], return: "int32" } as const;
    const { functions } = process.getBuiltinModule("node:ffi").dlopen(null, { prctl: signature });
    functions.prctl(PR_SET_PDEATHSIG, BigInt(SIGKILL));
  } catch {
    // Loading the model says what is missing.
  }
}
