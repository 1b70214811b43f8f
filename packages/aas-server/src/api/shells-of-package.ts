import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { DoppelwerkError } from "@doppelwerk/world";
import { shellsIn } from "./shells-in-package.ts";
import type { FoundShells } from "./shells-of-package-worker.ts";

/** Reading a shorter package takes less than starting a thread. In bytes. */
const MAX_HERE = 256 * 1024;

/** Ids of the shells in a package, of a large one in a thread of its own. Errors: DW_INVALID (no AASX package). */
export async function shellsOfPackage(bytes: Uint8Array): Promise<readonly string[]> {
  if (bytes.length <= MAX_HERE) return shellsIn(bytes);
  const worker = new Worker(
    new URL(import.meta.url.endsWith(".ts") ? "shells-of-package-worker.ts" : "shells-of-package-worker.js", import.meta.url),
  );
  try {
    worker.postMessage(bytes);
    const [found] = (await once(worker, "message")) as [FoundShells];
    if (found.refusal !== undefined) throw new DoppelwerkError("DW_INVALID", found.refusal);
    return found.shells;
  } finally {
    await worker.terminate();
  }
}
