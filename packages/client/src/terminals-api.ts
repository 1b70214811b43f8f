import type { SessionInfo } from "./accounts-api.ts";
import type { Requester } from "./request.ts";

/** A browser that a place shares. Times are ISO 8601. */
export interface ListedTerminal {
  readonly id: string;
  readonly name: string;
  readonly place?: string;
  /** Seconds without a touch after which it signs off. */
  readonly idleS: number;
  readonly badgeNeedsPin: boolean;
  /** Local times of the server at which it signs off: `14:00`. */
  readonly signOffAt: readonly string[];
  readonly created: string;
  readonly createdBy?: string;
  /** Since when a browser is it; absent while the link waits. */
  readonly since?: string;
  /** Name of who is signed in on it now. */
  readonly signedIn?: string;
}

export interface LinkedTerminal {
  readonly terminal: ListedTerminal;
  /** Of the link `/terminal#TOKEN`. */
  readonly token: string;
}

export interface TerminalList {
  readonly terminals: readonly ListedTerminal[];
  /** How people sign in on them, by account. */
  readonly people: readonly { readonly account: string; readonly pin: boolean; readonly badge: boolean }[];
}

export interface TerminalCalls {
  terminals(call?: { readonly signal?: unknown }): Promise<TerminalList>;
  createTerminal(terminal: {
    readonly name: string;
    readonly place?: string;
    readonly idleS?: number;
    readonly badgeNeedsPin?: boolean;
    readonly signOffAt?: readonly string[];
  }): Promise<LinkedTerminal>;
  linkTerminal(id: string): Promise<LinkedTerminal>;
  removeTerminal(id: string): Promise<void>;
  /** This browser is the terminal from now on. */
  declareTerminal(token: string): Promise<{ readonly name: string }>;
  terminalPeople(call?: { readonly signal?: unknown }): Promise<readonly { readonly id: string; readonly name: string }[]>;
  signInAtTerminal(
    shown: { readonly person: string; readonly pin: string } | { readonly badge: string; readonly pin?: string },
  ): Promise<SessionInfo>;
  stayAtTerminal(): Promise<SessionInfo>;
  setPin(pin: string): Promise<void>;
  /** Undefined takes badge and PIN away. */
  setBadge(account: string, badge: string | undefined): Promise<void>;
}

/** Of the server, whatever the world: `requester` is one without a world. */
export function terminalCalls(requester: Requester): TerminalCalls {
  const path = (id: string): string => `/terminals/${encodeURIComponent(id)}`;
  return {
    terminals: (call) => requester.json("GET", "/terminals", call),
    createTerminal: (terminal) => requester.json("POST", "/terminals", { body: terminal }),
    linkTerminal: (id) => requester.json("POST", `${path(id)}/link`, { body: {} }),
    removeTerminal: (id) => requester.json("DELETE", path(id)),
    declareTerminal: (token) => requester.json("POST", "/terminals/declaration", { body: { token } }),
    async terminalPeople(call) {
      const { people } = await requester.json<{ readonly people: readonly { readonly id: string; readonly name: string }[] }>(
        "GET",
        "/terminal/people",
        call,
      );
      return people;
    },
    signInAtTerminal: (shown) => requester.json("POST", "/terminal/session", { body: shown }),
    stayAtTerminal: () => requester.json("POST", "/terminal/session/stay", { body: {} }),
    setPin: (pin) => requester.json("PUT", "/session/pin", { body: { pin } }),
    setBadge: (account, badge) =>
      requester.json("PUT", `/accounts/${encodeURIComponent(account)}/badge`, { body: { badge: badge ?? null } }),
  };
}
