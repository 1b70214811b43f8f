import { once } from "node:events";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { parse } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type LogEntry, type WorldView } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { eventKinds, eventQueryOf, eventTypes } from "./event-choice.ts";
import type { EventPlace } from "@doppelwerk/ports";
import { eventsOf, type EventStreamOptions } from "./event-stream.ts";

/** Open streams of each sort at once; the next is refused. */
const STREAMS_MAX = 200;
/** Of them those of one person or machine, so that nobody takes them from the others. */
const STREAMS_OF_ONE_MAX = 50;
/** A comment keeps proxies and clients from taking silence for an end. */
const KEEP_ALIVE_MS = 15_000;
/** A client that reads nothing for so long is gone, or means harm. */
const UNREAD_MS = 60_000;

export const eventsQuery = z.object({
  after: z.string().max(40).optional(),
  types: eventTypes.optional(),
  kinds: eventKinds.optional(),
  query: z.string().max(65_536).optional(),
  slim: z.enum(["true", "false"]).optional(),
});

/** What the feed needs of the world that it tells of. */
export interface EventWorld {
  readonly name: string;
  /** The world as the person of a request may see it. */
  viewOf(request: Pick<FastifyRequest, "headers">): WorldView;
  /** Log entries after a revision that the view may see, ascending, up to now. */
  logAfter(view: WorldView, after: number): AsyncIterable<LogEntry>;
}

/** A WebSocket of the library that the server uses. */
interface EventSocket {
  on(event: "close" | "error" | "pong", listener: () => void): unknown;
  send(text: string, sent: () => void): void;
  ping(): void;
  terminate(): void;
  close(code: number, reason: string): void;
}

/** Where sockets are opened that are no room. */
interface EventSockets {
  serve(path: {
    readonly path: RegExp;
    open(request: IncomingMessage, match: RegExpExecArray, query: URLSearchParams): (socket: EventSocket) => void;
  }): void;
}

interface ErrorLog {
  error(details: object, message: string): void;
}

/** What happens to shells, submodels, elements and concept descriptions of a branch, as CloudEvents over server-sent events. `home`: the world of the short addresses. */
export function registerEvents(app: FastifyInstance, worldOf: (request: FastifyRequest) => EventWorld, home: string): void {
  const open: OpenStreams = new Map();
  app.addHook("preClose", async () => open.forEach((_, stream) => stream.abort()));
  app.get<{ Params: { readonly branch: string } }>("/branches/:branch/events", async (request, reply) => {
    const { headers, protocol, query, params } = request;
    const stream = new AbortController();
    const options = optionsOf(worldOf(request), home, { headers, protocol, branch: params.branch, query }, stream.signal);
    enter(open, stream, options.view.principal.id);
    reply.hijack();
    try {
      await sendEvents(reply, stream, options);
    } catch (error) {
      request.log.error({ err: error }, "an event stream broke off; its client goes on with a new one");
    } finally {
      open.delete(stream);
      reply.raw.end();
    }
  });
}

/** The same over WebSockets, at the same addresses: of each world that is given to what is returned. */
export function serveEventSockets(
  app: FastifyInstance,
  prefix: string,
  home: string,
): (world: EventWorld & { readonly hub: EventSockets; readonly logger: ErrorLog }) => void {
  const open: OpenStreams = new Map();
  app.addHook("preClose", async () => open.forEach((_, stream) => stream.abort()));
  return (world) =>
    world.hub.serve({
      path: new RegExp(`^${prefix}/branches/([^/]+)/events$`),
      open: ({ headers }, match, query) => {
        const stream = new AbortController();
        const branch = decodeURIComponent(match[1]!);
        const options = optionsOf(world, home, { headers, protocol: "http", branch, query: Object.fromEntries(query) }, stream.signal);
        enter(open, stream, options.view.principal.id);
        return (socket) => {
          sendEventsTo(socket, stream, options)
            .catch((error: unknown) => world.logger.error({ err: error }, "an event stream broke off; its client goes on with a new one"))
            .finally(() => open.delete(stream));
        };
      },
    });
}

/** With whose they are. */
type OpenStreams = Map<AbortController, string>;

function enter(open: OpenStreams, stream: AbortController, of: string): void {
  const own = [...open.values()].filter((one) => one === of).length;
  const max = own >= STREAMS_OF_ONE_MAX ? STREAMS_OF_ONE_MAX : open.size >= STREAMS_MAX ? STREAMS_MAX : undefined;
  if (max !== undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("aasServer.eventStreamsOpen", { max }));
  open.set(stream, of);
}

