import type { FastifyRequest } from "fastify";
import { deviceOf, type SignInPlace } from "./sign-in-news.ts";

/** Where a request is from. */
export function placeOf(request: FastifyRequest): SignInPlace {
  return { at: Date.now(), device: deviceOf(request.headers["user-agent"] ?? ""), address: request.ip };
}
