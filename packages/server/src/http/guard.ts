import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
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

/** Applies `refusalOf` to every HTTP request, static files included. */
export function guardRequests(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    const refusal = refusalOf(request.raw);
    if (refusal) return reply.status(403).send(errorBody("DW_FORBIDDEN", refusal));
    reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer").header("x-frame-options", "DENY");
  });
}

function hostName(host: string): string {
  return host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : (host.split(":")[0] ?? "");
}

function printable(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
