import type { EndpointOptions } from "@doppelwerk/kit";
import type { CallOf, PlantView } from "@doppelwerk/kit/server";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, type BranchId, type Principal } from "@doppelwerk/world";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { parse } from "../http/query.ts";
import { IncomingOctets } from "../http/incoming-octets.ts";

/** Errors: DW_PRESENCE, DW_FORBIDDEN for a machine. */
export type RequirePresence = (request: FastifyRequest, maxAgeS: number) => void;

type Status = Parameters<CallOf<EndpointOptions>["answerWith"]>[0];

/** An endpoint with what its query and body are called in errors. */
export interface NamedEndpoint {
  readonly endpoint: EndpointOptions;
  readonly query: Message;
  readonly body: Message;
}

export function namedEndpoint(endpoint: EndpointOptions): NamedEndpoint {
  const { id } = endpoint;
  return { endpoint, query: message("messages.queryOf", { endpoint: id }), body: message("messages.bodyOf", { endpoint: id }) };
}

/** A request as a handler receives it. A class: what few handlers ask for is made when they do, and costs the others nothing. */
export class EndpointCall implements CallOf<EndpointOptions> {
  readonly view: PlantView;
  readonly principal: Principal;
  readonly branch: BranchId;
  readonly params: never;
  readonly query: never;
  readonly body: never;
  /** Of the answer. */
  status: Status;
  readonly #endpoint: EndpointOptions;
  readonly #request: FastifyRequest;
  readonly #reply: FastifyReply;
  readonly #presence: RequirePresence;
  #gone: AbortSignal | undefined;

  /** Throws DW_INVALID where query or body are not what the contract says. */
  // oxlint-disable-next-line max-params -- once a request, without an object
  constructor(
    { endpoint, query, body }: NamedEndpoint,
    view: PlantView,
    principal: Principal,
    branch: BranchId,
    request: FastifyRequest,
    reply: FastifyReply,
    presence: RequirePresence,
  ) {
    this.view = view;
    this.principal = principal;
    this.branch = branch;
    this.status = endpoint.status ?? 200;
    this.params = request.params as never;
    this.query = (endpoint.query && parse(endpoint.query, request.query, query)) as never;
    this.body = bodyOf(endpoint, request, body) as never;
    this.#endpoint = endpoint;
    this.#request = request;
    this.#reply = reply;
    this.#presence = presence;
  }

  readonly requirePresence = (maxAgeS: number): void => this.#presence(this.#request, maxAgeS);

  readonly answerWith = (status: Status): void => {
    this.status = status;
  };

  get respondAsync(): boolean {
    const preferences = String(this.#request.headers["prefer"] ?? "").split(",");
    return preferences.some((preference) => /^\s*respond-async\s*(;|$)/i.test(preference));
  }

  readonly answerAccepted = (location: string): void => {
    this.status = 202;
    const [path] = this.#request.originalUrl.split("?") as [string];
    const depth = this.#endpoint.route.split("/").length - 1;
    const base = path.split("/").slice(0, -depth).join("/");
    this.#reply.header("location", base + location).header("preference-applied", "respond-async");
  };

  /** RFC 6750, 2.1. */
  get token(): string | undefined {
    const { authorization } = this.#request.headers;
    return authorization === undefined ? undefined : /^Bearer (.+)$/.exec(authorization)?.[1];
  }

  get signal(): AbortSignal {
    return (this.#gone ??= goneSignal(this.#reply));
  }
}

function shapeOf(shape: EndpointOptions["body"]): z.ZodType | undefined {
  return shape === undefined || "octets" in shape ? undefined : shape;
}

function bodyOf(endpoint: EndpointOptions, request: FastifyRequest, name: Message): unknown {
  const shape = shapeOf(endpoint.body);
  if (shape) return parse(shape, request.body ?? {}, name);
  if (endpoint.body === undefined) return undefined;
  if (request.body instanceof IncomingOctets) return request.body;
  throw new DoppelwerkError("DW_INVALID", message("server.bodyNotOctets", { endpoint: endpoint.id }));
}

/** Ends when the caller goes away before it has its answer. The request itself is closed as soon as its body is read. */
function goneSignal({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  if (raw.destroyed && !raw.writableFinished) gone.abort();
  raw.once("close", () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
