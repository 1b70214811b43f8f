import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { DoppelwerkError, type StagedBlob } from "@doppelwerk/world";
import { shellsIn } from "./shells-in-package.ts";
import type { FoundShells, ToPackageReader } from "./shells-of-package-worker.ts";

/** Reading a shorter package takes less than starting a thread. In bytes. */
const MAX_HERE = 256 * 1024;

/** Ids of the shells in a package, of a large one in a thread of its own. Errors: DW_INVALID (no AASX package). */
export async function shellsOfPackage(file: Pick<StagedBlob, "size" | "bytes" | "pieces">): Promise<readonly string[]> {
  if (file.size <= MAX_HERE) return shellsIn(await file.bytes());
  const worker = new Worker(
    new URL(import.meta.url.endsWith(".ts") ? "shells-of-package-worker.ts" : "shells-of-package-worker.js", import.meta.url),
  );
  const post = (message: ToPackageReader): void => worker.postMessage(message);
  try {
    const answer = once(worker, "message") as Promise<[FoundShells]>;
    post({ size: file.size });
    for await (const piece of file.pieces()) post({ piece });
    const [found] = await answer;
    if (found.refusal !== undefined) throw new DoppelwerkError("DW_INVALID", found.refusal);
    return found.shells;
  } finally {
    await worker.terminate();
  }
}
