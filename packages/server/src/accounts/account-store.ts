import { createHash, randomBytes, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Role } from "@doppelwerk/trust";
import { readSecretFile, writeSecretFile } from "./private-file.ts";
import type { PasswordHash } from "./password.ts";
import type { SignInNews } from "./sign-in-news.ts";
import { isReadable } from "../http/readable-name.ts";

/** A person who may log in. Its id is that of its changes in the log; login and name are kept here alone, so that they can be erased. */
export interface Account {
  readonly id: string;
  /** What is typed to log in: lower case, one account each. */
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Absent until the person has taken up the invitation. */
  readonly password?: PasswordHash;
  /** Its person turned the password off and has a passkey and recovery codes instead. */
  readonly passwordless?: true;
  readonly created: string;
  /** A link with which the person sets a password, once. */
  readonly invitation?: Invitation;
  /** From then on nobody logs in with it. */
  readonly expires?: string;
  readonly disabled?: true;
  /** Of an authenticator, base 32: its codes are asked for. */
  readonly codeSecret?: string;
  /** Of an authenticator that has not shown a code yet. */
  readonly codeOffered?: string;
  /** Step of the last code that was used. */
  readonly codeStep?: number;
  /** Hashes of the codes for who lost the authenticator; each is used once. */
  readonly recovery?: readonly string[];
  /** The person at a provider of the company that this is the account of; its roles are given there. */
  readonly binding?: Binding;
  /** In which its person reads the studio, where he chose it. */
  readonly language?: "en" | "zh";
  /** What its person is told of how it was signed in to. */
  readonly news?: SignInNews;
}

export interface Binding {
  /** Id of its configuration. */
  readonly provider: string;
  /** Who the subject is one of. */
  readonly issuer: string;
  readonly subject: string;
  /** When the person last logged in there; ISO 8601. */
  readonly seen: string;
}

export interface Invitation {
  /** SHA-256 of its token, hex. */
  readonly hash: string;
  readonly expires: string;
}

const NAME = "accounts.json";

/** Where the accounts of a data folder are kept. */
export const accountsPath = (data: string): string => join(data, NAME);

const VERSION = 1;
const INVITED_MS = 7 * 86_400_000;
const TOKEN_BYTES = 24;
/** As an e-mail address or a short name; no spaces, no capitals, so that two logins that look the same are the same. */
const LOGIN = /^[a-z0-9](?:[a-z0-9._@+-]{0,62}[a-z0-9])?$/;
const NAME_MAX = 60;

export type NewAccount = Pick<Account, "login" | "name" | "roles"> & Partial<Pick<Account, "expires">>;

/** The accounts of a server, in a file that only its user reads. Every change is durable, or refused and not made. */
export class AccountStore {
  readonly #path: string;
  #accounts: ReadonlyMap<string, Account>;

  /** Errors: DW_FORMAT_NEWER, DW_DAMAGED. */
  constructor(path: string) {
    this.#path = path;
    this.#accounts = new Map(readAccounts(path).map((account) => [account.id, account]));
  }

  get isEmpty(): boolean {
    return this.#accounts.size === 0;
  }

