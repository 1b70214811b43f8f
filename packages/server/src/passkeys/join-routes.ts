import { createHash } from "node:crypto";
import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { begin, bodyOf, invited, sessionShape, type Identities } from "../accounts/account-routes.ts";
import type { Account } from "../accounts/account-store.ts";
import { newRecoveryCodes } from "../accounts/login.ts";
import { parse } from "../http/query.ts";
import { optionsShape, registration, unextended } from "./passkey-shapes.ts";
import type { Passkeys, RelyingParty } from "./passkeys.ts";

const token = z.string().max(200);
const accepting = z.strictObject({ token, name: z.string().max(200), response: registration });

export const offerJoinPasskey = endpoint({
  id: "kernel.offerJoinPasskey",
  route: "POST /session/join/passkey/options",
  summary: "What a browser makes the passkey from with which an invitation is accepted; by a host name alone",
  action: "read",
  body: z.strictObject({ token }),
  answer: optionsShape,
  errors: ["DW_NOT_FOUND", "DW_INVALID", "DW_CONFLICT"],
});

export const joinByPasskey = endpoint({
  id: "kernel.joinByPasskey",
  route: "POST /session/join/passkey",
  summary: "Accept an invitation with a passkey in place of a password, and log in; recovery codes are told once",
  action: "read",
  body: accepting,
  answer: sessionShape.extend({ recoveryCodes: z.array(z.string()).readonly() }),
  errors: ["DW_NOT_FOUND", "DW_INVALID", "DW_CONFLICT"],
});

type Here = () => Identities & { readonly passkeys: Passkeys };

/** An invitation is accepted by making a passkey: the account has no password then, and recovery codes as the way back. */
export function registerJoinByPasskey(app: FastifyInstance, here: Here, party: (request: FastifyRequest) => RelyingParty): void {
  app.post("/session/join/passkey/options", async (request, reply) => {
    const known = here();
    const given = parse(offerJoinPasskey.body, request.body ?? {}, bodyOf(offerJoinPasskey));
    const account = unbound(invited(known, given.token));
    reply.header("cache-control", "no-store");
    return known.passkeys.offerNew(account, party(request), boundTo(given.token));
  });
  app.post("/session/join/passkey", async (request, reply) => {
    const known = here();
    const { accounts, sessions, passkeys } = known;
    const given = parse(joinByPasskey.body, request.body ?? {}, bodyOf(joinByPasskey));
    const { id } = unbound(invited(known, given.token));
    const response = unextended<RegistrationResponseJSON>(given.response);
    const made = await passkeys.add(invited(known, given.token), given.name, response, party(request), boundTo(given.token));
    // looked at again: an invitation is accepted once
    if (accounts.invited(given.token, Date.now())?.id !== id) {
      passkeys.store.remove(id, made.id);
      invited(known, given.token);
    }
    const { codes, hashes } = newRecoveryCodes();
    const account = accounts.update(id, ({ invitation: _invitation, password: _password, ...before }) => ({
      ...before,
      passwordless: true as const,
      recovery: hashes,
    }));
    sessions.endAll(id, { why: "changed" });
    return { ...begin(known, account, { request, reply, proof: "passkey" }), recoveryCodes: codes };
  });
}

/** The challenge is for who has the link, and for nobody else who is about to add a passkey. */
function boundTo(invitation: string): string {
  return `invitation ${createHash("sha256").update(invitation).digest("hex")}`;
}

/** Errors: DW_CONFLICT for an account that a provider of the company knows. */
function unbound(account: Account): Account {
  if (account.binding !== undefined)
    throw new DoppelwerkError("DW_CONFLICT", message("server.accountBound", { provider: account.binding.provider }));
  return account;
}
