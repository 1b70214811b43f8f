import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FurtherCredentials, Identities } from "../accounts/account-routes.ts";
import { AccountStore, accountsPath, isUsable } from "../accounts/account-store.ts";
import { KnownPeople, sessionCookie, type SessionCookie } from "../accounts/known-people.ts";
import type { SharedTerminals } from "../accounts/people.ts";
import { Login } from "../accounts/login.ts";
import { isPeppered } from "../accounts/password.ts";
import { openPepper, PEPPER_FILE } from "../accounts/pepper.ts";
import { Sessions } from "../accounts/sessions.ts";
import { UseNoticeStore, useNoticePath } from "../accounts/use-notice.ts";
import { Directories } from "../directory/directories.ts";
import type { Certificates } from "../certificates/certificates.ts";
import { RequestRate } from "../http/request-rate.ts";
import { PasskeyStore, passkeysPath } from "../passkeys/passkey-store.ts";
import { Passkeys } from "../passkeys/passkeys.ts";
import { TerminalStore, terminalsPath } from "../terminals/terminal-store.ts";
import { boundsOn, Terminals } from "../terminals/terminals.ts";
import type { FetchText } from "../credentials/fetched.ts";
import { PresentedMachines } from "../credentials/presented-machines.ts";
import { endedMachine, endedSession, endedTerminal } from "../identities/ended-identities.ts";
import { connectionsPath, ConnectionRegister } from "../connections/connection-register.ts";
import { identitiesPath, IdentityHistory } from "../identities/identity-history.ts";
import { Machines } from "../machines/machines.ts";
import { openCredentials, type Credentials } from "./open-credentials.ts";

/** Who connects to a server with accounts. */
export interface KnownIdentities extends Identities {
  readonly machines: Machines;
  /** What connected once. */
  readonly history: IdentityHistory;
  /** What the server itself opens. */
  readonly connections: ConnectionRegister;
  readonly credentials: Credentials & { readonly presented: PresentedMachines };
  /** Providers of the company that know people. */
  readonly directories: Directories;
  readonly passkeys: Passkeys;
  readonly terminals: Terminals;
  readonly terminalCookie: SessionCookie;
  /** Of a browser that is about to log in with a passkey. */
  readonly passkeyCookie: SessionCookie;
  readonly scheme: "http" | "https";
  readonly rate: RequestRate;
  readonly useNotice: UseNoticeStore;
}

export interface OpenIdentitiesOptions {
  readonly data: string;
  /** Whether the server speaks TLS. */
  readonly isSecure: boolean;
  /** Of one identity. */
  readonly requestsPerSecond: number;
  /** After so long without a request a session is over; default 12 hours. */
  readonly idleMs?: number | undefined;
  /** Whoever showed a password alone does not administer. */
  readonly needsSecondFactor?: boolean | undefined;
  /** How documents and lists of trusted issuers are read; default: over TLS. */
  readonly fetchText?: FetchText;
  readonly onFault: (error: unknown) => void;
  /** Default: those of the folder. */
  readonly certificates?: Certificates;
}

const SWEEP_MS = 10_000;
const TERMINAL_SWEEP_MS = 1_000;

/** The accounts and machines of a data folder; undefined where there are none, so that the server answers its own machine alone. Errors: those of `AccountStore` and `Machines`. */
export async function openIdentities(options: OpenIdentitiesOptions): Promise<KnownIdentities | undefined> {
  const { data, isSecure, requestsPerSecond, onFault } = options;
  const accounts = new AccountStore(accountsPath(data));
  if (accounts.isEmpty) return undefined;
  const [now, cookie] = [(): number => Date.now(), sessionCookie(isSecure)];
  const history = new IdentityHistory({ path: identitiesPath(data), now, onFault });
  const sessions = new Sessions({
    path: join(data, "sessions.json"),
    now,
    idleMs: options.idleMs,
    onFault,
    ended(session, ending) {
      people.ended(session);
      const account = accounts.byId(session.account);
      // who was erased is not written down again
      if (account !== undefined) history.add(endedSession(session, ending, { roles: account.roles, nowMs: now() }));
    },
  });
  const { machines, credentials } = await openMachines({ ...options, now, history, accounts });
  const terminalStore = new TerminalStore(terminalsPath(data));
  const terminalCookie = sessionCookie(isSecure, "-terminal");
  const people = new KnownPeople({
    accounts,
    sessions,
    cookie,
    machines,
    terminalCookie,
    terminals: sharedTerminals(terminalStore, now),
    now,
    needsSecondFactor: options.needsSecondFactor,
  });
  const terminals = new Terminals({
    store: terminalStore,
    accounts,
    sessions,
    now,
    ended: (id) => people.ended({ id }),
    removed: (terminal, by) => history.add(endedTerminal(terminal, by, now())),
  });
  // nobody waits in front of a terminal for its end
  setInterval(() => terminalStore.list().length > 0 && sessions.sweep(), TERMINAL_SWEEP_MS).unref();
  // a room that is open asks nothing more of its session
  setInterval(() => sessions.sweep(({ account }) => !isKnown(accounts, account, now())), SWEEP_MS).unref();
  const directories = new Directories({ data, accounts, sessions, isSecure, now });
  const login = new Login(accounts, now, directories, pepperOf(data, accounts));
  const passkeys = new Passkeys({ store: new PasskeyStore(passkeysPath(data)), accounts, now });
  return {
    accounts,
    sessions,
    people,
    machines,
    history,
    connections: new ConnectionRegister({ path: connectionsPath(data), now, ended: (identity) => history.add(identity) }),
    credentials,
    directories,
    outside: directories,
    login,
    cookie,
    passkeys,
    terminals,
    terminalCookie,
    passkeyCookie: sessionCookie(isSecure, "-passkey"),
    scheme: isSecure ? "https" : "http",
    further: furtherOf({ passkeys, terminals: terminalStore, history, credentials, now }),
    rate: new RequestRate(requestsPerSecond, now),
    useNotice: new UseNoticeStore(useNoticePath(data)),
  };
}

