import { encodeId } from "@doppelwerk/aas";
import { GS1_PRIMARY_KEYS } from "@doppelwerk/aas/identification";
import { endpoint, z } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { refuseGuests } from "../http/guests.ts";
import { parse } from "../http/query.ts";
import { DATA_POLICY } from "../http/content-policy.ts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { identifiedIn, type IdentifiedInWorlds, type SearchedWorlds, type ShellInWorld } from "./codes-in-worlds.ts";

const HANDLE_ROUTE = "/hdl/*";
const DESCRIPTION_ROUTE = "/.well-known/gs1resolver";
const KEY_ROUTES = GS1_PRIMARY_KEYS.map((ai) => `/${ai}/*`);

const text = z.string();

export const resolveCode = endpoint({
  id: "kernel.resolveCode",
  route: "GET /codes",
  summary:
    "Shells whose asset has a code that was scanned, in every world that the caller may enter: identification links (IEC 61406), GS1 Digital Links, Handles and DOIs",
  action: "read",
  query: z.strictObject({ link: text.min(1).max(2_000) }),
  answer: z.object({
    kind: z.enum(["gs1", "handle", "link"]),
    canonical: text,
    /** Those that may be read: of the item itself before those of its lot or kind, then the world of the short addresses, then the others by name. */
    shells: z
      .array(
        z.object({
          id: text,
          idShort: text,
          asset: text.optional(),
          exact: z.boolean(),
          /** Absent: that of the short addresses. */
          world: text.optional(),
        }),
      )
      .readonly(),
  }),
  errors: ["DW_FORBIDDEN", "DW_INVALID", "DW_NOT_FOUND"],
});

export const identificationContract = [resolveCode] as const;

export function registerCodes(api: FastifyInstance, worlds: SearchedWorlds): void {
  api.get("/codes", async (request) => {
    const principal = worlds.home.person(request);
    refuseGuests(principal);
    const { link } = parse(resolveCode.query, request.query, message("messages.queryOf", { endpoint: resolveCode.id }));
    const found = await identifiedIn(worlds, principal, link);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.identifiesNothingHere"));
    return found;
  });
}

/** What a phone opens that scanned a code with the address of this server. A browser gets the page, which asks who it is; programs show who they are. */
export const IDENTIFICATION_ROUTES: readonly string[] = [...KEY_ROUTES, HANDLE_ROUTE, DESCRIPTION_ROUTE];

const VOCABULARY = "https://gs1.org/voc/";
const DEFAULT_LINK = `${VOCABULARY}defaultLink`;
/** The only kind of link that leads from a code here: the page of its asset. */
const LINK_TYPE = `${VOCABULARY}pip`;
const LINKSET = "application/linkset+json";

/**
 * The codes of assets resolve to their shells, under the rights of who asks (GS1-Conformant Resolver 1.1, Handles likewise). Who may not read a shell is
 * answered as if there were none, and nobody is sent to another host.
 */
export function serveIdentifications(app: FastifyInstance, worlds: SearchedWorlds): void {
  app.get(DESCRIPTION_ROUTE, async (request) => ({
    name: "Doppelwerk",
    resolverRoot: originOf(request),
    supportedPrimaryKeys: ["all"],
    linkTypeDefaultCanBeLinkset: false,
    supportedLinkType: [{ namespace: VOCABULARY, prefix: "gs1:" }],
  }));
  for (const route of KEY_ROUTES) app.get(route, (request, reply) => resolve(worlds, request, reply, originOf(request) + request.raw.url!));
  app.get<{ Params: { readonly "*": string } }>(HANDLE_ROUTE, (request, reply) =>
    resolve(worlds, request, reply, `hdl:${request.params["*"]}`),
  );
}

async function resolve(worlds: SearchedWorlds, request: FastifyRequest, reply: FastifyReply, link: string): Promise<FastifyReply> {
  reply.header("vary", "accept");
  // the page is the same for everybody; it asks by itself
  if ((request.headers.accept ?? "").includes("text/html")) return reply.header("cache-control", "no-cache").sendFile("index.html");
  reply.header("content-security-policy", DATA_POLICY);
  reply.header("cache-control", "no-store");
  const found = await identifiedIn(worlds, worlds.home.person(request), withoutLinkType(link));
  const [best] = found?.shells ?? [];
  const wanted =
    (request.query as { readonly linkType?: unknown; readonly linktype?: unknown }).linkType ??
    (request.query as { readonly linktype?: unknown }).linktype;
  if (found === undefined || best === undefined || !isOffered(wanted))
    throw new DoppelwerkError("DW_NOT_FOUND", message("server.identifiesNothingHere"));
  if (wanted === "all" || wanted === "linkset" || (request.headers.accept ?? "").includes(LINKSET))
    return reply.type(LINKSET).send(JSON.stringify(linksetOf(originOf(request), found)));
  return reply.redirect(pageOf(best), 307);
}

function isOffered(linkType: unknown): boolean {
  return linkType === undefined || ["all", "linkset", "gs1:pip", LINK_TYPE, "gs1:defaultLink", DEFAULT_LINK].includes(String(linkType));
}

/** It says which link is wanted, and identifies nothing. */
function withoutLinkType(link: string): string {
  return link.replace(/([?&])link[tT]ype=[^&#]*&?/, "$1").replace(/[?&]$/, "");
}

/** A path of this server, whatever the shell is called. */
function pageOf({ id, world }: ShellInWorld): string {
  return `/assets/shells~a.${encodeId(id)}${world === undefined ? "" : `?world=${encodeURIComponent(world)}`}`;
}

/** RFC 9264. */
function linksetOf(origin: string, { canonical, shells }: IdentifiedInWorlds): object {
  const links = shells.map((shell) => ({ href: origin + pageOf(shell), title: shell.idShort, type: "text/html" }));
  return { linkset: [{ anchor: canonical, [DEFAULT_LINK]: links.slice(0, 1), [LINK_TYPE]: links }] };
}

/** Its Host is one of this server: others were refused before. */
function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.headers.host ?? ""}`;
}
