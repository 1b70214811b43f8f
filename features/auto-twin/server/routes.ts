import { protocols } from "@doppelwerk/connectors";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE, type ConnectionProtocol, type Json } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Site } from "../../../packages/server/src/compose/site.ts";
import { parse } from "../../../packages/server/src/http/query.ts";
import type { ChosenColumns } from "@doppelwerk/connectors/event-log";
import { ProposalService } from "./proposal-service.ts";

const settings = z.record(z.string().max(100), z.json()) as z.ZodType<Readonly<Record<string, Json>>>;

export const proposalBody = z.strictObject({
  url: z.string().min(1).max(2_000).optional(),
  protocol: z.enum(protocols.map(({ protocol }) => protocol) as [ConnectionProtocol, ...ConnectionProtocol[]]).optional(),
  settings: settings.optional(),
  secret: z.string().max(64).optional(),
  listenS: z.number().min(0.1).max(120).optional(),
  /** A connection that is there, instead of an address. */
  connection: z.string().max(100).optional(),
  name: z.string().trim().min(1).max(100).optional(),
  /** A file that was looked into (`POST /plant-files`); with `url` where what it describes is. */
  file: z.string().max(100).optional(),
  /** CSV or XES with columns for case, activity and time. */
  eventLog: z.string().max(15_000_000).optional(),
  /** By question id. */
  answers: z.record(z.string().max(300), z.string().max(2_000)).optional(),
  /** Of what the branch and the request say to people; English without it. */
  language: z.enum(["en", "zh"]).optional(),
});

const columnName = z.string().max(500).optional();
/** Of an event log, the names of columns where theirs do not tell; empty = there is none. */
const chosenColumns = z.object({
  case: columnName,
  activity: columnName,
  resource: columnName,
  start: columnName,
  end: columnName,
  time: columnName,
  lifecycle: columnName,
});
export const plantFileQuery = chosenColumns.extend({ name: z.string().trim().min(1).max(300) });

/** Proposals: a twin of what a plant offers, as a branch with a merge request. */
export function registerProposals(app: FastifyInstance, site: HostedWorld): void {
  const proposals = new ProposalService(site);

  app.post("/plant-files", async (request) => {
    const { name, ...chosen } = parse(plantFileQuery, request.query, "a file");
    const view = administrator(site, request);
    if (!Buffer.isBuffer(request.body)) throw new DoppelwerkError("DW_INVALID", message("autoTwin.fileSentApplicationOctetStreamFile"));
    return proposals.files.look(view, name, request.body, told(chosen));
  });

  app.get("/proposals", async (request) => proposals.list(administrator(site, request)));

  app.post("/proposals", async (request, reply) => {
    const wish = parse(proposalBody, request.body, "a proposal");
    return reply.status(202).send(proposals.start(administrator(site, request), wish));
  });

  app.get<{ Params: { id: string } }>("/proposals/:id", async (request) =>
    proposals.report(administrator(site, request), request.params.id),
  );
}

function told(chosen: z.infer<typeof chosenColumns>): ChosenColumns {
  return Object.fromEntries(Object.entries(chosen).filter(([, name]) => name !== undefined)) as ChosenColumns;
}

/** Who may connect a plant may have it described; what is found names the plant's inside. */
function administrator(site: HostedWorld, request: FastifyRequest): ReturnType<HostedWorld["viewOf"]> {
  const view = site.viewOf(request);
  const allowed = view.may("administer", LIVE);
  if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
  return view;
}
