import type { Message } from "@doppelwerk/messages";
import type { AccountRole, SessionInfo } from "./accounts-api.ts";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** A provider of the company through which people log in. */
export interface OfferedProvider {
  readonly id: string;
  readonly name: string;
  readonly kind: "openid" | "ldap";
}

/** What an administrator sets; the other members are those of the guide `company-login.md`. */
export interface ProviderSettings {
  readonly kind: "openid" | "ldap";
  readonly name: string;
  readonly roles: Readonly<Partial<Record<AccountRole, readonly string[]>>>;
  readonly [member: string]: unknown;
}

export interface ListedProvider {
  readonly config: ProviderSettings & { readonly id: string };
  /** Whether a secret is set, which nobody reads. */
  readonly hasSecret: boolean;
  readonly people: number;
  /** What is entered at the provider as redirect address. */
  readonly redirectUri?: string;
}

/** The provider of the account that is logged in. */
export interface SessionProvider {
  /** Absent for an account of this server alone. */
  readonly provider?: OfferedProvider;
  /** Days for which a password kept here counts while the provider does not answer. */
  readonly offlineDays: number;
  readonly offlinePassword: boolean;
  readonly logoutUrl?: string;
}

export interface ProviderCalls {
  offeredProviders(call?: Call): Promise<readonly OfferedProvider[]>;
  providerAnswers(id: string, call?: Call): Promise<boolean>;
  /** Where the browser goes. `token`: of the invitation whose account is bound; `binds`: the account that is logged in is; `proves`: who is logged in proves to be there. */
  beginSignIn(
    id: string,
    begun: { readonly returnTo?: string; readonly token?: string; readonly binds?: boolean; readonly proves?: boolean },
  ): Promise<string>;
  /** `query`: what stands behind `?` in the address that the provider sent the browser to. */
  finishSignIn(id: string, query: string): Promise<SessionInfo & { readonly returnTo: string }>;
  bindDirectory(id: string, person: { readonly login: string; readonly password: string; readonly token?: string }): Promise<SessionInfo>;
  sessionProvider(call?: Call): Promise<SessionProvider>;
  setOfflinePassword(password: string): Promise<void>;
  providers(call?: Call): Promise<readonly ListedProvider[]>;
  putProvider(id: string, settings: ProviderSettings): Promise<ListedProvider>;
  removeProvider(id: string): Promise<void>;
  testProvider(id: string): Promise<{ readonly answers: boolean; readonly reason?: Message }>;
  unbindAccount(id: string): Promise<void>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function providerCalls(requester: Requester): ProviderCalls {
  const offered = (id: string): string => `/session/providers/${encodeURIComponent(id)}`;
  const path = (id: string): string => `/providers/${encodeURIComponent(id)}`;
  return {
    async offeredProviders(call) {
      return (await requester.json<{ readonly providers: readonly OfferedProvider[] }>("GET", "/session/providers", call)).providers;
    },
    async providerAnswers(id, call) {
      return (await requester.json<{ readonly answers: boolean }>("GET", offered(id), call)).answers;
    },
    async beginSignIn(id, begun) {
      return (await requester.json<{ readonly url: string }>("POST", offered(id), { body: begun })).url;
    },
    finishSignIn: (id, query) => requester.json("POST", `${offered(id)}/answer`, { body: { query } }),
    bindDirectory: (id, person) => requester.json("POST", `${offered(id)}/binding`, { body: person }),
    sessionProvider: (call) => requester.json("GET", "/session/provider", call),
    setOfflinePassword: (password) => requester.json("PUT", "/session/provider/password", { body: { password } }),
    async providers(call) {
      return (await requester.json<{ readonly providers: readonly ListedProvider[] }>("GET", "/providers", call)).providers;
    },
    putProvider: (id, settings) => requester.json("PUT", path(id), { body: settings }),
    removeProvider: (id) => requester.json("DELETE", path(id)),
    testProvider: (id) => requester.json("POST", `${path(id)}/test`, { body: {} }),
    unbindAccount: (id) => requester.json("DELETE", `/accounts/${encodeURIComponent(id)}/binding`),
  };
}
