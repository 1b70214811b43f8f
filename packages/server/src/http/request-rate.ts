import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** Seconds over which requests are counted: a page that opens may ask for many things at once. */
const WINDOW_S = 10;
/** Identities that are counted at a time; beyond them the one that asked first is forgotten. */
const MAX_IDENTITIES = 100_000;

interface Counted {
  readonly since: number;
  count: number;
}

/** At most so many requests of one identity in a window of ten seconds (OWASP ASVS 5.0, 2.4.1), so that one cannot keep the server from the others. */
export class RequestRate {
  readonly #perWindow: number;
  readonly #now: () => number;
  readonly #counted = new Map<string, Counted>();

  /** `now` in milliseconds. */
  constructor(perSecond: number, now: () => number) {
    this.#perWindow = perSecond * WINDOW_S;
    this.#now = now;
  }

  /** Errors: DW_TOO_OFTEN with details.retryAfterS. */
  count(identity: string): void {
    const now = this.#now();
    const known = this.#counted.get(identity);
    // a clock that was set back begins another window
    if (known === undefined || now - known.since >= WINDOW_S * 1_000 || now < known.since) {
      this.#counted.delete(identity);
      this.#counted.set(identity, { since: now, count: 1 });
      if (this.#counted.size > MAX_IDENTITIES) this.#counted.delete(this.#counted.keys().next().value!);
      return;
    }
    if (++known.count <= this.#perWindow) return;
    const retryAfterS = Math.ceil((known.since + WINDOW_S * 1_000 - now) / 1_000);
    throw new DoppelwerkError("DW_TOO_OFTEN", message("server.requestsTooOften", { seconds: retryAfterS }), { retryAfterS });
  }
}