interface EventRequest extends Pick<FastifyRequest, "headers" | "protocol" | "query"> {
  readonly branch: string;
}

/** What is asked for, by HTTP or by WebSocket alike; throws what is wrong with it. */
function optionsOf(world: EventWorld, home: string, request: EventRequest, signal: AbortSignal): EventStreamOptions {
  const { after, types, kinds, query: text, slim } = parse(eventsQuery, request.query, message("messages.eventStreamQuery"));
  const view = world.viewOf(request);
  const { id: branch } = view.branch(request.branch);
  const last = request.headers["last-event-id"];
  return {
    view,
    branch,
    log: (revision) => world.logAfter(view, revision),
    base: baseOf(request, branch, world.name, home),
    after: placeOf((typeof last === "string" && last !== "" ? last : after) ?? String(view.revision()), view.revision()),
    ...(types && { types }),
    ...(kinds && { kinds }),
    ...(text !== undefined && { query: eventQueryOf(text) }),
    slim: slim === "true",
    signal,
  };
}

async function sendEvents(reply: FastifyReply, stream: AbortController, options: EventStreamOptions): Promise<void> {
  const { raw } = reply;
  raw.on("close", () => stream.abort());
  const headers = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" };
  // A reply that was taken over sends no headers of its own: those of the guard come along here.
  raw.writeHead(200, { ...(reply.getHeaders() as OutgoingHttpHeaders), ...headers });
  const keepAlive = setInterval(() => raw.write(": \n\n"), KEEP_ALIVE_MS);
  try {
    raw.write("retry: 2000\n\n");
    for await (const event of eventsOf(options)) {
      if (event === undefined) continue;
      // A client that does not read is waited for; what it misses stays in the log.
      if (!raw.write(`id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`)) await read(raw, stream.signal);
    }
  } finally {
    clearInterval(keepAlive);
  }
}

/** Resolves when the client has read what was written, or is gone. One that reads nothing for a minute is cut off. */
async function read(raw: ServerResponse, gone: AbortSignal): Promise<void> {
  const timer = setTimeout(() => raw.destroy(), UNREAD_MS);
  try {
    await once(raw, "drain", { signal: gone });
  } catch (error) {
    if (!gone.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A text frame an event, as the CloudEvents binding for WebSockets has it. What the client sends is not read. */
async function sendEventsTo(socket: EventSocket, stream: AbortController, options: EventStreamOptions): Promise<void> {
  socket.on("close", () => stream.abort());
  socket.on("error", () => stream.abort());
  let heard = true;
  socket.on("pong", () => (heard = true));
  const keepAlive = setInterval(() => {
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, KEEP_ALIVE_MS);
  try {
    for await (const event of eventsOf(options)) {
      if (event === undefined) continue;
      // The next one only when this one has left: a client that does not read costs one event.
      await new Promise<void>((resolve) => socket.send(JSON.stringify(event), () => resolve()));
    }
  } finally {
    clearInterval(keepAlive);
    socket.close(1001, "the server stops");
  }
}

/** `revision` or `revision.position`, as the ids of events are. */
function placeOf(text: string, end: number): EventPlace {
  const parts = /^([0-9]{1,15})(?:\.([0-9]{1,9}))?$/.exec(text);
  if (parts === null) throw new DoppelwerkError("DW_INVALID", message("aasServer.notIdEventNorRevision", { text: text.slice(0, 40) }));
  // waited for, what happens until then would be missed without a word
  if (Number(parts[1]) > end)
    throw new DoppelwerkError("DW_INVALID", message("aasServer.worldEndsRevision", { end, text: text.slice(0, 40) }));
  return { revision: Number(parts[1]), position: parts[2] === undefined ? Number.MAX_SAFE_INTEGER : Number(parts[2]) };
}

function baseOf(request: Pick<FastifyRequest, "headers" | "protocol">, branch: string, world: string, home: string): string {
  const origin = `${request.protocol}://${request.headers.host ?? "localhost"}`;
  if (branch !== LIVE) return `${origin}/worlds/${world}/branches/${encodeURIComponent(branch)}/api/v3`;
  return world === home ? `${origin}/api/v3` : `${origin}/worlds/${world}/api/v3`;
}
