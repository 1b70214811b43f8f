import { endpoint, z } from "@doppelwerk/kit";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parse } from "../http/query.ts";
import type { Proof } from "./ending.ts";
import type { Account, AccountStore } from "./account-store.ts";
import type { KnownPeople, SessionCookie } from "./known-people.ts";
import type { Login } from "./login.ts";
import type { Outside } from "./outside.ts";
import { refusalOfPassword, type PasswordHash } from "./password.ts";
import { ADMINISTRATION_PRESENCE_S, requirePresence } from "./presence.ts";
import { LIFETIME_MS, type Sessions } from "./sessions.ts";
import { unread, withChange, withSignIn } from "./sign-in-news.ts";
import { placeOf } from "./sign-in-place.ts";

const personShape = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  roles: z.array(z.string()).readonly(),
  /** Codes of an authenticator are asked for. */
  authenticator: z.boolean(),
  /** Recovery codes that are left. */
  recoveryCodes: z.int(),
  /** Whether the account has one: who has a passkey may do without. */
  password: z.boolean(),
  /** Changes of how the person signs in, of which he was not told; absent where there are none. */
  news: z.int().optional(),
  /** In which its person reads the studio, where he chose it. */
  language: z.enum(["en", "zh"]).optional(),
});

export const sessionShape = z.object({
  /** Whether people log in here; without accounts the server answers its own machine alone. */
  accounts: z.boolean(),
  /** Who is logged in; absent where nobody is. */
  person: personShape.optional(),
  /** The terminal that this browser is, shared by a place; `until`: when it signs off, µs since 1970. */
  terminal: z.object({ name: z.string(), until: z.int().optional() }).optional(),
});

const credentials = z.strictObject({ login: z.string().max(200), password: z.string().max(1_000), code: z.string().max(50).optional() });
const passwords = z.strictObject({ password: z.string().max(1_000), next: z.string().max(1_000) });
const joining = z.strictObject({ token: z.string().max(200), password: z.string().max(1_000) });

export const readSession = endpoint({
  id: "kernel.session",
  route: "GET /session",
  people: { as: "self" },
  summary: "Whether people log in on this server, and who is logged in",
  action: "read",
  answer: sessionShape,
});

export const logIn = endpoint({
  id: "kernel.logIn",
  route: "POST /session",
  summary: "Log in with login, password and, where the account has an authenticator, its code; answers with the cookie of the session",
  action: "read",
  body: credentials,
  answer: sessionShape,
  errors: ["DW_UNAUTHENTICATED", "DW_TOO_OFTEN", "DW_NOT_FOUND", "DW_INVALID"],
});

export const logOut = endpoint({
  id: "kernel.logOut",
  route: "DELETE /session",
  summary: "End the session, and whatever it has open",
  action: "read",
  answer: undefined,
});

export const changePassword = endpoint({
  id: "kernel.changePassword",
  route: "PUT /session/password",
  summary:
    "Change the password of the account that is logged in; its other sessions end. Who has none sets one, with a fresh proof of presence instead",
  action: "read",
  body: passwords,
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID", "DW_TOO_OFTEN", "DW_PRESENCE"],
});

export const readInvitation = endpoint({
  id: "kernel.invitation",
  route: "POST /session/invitation",
  summary: "Whose invitation a token is",
  action: "read",
  body: joining.pick({ token: true }),
  answer: z.object({ login: z.string(), name: z.string() }),
  errors: ["DW_NOT_FOUND", "DW_INVALID"],
});

export const join = endpoint({
  id: "kernel.join",
  route: "POST /session/join",
  summary: "Set the password of an account by its invitation, which then holds no more, and log in",
  action: "read",
  body: joining,
  answer: sessionShape,
  errors: ["DW_NOT_FOUND", "DW_INVALID"],
});

/** Routes of sessions; a test holds them to what is registered. */
export const sessionContract = [readSession, logIn, logOut, changePassword, readInvitation, join] as const;

/** What is answered before anybody is logged in, or looks itself who asks: the answer of who logs out does not end with the session. */
export const PUBLIC_ENDPOINTS: readonly string[] = [readSession, logIn, logOut, readInvitation, join].map(({ route }) => route);

/** What else people show who they are with, beside password and authenticator; parts of their own. */
export interface FurtherCredentials {
  /** Its person has lost what he had, and begins anew. Errors: DW_UNAVAILABLE. */
  renewed(account: string): void;
  /** The account is gone. Errors: DW_UNAVAILABLE. */
  removed(account: string): void;
  /** What is kept of them, for their person: no keys, no hashes. */
  exported(account: string): Readonly<Record<string, unknown>>;
}

/** A server with accounts. */
export interface Identities {
  readonly accounts: AccountStore;
  readonly sessions: Sessions;
  readonly people: KnownPeople;
  readonly login: Login;
  readonly cookie: SessionCookie;
  /** Who knows people beside this server. */
  readonly outside?: Outside;
  readonly further: FurtherCredentials;
}

