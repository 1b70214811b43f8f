import type { IncomingMessage } from "node:http";
import type { Principal } from "@doppelwerk/world";
import type { Session } from "./sessions.ts";
import { personFrom, personOf, type Accounts } from "../http/person.ts";

export type Headers = Pick<IncomingMessage, "headers">;

/** A request before it is routed. */
export type Asked = Pick<IncomingMessage, "headers" | "method" | "url"> & {
  readonly originalUrl?: string | undefined;
  /** The connection that it came by. */
  readonly socket?: unknown;
};

/** Who sends requests to this server. */
export interface People {
  /** Whether nobody is answered who is not known. */
  readonly isRequired: boolean;
  /** Those with an account that may be used now; nobody on a server without accounts. */
  list(): readonly Principal[];
  /** Looks once at what a request of a machine shows, before anything asks whose it is; undefined where there is nothing to look at. Errors: DW_UNAUTHENTICATED. */
  admit(request: Asked, address: string): Promise<void> | undefined;
  /** Errors: DW_UNAUTHENTICATED. */
  of(request: Headers): Principal;
  /** Of a WebSocket whose hello has the secret of a browser and the name that its person chose. Errors: DW_UNAUTHENTICATED. */
  ofHello(request: Headers, secret: string, name: string): Principal;
  /** Ends something that was opened for this request when its session ends. Returns how to forget it. */
  whileKnown(request: Headers, end: () => void): () => void;
}

/** Programs and devices that have identities of their own. */
export interface Programs {
  /** Whether the request says that it is of one. */
  isOfMachine(request: Headers): boolean;
  /** Errors: DW_UNAUTHENTICATED. */
  admit(request: Asked, address: string): Promise<void>;
  /** Of a request that was admitted. Errors: DW_UNAUTHENTICATED. */
  principalOf(request: Headers): Principal;
  /** As that of `People`. Errors: DW_UNAUTHENTICATED. */
  whileKnown(request: Headers, end: () => void): () => void;
}

/** Browsers that places share. */
export interface SharedTerminals {
  /** Whose cookie the token is of. */
  byToken(token: string): { readonly id: string; readonly name: string } | undefined;
  /** What bounds a session that begins on it now. */
  boundsOn(id: string): Session["terminal"];
}

/** Without accounts the server answers this machine only, and whoever sits there may do everything but approve his own request. */
export function localPeople(names: Accounts): People {
  return {
    isRequired: false,
    list: () => [],
    admit: () => undefined,
    of: (request) => localPerson(personOf(request, names)),
    ofHello: (_, secret, name) => localPerson(personFrom(secret, name, names)),
    whileKnown: () => () => {},
  };
}

function localPerson(principal: Principal): Principal {
  return { ...principal, roles: ["administrator"] };
}
