import { createHash, randomBytes } from "node:crypto";
import type { Checks } from "./openid-provider.ts";

/** Somebody who is at a provider and has not come back yet. */
export interface PendingSignIn {
  readonly provider: string;
  readonly checks: Checks;
  /** Page that was asked for. */
  readonly returnTo: string;
  /** Account that is bound to whoever comes back: that of an invitation, or of the session it began in. */
  readonly binds?: { readonly account: string; readonly session?: string; readonly invitation?: string };
  /** Session whose person proves to be there; no other begins. */
  readonly proves?: string;
}

const HELD_MS = 10 * 60_000;
const MAX_HELD = 10_000;
/** A whole plant may have one address; another one loses nothing by what is begun there. */
const MAX_OF_ADDRESS = 500;
const TOKEN_BYTES = 32;

interface Held extends PendingSignIn {
  readonly address: string;
  readonly browser: string;
  readonly until: number;
}

/**
 * Who went to a provider from which browser. An answer counts once, for ten minutes at most, and in the browser that began alone: nobody is logged in as
 * somebody else by a link (login CSRF; RFC 9700, 4.7).
 */
export class PendingSignIns {
  readonly #now: () => number;
  /** By state. */
  readonly #held = new Map<string, Held>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The token of the browser, for its cookie. `token`: the one that it has. */
  add(pending: PendingSignIn, address: string, token: string | undefined): string {
    const browser = token !== undefined && /^[\w-]{43}$/.test(token) ? token : randomBytes(TOKEN_BYTES).toString("base64url");
    this.#held.set(pending.checks.state, { ...pending, address, browser: hashOf(browser), until: this.#now() + HELD_MS });
    const beside = [...this.#held].filter(([, held]) => held.address === address);
    for (const [state] of beside.slice(0, Math.max(0, beside.length - MAX_OF_ADDRESS))) this.#held.delete(state);
    if (this.#held.size > MAX_HELD) this.#held.delete(this.#held.keys().next().value!);
    return browser;
  }

  /** Undefined for what did not begin in this browser, is over, or was taken before. */
  take(provider: string, state: string, token: string | undefined): PendingSignIn | undefined {
    const held = this.#held.get(state);
    if (held === undefined || token === undefined || held.browser !== hashOf(token) || held.provider !== provider) return undefined;
    this.#held.delete(state);
    return held.until > this.#now() ? held : undefined;
  }
}

/** Of a random number of 256 bits. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A page of this server, else its first page: what comes from an address is no place to go to (CWE-601). */
export function returnPath(text: string): string {
  const base = "https://doppelwerk.invalid";
  if (!text.startsWith("/") || !URL.canParse(text, base)) return "/";
  const url = new URL(text, base);
  return url.origin === base && !url.pathname.startsWith("//") ? url.pathname + url.search + url.hash : "/";
}
