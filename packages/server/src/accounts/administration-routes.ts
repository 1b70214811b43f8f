import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { roleTable, type Role } from "@doppelwerk/trust";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parse } from "../http/query.ts";
import { withoutAuthenticator } from "./authenticator-routes.ts";
import { bodyOf, withAccounts, type Identities } from "./account-routes.ts";
import { ADMINISTRATION_PRESENCE_S } from "./presence.ts";
import { isUsable, stateOf, type Account } from "./account-store.ts";
import { withChange } from "./sign-in-news.ts";
import { placeOf } from "./sign-in-place.ts";

const roles = z.array(z.enum(Object.keys(roleTable) as [Role, ...Role[]])).min(1);
const accountShape = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  roles: z.array(z.string()).readonly(),
  state: z.enum(["active", "invited", "disabled", "expired", "withoutRole"]),
  /** Id of the provider of the company that its person logs in through. */
  provider: z.string().optional(),
  /** ISO 8601. */
  created: z.string(),
  expires: z.string().optional(),
  /** Browsers that are logged in with it, the oldest first; times in microseconds since 1970. */
  sessions: z.array(z.object({ id: z.string(), begun: z.int(), seen: z.int(), agent: z.string(), address: z.string() })).readonly(),
});
const invitedShape = z.object({ account: accountShape, /** Of the link, told once. */ token: z.string() });
const newAccount = z.strictObject({ login: z.string().max(200), name: z.string().max(200), roles, expires: z.iso.datetime().optional() });
const changes = z.strictObject({
  name: z.string().max(200).optional(),
  roles: roles.optional(),
  disabled: z.boolean().optional(),
  /** null: it does not expire. */
  expires: z.iso.datetime().nullable().optional(),
});

export const listAccounts = endpoint({
  id: "kernel.accounts",
  route: "GET /accounts",
  people: { as: "administration" },
  summary: "People who may log in, with their roles, states and sessions",
  action: "administer",
  answer: z.object({ accounts: z.array(accountShape).readonly() }),
  errors: ["DW_NOT_FOUND"],
});

export const createAccount = endpoint({
  id: "kernel.createAccount",
  route: "POST /accounts",
  summary: "Create an account; answers with the token of the link with which its person sets a password",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: newAccount,
  answer: invitedShape,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_NOT_FOUND"],
});

export const inviteAccount = endpoint({
  id: "kernel.inviteAccount",
  route: "POST /accounts/:account/invitation",
  summary: "Another link with which the person sets a password, also one that was forgotten; the link of before does not hold any more",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: invitedShape,
  errors: ["DW_NOT_FOUND", "DW_CONFLICT"],
});

export const changeAccount = endpoint({
  id: "kernel.changeAccount",
  route: "PATCH /accounts/:account",
  summary: "Change name, roles, expiry, or whether somebody may log in with it; its sessions end where it may do less",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  body: changes,
  answer: accountShape,
  errors: ["DW_INVALID", "DW_CONFLICT", "DW_NOT_FOUND"],
});

export const removeAccount = endpoint({
  id: "kernel.removeAccount",
  route: "DELETE /accounts/:account",
  summary: "Erase login and name and end the sessions; what the person did stays with an opaque id",
  action: "administer",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: undefined,
  errors: ["DW_CONFLICT", "DW_NOT_FOUND"],
});

export const endSession = endpoint({
  id: "kernel.endSession",
  route: "DELETE /accounts/:account/sessions/:session",
  summary: "End a session and everything that it has open, within a second",
  action: "administer",
  answer: undefined,
  errors: ["DW_NOT_FOUND"],
});

export const administrationContract = [listAccounts, createAccount, inviteAccount, changeAccount, removeAccount, endSession] as const;

interface Named {
  readonly account: string;
  readonly session: string;
}

