import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { diagnosticsOf } from "./diagnostics.ts";
import { refuseGuests } from "../http/guests.ts";
import type { Observed } from "./observed.ts";
import { stateOf } from "./server-state.ts";
import type { SignInCounts } from "./sign-in-counts.ts";

/** For who administers the server. */
export function registerServerState(api: FastifyInstance, watched: Observed | undefined): void {
  const administered = (request: FastifyRequest): Observed => {
    if (watched === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("server.notWatched"));
    const { home } = watched.server.worlds;
    refuseGuests(home.person(request));
    const decision = home.viewOf(request).may("administer", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return watched;
  };
  api.get("/server", async (request) => stateOf(administered(request).server));
  api.get("/server/diagnostics", async (request, reply) => {
    const { server, metrics } = administered(request);
    const day = new Date(server.worlds.home.now() / 1_000).toISOString().slice(0, 10);
    return reply
      .type("application/json")
      .header("content-disposition", `attachment; filename=doppelwerk-diagnostics-${day}.json`)
      .send(await diagnosticsOf(server, metrics));
  });
}

/** Counts who was refused at the door: 401 and 429 of what anybody may ask to sign in. */
export function countSignIns(app: FastifyInstance, counts: SignInCounts, isDoor: (request: FastifyRequest) => boolean): void {
  app.addHook("onResponse", (request, reply, done) => {
    if ((reply.statusCode === 401 || reply.statusCode === 429) && isDoor(request)) counts.failed();
    done();
  });
}
