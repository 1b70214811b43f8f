import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { ExperimentRequest } from "@doppelwerk/client";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { parse } from "../../../../packages/server/src/http/query.ts";
import { pointsCsv, replicationsCsv } from "./experiment-csv.ts";

const level = z.union([z.number(), z.string().max(1_000)]);
const replications = z.number().int().min(3).max(10_000);
export const experimentBody = z.strictObject({
  name: z.string().trim().min(1).max(200),
  kind: z.enum(["study", "forecast"]).default("study"),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  shifts: z.number().int().min(1).max(60).optional(),
  kpi: z.enum(["throughput", "oee", "leadTime", "wip", "rework"]).default("throughput"),
  goal: z.enum(["maximise", "minimise"]).default("maximise"),
  factors: z
    .array(
      z.strictObject({
        element: z.string().min(1).max(200),
        values: z.array(level).min(2).max(100).optional(),
        low: z.number().optional(),
        high: z.number().optional(),
        whole: z.boolean().optional(),
      }),
    )
    .min(1)
    .max(20),
  design: z
    .union([
      z.literal("full"),
      z.strictObject({ fraction: z.array(z.string().min(2).max(20)).min(1).max(18) }),
      z.strictObject({ latinHypercube: z.number().int().min(2).max(512) }),
      z.strictObject({ points: z.array(z.array(level).min(1).max(20)).min(1).max(512) }),
    ])
    .default("full"),
  replications: z
    .union([
      z.strictObject({ count: replications }),
      z.strictObject({ relativeHalfWidth: z.number().min(0.0001).max(1), most: replications }),
      z.strictObject({ indifference: z.number().positive(), confidence: z.number().min(0.51).max(0.9999).optional(), most: replications }),
    ])
    .default({ count: 20 }),
  relevantShare: z.number().min(0).max(1).optional(),
});
export const csvQuery = z.object({ rows: z.enum(["points", "replications"]).default("points") });

/** Designed experiments: on a branch, or on live, where they write nothing either. */
export function registerExperiments(app: FastifyInstance, site: Site): void {
  // An experiment of a branch that one may not see is not there.
  const seen = (request: FastifyRequest, id: string): string => {
    const { branch } = site.experiments.summary(id);
    if (!site.viewOf(request).may("read", branch).allowed)
      throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noExperimentId", { id }));
    return id;
  };
  const mayRun = (request: FastifyRequest, id: string): string => {
    const decision = site.viewOf(request).may("run", site.experiments.summary(seen(request, id)).branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return id;
  };

  app.get<BranchParams>("/branches/:branch/experiments", async (request) =>
    site.experiments.list(site.viewOf(request).branch(request.params.branch).id),
  );

  app.post<BranchParams>("/branches/:branch/experiments", async (request, reply) => {
    const body = parse(experimentBody, request.body, "an experiment") as ExperimentRequest;
    return reply.status(202).send(await site.experiments.start(site.viewOf(request), request.params.branch, body));
  });

  app.get<IdParams>("/experiments/:id", async (request) => site.experiments.get(seen(request, request.params.id)));

  app.get<{ Params: { id: string; point: string } }>("/experiments/:id/points/:point", async (request) =>
    site.experiments.point(seen(request, request.params.id), Number(request.params.point)),
  );

  app.get<IdParams>("/experiments/:id/csv", async (request, reply) => {
    const { rows } = parse(csvQuery, request.query, "a table");
    const result = site.experiments.get(seen(request, request.params.id));
    if (result.points.length === 0) throw new DoppelwerkError("DW_INVALID", message("simulate.experimentNoResultYet"));
    const text = rows === "points" ? pointsCsv(result) : replicationsCsv(result, site.experiments.outcomes(request.params.id));
    const name = `${result.experiment.name.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "") || "experiment"}-${rows}.csv`;
    return reply
      .type("text/csv; charset=utf-8; header=present")
      .header("content-disposition", `attachment; filename="${name}"`)
      .send(`\ufeff${text}`);
  });

  app.post<IdParams>("/experiments/:id/rerun", async (request, reply) =>
    reply.status(202).send(site.experiments.rerun(mayRun(request, request.params.id))),
  );

  app.post<IdParams>("/experiments/:id/resume", async (request, reply) =>
    reply.status(202).send(site.experiments.resume(mayRun(request, request.params.id))),
  );

  app.delete<IdParams>("/experiments/:id", async (request, reply) => {
    site.experiments.cancel(mayRun(request, request.params.id));
    return reply.status(204).send();
  });
}

interface BranchParams {
  Params: { branch: string };
}
interface IdParams {
  Params: { id: string };
}
