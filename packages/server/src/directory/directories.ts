import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Account, AccountStore } from "../accounts/account-store.ts";
import { sessionCookie, type SessionCookie } from "../accounts/known-people.ts";
import type { Outside } from "../accounts/outside.ts";
import type { Sessions } from "../accounts/sessions.ts";
import { Bindings } from "./bindings.ts";
import { LdapDirectory } from "./ldap-directory.ts";
import { OpenIdProvider } from "./openid-provider.ts";
import { PendingSignIns } from "./pending-sign-ins.ts";
import type { ProviderConfig } from "./provider-config.ts";
import { noProvider, ProviderStore, providersPath } from "./provider-store.ts";

export interface DirectoriesOptions {
  readonly data: string;
  readonly accounts: AccountStore;
  readonly sessions: Sessions;
  /** Whether the server speaks TLS. */
  readonly isSecure: boolean;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;

/** The providers of the company through which people log in. */
export class Directories implements Outside {
  readonly store: ProviderStore;
  readonly bindings: Bindings;
  readonly pending: PendingSignIns;
  /** Of the browser that went to a provider. */
  readonly cookie: SessionCookie;
  readonly scheme: "http" | "https";
  readonly #options: DirectoriesOptions;
  /** By id, each of the configuration that is there now. */
  readonly #running = new Map<string, OpenIdProvider | LdapDirectory>();

  /** Errors: those of `ProviderStore`. */
  constructor(options: DirectoriesOptions) {
    const { data, accounts, sessions, now } = options;
    this.#options = options;
    this.store = new ProviderStore(providersPath(data));
    this.bindings = new Bindings(accounts, sessions, now);
    this.pending = new PendingSignIns(now);
    this.cookie = sessionCookie(options.isSecure, "-sign-in");
    this.scheme = options.isSecure ? "https" : "http";
  }

  /** Errors: DW_NOT_FOUND. */
  openId(id: string): OpenIdProvider {
    const provider = this.running(id);
    if (!(provider instanceof OpenIdProvider)) throw noProvider(id);
    return provider;
  }

  /** Errors: DW_NOT_FOUND. */
  running(id: string): OpenIdProvider | LdapDirectory {
    const config = this.store.byId(id);
    if (config === undefined) throw noProvider(id);
    const known = this.#running.get(id);
    if (known?.config === config) return known;
    const provider =
      config.kind === "openid" ? new OpenIdProvider(config, this.#options.now) : new LdapDirectory(config, this.#options.now);
    this.#running.set(id, provider);
    return provider;
  }

  isAsked(account: Account | undefined): boolean {
    return account === undefined ? this.#ldaps().length > 0 : account.binding !== undefined;
  }

  async check(login: string, password: string, account: Account | undefined): Promise<Account | undefined> {
    if (account?.binding === undefined) return this.#find(login, password);
    const { provider: id } = account.binding;
    const config = this.store.byId(id);
    // who came from a provider that is gone comes in no more
    if (config === undefined) return undefined;
    const provider = this.running(id);
    if (provider instanceof LdapDirectory) return this.#enter(config, provider, login, password);
    if (!(await provider.answers())) throw away(config);
    return undefined;
  }

  async alike(account: Account | undefined, failure: DoppelwerkError | undefined): Promise<DoppelwerkError | undefined> {
    const own = account?.binding?.provider;
    let first: DoppelwerkError | undefined;
    // whoever has no account was looked for in the directories: there the failure is of the first that is away
    if (account === undefined) first = failure;
    else
      for (const config of this.#ldaps()) {
        // each is asked, also behind one that is away
        const why = config.id === own ? failure : await unavailable(() => (this.running(config.id) as LdapDirectory).checkNobody());
        first ??= why;
      }
    for (const config of this.store.list().filter(({ kind }) => kind === "openid")) {
      const isAway = config.id === own ? failure !== undefined : !(await this.running(config.id).answers());
      if (isAway) first ??= away(config);
    }
    return first ?? failure;
  }

  sendsBrowser({ binding }: Account): boolean {
    return binding !== undefined && this.store.byId(binding.provider)?.kind === "openid";
  }

  allowsPassword({ binding }: Account): boolean {
    const days = binding === undefined ? 0 : (this.store.byId(binding.provider)?.offlineDays ?? 0);
    return binding !== undefined && this.#options.now() - Date.parse(binding.seen) < days * DAY_MS;
  }

  async requireAway(account: Account): Promise<void> {
    if (account.binding === undefined) return;
    const config = this.store.byId(account.binding.provider);
    const isAway = config !== undefined && !(await this.running(config.id).answers());
    if (isAway && this.allowsPassword(account)) return;
    throw new DoppelwerkError("DW_FORBIDDEN", message("server.logInElsewhere", { name: config?.name ?? account.binding.provider }));
  }

  /** In each directory in turn. One that does not answer is told of where no other knows the person. */
  async #find(login: string, password: string): Promise<Account | undefined> {
    let failure: unknown;
    for (const config of this.#ldaps()) {
      try {
        const account = await this.#enter(config, this.running(config.id) as LdapDirectory, login, password);
        if (account !== undefined) return account;
      } catch (error) {
        if (!(error instanceof DoppelwerkError && error.code === "DW_UNAVAILABLE")) throw error;
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
    return undefined;
  }

  async #enter(config: ProviderConfig, directory: LdapDirectory, login: string, password: string): Promise<Account | undefined> {
    const suffix = `@${config.id}`;
    const person = await directory.check(login.endsWith(suffix) ? login.slice(0, -suffix.length) : login, password);
    return person === undefined ? undefined : this.bindings.enter(config, person);
  }

  #ldaps(): readonly ProviderConfig[] {
    return this.store.list().filter(({ kind }) => kind === "ldap");
  }
}

/** Why nobody answers; undefined where somebody does. */
async function unavailable(ask: () => Promise<unknown>): Promise<DoppelwerkError | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === "DW_UNAVAILABLE") return error;
    throw error;
  }
}

function away({ name }: ProviderConfig): DoppelwerkError {
  return new DoppelwerkError("DW_UNAVAILABLE", message("server.providerAwayNow", { name }));
}
