import type { IncomingMessage } from "node:http";
import { isAasUrl } from "@doppelwerk/aas-server";
import { HOME_WORLD } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { keyOf } from "../http/guests.ts";
import { noWorld } from "../worlds/world-names.ts";
import type { HostedWorld } from "./hosted-world.ts";
import type { HostedWorlds } from "./hosted-worlds.ts";

/** The open world that a request is about. */
export type WorldOf = (request: Pick<FastifyRequest, "raw">) => HostedWorld;

/** Names in addresses of the own API, and the worlds that were entered; requests of the default world are in neither. */
const named = new WeakMap<IncomingMessage, string>();
const entered = new WeakMap<IncomingMessage, HostedWorld>();

export function worldOfRequests(home: HostedWorld): WorldOf {
  return ({ raw }) => entered.get(raw) ?? home;
}

/** `/worlds/{world}/…` of the own API is its short form, of that world. What the server answers of worlds themselves stays as it is. */
export function shortUrl(prefix: string): (request: IncomingMessage) => string {
  const worlds = `${prefix}/worlds/`;
  return (request) => {
    const url = request.url ?? "/";
    if (!url.startsWith(worlds)) return url;
    const end = url.indexOf("/", worlds.length);
    const query = url.indexOf("?", worlds.length);
    if (end < 0 || end === url.length - 1 || (query >= 0 && query < end)) return url;
    named.set(request, decoded(url.slice(worlds.length, end)));
    return prefix + url.slice(end);
  };
}

/** Opens the world of each request before its handler runs, and keeps it open until it is answered. */
export function enterWorlds(app: FastifyInstance, worlds: HostedWorlds): void {
  // with a callback: requests of the default world cost no promise
  app.addHook("onRequest", (request, reply, done) => {
    const name = worldNamed(request);
    if (name === undefined || name === HOME_WORLD || request.is404) return done();
    enter(worlds, name, request, reply).then(() => done(), done);
  });
}

async function enter(worlds: HostedWorlds, name: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  try {
    const hasKey = keyOf(request) !== undefined;
    // nobody who is nobody opens a world or learns which there are: his is then the default one, which knows nothing of what he shows
    const isPublic = (request.routeOptions.config as { readonly isPublic?: true }).isPublic === true;
    if (isPublic && !isOpen(worlds, name)) return;
    if (!isPublic && !hasKey && !worlds.mayEnter(worlds.home.person(request), name)) throw noWorld(name);
    const { world, leave } = await worlds.registry.enter(name);
    entered.set(request.raw, world);
    reply.raw.once("finish", leave).once("close", leave);
    // given up while the world was opened
    if (reply.raw.destroyed) leave();
  } catch (error) {
    // The AAS API answers that there is no such world in words of its own.
    if (!(error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND" && !named.has(request.raw))) throw error;
  }
}

function isOpen({ registry }: HostedWorlds, name: string): boolean {
  return registry.open().some((world) => world.name === name);
}

function worldNamed(request: FastifyRequest): string | undefined {
  const name = named.get(request.raw);
  if (name !== undefined || !request.url.startsWith("/worlds/") || !isAasUrl(request.url)) return name;
  return (request.params as { readonly world?: string }).world;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // no world has such a name
    return text;
  }
}
