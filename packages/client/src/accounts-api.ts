import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

export type AccountRole = "viewer" | "operator" | "engineer" | "administrator";

export interface LoggedIn {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly roles: readonly AccountRole[];
  /** Codes of an authenticator are asked for. */
  readonly authenticator: boolean;
  /** Recovery codes that are left. */
  readonly recoveryCodes: number;
  /** Whether the account has one: who has a passkey may do without. */
  readonly password: boolean;
  /** Changes of how the person signs in, of which he was not told; absent where there are none. */
  readonly news?: number;
  /** In which its person reads the studio, where he chose it. */
  readonly language?: "en" | "zh";
}

export type SignInChange =
  | "joined"
  | "password"
  | "passwordOff"
  | "offlinePassword"
  | "authenticator"
  | "authenticatorOff"
  | "codeReused"
  | "passkey"
  | "passkeyOff"
  | "recoveryCodes"
  | "newLink"
  | "device";

/** Where somebody signed in, or changed something, from; times in microseconds since 1970. */
export interface SignInPlace {
  readonly at: number;
  /** Browser and system. */
  readonly device: string;
  readonly address: string;
}

/** How one signs in oneself. */
export interface OwnSignIns {
  /** The sign-in before this one. */
  readonly last?: SignInPlace;
  /** The newest first. */
  readonly events: readonly (SignInPlace & { readonly change: SignInChange; readonly read: boolean })[];
  readonly sessions: readonly {
    readonly id: string;
    readonly begun: number;
    readonly seen: number;
    readonly device: string;
    readonly address: string;
    readonly isThis: boolean;
  }[];
}

/** Plain text that is shown before anybody logs in. */
export interface UseNotice {
  readonly en: string;
  readonly zh: string;
}

/** A key pair of a person on a device of his. Times are ISO 8601. */
export interface Passkey {
  readonly id: string;
  readonly name: string;
  /** Host name that it works under. */
  readonly host: string;
  readonly synced: boolean;
  readonly created: string;
  readonly used?: string;
  /** Since when it logs nobody in: another device may have a copy. */
  readonly suspect?: string;
}

export interface SessionInfo {
  /** Whether people log in on this server. */
  readonly accounts: boolean;
  /** Who is logged in; absent where nobody is. */
  readonly person?: LoggedIn;
  /** The shared terminal that this browser is; `until`: when it signs off, microseconds since 1970. */
  readonly terminal?: { readonly name: string; readonly until?: number };
}

export interface AccountSession {
  readonly id: string;
  /** Microseconds since 1970. */
  readonly begun: number;
  readonly seen: number;
  readonly agent: string;
  readonly address: string;
}

export interface ListedAccount extends Omit<LoggedIn, "authenticator" | "recoveryCodes" | "password" | "news" | "language"> {
  readonly state: "active" | "invited" | "disabled" | "expired" | "withoutRole";
  /** Id of the provider of the company that its person logs in through. */
  readonly provider?: string;
  /** ISO 8601. */
  readonly created: string;
  readonly expires?: string;
  readonly sessions: readonly AccountSession[];
}

export interface InvitedAccount {
  readonly account: ListedAccount;
  /** Of the link `/join#TOKEN`. */
  readonly token: string;
}

/** How who is logged in proves to be there. */
export type PresenceWay = "passkey" | "pin" | "provider" | "code" | "password";

