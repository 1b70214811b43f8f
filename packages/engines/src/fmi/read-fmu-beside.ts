import { Worker } from "node:worker_threads";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FmuContent } from "./read-fmu.ts";

/** `readFmu` on a thread of its own: a large archive stops nobody. Throws DW_UNAVAILABLE when that thread runs out of memory. */
export function readFmuBeside(bytes: Uint8Array): Promise<FmuContent> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./read-fmu-worker.ts", import.meta.url), {
      workerData: bytes,
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    worker.once("message", (content: FmuContent) => {
      resolve(content);
      void worker.terminate();
    });
    worker.once("error", (cause) =>
      reject(
        new DoppelwerkError(
          "DW_UNAVAILABLE",
          message("engines.modelCouldNotRead", { reason: cause instanceof Error ? cause.message : String(cause) }),
        ),
      ),
    );
  });
}
