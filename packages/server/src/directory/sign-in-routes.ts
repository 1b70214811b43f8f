import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import {
  begin,
  bodyOf,
  invited,
  newHash,
  personOf,
  sessionShape,
  setCookie,
  withAccounts,
  type Identities,
} from "../accounts/account-routes.ts";
import type { Account } from "../accounts/account-store.ts";
import { ADMINISTRATION_PRESENCE_S, requirePresence } from "../accounts/presence.ts";
import { withChange } from "../accounts/sign-in-news.ts";
import { placeOf } from "../accounts/sign-in-place.ts";
import { cookieOf } from "../accounts/known-people.ts";
import { parse } from "../http/query.ts";
import type { Directories } from "./directories.ts";
import { LdapDirectory } from "./ldap-directory.ts";
import { returnPath, type PendingSignIn } from "./pending-sign-ins.ts";
import { noProvider } from "./provider-store.ts";

/** A server with accounts, and the providers that know people beside it. */
export interface KnownOutside extends Identities {
  readonly directories: Directories;
}

const offeredShape = z.object({ id: z.string(), name: z.string(), kind: z.enum(["openid", "ldap"]) });
const beginning = z.strictObject({
  /** Page that is shown afterwards. */
  returnTo: z.string().max(2_000).default("/"),
  /** Of the invitation whose account is bound. */
  token: z.string().max(200).optional(),
  /** Whether the account that is logged in is bound. */
  binds: z.boolean().default(false),
  /** Whether the person only proves to be there, in the session that there is. */
  proves: z.boolean().default(false),
});
const answering = z.strictObject({
  /** What stands behind `?` in the address that the provider sent the browser to. */ query: z.string().max(8_000),
});
const credentials = z.strictObject({ login: z.string().max(200), password: z.string().max(1_000), token: z.string().max(200).optional() });
const enteredShape = sessionShape.extend({ returnTo: z.string() });
const away = z.strictObject({ password: z.string().max(1_000) });

export const listOffered = endpoint({
  id: "kernel.signInProviders",
  route: "GET /session/providers",
  summary: "Providers of the company through which people log in here",
  action: "read",
  answer: z.object({ providers: z.array(offeredShape).readonly() }),
});

export const readOffered = endpoint({
  id: "kernel.signInProvider",
  route: "GET /session/providers/:provider",
  summary: "Whether a provider answers now",
  action: "read",
  answer: z.object({ answers: z.boolean() }),
  errors: ["DW_NOT_FOUND"],
});

export const beginSignIn = endpoint({
  id: "kernel.beginSignIn",
  route: "POST /session/providers/:provider",
  summary: "Begin to log in through a provider (OpenID Connect): where the browser goes; answers with a cookie of this browser",
  action: "read",
  body: beginning,
  answer: z.object({ url: z.string() }),
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_UNAUTHENTICATED", "DW_INVALID"],
});

export const finishSignIn = endpoint({
  id: "kernel.finishSignIn",
  route: "POST /session/providers/:provider/answer",
  summary: "Log in with what the provider sent the browser back with, once and in the browser that began",
  action: "read",
  body: answering,
  people: { as: "self" },
  answer: enteredShape,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_UNAUTHENTICATED", "DW_FORBIDDEN", "DW_CONFLICT", "DW_INVALID"],
});

export const bindDirectory = endpoint({
  id: "kernel.bindDirectory",
  route: "POST /session/providers/:provider/binding",
  summary:
    "Bind an account to a person of a directory (LDAP), by login and password there: that of an invitation, or the one that is logged in",
  action: "read",
  body: credentials,
  people: { as: "self" },
  answer: sessionShape,
  errors: ["DW_NOT_FOUND", "DW_UNAVAILABLE", "DW_UNAUTHENTICATED", "DW_FORBIDDEN", "DW_CONFLICT", "DW_TOO_OFTEN", "DW_INVALID"],
});