export interface AccountCalls {
  session(call?: Call): Promise<SessionInfo>;
  /** Kept with the own account, for browsers in which nothing was chosen. */
  keepLanguage(language: "en" | "zh"): Promise<void>;
  logIn(credentials: { readonly login: string; readonly password: string; readonly code?: string }): Promise<SessionInfo>;
  logOut(): Promise<void>;
  changePassword(password: string, next: string): Promise<void>;
  /** The secret of a new authenticator, and what it reads from a picture; codes are asked for once one was shown. */
  offerAuthenticator(password: string): Promise<{ readonly secret: string; readonly address: string }>;
  confirmAuthenticator(code: string): Promise<{ readonly recoveryCodes: readonly string[] }>;
  removeAuthenticator(code: string): Promise<void>;
  /** The strongest way first. */
  presenceWays(): Promise<{ readonly ways: readonly PresenceWay[]; /** What a browser proves it from. */ readonly passkey?: object }>;
  provePresence(
    proof: { readonly code: string } | { readonly pin: string } | { readonly password: string } | { readonly passkey: object },
  ): Promise<void>;
  passkeys(call?: Call): Promise<readonly Passkey[]>;
  /** What a browser makes a passkey from, and what it made: the JSON forms of WebAuthn Level 3, 5.1. */
  offerPasskey(): Promise<object>;
  addPasskey(name: string, response: object): Promise<Passkey>;
  removePasskey(id: string): Promise<void>;
  offerPasskeyLogIn(): Promise<object>;
  logInByPasskey(response: object): Promise<SessionInfo>;
  /** Those of before hold no more. */
  renewRecoveryCodes(): Promise<{ readonly recoveryCodes: readonly string[] }>;
  removePassword(): Promise<void>;
  signIns(call?: Call): Promise<OwnSignIns>;
  /** The person has read what changed. */
  markSignInsRead(): Promise<void>;
  endOwnSession(id: string): Promise<void>;
  useNotice(call?: Call): Promise<UseNotice | undefined>;
  /** Two empty texts are none. */
  setUseNotice(notice: UseNotice): Promise<UseNotice | undefined>;
  invitation(token: string, call?: Call): Promise<Pick<LoggedIn, "login" | "name">>;
  join(token: string, password: string): Promise<SessionInfo>;
  /** What a browser makes the passkey from that takes the place of a password. */
  offerJoinPasskey(token: string): Promise<object>;
  /** `recoveryCodes`: told once. */
  joinByPasskey(token: string, name: string, response: object): Promise<SessionInfo & { readonly recoveryCodes: readonly string[] }>;
  accounts(call?: Call): Promise<readonly ListedAccount[]>;
  createAccount(account: {
    readonly login: string;
    readonly name: string;
    readonly roles: readonly AccountRole[];
    readonly expires?: string;
  }): Promise<InvitedAccount>;
  inviteAccount(id: string): Promise<InvitedAccount>;
  /** `expires`: null for one that does not expire. */
  changeAccount(
    id: string,
    change: {
      readonly name?: string;
      readonly roles?: readonly AccountRole[];
      readonly disabled?: boolean;
      readonly expires?: string | null;
    },
  ): Promise<ListedAccount>;
  removeAccount(id: string): Promise<void>;
  endSession(account: string, session: string): Promise<void>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function accountCalls(requester: Requester): AccountCalls {
  const path = (id: string): string => `/accounts/${encodeURIComponent(id)}`;
  return {
    session: (call) => requester.json("GET", "/session", call),
    keepLanguage: (language) => requester.json("PUT", "/session/language", { body: { language } }),
    logIn: (credentials) => requester.json("POST", "/session", { body: credentials }),
    logOut: () => requester.json("DELETE", "/session"),
    changePassword: (password, next) => requester.json("PUT", "/session/password", { body: { password, next } }),
    offerAuthenticator: (password) => requester.json("POST", "/session/authenticator", { body: { password } }),
    confirmAuthenticator: (code) => requester.json("PUT", "/session/authenticator", { body: { code } }),
    removeAuthenticator: (code) => requester.json("POST", "/session/authenticator/removal", { body: { code } }),
    presenceWays: () => requester.json("POST", "/session/presence/options", { body: {} }),
    provePresence: (proof) => requester.json("POST", "/session/presence", { body: proof }),
    async passkeys(call) {
      const { passkeys } = await requester.json<{ readonly passkeys: readonly Passkey[] }>("GET", "/session/passkeys", call);
      return passkeys;
    },
    offerPasskey: () => requester.json("POST", "/session/passkeys/options", { body: {} }),
    addPasskey: (name, response) => requester.json("POST", "/session/passkeys", { body: { name, response } }),
    removePasskey: (id) => requester.json("DELETE", `/session/passkeys/${encodeURIComponent(id)}`),
    offerPasskeyLogIn: () => requester.json("POST", "/session/passkey/options", { body: {} }),
    logInByPasskey: (response) => requester.json("POST", "/session/passkey", { body: { response } }),
    renewRecoveryCodes: () => requester.json("POST", "/session/recovery-codes", { body: {} }),
    removePassword: () => requester.json("DELETE", "/session/password"),
    signIns: (call) => requester.json("GET", "/session/sign-ins", call),
    markSignInsRead: () => requester.json("PUT", "/session/sign-ins/read"),
    endOwnSession: (id) => requester.json("DELETE", `/session/sign-ins/${encodeURIComponent(id)}`),
    async useNotice(call) {
      return (await requester.json<{ readonly notice?: UseNotice }>("GET", "/session/notice", call)).notice;
    },
    async setUseNotice(notice) {
      return (await requester.json<{ readonly notice?: UseNotice }>("PUT", "/session/notice", { body: notice })).notice;
    },
    invitation: (token, call) => requester.json("POST", "/session/invitation", { ...call, body: { token } }),
    offerJoinPasskey: (token) => requester.json("POST", "/session/join/passkey/options", { body: { token } }),
    joinByPasskey: (token, name, response) => requester.json("POST", "/session/join/passkey", { body: { token, name, response } }),
    join: (token, password) => requester.json("POST", "/session/join", { body: { token, password } }),
    async accounts(call) {
      const { accounts } = await requester.json<{ readonly accounts: readonly ListedAccount[] }>("GET", "/accounts", call);
      return accounts;
    },
    createAccount: (account) => requester.json("POST", "/accounts", { body: account }),
    inviteAccount: (id) => requester.json("POST", `${path(id)}/invitation`, { body: {} }),
    changeAccount: (id, change) => requester.json("PATCH", path(id), { body: change }),
    removeAccount: (id) => requester.json("DELETE", path(id)),
    endSession: (account, session) => requester.json("DELETE", `${path(account)}/sessions/${encodeURIComponent(session)}`),
  };
}