  list(): readonly Account[] {
    return [...this.#accounts.values()].toSorted((a, b) => a.login.localeCompare(b.login, "en"));
  }

  byId(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  byLogin(login: string): Account | undefined {
    const typed = login.trim().toLowerCase();
    return this.list().find((account) => account.login === typed);
  }

  /** Errors: DW_INVALID for a login or name that cannot be one, DW_CONFLICT for a login that another has, DW_UNAVAILABLE. */
  create({ login: typed, name, roles, expires }: NewAccount): Account {
    const login = loginOf(typed);
    if (this.byLogin(login) !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.loginTaken", { login }));
    const created = new Date().toISOString();
    const made: Account = {
      id: `person:${randomUUID()}`,
      login,
      name: nameOf(name),
      roles,
      created,
      ...(expires !== undefined && { expires }),
    };
    this.#write(new Map(this.#accounts).set(made.id, made));
    return made;
  }

  /** The token of a link with which the person sets a password, told once; one of before does not hold any more. Errors: those of `update`. */
  invite(id: string, nowMs: number): string {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    const invitation = { hash: hashOf(token), expires: new Date(nowMs + INVITED_MS).toISOString() };
    this.update(id, (account) => ({ ...account, invitation }));
    return token;
  }

  /** Whose invitation the token is; undefined for one that was taken up, replaced, or is too old. */
  invited(token: string, nowMs: number): Account | undefined {
    const hash = hashOf(token);
    return this.list().find(
      (account) => account.invitation?.hash === hash && Date.parse(account.invitation.expires) > nowMs && isUsable(account, nowMs),
    );
  }

  /** Errors: DW_NOT_FOUND, DW_CONFLICT where nobody would be left who administers, DW_UNAVAILABLE. */
  update(id: string, change: (account: Account) => Account): Account {
    const before = this.#known(id);
    const changed = change(before);
    const after: Account = { ...changed, id, login: before.login, name: nameOf(changed.name) };
    this.#write(new Map(this.#accounts).set(id, after));
    return after;
  }

  /** The login and the name are gone, on disk too; what the person did stays with an id that nobody has. Errors: as those of `update`. */
  remove(id: string): void {
    this.#known(id);
    const rest = new Map(this.#accounts);
    rest.delete(id);
    this.#write(rest);
  }

  /** Whether it could be removed. Errors: DW_CONFLICT where nobody would be left who administers. */
  requireRemovable(id: string): void {
    const rest = new Map(this.#accounts);
    if (rest.delete(id)) this.#requireAdministrator(rest);
  }

  #known(id: string): Account {
    const account = this.#accounts.get(id);
    if (account === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccount", { id }));
    return account;
  }

  #requireAdministrator(accounts: ReadonlyMap<string, Account>): void {
    const administers = (all: ReadonlyMap<string, Account>) => [...all.values()].some(mayAdminister);
    if (administers(this.#accounts) && !administers(accounts))
      throw new DoppelwerkError("DW_CONFLICT", message("server.lastAdministrator"));
  }

  #write(accounts: ReadonlyMap<string, Account>): void {
    this.#requireAdministrator(accounts);
    writeSecretFile(this.#path, NAME, JSON.stringify({ version: VERSION, accounts: [...accounts.values()] }, undefined, 1));
    this.#accounts = accounts;
  }
}

/** Whether somebody may log in with it at that time. */
export function isUsable({ disabled, expires, roles }: Account, nowMs: number): boolean {
  // groups of a provider that give no role leave none
  return disabled === undefined && roles.length > 0 && (expires === undefined || Date.parse(expires) > nowMs);
}

/** `invited`: no password was set yet, and nobody elsewhere is asked for one. `withoutRole`: the groups of the person give none. */
export function stateOf(account: Account, nowMs: number): "active" | "invited" | "disabled" | "expired" | "withoutRole" {
  if (account.disabled) return "disabled";
  if (account.roles.length === 0) return "withoutRole";
  if (!isUsable(account, nowMs)) return "expired";
  const isTaken = account.password !== undefined || account.binding !== undefined || account.passwordless === true;
  return isTaken ? "active" : "invited";
}

function mayAdminister(account: Account): boolean {
  // one that expires leaves nobody one day, and one of a provider depends on others
  const isLasting = account.expires === undefined && account.binding === undefined;
  return account.roles.includes("administrator") && account.disabled === undefined && isLasting;
}

/** Of a random number of 192 bits: nothing to be guessed. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function loginOf(text: string): string {
  const login = text.trim().toLowerCase();
  if (!LOGIN.test(login)) throw new DoppelwerkError("DW_INVALID", message("server.loginNotOne", { login: text.slice(0, 100) }));
  return login;
}

/** A name as people read it. Errors: DW_INVALID. */
export function nameOf(text: string): string {
  const name = text.trim().replaceAll(/\s+/g, " ");
  if (name === "" || [...name].length > NAME_MAX || !isReadable(name))
    throw new DoppelwerkError("DW_INVALID", message("server.nameNotOne", { max: NAME_MAX }));
  return name;
}

function readAccounts(path: string): readonly Account[] {
  if (!existsSync(path)) return [];
  let stored: { readonly version?: unknown; readonly accounts?: unknown };
  try {
    stored = Object(JSON.parse(readSecretFile(path, NAME))) as typeof stored;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("server.accountsNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("server.accountsNewer", { path }));
  // who could log in is not guessed: a server that lost its accounts must not be open to everybody
  if (stored.version !== VERSION || !Array.isArray(stored.accounts))
    throw new DoppelwerkError("DW_DAMAGED", message("server.accountsNotRead", { path }));
  return stored.accounts as readonly Account[];
}