export const readBinding = endpoint({
  id: "kernel.sessionProvider",
  route: "GET /session/provider",
  summary: "The provider of the account that is logged in, and where its session is ended there",
  action: "read",
  answer: z.object({
    /** Absent for an account of this server alone. */
    provider: offeredShape.optional(),
    /** Days for which a password kept here counts while the provider does not answer. */
    offlineDays: z.int(),
    /** Whether there is one. */
    offlinePassword: z.boolean(),
    logoutUrl: z.string().optional(),
  }),
  errors: ["DW_UNAUTHENTICATED"],
});

export const setOfflinePassword = endpoint({
  id: "kernel.setOfflinePassword",
  route: "PUT /session/provider/password",
  summary: "Keep a password here for when the provider of the account does not answer; needs a fresh proof of presence",
  action: "read",
  presence: ADMINISTRATION_PRESENCE_S,
  body: away,
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_CONFLICT", "DW_INVALID"],
});

export const signInContract = [
  listOffered,
  readOffered,
  beginSignIn,
  finishSignIn,
  bindDirectory,
  readBinding,
  setOfflinePassword,
] as const;

/** What is answered before anybody is logged in, or looks itself who asks. */
export const PUBLIC_SIGN_IN: readonly string[] = [listOffered, readOffered, beginSignIn, finishSignIn, bindDirectory].map(
  ({ route }) => route,
);

const BROWSER_S = 3_600;

interface Named {
  readonly provider: string;
}

export function registerSignIn(app: FastifyInstance, known: KnownOutside | undefined): void {
  const outside = (): KnownOutside => {
    withAccounts(known);
    return known!;
  };
  app.get("/session/providers", async () => ({ providers: known?.directories.store.list().map(offered) ?? [] }));
  app.get<{ Params: Named }>("/session/providers/:provider", async ({ params }) => ({
    answers: await outside().directories.running(params.provider).answers(),
  }));
  app.post<{ Params: Named }>("/session/providers/:provider", async (request, reply) => {
    const { directories } = outside();
    const asked = parse(beginning, request.body ?? {}, bodyOf(beginSignIn));
    const { provider: id } = request.params;
    const binds = boundBy(outside(), request, asked);
    const proves = asked.proves ? outside().people.known(request).session.id : undefined;
    const { url, checks } = await directories.openId(id).begin(`${directories.scheme}://${request.host}/sign-in/${id}`, asked.proves);
    const pending: PendingSignIn = {
      provider: id,
      checks,
      returnTo: returnPath(asked.returnTo),
      ...(binds !== undefined && { binds }),
      ...(proves !== undefined && { proves }),
    };
    const browser = directories.pending.add(pending, request.ip, cookieOf(request.raw, directories.cookie.name));
    setCookie(reply, directories.cookie.set(browser, BROWSER_S));
    return { url };
  });
  app.post<{ Params: Named }>("/session/providers/:provider/answer", async (request, reply) => {
    const { directories } = outside();
    const { query } = parse(answering, request.body ?? {}, bodyOf(finishSignIn));
    const { provider: id } = request.params;
    const provider = directories.openId(id);
    const state = new URLSearchParams(query).get("state") ?? "";
    const pending = directories.pending.take(id, state, cookieOf(request.raw, directories.cookie.name));
    if (pending === undefined) throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.signInNotBegun"));
    const person = await provider.finish(query, pending.checks);
    const { config } = provider;
    const account =
      pending.binds === undefined
        ? directories.bindings.enter(config, person)
        : directories.bindings.bind(stillBound(outside(), request, pending.binds), config, person);
    const { returnTo, proves } = pending;
    if (proves === undefined)
      return { ...begin(outside(), account, { request, reply, proof: "company", proved: person.proved ?? 0 }), returnTo };
    const { session, account: own } = outside().people.owner(request);
    if (session.id !== proves || own.id !== account.id) throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.signInOther"));
    outside().sessions.prove(session.id);
    return { accounts: true, person: personOf(account), returnTo };
  });
  app.post<{ Params: Named }>("/session/providers/:provider/binding", async (request, reply) => {
    const { directories, login } = outside();
    const typed = parse(credentials, request.body ?? {}, bodyOf(bindDirectory));
    const directory = directories.running(request.params.provider);
    if (!(directory instanceof LdapDirectory)) throw noProvider(request.params.provider);
    const binds = boundBy(outside(), request, { ...typed, binds: true })!;
    const person = await login.attempt(typed.login, request.ip, () => directory.check(typed.login.trim(), typed.password));
    const account = directories.bindings.bind(stillBound(outside(), request, binds), directory.config, person);
    return begin(outside(), account, { request, reply, proof: "company" });
  });
  registerOwn(app, outside);
}

