import { join } from "node:path";
import { printAnswer } from "@doppelwerk/kit/command";
import { message } from "@doppelwerk/messages";
import { isOwned, openDataFolder } from "@doppelwerk/storage/files";
import { roleTable, type Role } from "@doppelwerk/trust";
import { DoppelwerkError } from "@doppelwerk/world";
import { logStopped, type CommandLineAct } from "../transparency/append-stopped.ts";
import { TerminalStore, terminalsPath } from "../terminals/terminal-store.ts";
import { PasskeyStore, passkeysPath } from "../passkeys/passkey-store.ts";
import { withoutAuthenticator } from "../accounts/authenticator-routes.ts";
import { AccountStore, accountsPath, stateOf, type Account } from "../accounts/account-store.ts";

const FIRST_LOGIN = "administrator";

export interface AccountsCommandOptions {
  readonly data: string;
  readonly json?: boolean;
}

export async function listAccounts(options: AccountsCommandOptions): Promise<void> {
  const accounts = new AccountStore(accountsPath(options.data)).list().map(shown);
  printAnswer(
    options,
    { accounts },
    accounts
      .map(({ login, state, name, roles }) => `${login.padEnd(24)} ${state.padEnd(9)} ${roles.join(", ").padEnd(24)} ${name}`)
      .join("\n"),
  );
}

export async function createAccount(
  login: string,
  options: AccountsCommandOptions & { readonly name?: string; readonly role?: readonly string[]; readonly expires?: string },
): Promise<void> {
  const roles = (options.role ?? ["viewer"]).map(roleOf);
  const expires = options.expires === undefined ? undefined : expiryOf(options.expires);
  await changingAccounts(options, (store, did) => {
    const account = store.create({ login, name: options.name ?? login, roles, ...(expires !== undefined && { expires }) });
    did({ operation: "kernel.createAccount", account: account.id });
    printInvitation(store, account, options);
  });
}

export async function inviteAccount(login: string, options: AccountsCommandOptions): Promise<void> {
  await changingAccounts(options, (store, did) => {
    const { id } = store.update(accountOf(store, login).id, withoutAuthenticator);
    did({ operation: "kernel.inviteAccount", account: id });
    new PasskeyStore(passkeysPath(options.data)).removeAll(id);
    printInvitation(store, store.byId(id)!, options);
  });
}

export async function disableAccount(login: string, options: AccountsCommandOptions): Promise<void> {
  await changingAccounts(options, (store, did) => {
    const account = store.update(accountOf(store, login).id, (known) => ({ ...known, disabled: true }));
    did({ operation: "kernel.changeAccount", account: account.id });
    printAnswer(options, shown(account), `${account.login} is disabled`);
  });
}

export async function enableAccount(login: string, options: AccountsCommandOptions): Promise<void> {
  await changingAccounts(options, (store, did) => {
    const account = store.update(accountOf(store, login).id, ({ disabled: _disabled, ...known }) => known);
    did({ operation: "kernel.changeAccount", account: account.id });
    printAnswer(options, shown(account), `${account.login} is enabled`);
  });
}

export async function removeAccount(login: string, options: AccountsCommandOptions): Promise<void> {
  await changingAccounts(options, (store, did) => {
    const account = accountOf(store, login);
    store.remove(account.id);
    did({ operation: "kernel.removeAccount", account: account.id, isErased: true });
    new PasskeyStore(passkeysPath(options.data)).removeAll(account.id);
    new TerminalStore(terminalsPath(options.data)).forget(account.id);
    printAnswer(options, { removed: account.login }, `${account.login} is removed`);
  });
}

/**
 * The path of a link with which the first administrator of a folder sets a password; undefined once somebody has. Each start makes another link.
 * Errors: those of `openDataFolder`.
 */
export async function setupPath(data: string): Promise<string | undefined> {
  let path: string | undefined;
  await changingAccounts({ data }, (store, did) => {
    if (store.list().some(({ password }) => password !== undefined)) return;
    const known = store.byLogin(FIRST_LOGIN);
    const account = known ?? store.create({ login: FIRST_LOGIN, name: FIRST_LOGIN, roles: ["administrator"] });
    did({ operation: known === undefined ? "kernel.createAccount" : "kernel.inviteAccount", account: account.id });
    path = `/join#${store.invite(account.id, Date.now())}`;
  });
  return path;
}

/** The link is told without the address of the server, which is not known here. */
function printInvitation(store: AccountStore, account: Account, options: AccountsCommandOptions): void {
  const path = `/join#${store.invite(account.id, Date.now())}`;
  const text = `${account.login} has the roles ${account.roles.join(", ")} and sets a password within a week at the address of the server with\n  ${path}`;
  printAnswer(options, { ...shown(account), path }, text);
}

/**
 * Changes the accounts of a folder that no server runs on: one that does has them in memory. The folder is made where there is none. What was done is an entry of the
 * transparency log. Errors: DW_CONFLICT, and those of the log.
 */
export async function changingAccounts(
  options: AccountsCommandOptions,
  change: (store: AccountStore, did: (act: CommandLineAct) => void) => void,
): Promise<void> {
  const { data } = options;
  if (isOwned(join(data, "lease.sqlite"))) throw new DoppelwerkError("DW_CONFLICT", message("server.accountsServerRuns", { data }));
  const folder = await openDataFolder(data, { owner: `doppelwerk accounts ${process.pid}` });
  try {
    const store = new AccountStore(accountsPath(data));
    await logStopped(data, (did) => change(store, did));
  } finally {
    await folder.close();
  }
}

function accountOf(store: AccountStore, login: string): Account {
  const account = store.byLogin(login);
  if (account === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccountOfLogin", { login }));
  return account;
}

function roleOf(role: string): Role {
  if (!Object.hasOwn(roleTable, role))
    throw new DoppelwerkError("DW_INVALID", message("server.roleUnknown", { role, roles: Object.keys(roleTable).join(", ") }));
  return role as Role;
}

function expiryOf(text: string): string {
  const time = Date.parse(text);
  if (!Number.isFinite(time)) throw new DoppelwerkError("DW_INVALID", message("server.notATime", { text }));
  return new Date(time).toISOString();
}

function shown(
  account: Account,
): Pick<Account, "id" | "login" | "name" | "roles" | "expires"> & { readonly state: ReturnType<typeof stateOf> } {
  const { id, login, name, roles, expires } = account;
  return { id, login, name, roles, state: stateOf(account, Date.now()), ...(expires !== undefined && { expires }) };
}
