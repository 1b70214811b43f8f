import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { instant, parse } from "../http/query.ts";
import { changesShape } from "../rooms/client-message.ts";

export const forkBody = z.object({ name: z.string().trim().min(1).max(120), at: instant.optional() });
export const changesBody = z.object({ reason: z.string().trim().min(1).max(2_000), changes: changesShape });

/** Branches: list, fork, abandon, edit, diff, factors and fitted parameters. */
export function registerBranches(app: FastifyInstance, site: Site): void {
  app.get("/branches", async (request) => site.viewOf(request).branches());

  app.post("/branches", async (request, reply) => {
    const { name, at } = parse(forkBody, request.body, "a fork");
    const now = site.now();
    if (at !== undefined && at > now) throw new DoppelwerkError("DW_INVALID", message("changes.forkBeginsInstantPast"));
    const branch = await site.viewOf(request).fork({ name, parent: LIVE, instant: at ?? now, reason: `fork: ${name}` });
    return reply.status(201).send(branch);
  });

  app.get<BranchParams>("/branches/:branch", async (request) => site.viewOf(request).branch(request.params.branch));

  app.delete<BranchParams>("/branches/:branch", async (request, reply) => {
    await site.viewOf(request).abandon(request.params.branch, "abandoned");
    return reply.status(204).send();
  });

  app.post<BranchParams>("/branches/:branch/changes", async (request) => {
    const { reason, changes } = parse(changesBody, request.body, "a transaction");
    const commit = await site.viewOf(request).apply({ branch: request.params.branch, reason, changes: changes as never });
    return commit.entry;
  });

  app.post<BranchParams>("/branches/:branch/undo", async (request) => (await site.viewOf(request).undo(request.params.branch)).entry);

  app.get<BranchParams>("/branches/:branch/diff", async (request) => site.viewOf(request).diff(request.params.branch));

  app.get<BranchParams>("/branches/:branch/factors", async (request) => site.line.factors(site.viewOf(request), request.params.branch));

  app.get<BranchParams>("/branches/:branch/parameters", async (request) =>
    site.line.parameters(site.viewOf(request), request.params.branch),
  );
}

interface BranchParams {
  Params: { branch: string };
}