/** `identities` is undefined on a server without accounts, where nobody logs in. */
export function registerSessions(app: FastifyInstance, identities: Identities | undefined): void {
  app.get("/session", async (request) => {
    if (identities === undefined) return { accounts: false };
    return sessionInfo(identities, request);
  });
  app.post("/session", async (request, reply) => {
    const { login } = withAccounts(identities);
    const account = await login.check(parse(credentials, request.body ?? {}, bodyOf(logIn)), request.ip, placeOf(request));
    return begin(withAccounts(identities), account, {
      request,
      reply,
      proof: account.codeSecret === undefined ? "password" : "authenticator",
    });
  });
  app.delete("/session", async (request, reply) => {
    const { people, sessions, cookie } = withAccounts(identities);
    sessions.end(people.known(request).session.id, { why: "left" });
    // what was kept before answers said that they are not to be kept
    reply.header("clear-site-data", '"cache"');
    setCookie(reply, cookie.set("", 0));
    return reply.status(204).send();
  });
  app.put("/session/password", async (request, reply) => {
    const { people, accounts, sessions, login } = withAccounts(identities);
    const { session, account } = people.owner(request);
    const { password, next } = parse(passwords, request.body ?? {}, bodyOf(changePassword));
    if (account.passwordless) requirePresence(people, request, ADMINISTRATION_PRESENCE_S);
    else await login.confirm(account, password);
    const hash = await newHash(login, next, account);
    accounts.update(account.id, (known) =>
      withChange(withPassword(known, hash), { ...placeOf(request), change: "password", session: session.id }),
    );
    sessions.endAll(account.id, { why: "changed" }, session.id);
    return reply.status(204).send();
  });
  app.post("/session/invitation", async (request) => {
    const { token } = parse(joining.pick({ token: true }), request.body ?? {}, bodyOf(readInvitation));
    const { login, name } = invited(withAccounts(identities), token);
    return { login, name };
  });
  app.post("/session/join", async (request, reply) => {
    const known = withAccounts(identities);
    const { token, password } = parse(joining, request.body ?? {}, bodyOf(join));
    const hash = await newHash(known.login, password, invited(known, token));
    // looked at again: hashing takes a while, and an invitation is taken up once
    const { id } = invited(known, token);
    const account = known.accounts.update(id, ({ invitation: _invitation, ...before }) => {
      const joined = withPassword(before, hash);
      // who takes up the first one knows it
      const isAnother = before.password !== undefined || before.passwordless === true;
      return isAnother ? withChange(joined, { ...placeOf(request), change: "joined" }) : joined;
    });
    known.sessions.endAll(id, { why: "changed" });
    return begin(known, account, { request, reply, proof: "invitation" });
  });
}

/** Who is logged in in the browser of a request, and which terminal it is. */
export function sessionInfo({ people }: Pick<Identities, "people">, request: FastifyRequest): z.infer<typeof sessionShape> {
  const terminal = people.terminalOf(request);
  const named = terminal && { terminal: { name: terminal.name } };
  try {
    const { account, session } = people.known(request);
    const { idleMs, until = Infinity } = session.terminal ?? {};
    const over = idleMs === undefined ? undefined : Math.min(session.seen + idleMs, until) * 1_000;
    const news = unread(account, session.id).length;
    return {
      accounts: true,
      person: { ...personOf(people.asShown(account, session)), ...(news > 0 && { news }) },
      ...(terminal && { terminal: { name: terminal.name, until: over } }),
    };
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === "DW_UNAUTHENTICATED") return { accounts: true, ...named };
    throw error;
  }
}

export interface Beginning {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** How its person showed who he is. */
  readonly proof: Proof;
  /** When he proved to be there; absent: now. */
  readonly proved?: number;
}

/** Logs in; on a terminal for as long as somebody is there. */
export function begin(
  { accounts, sessions, cookie, people }: Identities,
  account: Account,
  { request, reply, proof, proved }: Beginning,
): z.infer<typeof sessionShape> {
  const agent = request.headers["user-agent"] ?? "";
  const terminal = people.boundsOf(request);
  const { token, session } = sessions.begin(account.id, {
    agent,
    address: request.ip,
    proof,
    ...(proved !== undefined && { proved }),
    ...(terminal !== undefined && { terminal }),
  });
  // who signs in on a browser that several share is told where he has his own
  const known =
    terminal === undefined ? accounts.update(account.id, (before) => withSignIn(before, placeOf(request), session.id)) : account;
  setCookie(reply, cookie.set(token, LIFETIME_MS / 1_000));
  const news = terminal === undefined ? unread(known, session.id).length : 0;
  return { accounts: true, person: { ...personOf(people.asShown(known, session)), ...(news > 0 && { news }) } };
}

/** Errors: DW_NOT_FOUND. */
export function invited({ accounts }: Identities, token: string): Account {
  const account = accounts.invited(token, Date.now());
  if (account === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.invitationGone"));
  return account;
}

function withPassword({ passwordless: _passwordless, ...account }: Account, password: PasswordHash): Account {
  return { ...account, password };
}

/** Errors: DW_INVALID for a password that may not be one. */
export function newHash(knows: Login, password: string, { login, name }: Account): Promise<PasswordHash> {
  const refusal = refusalOfPassword(password, [login, ...name.split(" ")]);
  if (refusal !== undefined) throw new DoppelwerkError("DW_INVALID", refusal);
  return knows.hashOf(password);
}

export const bodyOf = ({ id }: { readonly id: string }): Message => message("messages.bodyOf", { endpoint: id });

export function setCookie(reply: FastifyReply, cookie: string): void {
  reply.header("set-cookie", cookie).header("cache-control", "no-store");
}

export function withAccounts(identities: Identities | undefined): Identities {
  if (identities === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noAccountsHere"));
  return identities;
}

export const personOf = ({
  id,
  login,
  name,
  roles,
  codeSecret,
  recovery = [],
  password,
  language,
}: Account): z.infer<typeof personShape> => ({
  id,
  login,
  name,
  roles,
  authenticator: codeSecret !== undefined,
  recoveryCodes: recovery.length,
  password: password !== undefined,
  ...(language !== undefined && { language }),
});
