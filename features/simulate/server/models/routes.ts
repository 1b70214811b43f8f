import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { instant, parse } from "../../../../packages/server/src/http/query.ts";

const branch = z.string().max(200).default(LIVE);
export const modelsQuery = z.object({ branch, search: z.string().max(200).default("") });
export const modelQuery = z.object({ branch });
export const announceQuery = z.object({
  branch,
  shell: z.string().min(1).max(2000),
  name: z.string().trim().min(1).max(300),
  version: z.string().trim().min(1).max(100).optional(),
});
const variable = z.string().min(1).max(1000);
const binding = z.strictObject({
  variable,
  value: z.union([z.number(), z.boolean(), z.string().max(100_000)]).optional(),
  signal: z.string().max(200).optional(),
  factor: z.number().optional(),
  offset: z.number().optional(),
  property: z.strictObject({ submodel: z.string().max(2000), path: z.string().max(2000) }).optional(),
});
export const modelRunBody = z.strictObject({
  stepS: z.number().positive().optional(),
  durationS: z.number().positive().max(3.2e8).optional(),
  from: instant.optional(),
  bindings: z.array(binding).max(10_000).optional(),
  outputs: z.array(variable).min(1).max(1000).optional(),
  stepAtInputs: z.boolean().optional(),
  continueFrom: z.string().max(200).optional(),
  keepState: z.boolean().optional(),
});

/** Models from elsewhere: what shells announce, and runs of them on a branch. */
export function registerModels(app: FastifyInstance, site: Site): void {
  // A branch that one may not see has no runs either.
  const seen = (request: FastifyRequest, id: string) => {
    const result = site.modelRuns.get(id);
    if (!site.viewOf(request).may("read", result.run.branch).allowed)
      throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noRunModelId", { id }));
    return result;
  };

  app.get("/models", async (request) => {
    const { branch: on, search } = parse(modelsQuery, request.query, "models");
    return site.models.list(site.viewOf(request), on, search);
  });

  app.post("/models", async (request, reply) => {
    const { branch: on, shell, name, version } = parse(announceQuery, request.query, "a model");
    if (!Buffer.isBuffer(request.body)) throw new DoppelwerkError("DW_INVALID", message("simulate.modelSentApplicationOctetStreamFmu"));
    const options = { branch: on, shell, fileName: name, ...(version === undefined ? {} : { version }) };
    return reply.status(201).send(await site.models.announce(site.viewOf(request), request.body, options));
  });

  app.get<{ Params: { hash: string } }>("/models/:hash", async (request) =>
    site.models.detail(site.viewOf(request), parse(modelQuery, request.query, "a model").branch, request.params.hash),
  );

  app.get<BranchParams>("/branches/:branch/model-runs", async (request) =>
    site.modelRuns.list(site.viewOf(request).branch(request.params.branch).id),
  );

  app.post<{ Params: { branch: string; hash: string } }>("/branches/:branch/models/:hash/runs", async (request, reply) => {
    const body = parse(modelRunBody, request.body ?? {}, "a run of a model");
    return reply
      .status(202)
      .send(await site.modelRuns.start(site.viewOf(request), request.params.branch, request.params.hash, body as never));
  });

  app.get<RunParams>("/model-runs/:id", async (request) => {
    return seen(request, request.params.id);
  });

  app.delete<RunParams>("/model-runs/:id", async (request, reply) => {
    const { run } = seen(request, request.params.id);
    const decision = site.viewOf(request).may("run", run.branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    site.modelRuns.cancel(run.id);
    return reply.status(204).send();
  });
}

interface BranchParams {
  Params: { branch: string };
}
interface RunParams {
  Params: { id: string };
}
