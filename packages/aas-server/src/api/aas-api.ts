import type { IncomingMessage } from "node:http";
import { isDeeperThan } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import type { Blobs } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AasSource } from "./aas-source.ts";
import { AasRefusal, answerError, badRequest, notFound, refuse } from "./answers.ts";
import type { Handling, HandlingConfig } from "./handling.ts";
import type { Jobs } from "./jobs.ts";
import { readUpload, Upload } from "./multipart.ts";
import type { Method } from "./route-table.ts";
import type { SignerOf } from "./signer.ts";
import { templatesOnly } from "./templates-only.ts";
import type { AasRequest } from "./route.ts";
import { aasRouteTable, templateRouteTable } from "./aas-routes.ts";

export interface AasApiOptions {
  /** The branch a request means, as its principal may see it; undefined = there is none (404). */
  readonly source: (request: FastifyRequest) => AasSource | undefined | Promise<AasSource | undefined>;
  /** Handles of asynchronous requests; one for all base URLs, since a handle is good on each of them. */
  readonly jobs: Jobs;
  /** Of the world of a request. */
  readonly signer: SignerOf;
  /** Where files go while they come in. */
  readonly stage: (request: FastifyRequest) => Blobs["stage"];
  /** How documents are handled where a request does not prefer one (`Prefer: handling=lenient`); default strict. */
  readonly handling?: Handling;
  /** A submodel repository of templates only, instead of everything. */
  readonly templates?: boolean;
}

/** Says on every answer of a branch that it is one (P25). */
export const BRANCH_HEADER = "doppelwerk-branch";

/** What was read stands at least at this revision: to be sent back with a write as `Doppelwerk-Unchanged-Since`. */
const REVISION_HEADER = "doppelwerk-revision";

/** A segment of a path is an identifier of at most 2,048 characters in base64url, or a long idShortPath. */
const MAX_SEGMENT = 16_384;

/**
 * The HTTP API of IDTA-01002 3.1 as a Fastify plugin: repositories, registries, discovery, file server, serialization, description.
 * Register it once a base URL; everything inside (error shape, body parsing, not-found answers) stays inside its prefix.
 */
export async function aasApi(app: FastifyInstance, options: AasApiOptions): Promise<void> {
  app.setErrorHandler(answerError as never);
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, 404, `nothing answers ${request.method} here: ${request.url.slice(0, 200)}`, request),
  );
  takeBodiesAsText(app);
  takeUploads(app, options.stage);
  app.decorateRequest("list", "");
  const isTemplates = options.templates === true;
  const routes = isTemplates ? templateRouteTable(options.jobs) : aasRouteTable(options.jobs, options.signer);
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const found = options.source(request);
    const whole = found instanceof Promise ? await found : found;
    if (whole === undefined) throw notFound(message("aasServer.noWorldOrBranch"));
    const source = isTemplates ? templatesOnly(whole) : whole;
    if (request.method === "GET") reply.header(REVISION_HEADER, source.revision());
    if (source.branch !== undefined) reply.header(BRANCH_HEADER, encodeURIComponent(source.branch));
    const route = routes.find(segmentsOf(request.url.slice(baseLength(request))));
    if (route === undefined)
      throw notFound(message("aasServer.nothingAnswers", { method: request.method, url: request.url.slice(0, 200) }));
    if (request.method === "OPTIONS")
      return reply
        .status(204)
        .header("allow", [...route.handlers.keys()].join(", "))
        .send();
    const method = (request.method === "HEAD" ? "GET" : request.method) as Method;
    const known = route.handlers.get(method);
    if (known === undefined) {
      const allowed = [...route.handlers.keys()].join(", ");
      throw new AasRefusal(405, message("aasServer.notKnown", { method: request.method, allowed }), { allow: allowed });
    }
    request.params = route.params;
    const asked = request as AasRequest;
    asked.list = `${source.branch ?? ""}${isTemplates ? " templates" : ""} ${route.path}`;
    return known(source, asked, reply);
  };
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (!(request.body instanceof Upload)) return answer(request, reply);
    try {
      return await answer(request, reply);
    } finally {
      await request.body.end();
    }
  };
  const config: HandlingConfig = options.handling === undefined ? {} : { handling: options.handling };
  app.route({ method: ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], url: "/*", handler, config });
}

/** How much of the URL is the base: what stands before the wildcard. */
function baseLength(request: FastifyRequest): number {
  const depth = request.routeOptions.url!.split("/").length - 2;
  let at = 0;
  for (let slash = 0; slash < depth; slash++) at = request.url.indexOf("/", at + 1);
  return at;
}

/** The segments of a path, each decoded once; an empty one at the end is a slash too many and left out. */
function segmentsOf(url: string): readonly string[] {
  const end = url.search(/[?#]/);
  const segments = (end < 0 ? url : url.slice(0, end)).split("/").slice(1);
  if (segments.length > 1 && segments.at(-1) === "") segments.pop();
  return segments.map((segment) => {
    if (segment.length > MAX_SEGMENT) throw new AasRefusal(414, message("aasServer.pathTooLong"));
    if (!segment.includes("%")) return segment;
    try {
      return decodeURIComponent(segment);
    } catch {
      throw badRequest(message("aasServer.pathNotUrlEncodedUtf8", { segment: segment.slice(0, 100) }));
    }
  });
}

/** Objects and arrays inside one another: more than the 300 instances that are read inside one another can need. */
const MAX_JSON_DEPTH = 1_000;

/** Bodies stay text: value-only numbers must keep their digits, and each route says itself what is wrong with a body. */
function takeBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook("preParsing", async (request) => {
    const packed = request.headers["content-encoding"];
    if (packed !== undefined && packed.toLowerCase() !== "identity")
      throw new AasRefusal(415, message("aasServer.bodyMustNotCompressed", { packed: packed.slice(0, 100) }));
  });
  app.addContentTypeParser(/^application\/(.*\+)?json/, { parseAs: "buffer" }, (_request, body, done) => {
    const text = textOfUtf8(body as Buffer);
    if (text === undefined) done(badRequest(message("aasServer.jsonBodyMustUtf8")), undefined);
    else if (isDeeperThan(text, MAX_JSON_DEPTH))
      done(badRequest(message("aasServer.bodyNestedDeeperLevels", { max: MAX_JSON_DEPTH })), undefined);
    else done(null, text);
  });
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    if (body.length === 0) done(null, "");
    else
      done(
        badRequest(message("aasServer.bodyMustApplicationJson", { headers: request.headers["content-type"] ?? "without content-type" })),
        undefined,
      );
  });
}

/** Files go to disk while they come in: what is answered meanwhile waits for none of them. What no route kept is gone after the request. */
function takeUploads(app: FastifyInstance, stageOf: AasApiOptions["stage"]): void {
  app.addContentTypeParser("multipart/form-data", (request: FastifyRequest, payload: IncomingMessage) =>
    readUpload(payload, request.headers["content-type"] ?? "", stageOf(request)),
  );
}

/** Undefined for bytes that are no UTF-8: a character in their place would be a silent change. A byte order mark is left out. */
function textOfUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
