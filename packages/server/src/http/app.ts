import { isDeeperThan } from "@doppelwerk/aas";
import { message, verbatim, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { existsSync, readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecureContextOptions } from "node:tls";
import fastifyStatic from "@fastify/static";
import Fastify, { LogController } from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { answerBadUrl, isAasUrl } from "@doppelwerk/aas-server";
import { studioPolicyOf } from "./content-policy.ts";
import { CONNECTION_LIMITS, type AtTheDoor } from "./connection-limits.ts";
import { answerErrors, errorBody } from "./errors.ts";
import { ASSETS_ROUTE, guardRequests, LOOPBACK, type OwnAddress } from "./guard.ts";
import { endSlowConnections } from "./slow-connections.ts";

/** The URL that the routes see of a request. */
export type RewriteUrl = (request: IncomingMessage) => string;

export const AUTHORITY_ROUTE = "/authority.crt";

/** A certificate that expires one day. */
export interface WatchedCertificate {
  readonly name: string;
  /** PEM. */
  readonly pem: string;
  readonly failure?: Message;
}

/** How a server is reached by others. */
export interface ReachedBy {
  readonly address: OwnAddress;
  /** The authority of the server's own certificate (PEM), for devices that are to trust it. */
  readonly own?: { readonly authority: string };
  /** Certificates as they are now, with why one could not be renewed; default: that of `tls`. */
  watched?(): readonly WatchedCertificate[];
  /** Who is at the door. */
  readonly turns?: AtTheDoor;
  /** Certificates and key in PEM; without it the server speaks no TLS. */
  readonly tls?: SecureContextOptions & {
    readonly minVersion: "TLSv1.3";
    /** Machines may show a certificate of the authority in `ca`, which is judged with each request; nobody has to. */
    readonly requestCert: true;
    readonly rejectUnauthorized: false;
  };
}

/** The bare HTTP server: guards, error shapes, limits; routes are registered by the composition. `guests` are other origins that may call the AAS API. */
export function createApp(
  logger: Logger,
  guests: ReadonlySet<string> = new Set(),
  rewriteUrl?: RewriteUrl,
  reached: ReachedBy = { address: LOOPBACK },
  limits = CONNECTION_LIMITS,
): FastifyInstance {
  const http = { maxHeaderSize: limits.headerBytesMax, headersTimeout: limits.headersMs, connectionsCheckingInterval: limits.lookMs };
  const app = Fastify({
    ...(reached.tls ? { https: { ...reached.tls, ...http, handshakeTimeout: limits.handshakeMs } } : { http }),
    connectionTimeout: limits.unreadMs,
    keepAliveTimeout: limits.betweenRequestsMs,
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // What is logged of a request names it itself: a logger for each would cost every request.
    childLoggerFactory: (parent) => parent,
    bodyLimit: 16_000_000,
    // Ids of shells are long URLs in base64url.
    routerOptions: { maxParamLength: 4_096, caseSensitive: true },
    requestIdHeader: false,
    forceCloseConnections: true,
    ...(rewriteUrl && { rewriteUrl: (request: unknown) => rewriteUrl(request as IncomingMessage) }),
    // A URL that cannot be taken apart meets no route, so it is answered here, in the words of the API it was for.
    frameworkErrors: (error, request, given) => {
      const reply = given as unknown as FastifyReply;
      if (isAasUrl(request.url)) return answerBadUrl(error, request as unknown as FastifyRequest, reply);
      return reply.status(error.statusCode ?? 400).send(errorBody("DW_INVALID", verbatim(error.message.slice(0, 300))));
    },
  }) as unknown as FastifyInstance;
  app.server.maxConnections = limits.connectionsMax;
  endSlowConnections(app, limits);
  guardRequests(app, guests, reached.address);
  keepFromCaches(app);
  if (reached.tls !== undefined) tellTls(app, reached.own?.authority);
  boundBodies(app);
  answerErrors(app);
  return app;
}

/** Nothing between keeps an answer, nor the browser, unless it says otherwise: files of the studio do. */
function keepFromCaches(app: FastifyInstance): void {
  app.addHook("onSend", (_, reply, payload, done) => {
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
    done(null, payload);
  });
}

/** HTTPS alone from the first answer on (RFC 6797), and the authority for devices that do not know it yet. */
function tellTls(app: FastifyInstance, authority: string | undefined): void {
  app.addHook("onRequest", (_, reply, done) => {
    reply.header("strict-transport-security", "max-age=31536000");
    done();
  });
  if (authority !== undefined)
    app.get(AUTHORITY_ROUTE, async (_, reply) =>
      reply.type("application/x-x509-ca-cert").header("content-disposition", "attachment; filename=doppelwerk.crt").send(authority),
    );
}

/** Objects and arrays inside one another in a body of the own API. Documents are kept to the same depth by the log. */
const MAX_JSON_DEPTH = 200;

/** Refuses JSON that is nested so deeply that whoever walks it would run out of stack; all else is Fastify's own parser. */
function boundBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser<string>("application/json", { parseAs: "string" }, (request, body, done) => {
    if (isDeeperThan(body, MAX_JSON_DEPTH))
      done(new DoppelwerkError("DW_INVALID", message("server.bodyNestedDeeperLevels", { max: MAX_JSON_DEPTH })));
    else void parse(request, body, done);
  });
}

