import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { parse } from "../http/query.ts";
import { bodyOf, withAccounts, type Identities } from "./account-routes.ts";
import { deviceOf, SIGN_IN_CHANGES, unread, withAllRead, type SignInPlace } from "./sign-in-news.ts";

/** Times in microseconds since 1970. */
const placeShape = z.object({ at: z.int(), device: z.string(), address: z.string() });
const eventShape = placeShape.extend({
  change: z.enum(SIGN_IN_CHANGES),
  /** Whether its person has read it. */
  read: z.boolean(),
});
const ownSessionShape = placeShape.omit({ at: true }).extend({
  id: z.string(),
  begun: z.int(),
  seen: z.int(),
  /** Whether it is that of the request. */
  isThis: z.boolean(),
});

export const readSignIns = endpoint({
  id: "kernel.signIns",
  route: "GET /session/sign-ins",
  summary: "The own last sign-in before this one, changes of how one signs in, the newest first, and browsers that are logged in",
  action: "read",
  answer: z.object({
    last: placeShape.optional(),
    events: z.array(eventShape).readonly(),
    sessions: z.array(ownSessionShape).readonly(),
  }),
  errors: ["DW_UNAUTHENTICATED"],
});

export const markSignInsRead = endpoint({
  id: "kernel.markSignInsRead",
  route: "PUT /session/sign-ins/read",
  summary: "The person has read the changes of how he signs in: they are not told again",
  action: "read",
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_FORBIDDEN"],
});

export const endOwnSession = endpoint({
  id: "kernel.endOwnSession",
  route: "DELETE /session/sign-ins/:session",
  summary: "End another session of one's own, and everything that it has open",
  action: "read",
  answer: undefined,
  errors: ["DW_UNAUTHENTICATED", "DW_FORBIDDEN", "DW_NOT_FOUND"],
});

const languageBody = z.strictObject({ language: z.enum(["en", "zh"]) });

export const setLanguage = endpoint({
  id: "kernel.setLanguage",
  route: "PUT /session/language",
  summary: "Keep with the own account in which language its person reads the studio, for a browser in which nothing was chosen",
  action: "read",
  body: languageBody,
  answer: undefined,
  errors: ["DW_INVALID", "DW_UNAUTHENTICATED", "DW_FORBIDDEN", "DW_UNAVAILABLE"],
});

export const signInNewsContract = [readSignIns, markSignInsRead, endOwnSession, setLanguage] as const;

/** What people read of how they sign in themselves. */
export function registerSignInNews(app: FastifyInstance, identities: Identities | undefined): void {
  app.get("/session/sign-ins", async (request, reply) => {
    const { people, sessions } = withAccounts(identities);
    const { session, account } = people.known(request);
    const { events = [], signIns = [] } = account.news ?? {};
    const open = new Set(unread(account, session.id));
    const last = signIns.find((signIn) => signIn.session !== session.id && signIn.at <= session.begun);
    reply.header("cache-control", "no-store");
    return {
      ...(last !== undefined && { last: shown(last) }),
      events: events.map((event) => ({ ...shown(event), change: event.change, read: !open.has(event) })),
      sessions: sessions.of(account.id).map(({ id, begun, seen, agent, address }) => ({
        id,
        begun: begun * 1_000,
        seen: seen * 1_000,
        device: deviceOf(agent),
        address,
        isThis: id === session.id,
      })),
    };
  });
  app.put("/session/language", async (request, reply) => {
    const { people, accounts } = withAccounts(identities);
    const { account } = people.owner(request);
    const { language } = parse(languageBody, request.body ?? {}, bodyOf(setLanguage));
    if (account.language !== language) accounts.update(account.id, (known) => ({ ...known, language }));
    return reply.status(204).send();
  });
  app.put("/session/sign-ins/read", async (request, reply) => {
    const { people, accounts } = withAccounts(identities);
    const { account } = people.owner(request);
    accounts.update(account.id, (known) => withAllRead(known, Date.now()));
    return reply.status(204).send();
  });
  app.delete<{ Params: { readonly session: string } }>("/session/sign-ins/:session", async (request, reply) => {
    const { people, sessions } = withAccounts(identities);
    const { session, account } = people.owner(request);
    const { session: id } = request.params;
    if (id === session.id || !sessions.of(account.id).some((each) => each.id === id))
      throw new DoppelwerkError("DW_NOT_FOUND", message("server.noSession", { session: id.slice(0, 100) }));
    sessions.end(id, { why: "left" });
    return reply.status(204).send();
  });
}

const shown = ({ at, device, address }: SignInPlace): z.infer<typeof placeShape> => ({ at: at * 1_000, device, address });
