import { randomBytes } from "node:crypto";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { begin, bodyOf, sessionShape, withAccounts, type Identities } from "../accounts/account-routes.ts";
import type { Account } from "../accounts/account-store.ts";
import { cookieOf, type SessionCookie } from "../accounts/known-people.ts";
import { LoginBrake } from "../accounts/login-brake.ts";
import { newRecoveryCodes } from "../accounts/login.ts";
import { ADMINISTRATION_PRESENCE_S } from "../accounts/presence.ts";
import { withChange } from "../accounts/sign-in-news.ts";
import { placeOf } from "../accounts/sign-in-place.ts";
import type { FurtherProof } from "../accounts/presence-routes.ts";
import { parse } from "../http/query.ts";
import { CHALLENGE_MS } from "./challenges.ts";
import { joinByPasskey, offerJoinPasskey, registerJoinByPasskey } from "./join-routes.ts";
import { assertion, optionsShape, registration, unextended } from "./passkey-shapes.ts";
import type { Passkey } from "./passkey-store.ts";
import { relyingPartyOf, type Passkeys, type RelyingParty } from "./passkeys.ts";

const passkeyShape = z.object({
  id: z.string(),
  name: z.string(),
  /** Host name that it works under. */
  host: z.string(),
  /** Whether a password manager or the maker of the device keeps it too. */
  synced: z.boolean(),
  /** ISO 8601, as all times here. */
  created: z.string(),
  used: z.string().optional(),
  /** Since when it logs nobody in: its counter went back, so that another device may have a copy. */
  suspect: z.string().optional(),
});

export const listPasskeys = endpoint({
  id: "kernel.passkeys",
  route: "GET /session/passkeys",
  summary: "The passkeys of the account that is logged in",
  action: "read",
  answer: z.object({ passkeys: z.array(passkeyShape).readonly() }),
  errors: ["DW_UNAUTHENTICATED"],
});

export const offerPasskey = endpoint({
  id: "kernel.offerPasskey",
  route: "POST /session/passkeys/options",
  summary: "What a browser makes a new passkey from; by a host name alone",
  action: "read",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: optionsShape,
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID", "DW_CONFLICT"],
});

export const addPasskey = endpoint({
  id: "kernel.addPasskey",
  route: "POST /session/passkeys",
  summary: "Add the passkey that a browser made to the account that is logged in",
  action: "read",
  presence: ADMINISTRATION_PRESENCE_S,
  body: z.strictObject({ name: z.string().max(200), response: registration }),
  answer: passkeyShape,
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID", "DW_CONFLICT"],
});

export const removePasskey = endpoint({
  id: "kernel.removePasskey",
  route: "DELETE /session/passkeys/:passkey",
  summary: "Remove a passkey of the account that is logged in",
  action: "read",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_NOT_FOUND", "DW_CONFLICT"],
});

export const offerPasskeyLogIn = endpoint({
  id: "kernel.offerPasskeyLogIn",
  route: "POST /session/passkey/options",
  summary: "What a browser logs in from with whichever passkey it has for this host name",
  action: "read",
  answer: optionsShape,
  errors: ["DW_INVALID", "DW_NOT_FOUND"],
});

export const logInByPasskey = endpoint({
  id: "kernel.logInByPasskey",
  route: "POST /session/passkey",
  summary: "Log in with a passkey; answers with the cookie of the session",
  action: "read",
  body: z.strictObject({ response: assertion }),
  answer: sessionShape,
  errors: ["DW_UNAUTHENTICATED", "DW_FORBIDDEN", "DW_TOO_OFTEN", "DW_NOT_FOUND", "DW_INVALID"],
});

export const renewRecoveryCodes = endpoint({
  id: "kernel.renewRecoveryCodes",
  route: "POST /session/recovery-codes",
  summary: "Other recovery codes for who has an authenticator or a passkey, told once; those of before hold no more",
  action: "read",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: z.object({ recoveryCodes: z.array(z.string()).readonly() }),
  errors: ["DW_UNAUTHENTICATED", "DW_CONFLICT"],
});

export const removePassword = endpoint({
  id: "kernel.removePassword",
  route: "DELETE /session/password",
  summary: "The account has no password any more; for who has a passkey and recovery codes",
  action: "read",
  presence: ADMINISTRATION_PRESENCE_S,
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_CONFLICT"],
});

