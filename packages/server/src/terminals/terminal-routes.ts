import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { begin, bodyOf, personOf, sessionInfo, sessionShape, withAccounts, type Identities } from "../accounts/account-routes.ts";
import type { Account } from "../accounts/account-store.ts";
import type { SessionCookie } from "../accounts/known-people.ts";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";
import type { FurtherProof } from "../accounts/presence-routes.ts";
import { parse } from "../http/query.ts";
import type { Terminal } from "./terminal-store.ts";
import type { Terminals } from "./terminals.ts";

const terminalShape = z.object({
  id: z.string(),
  name: z.string(),
  place: z.string().optional(),
  idleS: z.int(),
  badgeNeedsPin: z.boolean(),
  signOffAt: z.array(z.string()).readonly(),
  /** ISO 8601. */
  created: z.string(),
  /** Name of who declared it. */
  createdBy: z.string().optional(),
  /** Since when a browser is it; absent while the link waits. */
  since: z.string().optional(),
  /** Name of who is signed in on it now. */
  signedIn: z.string().optional(),
});
export const newTerminal = z.strictObject({
  name: z.string().max(200),
  place: z.string().max(200).optional(),
  idleS: z.int().min(10).max(3_600).default(90),
  badgeNeedsPin: z.boolean().default(false),
  signOffAt: z
    .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/))
    .max(10)
    .default([]),
});
const pin = z.string().max(50);
const badge = z.string().max(200);
const linkedShape = z.object({ terminal: terminalShape, /** Of the link `/terminal#TOKEN`, told once. */ token: z.string() });

export const listTerminals = endpoint({
  id: "kernel.terminals",
  route: "GET /terminals",
  summary: "Browsers that places share, who is signed in on them, and who has a PIN or badge for them",
  action: "administer",
  answer: z.object({
    terminals: z.array(terminalShape).readonly(),
    people: z.array(z.object({ account: z.string(), pin: z.boolean(), badge: z.boolean() })).readonly(),
  }),
  errors: ["DW_NOT_FOUND"],
});

export const createTerminal = endpoint({
  id: "kernel.createTerminal",
  route: "POST /terminals",
  summary: "Add a shared terminal; answers with the token of the link that makes the browser that opens it the terminal",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: newTerminal,
  answer: linkedShape,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_NOT_FOUND"],
});

export const linkTerminal = endpoint({
  id: "kernel.linkTerminal",
  route: "POST /terminals/:terminal/link",
  summary: "Another link for a browser that becomes this terminal instead of the one before",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: linkedShape,
  errors: ["DW_NOT_FOUND"],
});

