import type { EndpointOptions } from "@doppelwerk/kit";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type Principal } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { KnownPeople } from "./known-people.ts";

// Fresh proof of presence ("step-up", as RFC 9470 means it). A session knows when its person last proved to be there: at the log-in, and at
// `POST /session/presence` with a passkey, a code of the authenticator or the password. An operation that needs a fresh proof says so
//   - in its contract, for all its requests: `presence: ADMINISTRATION_PRESENCE_S` of `endpoint({ … })`;
//   - in its handler, where it depends on what is asked: `call.requirePresence(COMMAND_PRESENCE_S)`;
//   - in a route of its own: `requirePresence(people, request, seconds)`.
// All refuse with 403, DW_PRESENCE and `details.maxAgeS`. The studio then asks the person in one dialog and sends the request again, so that no
// screen has to know of it. Without accounts nobody is asked: whoever sits at the machine administers it. Machines are refused with DW_FORBIDDEN.

/** For accounts, credentials, access rules and what leaves the server as evidence: a quarter of an hour of work. */
export const ADMINISTRATION_PRESENCE_S = 900;

/** `people`: undefined on a server without accounts. Errors: DW_PRESENCE, DW_FORBIDDEN for a machine, DW_UNAUTHENTICATED. */
export function requirePresence(people: KnownPeople | undefined, request: FastifyRequest, maxAgeS: number): void {
  if (people === undefined) return;
  if (people.of(request).machine === true) throw new DoppelwerkError("DW_FORBIDDEN", message("server.presenceNotOfMachines"));
  const { proved } = people.known(request).session;
  const ageMs = Date.now() - proved;
  // a clock that was set back proves nothing
  if (ageMs >= 0 && ageMs < maxAgeS * 1_000) return;
  throw new DoppelwerkError("DW_PRESENCE", message("server.presenceNeeded"), { maxAgeS });
}

export interface PresenceHookOptions {
  readonly people: KnownPeople | undefined;
  /** Operations whose routes are registered by hand; those that are mounted from a contract ask themselves. */
  readonly contract: readonly EndpointOptions[];
  readonly prefix: string;
  person(request: FastifyRequest): Principal;
  /** Whether the operation is permitted: who may not do it at all is not asked for a proof. */
  may(principal: Principal, endpoint: EndpointOptions): boolean;
}

/** Asks for the presence that the contracts of these operations state, before their routes are reached. */
export function askPresence(app: FastifyInstance, { people, contract, prefix, person, may }: PresenceHookOptions): void {
  if (people === undefined) return;
  const asking = new Map(
    contract.filter(({ presence }) => presence !== undefined).map((endpoint) => [endpoint.route.replace(" ", ` ${prefix}`), endpoint]),
  );
  app.addHook("preHandler", (request, _reply, done) => {
    const endpoint = asking.get(`${request.method} ${request.routeOptions.url}`);
    try {
      if (endpoint !== undefined && may(person(request), endpoint)) requirePresence(people, request, endpoint.presence!);
      done();
    } catch (error) {
      done(error as Error);
    }
  });
}