/** Of the account that is logged in. */
function registerOwn(app: FastifyInstance, outside: () => KnownOutside): void {
  app.get("/session/provider", async (request) => {
    const { people, directories } = outside();
    const { account } = people.owner(request);
    const config = account.binding === undefined ? undefined : directories.store.byId(account.binding.provider);
    if (config === undefined) return { offlineDays: 0, offlinePassword: false };
    const logoutUrl = config.kind === "openid" ? await logoutUrlOf(directories, config.id, request) : undefined;
    return {
      provider: offered(config),
      offlineDays: config.offlineDays,
      offlinePassword: account.password !== undefined,
      ...(logoutUrl !== undefined && { logoutUrl }),
    };
  });
  app.put("/session/provider/password", async (request, reply) => {
    const { people, accounts, directories, login } = outside();
    const { session, account } = people.owner(request);
    const { password } = parse(away, request.body ?? {}, bodyOf(setOfflinePassword));
    const config = account.binding === undefined ? undefined : directories.store.byId(account.binding.provider);
    if (config === undefined || config.offlineDays === 0) throw new DoppelwerkError("DW_CONFLICT", message("server.noOfflinePassword"));
    const hash = await newHash(login, password, account);
    accounts.update(account.id, (before) =>
      before.binding === undefined
        ? before
        : withChange({ ...before, password: hash }, { ...placeOf(request), change: "offlinePassword", session: session.id }),
    );
    return reply.status(204).send();
  });
}

const offered = ({ id, name, kind }: z.infer<typeof offeredShape>): z.infer<typeof offeredShape> => ({ id, name, kind });

/** The account that is to be bound: of the invitation, else of who is logged in. Errors: DW_NOT_FOUND, DW_UNAUTHENTICATED, DW_PRESENCE. */
function boundBy(
  known: KnownOutside,
  request: FastifyRequest,
  { token, binds }: { readonly token?: string | undefined; readonly binds: boolean },
): PendingSignIn["binds"] {
  if (token !== undefined) return { account: invited(known, token).id, invitation: token };
  if (!binds) return undefined;
  const { account, session } = known.people.known(request);
  // another way into the account, as another password is
  requirePresence(known.people, request, ADMINISTRATION_PRESENCE_S);
  return { account: account.id, session: session.id };
}

/** Looked at again when the person comes back: an invitation is taken up once, and a session may be over. Errors: those of `boundBy`. */
function stillBound(
  known: KnownOutside,
  request: FastifyRequest,
  { account, invitation, session }: NonNullable<PendingSignIn["binds"]>,
): string {
  const now: Account | undefined = invitation === undefined ? known.people.known(request).account : invited(known, invitation);
  const isSame = now.id === account && (session === undefined || known.people.known(request).session.id === session);
  if (!isSame) throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.signInNotBegun"));
  return account;
}

async function logoutUrlOf(directories: Directories, id: string, request: FastifyRequest): Promise<string | undefined> {
  try {
    return await directories.openId(id).logoutUrl(`${directories.scheme}://${request.host}/`);
  } catch (error) {
    // whoever logs out while the provider is away is logged out here
    if (error instanceof DoppelwerkError && error.code === "DW_UNAVAILABLE") return undefined;
    throw error;
  }
}
