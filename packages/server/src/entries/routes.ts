import { LIVE, type ConnectionRecord, type SignalRecord } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { instant, parse } from "../http/query.ts";
import type { Entry } from "./entry.ts";

export const entryBody = z.strictObject({
  signal: z.string().min(1).max(200),
  /** null withdraws the entry that is corrected. */
  value: z.union([z.number(), z.boolean(), z.string().max(10_000), z.null()]),
  time: instant.optional(),
  note: z.string().trim().max(500).optional(),
  corrects: z.string().max(200).optional(),
});
export const entriesQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  signal: z.string().max(200).optional(),
});

/** Values that people type in, and what corrected them. */
export function registerEntries(app: FastifyInstance, site: Site): void {
  const named = (entry: Entry) => ({ ...entry, enteredByName: site.nameOf(entry.enteredBy) });

  app.get("/entries", async (request) => {
    const { limit, signal } = parse(entriesQuery, request.query, "a list of entries");
    return site.entries.list(limit, signal).map(named);
  });

  app.post("/entries", async (request, reply) =>
    reply.status(201).send(named(await site.entries.enter(site.viewOf(request), parse(entryBody, request.body, "an entry")))),
  );

  app.get("/entries/signals", async (request) => {
    const reader = site.viewOf(request).reader(LIVE);
    return (reader.query({ kind: "connection" }) as readonly ConnectionRecord[])
      .filter(({ protocol }) => protocol === "entered")
      .flatMap((connection) =>
        (reader.query({ kind: "signal", index: { name: "connection", value: connection.id } }) as readonly SignalRecord[]).map(
          ({ id, name, names, unit, valueType, low, high }) => ({
            id,
            name,
            ...(names === undefined ? {} : { names }),
            ...(unit === undefined ? {} : { unit }),
            ...(low === undefined ? {} : { low }),
            ...(high === undefined ? {} : { high }),
            valueType,
            connection: connection.id,
            connectionName: connection.name,
            open: connection.enabled,
          }),
        ),
      );
  });
}
