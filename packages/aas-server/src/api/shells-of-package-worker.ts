import type { Message } from "@doppelwerk/messages";
import { parentPort } from "node:worker_threads";
import { DoppelwerkError } from "@doppelwerk/world";
import { shellsIn } from "./shells-in-package.ts";

/** What is told of one package. */
export type FoundShells =
  | { readonly shells: readonly string[]; readonly refusal?: undefined }
  | { readonly shells?: undefined; readonly refusal: Message };

parentPort!.once("message", (bytes: Uint8Array) => {
  try {
    parentPort!.postMessage({ shells: shellsIn(bytes) } satisfies FoundShells);
  } catch (error) {
    if (!(error instanceof DoppelwerkError)) throw error;
    parentPort!.postMessage({ refusal: error.reason } satisfies FoundShells);
  }
});
