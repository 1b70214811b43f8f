import { DoppelwerkError, LIVE, SECOND, said } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { instant, parse } from "../http/query.ts";

export const listQuery = z.object({ t: instant.optional() });
export const historyQuery = z.object({ from: instant, to: instant, station: z.string().max(200).optional() });
export const acknowledgeBody = z.object({ reason: z.string().max(500).optional() });
export const shelveBody = z.object({
  reason: z.string().trim().min(1).max(500),
  untilS: z
    .number()
    .positive()
    .max(7 * 86_400),
});

/** The alarm list at any instant, its history, and what people do to alarms (ISA-18.2). */
export function registerAlarms(app: FastifyInstance, site: Site): void {
  app.get("/alarms", async (request) => site.line.alarms(parse(listQuery, request.query, "an alarm list").t));

  app.get("/alarm-history", async (request) => {
    const { from, to, station } = parse(historyQuery, request.query, "an alarm history");
    if (from >= to) throw new DoppelwerkError("DW_INVALID", said`from must lie before to`);
    return site.line.alarmHistory(from, to, station);
  });

  app.post<AlarmParams>("/alarms/:id/acknowledge", async (request) => {
    const { reason } = parse(acknowledgeBody, request.body ?? {}, "an acknowledgement");
    return site.fold.act({
      rule: request.params.id,
      action: "acknowledge",
      actor: operator(site, request),
      ...(reason === undefined ? {} : { reason }),
    });
  });

  app.post<AlarmParams>("/alarms/:id/shelve", async (request) => {
    const { reason, untilS } = parse(shelveBody, request.body, "a shelving");
    return site.fold.act({
      rule: request.params.id,
      action: "shelve",
      actor: operator(site, request),
      reason,
      until: site.now() + Math.round(untilS * SECOND),
    });
  });

  app.post<AlarmParams>("/alarms/:id/unshelve", async (request) =>
    site.fold.act({ rule: request.params.id, action: "unshelve", actor: operator(site, request) }),
  );
}

interface AlarmParams {
  Params: { id: string };
}

function operator(site: Site, request: FastifyRequest): string {
  const view = site.viewOf(request);
  const decision = view.may("acknowledge", LIVE);
  if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
  return view.principal.id;
}
