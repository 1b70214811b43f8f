import { HOME_WORLD, worldPath, type AasApi } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import type { BranchId } from "@doppelwerk/world";
import type { Studio } from "./studio.ts";

/** Path of a branch's AAS API on this server. */
export function apiPath(branch: BranchId, world: string = HOME_WORLD): string {
  return branch === LIVE ? `${worldPath(world)}/api/v3` : `/worlds/${world}/branches/${encodeURIComponent(branch)}/api/v3`;
}

/**
 * The AAS API of a branch as this person; `reason` is why something is written, `since` the revision of what was looked at: where that was changed
 * since, nothing is written (DW_CHANGED).
 */
export function aasOf(studio: Studio, branch: BranchId, reason?: string, since?: number): AasApi {
  const { personId, name } = studio.preferences.get();
  return {
    url: location.origin + apiPath(branch, studio.address.store.get().world),
    fetch: (url, init) => fetch(url, init as RequestInit),
    headers: {
      "Doppelwerk-Person": personId,
      "Doppelwerk-Name": encodeURIComponent(name),
      ...(reason !== undefined && { "Doppelwerk-Reason": encodeURIComponent(reason) }),
      ...(since !== undefined && { "Doppelwerk-Unchanged-Since": String(since) }),
    },
  };
}
