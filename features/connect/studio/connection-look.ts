import type { ConnectionStatus } from "@doppelwerk/sync";

/** No value comes, and the product tries again or has given up. */
export function isDown(state: ConnectionStatus["state"]): boolean {
  return state === "failed" || state === "reconnecting" || state === "closed";
}

/** Values come, and something about them is wrong. */
export function hasFindings({ state, findings }: Pick<ConnectionStatus, "state" | "findings">): boolean {
  return state === "connected" && findings.length > 0;
}
