import type { ComponentCode, RunningComponents } from "@doppelwerk/sim";
import { machinesOf } from "../quickjs/machines.ts";
import { prepareComponents } from "./sandboxed-components.ts";

// The same machine as in Node, loaded by the page when a run with components is first watched: the same code comes to the same numbers.

const machineOf = machinesOf();

/** Components in a sandbox of this page. Who watches a run goes over it again and again: steps are bounded by each call alone. */
export function prepareInBrowser(codes: readonly ComponentCode[]): Promise<() => RunningComponents> {
  return prepareComponents(codes, { machineOf, maxRunSteps: Infinity });
}
