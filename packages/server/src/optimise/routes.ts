import type { FastifyInstance } from "fastify";
import type { Site } from "../compose/site.ts";
import { parse } from "../http/query.ts";
import { chooseBody, optimisationBody } from "./wish.ts";

/** Optimisations of a branch: start, follow, cancel, choose what comes onto the branch. */
export function registerOptimise(app: FastifyInstance, site: Site): void {
  app.get<BranchParams>("/branches/:branch/optimisations", async (request) =>
    site.optimisations.list(site.viewOf(request).branch(request.params.branch).id),
  );

  app.post<BranchParams>("/branches/:branch/optimisations", async (request, reply) => {
    const wish = parse(optimisationBody, request.body, "an optimisation");
    const view = site.viewOf(request);
    return reply.status(202).send(await site.optimisations.start(view, view.branch(request.params.branch).id, wish));
  });

  app.get<IdParams>("/optimisations/:id", async (request) => {
    const found = site.optimisations.get(request.params.id);
    // who may not see the branch learns nothing of it
    site.viewOf(request).branch(found.branch);
    return found;
  });

  app.delete<IdParams>("/optimisations/:id", async (request, reply) => {
    site.viewOf(request).branch(site.optimisations.get(request.params.id).branch);
    site.optimisations.cancel(request.params.id);
    return reply.status(204).send();
  });

  app.post<IdParams>("/optimisations/:id/choose", async (request, reply) => {
    const { point } = parse(chooseBody, request.body, "a choice");
    return reply.status(202).send(await site.optimisations.choose(site.viewOf(request), request.params.id, point));
  });
}

interface BranchParams {
  Params: { branch: string };
}
interface IdParams {
  Params: { id: string };
}
