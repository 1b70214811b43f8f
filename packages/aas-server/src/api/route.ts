import type { FastifyReply, FastifyRequest } from "fastify";
import type { AasSource } from "./aas-source.ts";
import type { Method } from "./route-table.ts";

export type Handler = (source: AasSource, request: AasRequest, reply: FastifyReply) => unknown;

export type AasRequest = FastifyRequest<{
  Params: Readonly<Record<string, string>>;
  Querystring: Readonly<Record<string, string | readonly string[] | undefined>>;
}> & {
  /** Branch and route that were asked: with the parameters of the path the name of the list, where it is one. */
  list: string;
};

/** Adds a route; every path is answered with and without a slash at the end, as clients of both kinds exist. */
export type Register = (method: Method, path: string, handler: Handler) => void;
