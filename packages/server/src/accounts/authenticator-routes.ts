import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { parse } from "../http/query.ts";
import { bodyOf, withAccounts, type Identities } from "./account-routes.ts";
import type { Account } from "./account-store.ts";
import { newRecoveryCodes } from "./login.ts";
import { ADMINISTRATION_PRESENCE_S, requirePresence } from "./presence.ts";
import { withChange } from "./sign-in-news.ts";
import { placeOf } from "./sign-in-place.ts";
import { codeAddress, newCodeSecret, stepOfCode } from "./one-time-code.ts";

const withPassword = z.strictObject({ password: z.string().max(1_000) });
const withCode = z.strictObject({ code: z.string().max(50) });

export const offerAuthenticator = endpoint({
  id: "kernel.offerAuthenticator",
  route: "POST /session/authenticator",
  summary: "A new secret for an authenticator of the account that is logged in; it is asked for once a code of it was shown",
  action: "read",
  body: withPassword,
  /** `address` is what an authenticator reads from a picture (key URI format). */
  answer: z.object({ secret: z.string(), address: z.string() }),
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID", "DW_TOO_OFTEN"],
});

export const confirmAuthenticator = endpoint({
  id: "kernel.confirmAuthenticator",
  route: "PUT /session/authenticator",
  summary: "Show a code of the authenticator: from now on codes are asked for; answers with recovery codes, once",
  action: "read",
  body: withCode,
  answer: z.object({ recoveryCodes: z.array(z.string()).readonly() }),
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID", "DW_CONFLICT"],
});

export const removeAuthenticator = endpoint({
  id: "kernel.removeAuthenticator",
  route: "POST /session/authenticator/removal",
  summary: "No codes are asked for any more; needs one",
  action: "read",
  body: withCode,
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID"],
});

export const authenticatorContract = [offerAuthenticator, confirmAuthenticator, removeAuthenticator] as const;

/** Authenticators of people who are logged in. An administrator takes one away with *New link*, for who has lost it and the recovery codes. */
export function registerAuthenticators(app: FastifyInstance, identities: Identities | undefined): void {
  app.post("/session/authenticator", async (request) => {
    const { people, accounts, login } = withAccounts(identities);
    const { account } = people.owner(request);
    const { password } = parse(withPassword, request.body ?? {}, bodyOf(offerAuthenticator));
    if (account.passwordless) requirePresence(people, request, ADMINISTRATION_PRESENCE_S);
    else await login.confirm(account, password);
    const secret = newCodeSecret();
    accounts.update(account.id, (known) => ({ ...known, codeOffered: secret }));
    return { secret, address: codeAddress(secret, `Doppelwerk ${request.host}`, account.login) };
  });
  app.put("/session/authenticator", async (request) => {
    const { people, accounts } = withAccounts(identities);
    const { session, account } = people.owner(request);
    const { code } = parse(withCode, request.body ?? {}, bodyOf(confirmAuthenticator));
    if (account.codeOffered === undefined) throw new DoppelwerkError("DW_CONFLICT", message("server.noAuthenticatorOffered"));
    const step = stepOfCode(account.codeOffered, code, Date.now());
    if (step === undefined) throw new DoppelwerkError("DW_INVALID", message("server.codeWrong"));
    const { codes, hashes } = newRecoveryCodes();
    accounts.update(account.id, (known) =>
      withChange(asking(known, step, hashes), { ...placeOf(request), change: "authenticator", session: session.id }),
    );
    return { recoveryCodes: codes };
  });
  app.post("/session/authenticator/removal", async (request, reply) => {
    const { people, accounts, login } = withAccounts(identities);
    const { session, account } = people.owner(request);
    const { code } = parse(withCode, request.body ?? {}, bodyOf(removeAuthenticator));
    const place = placeOf(request);
    login.useCode(account, code, place);
    accounts.update(account.id, (known) =>
      withChange(known.passwordless ? withoutCodes(known) : withoutAuthenticator(known), {
        ...place,
        change: "authenticatorOff",
        session: session.id,
      }),
    );
    return reply.status(204).send();
  });
}

function asking({ codeOffered, ...account }: Account, codeStep: number, recovery: readonly string[]): Account {
  return { ...account, codeSecret: codeOffered!, codeStep, recovery };
}

/** Who has lost it and the recovery codes begins anew. */
export function withoutAuthenticator(account: Account): Account {
  const { recovery: _recovery, ...rest } = withoutCodes(account);
  return rest;
}

/** Recovery codes are kept: they are the other way in of who has no password. */
function withoutCodes(account: Account): Account {
  const { codeSecret: _secret, codeOffered: _offered, codeStep: _step, ...rest } = account;
  return rest;
}
