import type { Message } from "@doppelwerk/messages";
import { parentPort } from "node:worker_threads";
import { DoppelwerkError } from "@doppelwerk/world";
import { shellsIn } from "./shells-in-package.ts";

/** The size of a package in bytes, then its pieces. */
export type ToPackageReader = { readonly size: number } | { readonly piece: Uint8Array };

/** What was found in one package. */
export type FoundShells =
  | { readonly shells: readonly string[]; readonly refusal?: undefined }
  | { readonly shells?: undefined; readonly refusal: Message };

let bytes = new Uint8Array(0);
let filled = 0;

parentPort!.on("message", (message: ToPackageReader) => {
  if ("size" in message) {
    bytes = new Uint8Array(message.size);
    return;
  }
  bytes.set(message.piece, filled);
  filled += message.piece.length;
  if (filled === bytes.length) parentPort!.postMessage(found());
});

function found(): FoundShells {
  try {
    return { shells: shellsIn(bytes) };
  } catch (error) {
    if (!(error instanceof DoppelwerkError)) throw error;
    return { refusal: error.reason };
  }
}