/** The studio's files: hashed assets are cached for good, the page itself never, and every view of the studio is the same page. `serveMore` serves what else its policy is for, `serveInside` what answers its page itself. */
export async function serveStudio(
  app: FastifyInstance,
  directory: string,
  {
    serveMore,
    serveInside,
  }: { readonly serveMore?: (policy: string) => void; readonly serveInside?: (studio: FastifyInstance) => void } = {},
): Promise<void> {
  const page = join(directory, "index.html");
  const policy = studioPolicyOf(existsSync(page) ? readFileSync(page, "utf8") : "");
  serveMore?.(policy);
  await app.register(async (studio) => {
    // On every file in every encoding, and on 304: workers have a policy of their own, and a browser keeps the headers that it got last.
    studio.addHook("onRequest", async (_, reply) => void reply.header("content-security-policy", policy));
    await studioFiles(studio, directory);
    serveInside?.(studio);
  });
}

async function studioFiles(app: FastifyInstance, directory: string): Promise<void> {
  const built = existsSync(directory);
  app.setNotFoundHandler((request, reply) => {
    const wantsPage =
      built && request.method === "GET" && (request.headers.accept ?? "").includes("text/html") && !request.url.startsWith("/api/");
    if (wantsPage) return reply.header("cache-control", "no-cache").sendFile("index.html");
    return reply
      .status(404)
      .send(errorBody("DW_NOT_FOUND", message("server.nothingAnswers", { method: request.method, url: request.url.slice(0, 200) })));
  });
  if (!built) {
    app.get("/", async (_, reply) =>
      reply.type("text/plain").send("The studio is not built: run npm run build. The APIs answer at /api/v3 and /api/doppelwerk/v1."),
    );
    return;
  }
  await serveAssets(app, join(directory, "assets"));
  await app.register(fastifyStatic, {
    root: directory,
    wildcard: true,
    index: ["index.html"],
    preCompressed: true,
    setHeaders(reply, path) {
      reply.header("cache-control", path.includes("/assets/") ? FOR_GOOD : "no-cache");
    },
  });
}

const FOR_GOOD = "public, max-age=31536000, immutable";
const ASSET_NAME = /^[\w-][\w.-]*\.(js|css)$/;
const ASSET_TYPES = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" } as const;

/**
 * What the build compressed is read once and answered from memory: a page asks for dozens of files at the moment it is waited for, and each would wait
 * for the disk behind the historian. Their names are of their content, so they never change. Everything else is left to the files themselves.
 */
async function serveAssets(app: FastifyInstance, directory: string): Promise<void> {
  const read = new Map<string, Promise<Buffer | undefined>>();
  const names = new Set(existsSync(directory) ? await readdir(directory) : []);
  app.get<{ Params: { readonly name: string } }>(ASSETS_ROUTE, async (request, reply) => {
    const { name } = request.params;
    const type = ASSET_NAME.exec(name)?.[1] as keyof typeof ASSET_TYPES | undefined;
    const packed = `${name}.br`;
    if (type === undefined || !names.has(packed) || !/\bbr\b/.test(String(request.headers["accept-encoding"])))
      return reply.sendFile(`assets/${name}`);
    reply.headers({ etag: `"${name}"`, "cache-control": FOR_GOOD, vary: "accept-encoding" });
    if (request.headers["if-none-match"] === `"${name}"`) return reply.status(304).send();
    let octets = read.get(packed);
    if (octets === undefined) read.set(packed, (octets = octetsOf(join(directory, packed))));
    const known = await octets;
    if (known === undefined) return reply.callNotFound();
    return reply.headers({ "content-type": ASSET_TYPES[type], "content-encoding": "br" }).send(known);
  });
}

/** Undefined where another build took its place since the start. */
async function octetsOf(path: string): Promise<Buffer | undefined> {
  return existsSync(path) ? readFile(path) : undefined;
}
