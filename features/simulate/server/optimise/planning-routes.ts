import type { BlendWish, SearchWish } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import type { SchedulePlan } from "@doppelwerk/sim/optimise";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { parse } from "../../../../packages/server/src/http/query.ts";
import { solveBlend } from "./blend.ts";
import { blendBody, checkBody, keepBlendBody, keepLayoutBody, keepScheduleBody, keepWorkBody, scheduleQuery, searchBody } from "./wish.ts";

/** Schedules, line balances, layouts, charges: what they take from the twin, the searches themselves, and what is written onto a branch. */
export function registerPlanning(app: FastifyInstance, site: Site): void {
  app.post("/searches", async (request, reply) => {
    allowed(site, request);
    return reply.status(202).send(site.searches.start(parse(searchBody, request.body, "a search") as SearchWish));
  });

  app.get<IdParams>("/searches/:id", async (request) => {
    allowed(site, request);
    return site.searches.get(request.params.id);
  });

  app.get<IdParams>("/searches/:id/wish", async (request) => {
    allowed(site, request);
    return site.searches.wish(request.params.id);
  });

  app.delete<IdParams>("/searches/:id", async (request, reply) => {
    allowed(site, request);
    site.searches.cancel(request.params.id);
    return reply.status(204).send();
  });

  app.get<BranchParams>("/branches/:branch/schedule", async (request) => {
    const { orders, seed } = parse(scheduleQuery, request.query, "a schedule");
    const view = site.viewOf(request);
    return site.planning.schedule(view, view.branch(request.params.branch).id, orders, seed);
  });

  app.post<BranchParams>("/branches/:branch/schedule/check", async (request) => {
    const view = site.viewOf(request);
    return site.planning.check(view, view.branch(request.params.branch).id, withoutGaps(parse(checkBody, request.body, "a check")));
  });

  app.post<BranchParams>("/branches/:branch/schedule", async (request, reply) => {
    const body = withoutGaps(parse(keepScheduleBody, request.body, "a schedule"));
    await site.planning.keepSchedule(site.viewOf(request), request.params.branch, { ...body, plan: body.plan as SchedulePlan });
    return reply.status(204).send();
  });

  app.post("/blends", async (request) => {
    allowed(site, request);
    return solveBlend(parse(blendBody, request.body, "a charge") as BlendWish);
  });

  app.get<BranchParams>("/branches/:branch/charge", async (request, reply) => {
    const charge = site.planning.charge(site.viewOf(request), request.params.branch);
    return charge ?? reply.status(204).send();
  });

  app.post<BranchParams>("/branches/:branch/charge", async (request) => {
    const { wish, shell } = parse(keepBlendBody, request.body, "a charge");
    const view = site.viewOf(request);
    const answer = await solveBlend(wish as BlendWish);
    if (!answer.masses) throw new DoppelwerkError("DW_INVALID", message("simulate.chargeNoAnswerKeep", { status: answer.status }));
    await site.planning.keepCharge(view, request.params.branch, wish as BlendWish, answer, shell);
    return answer;
  });

  app.get<BranchParams>("/branches/:branch/work", async (request) => {
    const view = site.viewOf(request);
    return site.planning.work(view, view.branch(request.params.branch).id);
  });

  app.post<BranchParams>("/branches/:branch/work", async (request) => {
    const { stationOf } = parse(keepWorkBody, request.body, "a line balance");
    return { changes: await site.planning.keepWork(site.viewOf(request), request.params.branch, stationOf) };
  });

  app.get<BranchParams>("/branches/:branch/layout", async (request) => {
    const view = site.viewOf(request);
    return site.planning.layout(view, view.branch(request.params.branch).id);
  });

  app.post<BranchParams>("/branches/:branch/layout", async (request) => {
    const { problem, places } = withoutGaps(parse(keepLayoutBody, request.body, "a layout"));
    return { changes: await site.planning.keepLayout(site.viewOf(request), request.params.branch, problem, places) };
  });
}

/** Searching costs the server's processor: who may not run anything may not search either. */
function allowed(site: Site, request: Parameters<Site["viewOf"]>[0]): void {
  const decision = site.viewOf(request).may("run", "live");
  if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
}

/** The same without fields that are undefined: what a shape leaves open is absent. */
function withoutGaps<T>(value: T): Solid<T> {
  return JSON.parse(JSON.stringify(value)) as Solid<T>;
}
type Solid<T> = T extends readonly (infer Item)[]
  ? Solid<Item>[]
  : T extends object
    ? { [Key in keyof T as undefined extends T[Key] ? never : Key]: Solid<T[Key]> } & {
        [Key in keyof T as undefined extends T[Key] ? Key : never]?: Solid<Exclude<T[Key], undefined>>;
      }
    : T;

interface IdParams {
  Params: { id: string };
}
interface BranchParams {
  Params: { branch: string };
}
