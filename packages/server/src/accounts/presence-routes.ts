import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parse } from "../http/query.ts";
import { bodyOf, withAccounts, type Identities } from "./account-routes.ts";
import type { Account } from "./account-store.ts";
import type { Login } from "./login.ts";
import type { Session } from "./sessions.ts";

const proof = z
  .strictObject({
    password: z.string().max(1_000).optional(),
    code: z.string().max(50).optional(),
    passkey: z.looseObject({}).optional(),
    pin: z.string().max(50).optional(),
  })
  .refine((given) => Object.keys(given).length === 1);
const ways = z.enum(["passkey", "pin", "provider", "code", "password"]);
type PresenceWay = z.infer<typeof ways>;

export const offerPresence = endpoint({
  id: "kernel.offerPresence",
  route: "POST /session/presence/options",
  summary: "How who is logged in can prove to be there, the strongest way first",
  action: "read",
  /** `passkey`: what a browser proves it from (WebAuthn Level 3, 5.1). */
  answer: z.object({ ways: z.array(ways).readonly(), passkey: z.looseObject({}).optional() }),
  errors: ["DW_UNAUTHENTICATED"],
});

export const provePresence = endpoint({
  id: "kernel.provePresence",
  route: "POST /session/presence",
  summary: "Prove to be there: with a passkey, with a code of the authenticator where the account has one, else with the password",
  action: "read",
  body: proof,
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_INVALID", "DW_TOO_OFTEN"],
});

export const presenceContract = [offerPresence, provePresence] as const;

/** A stronger way to prove presence, of a part of its own. */
export interface FurtherProof {
  readonly way: "passkey" | "pin";
  /** Whether the account has it and can use it where the request is from. */
  has(request: FastifyRequest, session: Session, account: Account): boolean;
  /** What the browser proves it from, if from anything. */
  offer(request: FastifyRequest, session: Session, account: Account): Promise<object | undefined>;
  /** Errors: DW_INVALID. */
  check(request: FastifyRequest, session: Session, account: Account, given: unknown): Promise<void>;
}

/** The session of who proved to be there has the time of it; see `presence.ts`. */
export function registerPresence(app: FastifyInstance, identities: Identities | undefined, further: readonly FurtherProof[] = []): void {
  app.post("/session/presence/options", async (request, reply) => {
    const { people, login, outside } = withAccounts(identities);
    const { session, account } = people.known(request);
    reply.header("cache-control", "no-store");
    // who logs in on pages of a provider proves it there; a password kept here counts while nobody answers
    const ways = [...(outside?.sendsBrowser(account) === true ? (["provider"] as const) : []), ...waysOf(login, account)];
    const stronger = further.filter((proving) => proving.has(request, session, account));
    const offered = await Promise.all(stronger.map(async ({ way, offer }) => [way, await offer(request, session, account)] as const));
    return {
      ways: [...offered.map(([way]) => way), ...ways],
      ...Object.fromEntries(offered.filter(([, options]) => options !== undefined)),
    };
  });
  app.post("/session/presence", async (request, reply) => {
    const { people, sessions, login } = withAccounts(identities);
    const { session, account } = people.known(request);
    const given = parse(proof, request.body ?? {}, bodyOf(provePresence));
    const proving = further.find(({ way }) => given[way] !== undefined);
    if (proving === undefined) await checkTyped(login, account, given);
    else await proving.check(request, session, account, given[proving.way]);
    sessions.prove(session.id);
    return reply.status(204).send();
  });
}

/**
 * Beside a passkey: a code where there is an authenticator, since a browser fills in a password by itself. Recovery codes are codes too, so that who turned the
 * password off has a way. Who comes from a provider of the company has neither.
 */
function waysOf(login: Login, account: Account): readonly PresenceWay[] {
  if (account.codeSecret !== undefined || account.passwordless === true) return ["code"];
  return login.takesPassword(account) ? ["password"] : [];
}

interface Typed {
  readonly password?: string | undefined;
  readonly code?: string | undefined;
}

/** What is wrong logs nobody out. Errors: DW_INVALID, DW_TOO_OFTEN. */
async function checkTyped(login: Login, account: Account, { password, code }: Typed): Promise<void> {
  try {
    if (code !== undefined) login.useCode(account, code);
    else if (waysOf(login, account).includes("password")) await login.confirm(account, password ?? "");
    else throw new DoppelwerkError("DW_INVALID", message("server.presenceByCode"));
  } catch (error) {
    if (error instanceof DoppelwerkError && error.code === "DW_UNAUTHENTICATED")
      throw new DoppelwerkError("DW_INVALID", code === undefined ? message("server.passwordOfNowWrong") : message("server.codeWrong"));
    throw error;
  }
}
