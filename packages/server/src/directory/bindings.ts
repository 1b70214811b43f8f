import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { isUsable, type Account, type AccountStore, type Binding } from "../accounts/account-store.ts";
import type { Sessions } from "../accounts/sessions.ts";
import type { OutsidePerson } from "./outside-person.ts";
import type { ProviderConfig } from "./provider-config.ts";
import { rolesOfGroups } from "./roles-of-groups.ts";
import { readable } from "../http/readable-name.ts";

const MAX_NAMESAKES = 100;

/** Which account a person of a provider has: by issuer and subject alone, never by a login or an e-mail address that he has there. */
export class Bindings {
  readonly #accounts: AccountStore;
  readonly #sessions: Pick<Sessions, "endAll">;
  readonly #now: () => number;

  constructor(accounts: AccountStore, sessions: Pick<Sessions, "endAll">, now: () => number) {
    this.#accounts = accounts;
    this.#sessions = sessions;
    this.#now = now;
  }

  /**
   * The account of who logs in, with the roles of his groups now. Whoever has none any more, or less, is logged out everywhere.
   * Errors: DW_FORBIDDEN for who may not come in, with the reason; DW_UNAVAILABLE.
   */
  enter(provider: ProviderConfig, person: OutsidePerson): Account {
    const roles = rolesOfGroups(provider, person.groups);
    const known = this.#accountOf(person);
    if (known === undefined) {
      if (roles.length === 0) throw noAccess(provider);
      if (provider.admits !== "groups")
        throw new DoppelwerkError("DW_FORBIDDEN", message("server.providerInvitedOnly", { name: provider.name }));
      return this.#create(provider, person);
    }
    if (known.disabled === true || (known.expires !== undefined && !isUsable({ ...known, roles: ["viewer"] }, this.#now())))
      throw new DoppelwerkError("DW_FORBIDDEN", message("server.accountEnded"));
    const account = this.#bind(known, provider, person);
    if (known.roles.some((role) => !roles.includes(role))) this.#sessions.endAll(known.id, { why: "changed" });
    if (roles.length === 0) throw noAccess(provider);
    return account;
  }

  /** Binds an account that its person has shown to have; its sessions end. Errors: DW_CONFLICT where either has another, or nobody would administer; as those of `enter`. */
  bind(id: string, provider: ProviderConfig, person: OutsidePerson): Account {
    const account = this.#accounts.byId(id);
    const bound = this.#accountOf(person);
    if (account === undefined || (bound !== undefined && bound.id !== id) || (account.binding !== undefined && bound === undefined))
      throw new DoppelwerkError("DW_CONFLICT", message("server.bindingTaken", { name: provider.name }));
    if (rolesOfGroups(provider, person.groups).length === 0) throw noAccess(provider);
    const { invitation: _, ...rest } = this.#bind(account, provider, person);
    const after = this.#accounts.update(id, () => rest);
    this.#sessions.endAll(id, { why: "changed" });
    return after;
  }

  /** The account is one of this server only, without a password until its person sets one by an invitation. Errors: those of `AccountStore.update`. */
  unbind(id: string): Account {
    const account = this.#accounts.update(id, ({ binding, password: _password, ...rest }) => {
      if (binding === undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.notBound"));
      return rest;
    });
    this.#sessions.endAll(id, { why: "changed" });
    return account;
  }

  #accountOf({ issuer, subject }: OutsidePerson): Account | undefined {
    return this.#accounts.list().find(({ binding }) => binding?.issuer === issuer && binding.subject === subject);
  }

  #create(provider: ProviderConfig, person: OutsidePerson): Account {
    const login = this.#freeLogin(provider, person);
    const made = this.#accounts.create({ login, name: nameOf(person) ?? login, roles: [] });
    return this.#bind(made, provider, person);
  }

  #bind(account: Account, provider: ProviderConfig, person: OutsidePerson): Account {
    const { issuer, subject } = person;
    const binding: Binding = { provider: provider.id, issuer, subject, seen: new Date(this.#now()).toISOString() };
    return this.#accounts.update(account.id, (before) => ({ ...before, binding, roles: rolesOfGroups(provider, person.groups) }));
  }

  /** As the person is called there; one that somebody has here already gets the name of the provider behind it. */
  #freeLogin({ id }: ProviderConfig, { login = "" }: OutsidePerson): string {
    const plain = login
      .toLowerCase()
      .replaceAll(/[^a-z0-9._@+-]/g, "")
      .slice(0, 40)
      .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
    const wished = plain === "" ? "person" : plain;
    const candidates = [wished, ...Array.from({ length: MAX_NAMESAKES }, (_, at) => `${wished}${at === 0 ? "" : at + 1}@${id}`)];
    const free = candidates.find((candidate) => candidate.length <= 64 && this.#accounts.byLogin(candidate) === undefined);
    if (free === undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.loginTaken", { login: wished }));
    return free;
  }
}

function noAccess({ name }: ProviderConfig): DoppelwerkError {
  return new DoppelwerkError("DW_FORBIDDEN", message("server.groupsGiveNoRole", { name }));
}

function nameOf({ name = "" }: OutsidePerson): string | undefined {
  const shown = [...readable(name.replaceAll(/\s/g, " ")).trim()].slice(0, 60).join("").trim();
  return shown === "" ? undefined : shown;
}
