import { isAasUrl } from "@doppelwerk/aas-server";
import type { EndpointOptions } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Action } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { join, logIn, logOut, readInvitation, readSession, sessionContract, type Identities } from "../accounts/account-routes.ts";
import { authenticatorContract } from "../accounts/authenticator-routes.ts";
import { provePresence } from "../accounts/presence-routes.ts";
import { endOwnSession } from "../accounts/sign-in-news-routes.ts";
import { bindDirectory, finishSignIn, signInContract } from "../directory/sign-in-routes.ts";
import { loggedPasskeyContract, logInByPasskey } from "../passkeys/passkey-routes.ts";
import { loggedTerminalContract, signInAtTerminal } from "../terminals/terminal-routes.ts";
import { publicCredentialContract } from "../credentials/credential-contract.ts";
import { certifyMachine, publicMachineContract } from "../machines/machine-routes.ts";
import { Refusals } from "./refusals.ts";
import { whoOf } from "./world-feed.ts";
import type { TransparencyLog } from "./transparency-log.ts";

export interface LoggedRequests {
  readonly log: TransparencyLog;
  readonly identities: Identities | undefined;
  /** Every operation that a contract describes now. */
  endpoints(): readonly EndpointOptions[];
  /** What stands before the routes of contracts. */
  readonly prefix: string;
  /** Ids of what everybody may do, and has another effect than a commit. */
  readonly ofAnybody: ReadonlySet<string>;
  /** Id of the person of a request. Errors: as it cannot be known. */
  person(request: FastifyRequest): string;
  /** Id of the world that a request is about. */
  world(request: FastifyRequest): string;
  onFault(error: unknown): void;
}

/** Whose effect is something else than a commit, which is an entry of its own. */
const LOGGED_ACTIONS: ReadonlySet<Action> = new Set(["run", "approve", "acknowledge", "command", "import", "administer"]);
/** Of people and machines that are not known yet, so that their action is none. */
const OF_SESSIONS: ReadonlySet<string> = new Set(
  [
    ...sessionContract,
    ...authenticatorContract,
    provePresence,
    endOwnSession,
    ...signInContract,
    ...loggedPasskeyContract,
    ...loggedTerminalContract,
    certifyMachine,
    ...publicMachineContract,
    ...publicCredentialContract,
  ]
    .map(({ id }) => id)
    .filter((id) => id !== readSession.id && id !== readInvitation.id),
);
/** Whose answer says who is logged in now. */
export const ENTERING: ReadonlySet<string> = new Set([
  logIn.id,
  join.id,
  finishSignIn.id,
  bindDirectory.id,
  logInByPasskey.id,
  signInAtTerminal.id,
]);
export const LEAVING: ReadonlySet<string> = new Set([logOut.id, endOwnSession.id]);
const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);
/** A file that somebody reads again and again is one entry a minute. */
const EXPORT_MS = 60_000;

type Logged = "request" | "read" | undefined;

interface Operation {
  readonly id: string;
  readonly logged: Logged;
  /** It does something, also where that is logged as a commit. */
  readonly does?: true;
}

/**
 * Every request that does something beside a commit is an entry, durable before it is answered; so is every file that leaves the server and every refusal,
 * these within bounds. What counts follows from the contract of the operation: its action and its method. While the log cannot be written, nothing is done
 * that could not be logged.
 */
