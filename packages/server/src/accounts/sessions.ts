import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { Ending, Proof } from "./ending.ts";
import { readSecretFile, writeSecretFile } from "./private-file.ts";

/** Somebody who is logged in. */
export interface Session {
  /** Names it on screens; its token is known to the browser alone. */
  readonly id: string;
  readonly account: string;
  readonly begun: number;
  readonly seen: number;
  /** When its person last proved to be there. */
  readonly proved: number;
  /** Of the browser, as it names itself. */
  readonly agent: string;
  readonly address: string;
  /** How its person showed who he is; absent for those of before. */
  readonly proof?: Proof;
  /** On a browser that a place shares: over after `idleMs` without a touch, and at `until`, ms since 1970. */
  readonly terminal?: { readonly id: string; readonly idleMs: number; readonly until?: number };
}

interface KeptSession extends Session {
  /** SHA-256 of the token, hex. */
  readonly hash: string;
}

const NAME = "sessions.json";
const HOUR_MS = 3_600_000;
/** OWASP ASVS 5.0, 7.3: an inactivity timeout and a maximum lifetime; a shift with its handover, and a week. */
export const IDLE_MS = 12 * HOUR_MS;
export const LIFETIME_MS = 168 * HOUR_MS;
const TOKEN_BYTES = 32;
/** How far behind `seen` may be in the file. */
const SEEN_EVERY_MS = 5 * 60_000;
/** Further ones of an account end its oldest. */
const MAX_OF_ACCOUNT = 50;
const AGENT_MAX = 200;

export interface SessionsOptions {
  readonly path: string;
  readonly now: () => number;
  /** After so long without a request a session is over; default 12 hours. */
  readonly idleMs?: number | undefined;
  /** What the session has open is to be ended. */
  readonly ended: (session: Session, ending: Ending) => void;
  readonly onFault: (error: unknown) => void;
}

/** The sessions of a server. They outlive its restart; their tokens are kept nowhere. */
export class Sessions {
  readonly #options: SessionsOptions;
  /** By hash of the token. */
  readonly #sessions: Map<string, KeptSession>;
  #savedAt: number;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#savedAt = options.now();
    this.#sessions = new Map(readSessions(options.path).map((session) => [session.hash, session]));
  }

  /** The token, which is told once. Errors: DW_UNAVAILABLE; nobody is logged in then. */
  begin(
    account: string,
    {
      agent,
      address,
      proved,
      proof,
      terminal,
    }: Pick<Session, "agent" | "address"> & Partial<Pick<Session, "proved" | "proof" | "terminal">>,
  ): { readonly token: string; readonly session: Session } {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const now = this.#options.now();
    const hash = hashOf(token);
    const session = {
      id: hash.slice(0, 16),
      account,
      begun: now,
      seen: now,
      proved: proved ?? now,
      agent: agent.slice(0, AGENT_MAX),
      address,
      ...(proof !== undefined && { proof }),
      ...(terminal !== undefined && { terminal }),
      hash,
    };
    this.sweep();
    const own = this.of(account);
    this.#sessions.set(hash, session);
    try {
      this.#save();
    } catch (error) {
      this.#sessions.delete(hash);
      throw error;
    }
    for (const oldest of own.slice(0, Math.max(0, own.length + 1 - MAX_OF_ACCOUNT))) this.end(oldest.id, { why: "replaced" });
    return { token, session };
  }

  /** Undefined where the token is of no session, or of one that is over. */
  find(token: string): Session | undefined {
    const session = this.#sessions.get(hashOf(token));
    if (session === undefined) return undefined;
    const now = this.#options.now();
    if (this.#isOver(session, now)) {
      this.end(session.id, { why: "expired" });
      return undefined;
    }
    // what a page asks for by itself is no sign of somebody
    if (session.terminal !== undefined) return session;
    const seen = { ...session, seen: now };
    this.#sessions.set(session.hash, seen);
    if (now - this.#savedAt >= SEEN_EVERY_MS) this.#saveOrTell();
    return seen;
  }

  /** Somebody touched the terminal. */
  stay(id: string): void {
    const session = [...this.#sessions.values()].find((each) => each.id === id);
    if (session !== undefined) this.#sessions.set(session.hash, { ...session, seen: this.#options.now() });
  }

  /** Those that are not over. */
  all(): readonly Session[] {
    const now = this.#options.now();
    return [...this.#sessions.values()].filter((each) => !this.#isOver(each, now));
  }

  /** Its person proved now to be there. A disk that refuses is told of; the proof counts until the server starts again. */
  prove(id: string): void {
    const session = [...this.#sessions.values()].find((each) => each.id === id);
    if (session === undefined) return;
    this.#sessions.set(session.hash, { ...session, proved: this.#options.now() });
    this.#saveOrTell();
  }

  /** Those that are open. */
  get count(): number {
    const now = this.#options.now();
    return [...this.#sessions.values()].filter((each) => !this.#isOver(each, now)).length;
  }

  /** Of an account, the oldest first. */
  of(account: string): readonly Session[] {
    const now = this.#options.now();
    return [...this.#sessions.values()]
      .filter((each) => each.account === account && !this.#isOver(each, now))
      .toSorted((a, b) => a.begun - b.begun);
  }

  /** Over at once, for everything that it has open. A disk that refuses is told of, and the session is over all the same until the server starts again. */
  end(id: string, ending: Ending): boolean {
    const session = [...this.#sessions.values()].find((each) => each.id === id);
    if (session === undefined) return false;
    this.#sessions.delete(session.hash);
    this.#saveOrTell();
    this.#options.ended(session, ending);
    return true;
  }

  /** Every session of an account but one. */
  endAll(account: string, ending: Ending, except?: string): void {
    for (const { id } of this.of(account)) if (id !== except) this.end(id, ending);
  }

  /** Ends what is over, whether anything is asked in it or not, and those that `isGone` names. */
  sweep(isGone: (session: Session) => boolean = () => false, gone: Ending = { why: "changed" }): void {
    const now = this.#options.now();
    for (const session of this.#sessions.values())
      if (this.#isOver(session, now)) this.end(session.id, { why: "expired" });
      else if (isGone(session)) this.end(session.id, gone);
  }

  #isOver({ begun, seen, terminal }: Session, now: number): boolean {
    if (terminal !== undefined && (now - seen >= terminal.idleMs || (terminal.until !== undefined && now >= terminal.until))) return true;
    // a clock that was set back ends nothing and extends nothing beyond its span
    return now - seen >= (this.#options.idleMs ?? IDLE_MS) || now - begun >= LIFETIME_MS;
  }

  #saveOrTell(): void {
    try {
      this.#save();
    } catch (error) {
      this.#options.onFault(error);
    }
  }

  #save(): void {
    writeSecretFile(this.#options.path, NAME, JSON.stringify([...this.#sessions.values()]));
    this.#savedAt = this.#options.now();
  }
}

/** Of a random number of 256 bits: nothing to be guessed, so one hash is enough. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** A file that cannot be read costs one login each. */
function readSessions(path: string): readonly KeptSession[] {
  if (!existsSync(path)) return [];
  try {
    const stored: unknown = JSON.parse(readSecretFile(path, NAME));
    return Array.isArray(stored) ? (stored as readonly KeptSession[]).filter((each) => typeof each?.hash === "string").map(withProof) : [];
  } catch {
    return [];
  }
}

/** Those of before proved nothing but the log-in. */
function withProof(session: KeptSession): KeptSession {
  return { ...session, proved: session.proved ?? session.begun };
}
