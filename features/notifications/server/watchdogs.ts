import { SECOND } from "@doppelwerk/kit";
import type { Instant } from "@doppelwerk/world";

interface Watchdog {
  readonly name: string;
  readonly at: Instant;
  readonly everyS: number;
}

const MAX_WATCHDOGS = 20;
/** Missed after so many of its intervals. */
const MISSED = 4;
const AT_LEAST_S = 60;

/** Who watches this server, as far as they asked: one that stops asking is missed. In memory: after a restart nobody is missed before he asked. */
export class Watchdogs {
  readonly #known = new Map<string, Watchdog>();
  readonly #now: () => Instant;

  constructor(now: () => Instant) {
    this.#now = now;
  }

  asked(key: string, name: string, everyS: number): void {
    if (!this.#known.has(key) && this.#known.size >= MAX_WATCHDOGS) return;
    this.#known.set(key, { name, at: this.#now(), everyS });
  }

  list(): readonly { readonly name: string; readonly at: Instant; readonly isSilent: boolean }[] {
    const now = this.#now();
    return [...this.#known.values()].map(({ name, at, everyS }) => ({
      name,
      at,
      isSilent: now - at > Math.max(AT_LEAST_S, MISSED * everyS) * SECOND,
    }));
  }
}