export const passkeyContract = [
  listPasskeys,
  offerPasskey,
  addPasskey,
  removePasskey,
  offerPasskeyLogIn,
  logInByPasskey,
  renewRecoveryCodes,
  removePassword,
  offerJoinPasskey,
  joinByPasskey,
] as const;
/** What is answered before anybody is logged in. */
export const PUBLIC_PASSKEY_ENDPOINTS: readonly string[] = [offerPasskeyLogIn, logInByPasskey, offerJoinPasskey, joinByPasskey].map(
  ({ route }) => route,
);
/** What the transparency log has of them. */
export const loggedPasskeyContract = [
  addPasskey,
  removePasskey,
  logInByPasskey,
  renewRecoveryCodes,
  removePassword,
  joinByPasskey,
] as const;

/** A whole plant may have one address. */
const FREE_OF_ADDRESS = 50;

export interface PasskeyRoutesOptions {
  /** Undefined on a server without accounts. */
  readonly identities: (Identities & { readonly passkeys: Passkeys }) | undefined;
  readonly scheme: "http" | "https";
  /** Names the browser that is about to log in, for as long as a challenge holds. */
  readonly cookie: SessionCookie;
}

export function registerPasskeys(app: FastifyInstance, options: PasskeyRoutesOptions): void {
  const here = () => {
    const { identities } = options;
    withAccounts(identities);
    return identities!;
  };
  const party = (request: FastifyRequest): RelyingParty => partyOf(options.scheme, request);
  app.get("/session/passkeys", async (request) => {
    const { people, passkeys } = here();
    return { passkeys: passkeys.store.of(people.owner(request).account.id).map(shown) };
  });
  app.post("/session/passkeys/options", async (request, reply) => {
    const { people, passkeys } = here();
    const { session, account } = people.owner(request);
    // a provider of the company that shuts somebody out tells no passkey
    if (account.binding !== undefined)
      throw new DoppelwerkError("DW_CONFLICT", message("server.accountBound", { provider: account.binding.provider }));
    reply.header("cache-control", "no-store");
    return passkeys.offerNew(account, party(request), session.id);
  });
  app.post("/session/passkeys", async (request) => {
    const { people, passkeys, accounts } = here();
    const { session, account } = people.owner(request);
    const { name, response } = parse(addPasskey.body, request.body ?? {}, bodyOf(addPasskey));
    const added = await passkeys.add(account, name, unextended<RegistrationResponseJSON>(response), party(request), session.id);
    accounts.update(account.id, (known) => withChange(known, { ...placeOf(request), change: "passkey", session: session.id }));
    return shown(added);
  });
  app.delete<{ Params: { readonly passkey: string } }>("/session/passkeys/:passkey", async (request, reply) => {
    const { people, passkeys, accounts } = here();
    const { session, account } = people.owner(request);
    const { passkey } = request.params;
    const others = passkeys.store.of(account.id).filter(({ id, suspect }) => id !== passkey && suspect === undefined);
    if (account.passwordless && others.length === 0) throw new DoppelwerkError("DW_CONFLICT", message("server.lastPasskey"));
    passkeys.store.remove(account.id, passkey);
    accounts.update(account.id, (known) => withChange(known, { ...placeOf(request), change: "passkeyOff", session: session.id }));
    return reply.status(204).send();
  });
  registerLogIn(app, options, here, party);
  registerWithoutPassword(app, here);
  registerJoinByPasskey(app, here, party);
}

type Here = () => Identities & { readonly passkeys: Passkeys };

function registerLogIn(
  app: FastifyInstance,
  { cookie }: PasskeyRoutesOptions,
  here: Here,
  party: (request: FastifyRequest) => RelyingParty,
): void {
  const brake = new LoginBrake(() => Date.now());
  app.post("/session/passkey/options", async (request, reply) => {
    const { passkeys } = here();
    const offered = party(request);
    // another page of the same browser waits with its own challenge
    const browser = browserOf(request, cookie) ?? randomBytes(16).toString("base64url");
    setCookie(reply, cookie.set(browser, CHALLENGE_MS / 1_000));
    return passkeys.offer("logIn", offered, browser);
  });
  app.post("/session/passkey", async (request, reply) => {
    const known = here();
    const { response } = parse(logInByPasskey.body, request.body ?? {}, bodyOf(logInByPasskey));
    const counted = [{ name: `address ${request.ip}`, free: FREE_OF_ADDRESS }];
    const waitS = brake.waitS(counted);
    if (waitS > 0) throw new DoppelwerkError("DW_TOO_OFTEN", message("server.loginTooOften", { seconds: waitS }), { retryAfterS: waitS });
    brake.failed(counted);
    const account = await logged(known.passkeys, unextended(response), party(request), browserOf(request, cookie));
    brake.undo(counted);
    // nobody stays who is known no more where he came from
    await known.outside?.requireAway(account);
    const begun = begin(known, account, { request, reply, proof: "passkey" });
    reply.header("set-cookie", cookie.set("", 0));
    return begun;
  });
}

