import type { ComponentCode, RunningComponents } from "@doppelwerk/sim";
import { machineOf, Sandbox } from "../quickjs/index.ts";
import { prepareComponents, RUN } from "./sandboxed-components.ts";

/** Components in a sandbox of this thread: a machine for each station of each run. */
export async function openComponents(codes: readonly ComponentCode[]): Promise<RunningComponents> {
  return (await prepareComponents(codes, { machineOf }))();
}

/**
 * The JavaScript of a component by path: its module and what that imports. `source` gives the text of a module, from the pack's folder, as
 * `/sim/fermenter.js`. Throws where it cannot be loaded or exports no component.
 */
export async function filesOfComponent(
  pack: string,
  module: string,
  source: (path: string) => string,
): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  const read = (path: string): string => (files[path] = source(path));
  new Sandbox(await machineOf(pack), { kind: "component", run: RUN, module, source: read }).dispose();
  return files;
}