/** `mayAdminister`: whether the person of a request administers this server. */
export function registerAdministration(
  app: FastifyInstance,
  identities: Identities | undefined,
  mayAdminister: (principal: Principal) => boolean,
): void {
  const administered = (request: FastifyRequest): Identities => {
    const known = withAccounts(identities);
    if (!mayAdminister(known.people.of(request))) throw new DoppelwerkError("DW_FORBIDDEN", message("server.accountsAdministeredOnly"));
    return known;
  };
  app.get("/accounts", async (request) => {
    const known = administered(request);
    return { accounts: known.accounts.list().map((account) => shown(known, account)) };
  });
  app.post("/accounts", async (request) => {
    const known = administered(request);
    const account = known.accounts.create(parse(newAccount, request.body ?? {}, bodyOf(createAccount)));
    return invitation(known, account.id, request);
  });
  app.post<{ Params: Named }>("/accounts/:account/invitation", async (request) =>
    invitation(administered(request), request.params.account, request),
  );
  app.patch<{ Params: Named }>("/accounts/:account", async (request) => {
    const known = administered(request);
    const change = parse(changes, request.body ?? {}, bodyOf(changeAccount));
    if (change.roles !== undefined) refuseBound(known.accounts.byId(request.params.account));
    const account = known.accounts.update(request.params.account, (before) => changed(before, change));
    if (change.roles !== undefined || !isUsable(account, Date.now()))
      known.sessions.endAll(account.id, { why: "changed", by: known.people.of(request).id });
    return shown(known, account);
  });
  app.delete<{ Params: Named }>("/accounts/:account", async (request, reply) => {
    const { accounts, sessions, people, further } = administered(request);
    const { account } = request.params;
    accounts.remove(account);
    further.removed(account);
    people.forget(account);
    // its own session, where somebody removes himself, ends after the answer
    reply.raw.once("close", () => sessions.endAll(account, { why: "removed" }));
    return reply.status(204).send();
  });
  app.delete<{ Params: Named }>("/accounts/:account/sessions/:session", async (request, reply) => {
    const { sessions, people } = administered(request);
    const { account, session } = request.params;
    const found = sessions.of(account).find(({ id }) => id === session);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noSession", { session }));
    sessions.end(found.id, { why: "administrator", by: people.of(request).id });
    return reply.status(204).send();
  });
}

/** What a provider of the company decides is not decided here. Errors: DW_CONFLICT. */
function refuseBound(account: Account | undefined): void {
  if (account?.binding !== undefined)
    throw new DoppelwerkError("DW_CONFLICT", message("server.accountBound", { provider: account.binding.provider }));
}

function invitation(known: Identities, id: string, request: FastifyRequest): z.infer<typeof invitedShape> {
  const before = known.accounts.byId(id);
  refuseBound(before);
  // who has lost the authenticator begins anew too; of a first link there is nobody to tell
  const isAnother = before !== undefined && stateOf(before, Date.now()) !== "invited";
  known.accounts.update(id, (account) => {
    const renewed = withoutAuthenticator(account);
    return isAnother ? withChange(renewed, { ...placeOf(request), change: "newLink" }) : renewed;
  });
  known.further.renewed(id);
  const token = known.accounts.invite(id, Date.now());
  return { account: shown(known, known.accounts.byId(id)!), token };
}

function changed(before: Account, { name, roles: next, disabled, expires }: z.infer<typeof changes>): Account {
  const { disabled: _, expires: __, ...rest } = before;
  const isDisabled = disabled ?? before.disabled === true;
  const until = expires === undefined ? before.expires : (expires ?? undefined);
  return {
    ...rest,
    name: name ?? before.name,
    roles: next ?? before.roles,
    ...(isDisabled && { disabled: true }),
    ...(until !== undefined && { expires: until }),
  };
}

function shown({ sessions }: Identities, account: Account): z.infer<typeof accountShape> {
  const { id, login, name, roles: held, created, expires, binding } = account;
  const state = stateOf(account, Date.now());
  const open = sessions
    .of(id)
    .map(({ id: session, begun, seen, agent, address }) => ({ id: session, begun: begun * 1_000, seen: seen * 1_000, agent, address }));
  return {
    id,
    login,
    name,
    roles: held,
    state,
    created,
    sessions: open,
    ...(expires !== undefined && { expires }),
    ...(binding !== undefined && { provider: binding.provider }),
  };
}
