import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Principal } from "@doppelwerk/world";
import { countedAddress } from "../http/connection-limits.ts";
import { keyOf } from "../http/guests.ts";
import { isStudio } from "../http/guard.ts";
import type { People } from "./people.ts";

export interface RequireOptions {
  /** `METHOD route` of what is answered to anybody. */
  readonly publicRoutes: ReadonlySet<string>;
  /** Whether the request is about a world, which judges keys that it gave out. */
  isOfWorld(request: FastifyRequest): boolean;
  /** Whose key came with the request. Errors: DW_FORBIDDEN for one that does not hold. */
  guestOf(request: FastifyRequest): Pick<Principal, "id">;
  /** Somebody who is known asks from this address. */
  known?(address: string): void;
  /** Errors: DW_TOO_OFTEN for an identity that asks too much. */
  count(identity: string): void;
}

/** What a request of a machine shows is looked at before anything asks whose it is. */
export function admitMachines(app: FastifyInstance, people: People): void {
  // with a callback: requests of people cost no promise
  app.addHook("onRequest", (request, _, done) => {
    const admitted = people.admit(request.raw, request.ip);
    if (admitted === undefined) done();
    else admitted.then(() => done(), done);
  });
}

/** Nobody is answered who is not known, whatever the route, but by what logs people and machines in and what that needs. What a session or machine has open ends with it. */
export function requirePerson(app: FastifyInstance, people: People, options: RequireOptions): void {
  if (!people.isRequired) return;
  app.addHook("onRequest", (request, reply, done) => {
    try {
      if (isPublic(request, options.publicRoutes)) {
        options.count(`address ${countedAddress(request.ip)}`);
        return done();
      }
      // what is of the server, and not of a world, is for nobody's key
      if (keyOf(request) !== undefined && options.isOfWorld(request)) {
        options.count(options.guestOf(request).id);
        return done();
      }
      options.count(identityOf(people, request));
      const forget = people.whileKnown(request, () => reply.raw.destroy());
      reply.raw.once("close", forget);
      options.known?.(request.ip);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}

/** Who is not known is counted by the address. */
function identityOf(people: People, request: FastifyRequest): string {
  try {
    return people.of(request).id;
  } catch {
    return `address ${countedAddress(request.ip)}`;
  }
}

function isPublic(request: FastifyRequest, publicRoutes: ReadonlySet<string>): boolean {
  return isStudio(request) || publicRoutes.has(`${request.method} ${request.routeOptions.url}`);
}
