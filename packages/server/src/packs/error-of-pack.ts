import { verbatim } from "@doppelwerk/messages";
import { DoppelwerkError, errorStatus, type ErrorCode } from "@doppelwerk/world";
import type { CrossingError } from "./pack-protocol.ts";

/** What a pack refuses with a code of the catalogue is its answer; anything else is a fault of it, named in the log. */
export function errorOfPack(error: CrossingError, name: string): Error {
  const words = String(error?.message).slice(0, 500);
  if (typeof error?.code === "string" && Object.hasOwn(errorStatus, error.code))
    return new DoppelwerkError(error.code as ErrorCode, verbatim(words));
  return new Error(`the pack ${name} failed: ${words}${typeof error?.stack === "string" ? `\n${error.stack.slice(0, 4_000)}` : ""}`);
}
