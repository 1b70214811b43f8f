import type { IncomingMessage } from "node:http";
import { isIP, isIPv4 } from "node:net";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isAasUrl } from "@doppelwerk/aas-server";
import { DATA_POLICY, PACK_FILES_ROUTE, refusalOfDestination } from "./content-policy.ts";
import { errorBody } from "./errors.ts";

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/** True for addresses that never leave this machine. */
export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || (host.startsWith("127.") && isIPv4(host));
}

/** What this server is called by those who ask it. */
export interface OwnAddress {
  /** Of requests, and so of the pages that may send them. */
  readonly scheme: "http" | "https";
  /** Whether a name in a Host is one of this server, in lower case and without a port. */
  isOwn(name: string): boolean;
}

/** Of a server that this machine alone reaches. */
export const LOOPBACK: OwnAddress = { scheme: "http", isOwn: isLoopback };

/** Of a server that others reach: by any address, which no name can be made to point at, by its names, and on this machine. */
export function reachableAddress(names: readonly string[]): OwnAddress {
  const known = new Set(names.map((name) => name.toLowerCase()));
  return { scheme: "https", isOwn: (name) => known.has(name) || isLoopback(name) || isIP(name.replace(/^\[|\]$/g, "")) !== 0 };
}

/** A Host that may name this machine, whole: nothing before the name, nothing behind the port (RFC 9112, 3.2). */
const HOST = /^(?<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Hosts of the last requests that name this machine: clients send the same one again and again. */
const ownHosts = new WeakMap<OwnAddress, Set<string>>();
const MAX_OWN_HOSTS = 64;

function isOwnHost(host: string, address: OwnAddress): boolean {
  let known = ownHosts.get(address);
  if (known === undefined) ownHosts.set(address, (known = new Set()));
  if (known.has(host)) return true;
  const name = HOST.exec(host)?.groups?.["name"]?.toLowerCase();
  if (name === undefined || !address.isOwn(name)) return false;
  if (known.size >= MAX_OWN_HOSTS) known.clear();
  known.add(host);
  return true;
}

type Headers = Pick<IncomingMessage, "headers"> & Partial<Pick<IncomingMessage, "rawHeaders" | "url">>;

/**
 * Why a request is refused, or undefined. A page of another site can make the browser send requests to loopback (DNS rebinding, cross-site
 * forms and WebSockets): so the Host must name this machine, and an Origin, when there is one, must be this very server. What Host passes
 * is repeated in links to this server (descriptors, events).
 */
export function refusalOf({ headers, rawHeaders = [], url = "/" }: Headers, isGuest = false, address = LOOPBACK): Message | undefined {
  const host = headers.host ?? "";
  // with a host of its own, which the router would cut off unseen; all else here reads paths
  if (!url.startsWith("/") && url !== "*") return message("server.requestNamesPath", { url: printable(url) });
  if (hostsIn(rawHeaders) > 1) return message("server.severalHostHeaders");
  if (!isOwnHost(host, address)) return message("server.hostNotOwn", { host: printable(host) });
  const { origin } = headers;
  // A guest is let through the check of the Origin, never through that of the Host.
  if (origin === undefined || isGuest) return undefined;
  const own = `${address.scheme}://${host}`;
  return origin === own.toLowerCase() ? undefined : message("server.originRefused", { origin: printable(origin), own });
}

/** Names and values in turn; a name of another length costs no comparison. */
function hostsIn(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]!.length === 4 && rawHeaders[at]!.toLowerCase() === "host") count++;
  return count;
}

/** Conditions of RFC 9110, 13.1, on writes. */
const CONDITIONS = ["if-match", "if-none-match", "if-unmodified-since"] as const;
const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/** A write on a condition is refused where nothing could judge it: carried out all the same it would overwrite what the client meant to protect. */
function refusalOfCondition({ method, headers }: FastifyRequest): DoppelwerkError | undefined {
  const condition = READS.has(method) ? undefined : CONDITIONS.find((name) => headers[name] !== undefined);
  return condition === undefined
    ? undefined
    : new DoppelwerkError("DW_INVALID", message("server.serverGivesNoEntityTagsDoes", { condition }));
}

/** The studio's own files get the studio's policy instead. */
const ON_EVERY_ANSWER = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": DATA_POLICY,
} as const;

/** Applies `refusalOf` to every HTTP request, static files included. Guests are origins whose pages may call the AAS API, and nothing else here. */
export function guardRequests(app: FastifyInstance, guests: ReadonlySet<string>, address = LOOPBACK): void {
  // with a callback: a promise for each request would cost more than the checks
  app.addHook("onRequest", (request, reply, done) => {
    const { origin } = request.headers;
    const isGuest = origin !== undefined && guests.has(origin) && isAasUrl(request.url);
    const refusal = refusalOf(request.raw, isGuest, address);
    if (refusal) return void reply.status(403).send(errorBody("DW_FORBIDDEN", refusal));
    if (isGuest) {
      reply.header("access-control-allow-origin", origin).header("vary", "origin").header("access-control-expose-headers", EXPOSED);
      if (request.method === "OPTIONS") return void answerPreflight(request, reply);
    }
    reply.headers(ON_EVERY_ANSWER);
    const destination = request.headers["sec-fetch-dest"];
    const misuse = destination === undefined || isStudio(request) ? undefined : refusalOfDestination(destination);
    if (misuse !== undefined) return void reply.status(403).send(errorBody("DW_FORBIDDEN", misuse));
    done(refusalOfCondition(request));
  });
}

/** Code and styles of the studio as they were built. */
export const ASSETS_ROUTE = "/assets/:name";
const STUDIO_ROUTES: readonly (string | undefined)[] = ["/*", ASSETS_ROUTE, PACK_FILES_ROUTE];

/** The routes of the studio's files and of those of packs, and what no route answers: the page of a view, or 404. */
export function isStudio(request: FastifyRequest): boolean {
  return request.is404 || STUDIO_ROUTES.includes(request.routeOptions.url);
}

/** Headers of the AAS API that a page of another origin may read. */
const EXPOSED =
  "location, allow, content-disposition, x-filename, retry-after, preference-applied, doppelwerk-branch, doppelwerk-revision, doppelwerk-findings, doppelwerk-reason, doppelwerk-told, doppelwerk-quality, doppelwerk-source-time, doppelwerk-origin";
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

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