function sharedTerminals(store: TerminalStore, now: () => number): SharedTerminals {
  return {
    byToken: (token) => store.byToken(token),
    boundsOn(id) {
      const terminal = store.byId(id);
      return terminal && boundsOn(terminal, now());
    },
  };
}

interface OpenMachinesOptions extends OpenIdentitiesOptions {
  readonly now: () => number;
  readonly history: IdentityHistory;
  readonly accounts: AccountStore;
}

/** Machines, and the credentials of which some came in by. */
async function openMachines({ data, isSecure, fetchText, onFault, now, history, accounts, certificates }: OpenMachinesOptions) {
  const opened = await openCredentials({ data, now, onFault, fetchText, nameOf: (account) => accounts.byId(account)?.name });
  const { store, issuer, checks } = opened;
  const machines = await Machines.open({
    data,
    scheme: isSecure ? "https" : "http",
    now,
    onFault,
    ...(certificates && { certificates }),
    removed(machine, by) {
      history.add(endedMachine(machine, by, now()));
      store.revokeOf(machine.id, new Date(now()).toISOString(), by);
      issuer.changed();
    },
  });
  const presented = new PresentedMachines({ machines, checks, now, wasEnded: (did) => history.wasEnded(did), onFault });
  return { machines, credentials: { ...opened, presented } };
}

interface FurtherOptions {
  readonly passkeys: Passkeys;
  readonly terminals: TerminalStore;
  readonly history: IdentityHistory;
  readonly credentials: Credentials;
  readonly now: () => number;
}

/** What else is kept of a person with an account. */
function furtherOf({ passkeys, terminals, history, credentials, now }: FurtherOptions): FurtherCredentials {
  const { store, issuer } = credentials;
  return {
    renewed: (account) => passkeys.store.removeAll(account),
    removed(account) {
      passkeys.store.removeAll(account);
      terminals.forget(account);
      history.forget(account);
      store.forget(account, new Date(now()).toISOString());
      issuer.changed();
    },
    exported(account) {
      const quick = terminals.quickOf(account);
      return {
        passkeys: passkeys.store.of(account).map(({ name, host, synced, created, used }) => ({ name, host, synced, created, used })),
        endedSessions: history.of(account).map(({ since, seen, agent, proof, ended }) => ({ since, seen, agent, proof, ended: ended.at })),
        credentials: store.issued
          .filter(({ of }) => of === account)
          .map(({ index: _index, of: _of, createdBy: _by, revoked, suspended, ...facts }) => ({
            ...facts,
            revoked: revoked?.at,
            suspended: suspended?.at,
          })),
        terminals: { pin: quick?.pin !== undefined, badge: quick?.badge !== undefined },
      };
    },
  };
}

function isKnown(accounts: AccountStore, id: string, nowMs: number): boolean {
  const account = accounts.byId(id);
  return account !== undefined && isUsable(account, nowMs);
}

/** Errors: DW_DAMAGED where passwords were kept with one that is gone, and those of `openPepper`. */
function pepperOf(data: string, accounts: AccountStore): Uint8Array | undefined {
  const pepper = openPepper(data);
  if (pepper === undefined && accounts.list().some(({ password }) => password !== undefined && isPeppered(password)))
    throw new DoppelwerkError("DW_DAMAGED", message("server.pepperMissing", { path: join(data, PEPPER_FILE) }));
  return pepper;
}
