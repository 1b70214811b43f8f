import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isAasUrl } from "../aas-api/index.ts";
import { DATA_POLICY, refusalOfDestination } from "./content-policy.ts";
import { errorBody } from "./errors.ts";

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/** True for addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Why a request is refused, or undefined. A page of another site can make the browser send requests to loopback (DNS rebinding, cross-site
 * forms and WebSockets): so the Host must name this machine, and an Origin, when there is one, must be this very server.
 */
export function refusalOf(request: Pick<IncomingMessage, "headers">): string | undefined {
  const host = request.headers.host ?? "";
  const name = hostName(host);
  if (!isLoopback(name)) return `the Host header names ${printable(host)}, this server only answers to this machine's own names`;
  const origin = request.headers.origin;
  if (origin === undefined) return undefined;
  return origin === `http://${host}` ? undefined : `requests from ${printable(origin)} are refused, only http://${host} may call`;
}

/** Applies `refusalOf` to every HTTP request, static files included. Guests are origins whose pages may call the AAS API, and nothing else here. */
export function guardRequests(app: FastifyInstance, guests: ReadonlySet<string>): void {
  app.addHook("onRequest", async (request, reply) => {
    const { origin } = request.headers;
    const isGuest = origin !== undefined && guests.has(origin) && isAasUrl(request.url);
    // A guest is let through the check of the Origin, never through that of the Host.
    const refusal = refusalOf(isGuest ? { headers: { ...request.headers, origin: undefined } } : request.raw);
    if (refusal) return reply.status(403).send(errorBody("DW_FORBIDDEN", refusal));
    if (isGuest) {
      reply.header("access-control-allow-origin", origin).header("vary", "origin").header("access-control-expose-headers", EXPOSED);
      if (request.method === "OPTIONS") return answerPreflight(request, reply);
    }
    reply
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "no-referrer")
      .header("x-frame-options", "DENY")
      .header("cross-origin-resource-policy", "same-origin")
      // The studio's own files get the studio's policy instead.
      .header("content-security-policy", DATA_POLICY);
    const misuse = isStudio(request) ? undefined : refusalOfDestination(request.headers["sec-fetch-dest"]);
    if (misuse !== undefined) return reply.status(403).send(errorBody("DW_FORBIDDEN", misuse));
  });
}

/** The wildcard route of the studio's files, and what no route answers: the page of a view, or 404. */
function isStudio(request: FastifyRequest): boolean {
  return request.is404 || request.routeOptions.url === "/*";
}

/** Headers of the AAS API that a page of another origin may read. */
const EXPOSED =
  "location, allow, content-disposition, x-filename, retry-after, preference-applied, doppelwerk-branch, doppelwerk-revision, doppelwerk-findings, doppelwerk-told, doppelwerk-quality, doppelwerk-source-time";
const PREFLIGHT_S = 600;

/** What a browser asks before it lets a page of another origin write (Fetch standard, CORS preflight). */
function answerPreflight(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const asked = request.headers["access-control-request-headers"] ?? "content-type";
  if (request.headers["access-control-request-private-network"] === "true") reply.header("access-control-allow-private-network", "true");
  return reply
    .status(204)
    .header("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE")
    .header("access-control-allow-headers", asked)
    .header("access-control-max-age", PREFLIGHT_S)
    .send();
}

/** An origin as browsers send it, or undefined: a page of a scheme, host and port, no pattern. */
export function originOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === text.replace(/\/$/, "") ? url.origin : undefined;
}

function hostName(host: string): string {
  return host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":")[0] ?? "");
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
