import type { Instant } from "@doppelwerk/world";
import type { HostedWorld } from "./hosted-world.ts";

/** With less than this nothing can be stored any more. */
const MIN_FREE_BYTES = 1 << 20;

/** That nothing of a world can be stored now: `since` when its historian refuses, which a disk that is full need not have done yet. */
export interface StoreTrouble {
  readonly isDiskFull: boolean;
  readonly since?: Instant;
}

/** Undefined while samples can be stored. */
export function storeTroubleOf(world: Pick<HostedWorld, "storeRefusal" | "freeBytes">): StoreTrouble | undefined {
  const refusal = world.storeRefusal();
  const free = world.freeBytes();
  const isDiskFull = refusal?.isDiskFull === true || (free !== undefined && free < MIN_FREE_BYTES);
  if (refusal === undefined && !isDiskFull) return undefined;
  return { isDiskFull, ...(refusal && { since: refusal.since }) };
}
