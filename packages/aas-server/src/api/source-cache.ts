import type { BranchId, Principal } from "@doppelwerk/world";
import type { AasSource } from "./aas-source.ts";

/** Sources kept at most; when full, all are made again. */
const MAX_SOURCES = 1_000;

type Made = AasSource | undefined;

/**
 * One source a principal and branch, kept from request to request: making views and sources again costs a third of a value request.
 * A source reads the newest state and asks the gate every time, so a kept one is never stale; it is keyed by everything a principal is.
 */
export class SourceCache {
  readonly #sources = new Map<string, AasSource | Promise<Made>>();

  /** The kept source, or the one that `make` makes; undefined and failures are not kept. */
  of(principal: Principal, branch: BranchId, make: () => Made | Promise<Made>): Made | Promise<Made> {
    const key = `${JSON.stringify([principal.id, principal.name, principal.verified, principal.roles])} ${branch}`;
    const kept = this.#sources.get(key);
    if (kept !== undefined) return kept;
    const made = make();
    if (made instanceof Promise) return this.#whenMade(key, made);
    if (made !== undefined) this.#keep(key, made);
    return made;
  }

  #whenMade(key: string, making: Promise<Made>): Promise<Made> {
    this.#keep(key, making);
    making.then(
      (made) => (made === undefined ? this.#sources.delete(key) : this.#sources.set(key, made)),
      () => this.#sources.delete(key),
    );
    return making;
  }

  #keep(key: string, source: AasSource | Promise<Made>): void {
    if (this.#sources.size >= MAX_SOURCES) this.#sources.clear();
    this.#sources.set(key, source);
  }
}