/** Errors: DW_UNAUTHENTICATED, which does not say what does not fit. */
async function logged(
  passkeys: Passkeys,
  response: AuthenticationResponseJSON,
  party: RelyingParty,
  browser: string | undefined,
): Promise<Account> {
  try {
    if (browser !== undefined) return await passkeys.check("logIn", response, party, browser);
  } catch (error) {
    if (!(error instanceof DoppelwerkError && error.code === "DW_INVALID")) throw error;
  }
  throw new DoppelwerkError("DW_UNAUTHENTICATED", message("server.passkeyRefused"));
}

function registerWithoutPassword(app: FastifyInstance, here: Here): void {
  app.post("/session/recovery-codes", async (request, reply) => {
    const { people, accounts, passkeys } = here();
    const { session, account } = people.owner(request);
    if (account.codeSecret === undefined && passkeys.store.of(account.id).length === 0)
      throw new DoppelwerkError("DW_CONFLICT", message("server.nothingToRecover"));
    const { codes, hashes } = newRecoveryCodes();
    accounts.update(account.id, (known) =>
      withChange({ ...known, recovery: hashes }, { ...placeOf(request), change: "recoveryCodes", session: session.id }),
    );
    reply.header("cache-control", "no-store");
    return { recoveryCodes: codes };
  });
  app.delete("/session/password", async (request, reply) => {
    const { people, accounts, sessions, passkeys } = here();
    const { session, account } = people.owner(request);
    const works = passkeys.store.of(account.id).some(({ suspect }) => suspect === undefined);
    if (!works || (account.recovery ?? []).length === 0) throw new DoppelwerkError("DW_CONFLICT", message("server.passwordNeeded"));
    accounts.update(account.id, ({ password: _password, ...known }) =>
      withChange({ ...known, passwordless: true }, { ...placeOf(request), change: "passwordOff", session: session.id }),
    );
    sessions.endAll(account.id, { why: "changed" }, session.id);
    return reply.status(204).send();
  });
}

/** A passkey as a proof of presence. */
export function passkeyProof(passkeys: Passkeys, scheme: "http" | "https"): FurtherProof {
  return {
    way: "passkey",
    has: (request, session, account) =>
      session.terminal === undefined && passkeys.usable(account.id, relyingPartyOf(scheme, request.host)).length > 0,
    offer: (request, session, account) => passkeys.offer("prove", partyOf(scheme, request), session.id, account.id),
    async check(request, session, account, given) {
      const response = parse(assertion, given, message("messages.bodyOf", { endpoint: "kernel.provePresence" }));
      const { id } = await passkeys.check("prove", unextended(response), partyOf(scheme, request), session.id);
      if (id !== account.id) throw new DoppelwerkError("DW_INVALID", message("server.passkeyRefused"));
    },
  };
}

/** Errors: DW_INVALID by an address. */
function partyOf(scheme: "http" | "https", request: FastifyRequest): RelyingParty {
  const party = relyingPartyOf(scheme, request.host);
  if (party === undefined) throw new DoppelwerkError("DW_INVALID", message("server.passkeysNeedName"));
  return party;
}

function browserOf(request: FastifyRequest, { name }: SessionCookie): string | undefined {
  const value = cookieOf(request.raw, name);
  return value !== undefined && /^[\w-]{22}$/.test(value) ? value : undefined;
}

function setCookie(reply: FastifyReply, cookie: string): void {
  reply.header("set-cookie", cookie).header("cache-control", "no-store");
}

function shown({ id, name, host, synced, created, used, suspect }: Passkey): z.infer<typeof passkeyShape> {
  return { id, name, host, synced, created, ...(used !== undefined && { used }), ...(suspect !== undefined && { suspect }) };
}