export function logRequests(app: FastifyInstance, options: LoggedRequests): void {
  const { log } = options;
  const operations = new Operations(options);
  const people = new WeakMap<FastifyRequest, string>();
  const refusals = new Refusals(log, options.onFault);
  const exported = new Recent(EXPORT_MS);
  // a commit does not say on which browser that several share it was made
  const loggedOf = (request: FastifyRequest): Logged => {
    const { logged, does } = operations.of(request);
    return logged ?? (does && options.identities?.people.terminalOf(request) !== undefined ? "request" : undefined);
  };
  app.addHook("preHandler", (request, _reply, done) => {
    if (loggedOf(request) !== "request") return done();
    // who logs out is known no more afterwards
    const person = personOf(options, request);
    if (person !== undefined) people.set(request, person);
    if (log.isRefusing) done(new DoppelwerkError("DW_UNAVAILABLE", message("server.transparencyLogRefuses")));
    else done();
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    const { statusCode: status } = reply;
    const { id: operation } = operations.of(request);
    const logged = loggedOf(request);
    const isRefused = status === 403 || ((status === 401 || status === 429) && OF_SESSIONS.has(operation));
    const isExport = logged === "read" && status < 300 && String(reply.getHeader("content-disposition") ?? "").startsWith("attachment");
    if (!isRefused && !isExport && (logged !== "request" || status >= 400)) return done(null, payload);
    const person = accountOf(options, request, operation, payload) ?? people.get(request) ?? personOf(options, request);
    const world = options.world(request);
    if (isRefused) {
      refusals.add({ operation, status, world, person });
      return done(null, payload);
    }
    if (isExport && exported.has(`${person} ${request.url}`)) return done(null, payload);
    const whom = accountIn(options, request);
    const terminal = options.identities?.people.terminalOf(request)?.id;
    const { machine, credential, issuer } = (request.params ?? {}) as {
      readonly machine?: string;
      readonly credential?: string;
      readonly issuer?: string;
    };
    log
      .append((nonce) => ({
        what: isExport ? "export" : "request",
        world,
        operation,
        status,
        ...whoOf(log, person, nonce),
        ...(machine !== undefined && { machine }),
        ...(credential !== undefined && { credential }),
        ...(issuer !== undefined && { issuer }),
        ...(terminal !== undefined && { terminal }),
        ...(whom !== undefined && { whom: log.salts.commit(whom, nonce, "whom", whom) }),
      }))
      .then(
        () => done(null, payload),
        (error: unknown) => done(error as Error),
      );
  });
}

class Operations {
  readonly #options: LoggedRequests;
  readonly #known = new Map<string, Operation>();

  constructor(options: LoggedRequests) {
    this.#options = options;
  }

  of(request: FastifyRequest): Operation {
    const route = `${request.method} ${request.routeOptions.url ?? ""}`;
    let known = this.#known.get(route);
    // routes are a bounded number
    if (known === undefined) this.#known.set(route, (known = this.#operation(request, route)));
    return known;
  }

  #operation(request: FastifyRequest, route: string): Operation {
    const { prefix, endpoints, ofAnybody } = this.#options;
    const endpoint = endpoints().find((one) => one.route.replace(" ", ` ${prefix}`) === route);
    if (request.routeOptions.url === undefined) return { id: route, logged: undefined };
    const id = endpoint?.id ?? route;
    if (READS.has(request.method)) return { id, logged: "read" };
    if (OF_SESSIONS.has(id) || ofAnybody.has(id)) return { id, logged: "request" };
    if (endpoint !== undefined)
      return { id, logged: LOGGED_ACTIONS.has(endpoint.action) ? "request" : undefined, ...(endpoint.action !== "read" && { does: true }) };
    // documents are commits, operations of the asset are not; what no contract describes is logged
    const isDocument = isAasUrl(request.url) && !/\/invoke(-async)?(\/|$)/.test(request.routeOptions.url);
    return { id, logged: isDocument ? undefined : "request", does: true };
  }
}

function personOf({ person }: LoggedRequests, request: FastifyRequest): string | undefined {
  try {
    return person(request);
  } catch {
    // nobody is logged in
    return undefined;
  }
}

/** The account of who logs in, or is kept from it. */
function accountOf({ identities }: LoggedRequests, request: FastifyRequest, operation: string, payload: unknown): string | undefined {
  if (identities === undefined || !ENTERING.has(operation)) return undefined;
  const entered = personIn(payload);
  const { login } = (request.body ?? {}) as { readonly login?: unknown };
  return entered ?? (typeof login === "string" ? identities.accounts.byLogin(login)?.id : undefined);
}

function personIn(payload: unknown): string | undefined {
  try {
    return (JSON.parse(String(payload)) as { readonly person?: { readonly id?: string } }).person?.id;
  } catch {
    // no JSON
    return undefined;
  }
}

/** The account that an operation is about. One that was removed by it is not named: its salt is gone, and would be made again. */
function accountIn({ log, identities }: LoggedRequests, request: FastifyRequest): string | undefined {
  const { account } = (request.params ?? {}) as { readonly account?: string };
  return account !== undefined && (log.salts.has(account) || identities?.accounts.byId(account) !== undefined) ? account : undefined;
}

/** What was there within a time, and no more. */
class Recent {
  readonly #ms: number;
  readonly #until = new Map<string, number>();

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Whether it was there; from now on it is. */
  has(name: string): boolean {
    const now = performance.now();
    for (const [old, until] of this.#until) {
      if (until > now) break;
      this.#until.delete(old);
    }
    if (this.#until.has(name)) return true;
    this.#until.set(name, now + this.#ms);
    return false;
  }
}
