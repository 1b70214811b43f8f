import type { BranchId, Principal } from "@doppelwerk/world";
import type { AasSource } from "./aas-source.ts";

/** Sources kept at most; when full, all are made anew. */
const MOST_SOURCES = 1_000;

/**
 * One source a principal and branch, kept from request to request: making views and sources anew costs a third of a value request.
 * A source reads the newest state and asks the gate every time, so a kept one is never stale; it is keyed by everything a principal is.
 */
export class SourceCache {
  readonly #sources = new Map<string, AasSource>();

  /** The kept source, or the one that `make` makes; undefined is not kept. */
  of(principal: Principal, branch: BranchId, make: () => AasSource | undefined): AasSource | undefined {
    const key = `${JSON.stringify([principal.id, principal.name, principal.verified, principal.roles])} ${branch}`;
    const kept = this.#sources.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    if (made === undefined) return undefined;
    if (this.#sources.size >= MOST_SOURCES) this.#sources.clear();
    this.#sources.set(key, made);
    return made;
  }
}
