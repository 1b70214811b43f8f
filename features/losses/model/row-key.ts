import { lossKey } from "@doppelwerk/operations";
import type { LossRow } from "../contract.ts";

/** The same for what is one row of a budget. */
export function rowKey({ state, station, cause, reason }: Pick<LossRow, "state" | "station" | "cause" | "reason">): string {
  return lossKey({
    state,
    ...(station !== undefined && { station }),
    ...(cause !== undefined && { cause }),
    ...(reason !== undefined && { reason: reason.code }),
  });
}
