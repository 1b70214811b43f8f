import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { parse } from "../../../../packages/server/src/http/query.ts";
import { chooseBody, optimisationBody } from "./wish.ts";

/** Optimisations of a branch: start, follow, cancel, choose what comes onto the branch. */
export function registerOptimise(app: FastifyInstance, site: Site): void {
  // An optimisation of a branch that one may not see is not there.
  const seen = (request: FastifyRequest, id: string) => {
    const found = site.optimisations.get(id);
    if (!site.viewOf(request).may("read", found.branch).allowed)
      throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noOptimisationId", { id }));
    return found;
  };

  app.get<BranchParams>("/branches/:branch/optimisations", async (request) =>
    site.optimisations.list(site.viewOf(request).branch(request.params.branch).id),
  );

  app.post<BranchParams>("/branches/:branch/optimisations", async (request, reply) => {
    const wish = parse(optimisationBody, request.body, "an optimisation");
    const view = site.viewOf(request);
    return reply.status(202).send(await site.optimisations.start(view, view.branch(request.params.branch).id, wish));
  });

  app.get<IdParams>("/optimisations/:id", async (request) => {
    return seen(request, request.params.id);
  });

  app.delete<IdParams>("/optimisations/:id", async (request, reply) => {
    const { branch } = seen(request, request.params.id);
    const decision = site.viewOf(request).may("run", branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    site.optimisations.cancel(request.params.id);
    return reply.status(204).send();
  });

  app.post<IdParams>("/optimisations/:id/choose", async (request, reply) => {
    const { point } = parse(chooseBody, request.body, "a choice");
    const { id } = seen(request, request.params.id);
    return reply.status(202).send(await site.optimisations.choose(site.viewOf(request), id, point));
  });
}

interface BranchParams {
  Params: { branch: string };
}
interface IdParams {
  Params: { id: string };
}
