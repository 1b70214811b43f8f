import type { StationState } from "@doppelwerk/operations";

/** What a station does while it uses energy. */
export const STATE_GROUPS = ["producing", "waiting", "stopped", "off", "unknown"] as const;
export type StateGroup = (typeof STATE_GROUPS)[number];

const GROUP: Readonly<Record<StationState, StateGroup>> = {
  working: "producing",
  setUp: "stopped",
  idle: "waiting",
  blocked: "waiting",
  starved: "waiting",
  failed: "stopped",
  microStop: "stopped",
  maintenance: "stopped",
  off: "off",
  break: "off",
  unknown: "unknown",
};

/** A word that no state has is unknown. */
export function groupOfState(state: string): StateGroup {
  return Object.hasOwn(GROUP, state) ? GROUP[state as StationState] : "unknown";
}

/** Share of what was used while nothing was produced, of what is known of states; undefined where nothing is. */
export function standbyShare(amounts: Readonly<Record<StateGroup, number>>): number | undefined {
  const known = amounts.producing + amounts.waiting + amounts.stopped + amounts.off;
  return known > 0 ? (known - amounts.producing) / known : undefined;
}
