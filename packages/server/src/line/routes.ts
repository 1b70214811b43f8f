import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { instant, parse } from "../http/query.ts";

export const branchQuery = z.object({ branch: z.string().max(200).default(LIVE) });
export const snapshotQuery = z.object({ t: instant.optional() });

/** The line: what it is, and where it stands at an instant. */
export function registerLine(app: FastifyInstance, site: Site): void {
  const read = (request: FastifyRequest, branch = LIVE) => {
    const view = site.viewOf(request);
    const decision = view.may("read", branch);
    if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
    return view;
  };

  app.get("/line", async (request) => {
    const { branch } = parse(branchQuery, request.query, "a line");
    return site.line.info(read(request, branch), branch);
  });

  app.get("/snapshot", async (request) => {
    read(request);
    const { mayReadSignal } = site.plantView(site.person(request));
    return site.line.snapshot(parse(snapshotQuery, request.query, "a snapshot").t, mayReadSignal);
  });
}
