import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { machinesOf, type Machine } from "./machines.ts";

export type { Machine } from "./machines.ts";

/** As Node has it; its types leave it out. */
const { compile } = WebAssembly as unknown as { compile(wasm: Uint8Array): Promise<WebAssembly.Module> };
let compiled: Promise<WebAssembly.Module> | undefined;

/** The machine of a pack in this thread. */
export const machineOf: (pack: string) => Promise<Machine> = machinesOf(() => {
  return (compiled ??= readFile(fileURLToPath(import.meta.resolve("@jitl/quickjs-wasmfile-release-sync/wasm"))).then(compile));
});
