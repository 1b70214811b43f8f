import type { LogLine } from "@doppelwerk/client";
import type { LogEntry } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { parse } from "../http/query.ts";
import { linesOfChange } from "./diff-line.ts";
import { toldReason } from "./told-reason.ts";

export const pageQuery = z.object({
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
/** Lines shown of one entry; an import has thousands. */
const LINES_MAX = 20;

/** Who changed what, when and why, newest first. */
export function registerLog(app: FastifyInstance, site: Site): void {
  app.get("/log", async (request) => {
    const { before, limit } = parse(pageQuery, request.query, "a page of the log");
    const view = site.viewOf(request);
    const entries = await site.logBefore(view, before ?? view.revision() + 1, limit);
    return entries.map((entry) => logLine(site, view.reader(entry.branch, { revision: entry.revision }), entry));
  });
}

function logLine(site: Site, reader: Parameters<typeof linesOfChange>[0], entry: LogEntry): LogLine {
  const lines = entry.changes.slice(0, LINES_MAX).flatMap((change) => linesOfChange(reader, change));
  const told = toldReason(entry);
  return {
    revision: entry.revision,
    at: entry.time,
    actor: entry.actor,
    name: site.nameOf(entry.actor),
    branch: entry.branch,
    reason: entry.reason,
    ...(told === undefined ? {} : { told }),
    kind: entry.fork ? "fork" : entry.merge ? "merge" : entry.actor === "system:import" ? "import" : "edit",
    changes: entry.changes.length,
    lines,
    hash: entry.hash,
  };
}