export const removeTerminal = endpoint({
  id: "kernel.removeTerminal",
  route: "DELETE /terminals/:terminal",
  summary: "The browser is a terminal no more; whoever is signed in on it is signed off within a second",
  action: "administer",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const declareTerminal = endpoint({
  id: "kernel.declareTerminal",
  route: "POST /terminals/declaration",
  summary: "The browser that sends the token of a link is the terminal from now on, which a cookie tells",
  action: "read",
  body: z.strictObject({ token: z.string().max(200) }),
  answer: z.object({ name: z.string() }),
  errors: ["DW_NOT_FOUND", "DW_INVALID"],
});

export const listTerminalPeople = endpoint({
  id: "kernel.terminalPeople",
  route: "GET /terminal/people",
  summary: "On a terminal: who can sign in by a PIN",
  action: "read",
  answer: z.object({ people: z.array(z.object({ id: z.string(), name: z.string() })).readonly() }),
  errors: ["DW_FORBIDDEN"],
});

export const signInAtTerminal = endpoint({
  id: "kernel.signInAtTerminal",
  route: "POST /terminal/session",
  summary: "On a terminal: sign in by name and PIN, or by badge; whoever was signed in before is signed off",
  action: "read",
  body: z.union([z.strictObject({ person: z.string().max(200), pin }), z.strictObject({ badge, pin: pin.optional() })]),
  answer: sessionShape,
  errors: ["DW_UNAUTHENTICATED", "DW_TOO_OFTEN", "DW_FORBIDDEN", "DW_INVALID"],
});

export const stayAtTerminal = endpoint({
  id: "kernel.stayAtTerminal",
  route: "POST /terminal/session/stay",
  summary: "On a terminal: somebody touched it or pressed a key, so that it does not sign off yet",
  action: "read",
  answer: sessionShape,
  errors: ["DW_UNAUTHENTICATED", "DW_FORBIDDEN"],
});

export const setOwnPin = endpoint({
  id: "kernel.setOwnPin",
  route: "PUT /session/pin",
  summary: "A PIN of 4 to 12 digits for shared terminals, of whoever is logged in; of no use anywhere else",
  action: "read",
  presence: ADMINISTRATION_PRESENCE_S,
  body: z.strictObject({ pin }),
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID", "DW_CONFLICT"],
});

export const setBadge = endpoint({
  id: "kernel.setBadge",
  route: "PUT /accounts/:account/badge",
  summary: "The number of the badge with which a person signs in on shared terminals; null takes badge and PIN away",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: z.strictObject({ badge: badge.nullable() }),
  answer: undefined,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_NOT_FOUND"],
});

export const terminalContract = [
  listTerminals,
  createTerminal,
  linkTerminal,
  removeTerminal,
  declareTerminal,
  listTerminalPeople,
  signInAtTerminal,
  stayAtTerminal,
  setOwnPin,
  setBadge,
] as const;
export const PUBLIC_TERMINAL_ENDPOINTS: readonly string[] = [declareTerminal.route];
/** What the transparency log has of them beside what administrators do. */
export const loggedTerminalContract = [declareTerminal, signInAtTerminal, setOwnPin] as const;

/** Browsers keep a cookie no longer (RFC 6265bis, 5.5); each use renews it. */
const COOKIE_S = 400 * 86_400;

export interface TerminalRoutesOptions {
  /** Undefined on a server without accounts. */
  readonly identities: (Identities & { readonly terminals: Terminals; readonly terminalCookie: SessionCookie }) | undefined;
  /** Errors: DW_UNAUTHENTICATED, DW_FORBIDDEN. */
  administrator(request: FastifyRequest): Principal;
}

interface Named {
  readonly terminal: string;
}

export function registerTerminals(app: FastifyInstance, { identities, administrator }: TerminalRoutesOptions): void {
  const here = () => {
    withAccounts(identities);
    return identities!;
  };
  const shown = (terminal: Terminal): z.infer<typeof terminalShape> => shownOf(here(), terminal);
  const administered = (request: FastifyRequest): Terminals => {
    const { terminals } = here();
    administrator(request);
    return terminals;
  };
  const linked = (request: FastifyRequest, reply: FastifyReply, id: string): z.infer<typeof linkedShape> => {
    const { store } = administered(request);
    const token = store.offerLink(id, Date.now());
    reply.header("cache-control", "no-store");
    return { terminal: shown(store.byId(id)!), token };
  };
  app.get("/terminals", async (request) => {
    const { store } = administered(request);
    const people = store.people().map((each) => ({ account: each.account, pin: each.pin !== undefined, badge: each.badge !== undefined }));
    return { terminals: store.list().map(shown), people };
  });
  app.post("/terminals", async (request, reply) => {
    const { store } = administered(request);
    const { place, ...given } = parse(newTerminal, request.body ?? {}, bodyOf(createTerminal));
    const named = place !== undefined && place.trim() !== "" ? { place } : {};
    return linked(request, reply, store.create({ ...given, ...named, createdBy: administrator(request).id }).id);
  });
  app.post<{ Params: Named }>("/terminals/:terminal/link", async (request, reply) => linked(request, reply, request.params.terminal));
  app.delete<{ Params: Named }>("/terminals/:terminal", async (request, reply) => {
    administered(request).remove(request.params.terminal, administrator(request).id);
    return reply.status(204).send();
  });
  app.post("/terminals/declaration", async (request, reply) => {
    const { terminals, terminalCookie, people, sessions } = here();
    const { token: link } = parse(declareTerminal.body, request.body ?? {}, bodyOf(declareTerminal));
    const { terminal, token } = terminals.declare(link);
    // nobody's own session stays in a browser that everybody uses
    const own = people.sessionOf(request);
    if (own !== undefined) sessions.end(own.id, { why: "replaced" });
    reply.header("set-cookie", terminalCookie.set(token, COOKIE_S)).header("cache-control", "no-store");
    return { name: terminal.name };
  });
  registerSignIn(app, here);
  registerQuick(app, here, administered);
}

type Here = () => NonNullable<TerminalRoutesOptions["identities"]>;

function registerSignIn(app: FastifyInstance, here: Here): void {
  /** Errors: DW_FORBIDDEN in any other browser. */
  const terminalOf = (request: FastifyRequest): Terminal => {
    const { people, terminals } = here();
    const found = people.terminalOf(request);
    const terminal = found === undefined ? undefined : terminals.store.byId(found.id);
    if (terminal === undefined) throw new DoppelwerkError("DW_FORBIDDEN", message("server.noTerminalHere"));
    return terminal;
  };
  app.get("/terminal/people", async (request) => {
    terminalOf(request);
    return { people: here().terminals.people() };
  });
  app.post("/terminal/session", async (request, reply) => {
    const known = here();
    const terminal = terminalOf(request);
    const shownThere = parse(signInAtTerminal.body, request.body ?? {}, bodyOf(signInAtTerminal));
    const account = await known.terminals.signIn(terminal, shownThere);
    known.sessions.sweep((session) => session.terminal?.id === terminal.id, { why: "replaced" });
    begin(known, account, { request, reply, proof: "badge" in shownThere ? "badge" : "pin" });
    return { accounts: true, person: personOf(account), terminal: { name: terminal.name } };
  });
  app.post("/terminal/session/stay", async (request) => {
    terminalOf(request);
    const { people, sessions } = here();
    sessions.stay(people.known(request).session.id);
    return sessionInfo(here(), request);
  });
}

function registerQuick(app: FastifyInstance, here: Here, administered: (request: FastifyRequest) => Terminals): void {
  app.put("/session/pin", async (request, reply) => {
    const { people, terminals } = here();
    const { account } = people.owner(request);
    refuseBound(account);
    await terminals.store.setPin(account.id, parse(setOwnPin.body, request.body ?? {}, bodyOf(setOwnPin)).pin);
    return reply.status(204).send();
  });
  app.put<{ Params: { readonly account: string } }>("/accounts/:account/badge", async (request, reply) => {
    const { store } = administered(request);
    const { badge: number } = parse(setBadge.body, request.body ?? {}, bodyOf(setBadge));
    const account = here().accounts.byId(request.params.account);
    if (account === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccount", { id: request.params.account }));
    if (number === null) store.forget(account.id);
    else {
      refuseBound(account);
      await store.setBadge(account.id, number);
    }
    return reply.status(204).send();
  });
}

/** Who is known by a provider of the company alone may be shut out there, which nobody would tell a terminal. */
function refuseBound({ binding }: Account): void {
  if (binding !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.accountBound", { provider: binding.provider }));
}

/** The PIN as a proof of presence, where a terminal asks for it. */
export function pinProof(terminals: Terminals): FurtherProof {
  return {
    way: "pin",
    has: (_request, session, account) => session.terminal !== undefined && terminals.store.quickOf(account.id)?.pin !== undefined,
    offer: () => Promise.resolve(undefined),
    async check(_request, session, account, given) {
      const terminal = session.terminal === undefined ? undefined : terminals.store.byId(session.terminal.id);
      if (terminal === undefined) throw new DoppelwerkError("DW_INVALID", message("server.noTerminalHere"));
      try {
        await terminals.signIn(terminal, { person: account.id, pin: String(given) });
      } catch (error) {
        if (error instanceof DoppelwerkError && error.code === "DW_UNAUTHENTICATED")
          throw new DoppelwerkError("DW_INVALID", message("server.pinWrong"));
        throw error;
      }
    },
  };
}

function shownOf({ sessions, accounts }: ReturnType<Here>, terminal: Terminal): z.infer<typeof terminalShape> {
  const { id, name, place, idleS, badgeNeedsPin, signOffAt, created, createdBy, browser } = terminal;
  const author = createdBy === undefined ? undefined : accounts.byId(createdBy)?.name;
  const session = sessions.all().find((each) => each.terminal?.id === id);
  const signedIn = session === undefined ? undefined : accounts.byId(session.account)?.name;
  return {
    id,
    name,
    idleS,
    badgeNeedsPin,
    signOffAt,
    created,
    ...(place !== undefined && { place }),
    ...(author !== undefined && { createdBy: author }),
    ...(browser !== undefined && { since: browser.since }),
    ...(signedIn !== undefined && { signedIn }),
  };
}
