import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { ConnectionLimits } from "./connection-limits.ts";

/** Ends bodies that arrive too slowly and answers that nobody takes; slow headers are ended by Node, by the options of the server. */
export function endSlowConnections(app: FastifyInstance, limits: ConnectionLimits, now: () => number = Date.now): void {
  endUnread(app.server, limits);
  const bodies = new Map<IncomingMessage, Arriving>();
  // with a callback: a promise for each request would cost more than the check
  app.addHook("onRequest", ({ raw }, _, done) => {
    if (bringsBody(raw)) {
      bodies.set(raw, { read: raw.socket.bytesRead, since: now() });
      raw.once("close", () => bodies.delete(raw));
    }
    done();
  });
  const look = setInterval(() => {
    for (const [request, arriving] of bodies) if (isTooSlow(request, arriving, limits, now())) endRequest(app.server, request);
  }, limits.lookMs).unref();
  app.addHook("onClose", async () => clearInterval(look));
}

/** What came by the connection until the begin of the window. */
interface Arriving {
  read: number;
  since: number;
}

function bringsBody({ headers }: IncomingMessage): boolean {
  const length = headers["content-length"];
  return (length !== undefined && length !== "0") || headers["transfer-encoding"] !== undefined;
}

// oxlint-disable-next-line max-params -- one window of one request
function isTooSlow(request: IncomingMessage, arriving: Arriving, { bodyBytesPerS, bodyMs }: ConnectionLimits, nowMs: number): boolean {
  if (request.complete) return false;
  const read = request.socket.bytesRead;
  const lasted = nowMs - arriving.since;
  // what lies here waits for this server, not for the other end
  const isOurs = request.readableLength > 0;
  if (!isOurs && lasted < bodyMs && lasted >= 0) return false;
  const isSlow = !isOurs && lasted >= bodyMs && read - arriving.read < (bodyBytesPerS * lasted) / 1_000;
  arriving.read = read;
  arriving.since = nowMs;
  return isSlow;
}

/** Answered like any request that did not arrive in time: 408, and the connection is closed. */
function endRequest(server: Server, { socket }: IncomingMessage): void {
  server.emit("clientError", Object.assign(new Error("the body arrived too slowly"), { code: "ERR_HTTP_REQUEST_TIMEOUT" }), socket);
}

/** The server asks after `unreadMs` without anything sent or received: who computes an answer, or follows events that do not come, stays. */
function endUnread(server: Server, { unreadMs }: ConnectionLimits): void {
  server.on("timeout", (socket: Socket) => {
    const isWorking = socket.timeout === unreadMs && socket.writableLength === 0;
    if (isWorking) socket.setTimeout(unreadMs);
    else socket.destroy();
  });
}
