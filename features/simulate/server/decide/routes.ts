import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { parse } from "../../../../packages/server/src/http/query.ts";
import { driftNotice } from "../../../../packages/server/src/line/drift-notice.ts";

export const runBody = z.object({
  kind: z.enum(["forecast", "study"]),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  replications: z.number().int().min(3).max(1_000),
  shifts: z.number().int().min(1).max(60).optional(),
  relevantShare: z.number().min(0).max(1).optional(),
});

/** Factors, fitted parameters and runs of a branch, their results, and the backtest on past shifts. */
export function registerDecide(app: FastifyInstance, site: Site): void {
  app.get<BranchParams>("/branches/:branch/runs", async (request) => site.runs.list(site.viewOf(request).branch(request.params.branch).id));

  app.post<BranchParams>("/branches/:branch/runs", async (request, reply) => {
    const body = parse(runBody, request.body, "a run");
    return reply.status(202).send(await site.runs.start(site.viewOf(request), request.params.branch, body));
  });

  // A run of a branch that one may not see is not there.
  const seen = (request: FastifyRequest, id: string): string => {
    const { branch } = site.runs.summary(id);
    if (!site.viewOf(request).may("read", branch).allowed) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noRunId", { id }));
    return id;
  };
  const mayRun = (request: FastifyRequest, id: string): string => {
    const decision = site.viewOf(request).may("run", site.runs.summary(seen(request, id)).branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return id;
  };

  app.get<RunParams>("/runs/:id", async (request) => site.runs.get(seen(request, request.params.id)));

  app.get<RunParams>("/runs/:id/model", async (request) => site.runs.model(seen(request, request.params.id)));

  app.post<RunParams>("/runs/:id/rerun", async (request, reply) =>
    reply.status(202).send(site.runs.rerun(mayRun(request, request.params.id))),
  );

  app.delete<RunParams>("/runs/:id", async (request, reply) => {
    site.runs.cancel(mayRun(request, request.params.id));
    return reply.status(204).send();
  });

  app.get<BranchParams>("/branches/:branch/drift", async (request) => {
    const { id, instant } = site.viewOf(request).branch(request.params.branch);
    return driftNotice(site.line.engine, id === LIVE ? undefined : instant);
  });

  app.get<BranchParams>("/branches/:branch/factors", async (request) => site.line.factors(site.viewOf(request), request.params.branch));

  app.get<BranchParams>("/branches/:branch/parameters", async (request) =>
    site.line.parameters(site.viewOf(request), request.params.branch),
  );

  app.get("/backtest", async (request) => {
    const decision = site.viewOf(request).may("read", LIVE);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return site.backtest.result();
  });
}

interface BranchParams {
  Params: { branch: string };
}
interface RunParams {
  Params: { id: string };
}
