import { message } from "@doppelwerk/messages";
import type { Role } from "@doppelwerk/trust";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { Accounts } from "../http/person.ts";
import { isUsable, type Account, type AccountStore } from "./account-store.ts";
import type { Asked, Headers, People, Programs, SharedTerminals } from "./people.ts";
import type { Session, Sessions } from "./sessions.ts";

export interface KnownPeopleOptions {
  readonly accounts: AccountStore;
  readonly sessions: Sessions;
  readonly cookie: SessionCookie;
  readonly machines: Programs;
  readonly terminals: SharedTerminals;
  /** Of a terminal. */
  readonly terminalCookie: SessionCookie;
  readonly now: () => number;
  /** Whoever showed a password alone does not administer. */
  readonly needsSecondFactor?: boolean | undefined;
}

/** The cookie of a session. */
export interface SessionCookie {
  readonly name: string;
  set(token: string, maxAgeS: number): string;
}

/**
 * Of this host alone, over TLS alone, never read by a script and never sent by a page of another site (RFC 6265bis; OWASP ASVS 5.0, 3.3). On loopback
 * without TLS browsers keep no cookie of the prefix `__Host-`.
 */
export function sessionCookie(isSecure: boolean, purpose = ""): SessionCookie {
  const name = `${isSecure ? "__Host-" : ""}doppelwerk${purpose}`;
  return {
    name,
    set: (token, maxAgeS) => `${name}=${token}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${isSecure ? "; Secure" : ""}`,
  };
}

/** People with accounts, and machines: a request is of whoever began the session that its cookie names, or of the machine that it shows to be of. */
export class KnownPeople implements People {
  readonly isRequired = true;
  readonly #options: KnownPeopleOptions;
  /** What sessions have open, by session. */
  readonly #open = new Map<string, Set<() => void>>();
  #names: Pick<Accounts, "remember" | "erase"> | undefined;

  constructor(options: KnownPeopleOptions) {
    this.#options = options;
  }

  /** Tells their names to what shows the log, which has ids alone. */
  nameTo(names: Pick<Accounts, "remember" | "erase">): this {
    this.#names = names;
    return this;
  }

  list(): readonly Principal[] {
    const { accounts, now } = this.#options;
    const usable = accounts.list().filter((account) => isUsable(account, now()));
    return usable.map(({ id, name, roles }) => ({ id, name, verified: true, roles }));
  }

  admit(request: Asked, address: string): Promise<void> | undefined {
    const { machines } = this.#options;
    return machines.isOfMachine(request) ? machines.admit(request, address) : undefined;
  }

  of(request: Headers): Principal {
    const { machines } = this.#options;
    if (machines.isOfMachine(request)) return this.#named(machines.principalOf(request));
    const session = this.sessionOf(request);
    const terminal = session === undefined ? this.terminalOf(request) : undefined;
    // while nobody is signed in it shows the plant, and does nothing
    if (terminal !== undefined) return this.#named({ ...terminal, verified: true, roles: ["viewer"], machine: true });
    const { account, session: own } = this.known(request);
    return this.#principal(account, own);
  }

  /** The terminal that the browser of a request is. */
  terminalOf(request: Headers): { readonly id: string; readonly name: string } | undefined {
    const token = cookieOf(request, this.#options.terminalCookie.name);
    const found = token === undefined ? undefined : this.#options.terminals.byToken(token);
    return found && { id: found.id, name: found.name };
  }

  /** What bounds a session that begins in the browser of a request; undefined where it is no terminal. */
  boundsOf(request: Headers): Session["terminal"] {
    const terminal = this.terminalOf(request);
    return terminal && this.#options.terminals.boundsOn(terminal.id);
  }

  /** The session of a request, if it has one. */
  sessionOf(request: Headers): Session | undefined {
    const token = cookieOf(request, this.#options.cookie.name);
    return token === undefined ? undefined : this.#options.sessions.find(token);
  }

  /** As `known`, of who may change what he logs in with: not on a terminal. Errors: DW_UNAUTHENTICATED, DW_FORBIDDEN. */
  owner(request: Headers): { readonly session: Session; readonly account: Account } {
    const found = this.known(request);
    if (found.session.terminal !== undefined) throw new DoppelwerkError("DW_FORBIDDEN", message("server.notAtTerminal"));
    return found;
  }

  ofHello(request: Headers): Principal {
    return this.of(request);
  }

  /** The session of a request and its account. Errors: DW_UNAUTHENTICATED. */
  known(request: Headers): { readonly session: Session; readonly account: Account } {
    const { sessions, accounts, now } = this.#options;
    const session = this.sessionOf(request);
    const account = session === undefined ? undefined : accounts.byId(session.account);
    // what was begun on a terminal holds in its browser alone
    const isElsewhere = session?.terminal !== undefined && this.terminalOf(request)?.id !== session.terminal.id;
    if (session === undefined || isElsewhere) throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.notLoggedIn"));
    if (account === undefined || !isUsable(account, now())) {
      sessions.end(session.id, { why: "changed" });
      throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.notLoggedIn"));
    }
    return { session, account };
  }

  whileKnown(request: Headers, end: () => void): () => void {
    const { machines } = this.#options;
    if (machines.isOfMachine(request)) return machines.whileKnown(request, end);
    const id = this.sessionOf(request)?.id ?? this.terminalOf(request)?.id ?? this.known(request).session.id;
    const open = this.#open.get(id) ?? this.#open.set(id, new Set()).get(id)!;
    open.add(end);
    return () => {
      open.delete(end);
      if (open.size === 0) this.#open.delete(id);
    };
  }

  /** Nothing shows the name any more. Errors: DW_UNAVAILABLE. */
  forget(account: string): void {
    this.#names?.erase(account);
  }

  /** Ends what the session has open, at once. */
  ended({ id }: Pick<Session, "id">): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    for (const end of open ?? []) end();
  }

  /** The account as far as what its person showed for the session goes. */
  asShown(account: Account, { proof }: Pick<Session, "proof">): Account {
    const isWeak = this.#options.needsSecondFactor === true && !SECOND_FACTORS.has(proof);
    return isWeak ? { ...account, roles: account.roles.map(withoutAdministration) } : account;
  }

  #principal(account: Account, session: Session): Principal {
    const { id, name, roles } = this.asShown(account, session);
    return this.#named({ id, name, verified: true, roles: session.terminal === undefined ? roles : roles.map(withoutAdministration) });
  }

  #named(principal: Principal): Principal {
    this.#names?.remember(principal.id, principal.name);
    return principal;
  }
}

/** Its value; undefined where there is none, or there are two. */
export function cookieOf({ headers: { cookie } }: Headers, name: string): string | undefined {
  const found = cookie
    ?.split(";")
    .map((each) => each.trim())
    .filter((each) => each.startsWith(`${name}=`));
  // one of two may be planted by another page of the host
  return found?.length === 1 ? found[0]!.slice(name.length + 1) : undefined;
}

/** Two factors each, or what a provider of the company asks for. */
const SECOND_FACTORS: ReadonlySet<Session["proof"]> = new Set(["authenticator", "passkey", "company"]);

/** Nobody administers on a browser that everybody uses, nor with a password alone where two factors are asked for. */
function withoutAdministration(role: Role): Role {
  return role === "administrator" ? "engineer" : role;
}
