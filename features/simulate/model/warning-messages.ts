import type { RunResult } from "@doppelwerk/client";

/** Warnings are kept under their former name. */
export function messagesOf({ warningsTold }: Pick<RunResult, "warningsTold">): Pick<RunResult, "warningMessages"> {
  return warningsTold === undefined ? {} : { warningMessages: warningsTold };
}
