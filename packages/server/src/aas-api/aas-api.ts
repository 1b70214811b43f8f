import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AasSource } from "./aas-source.ts";
import { answerError, badRequest, notFound, refuse } from "./answers.ts";
import { conceptDescriptionRoutes } from "./concept-description-routes.ts";
import { discoveryRoutes } from "./discovery-routes.ts";
import { elementRoutes } from "./element-routes.ts";
import { shellRoutes } from "./shell-routes.ts";
import { submodelRoutes } from "./submodel-routes.ts";

export interface AasApiOptions {
  /** The branch a request means, as its principal may see it; undefined = there is none (404). */
  readonly source: (request: FastifyRequest) => AasSource | undefined | Promise<AasSource | undefined>;
}

/** Says on every answer of a branch that it is one (P25). */
export const BRANCH_HEADER = "doppelwerk-branch";

export type Handler = (source: AasSource, request: AasRequest, reply: FastifyReply) => unknown;

export type AasRequest = FastifyRequest<{
  Params: Readonly<Record<string, string>>;
  Querystring: Readonly<Record<string, string | readonly string[] | undefined>>;
}>;

/** Registers a route; with and without a slash at the end, as clients of both kinds exist. */
export type Register = (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, handler: Handler) => void;

/**
 * The HTTP API of IDTA-01002 3.1 as a Fastify plugin: shell, submodel and concept description repositories, discovery, serialization, description.
 * Register it once a base URL; everything inside (error shape, body parsing, not-found answers) stays inside its prefix.
 */
export async function aasApi(app: FastifyInstance, options: AasApiOptions): Promise<void> {
  app.setErrorHandler(answerError as never);
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, 404, `nothing answers ${request.method} here: ${request.url.slice(0, 200)}`, request),
  );
  takeBodiesAsText(app);
  const methodsOf = new Map<string, string[]>();
  const register: Register = (method, path, handler) => {
    methodsOf.set(path, [...(methodsOf.get(path) ?? []), method]);
    const wrapped = async (request: FastifyRequest, reply: FastifyReply) => {
      const found = options.source(request);
      const source = found instanceof Promise ? await found : found;
      if (source === undefined) throw notFound("There is no such world or branch.");
      if (source.branch !== undefined) reply.header(BRANCH_HEADER, encodeURIComponent(source.branch));
      return handler(source, request as AasRequest, reply);
    };
    app.route({ method, url: path, handler: wrapped });
    app.route({ method, url: `${path}/`, handler: wrapped });
  };
  shellRoutes(register);
  for (const base of ["/submodels/:submodelIdentifier", "/shells/:aasIdentifier/submodels/:submodelIdentifier"])
    elementRoutes(register, base);
  submodelRoutes(register);
  conceptDescriptionRoutes(register);
  discoveryRoutes(register);
  for (const [path, methods] of methodsOf) refuseOtherMethods(app, path, methods);
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** A path that exists, asked in a way that it does not know, is 405 and says which ways it knows. */
function refuseOtherMethods(app: FastifyInstance, path: string, known: readonly string[]): void {
  const method = METHODS.filter((each) => !known.includes(each));
  if (method.length === 0) return;
  const handler = (request: FastifyRequest, reply: FastifyReply) =>
    refuse(reply.header("allow", known.join(", ")), 405, `${request.method} is not known here, only ${known.join(", ")}.`, request);
  app.route({ method, url: path, handler });
  app.route({ method, url: `${path}/`, handler });
}

/** Bodies stay text: value-only numbers must keep their digits, and each route says itself what is wrong with a body. */
function takeBodiesAsText(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/(.*\+)?json/, { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    if (body.length === 0) done(null, "");
    else done(badRequest(`A body must be application/json, not ${request.headers["content-type"] ?? "without content-type"}.`), undefined);
  });
}

/** Answers JSON text that is ready. */
export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(text);
}

export function send(reply: FastifyReply, body: unknown): FastifyReply {
  return sendJson(reply, JSON.stringify(body));
}

/** The place of something new: below the URL that was asked, or at `at`. */
export function created(reply: FastifyReply, location: string, body: unknown): FastifyReply {
  return send(reply.status(201).header("location", location), body);
}

export function urlOf(request: FastifyRequest): string {
  return request.url.replace(/\?.*$/s, "").replace(/\/$/, "");
}
