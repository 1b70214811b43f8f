import { DoppelwerkError, hashedId, LIVE, SECOND } from "@doppelwerk/world";
import type { Change, ConnectionRecord, SignalRecord } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Site } from "../compose/site.ts";
import { parse } from "../http/query.ts";

export const connectBody = z.object({
  url: z.string().regex(/^opc\.tcp:\/\/[^\s/]+(:\d+)?/, "an OPC UA address begins with opc.tcp://host:port"),
  name: z.string().trim().min(1).max(120),
});

/** Connections: their state, and taking a server's variables as signals. */
export function registerConnections(app: FastifyInstance, site: Site): void {
  app.get("/connections", async () => site.connections.list());

  app.post("/connections", async (request, reply) => {
    const { url, name } = parse(connectBody, request.body, "a connection");
    const view = site.viewOf(request);
    const allowed = view.may("administer", LIVE);
    if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
    const found = await site.connections.browse(url).catch((error: Error) => {
      throw new DoppelwerkError("DW_UNAVAILABLE", `the server cannot be reached (${error.message.replace(/\s+/g, " ").trim()}): ${url}`);
    });
    const connection: ConnectionRecord = {
      id: hashedId("connection", "connect", url),
      kind: "connection",
      name,
      protocol: "opcua",
      url,
      enabled: true,
    };
    const signals = found.drafts.map((draft): SignalRecord => ({
      id: hashedId("signal", connection.id, draft.address),
      kind: "signal",
      name: draft.path.slice(-3).join("."),
      valueType: draft.valueType,
      address: draft.address,
      connection: connection.id,
      ...(draft.unit === undefined ? {} : { unit: draft.unit }),
      ...(draft.low === undefined ? {} : { low: draft.low }),
      ...(draft.high === undefined ? {} : { high: draft.high }),
    }));
    const reader = view.reader(LIVE);
    const changes = [connection, ...signals]
      .filter(({ id }) => reader.get(id) === undefined)
      .map((record): Change => ({ op: "create", record }));
    if (changes.length > 0) await view.apply({ branch: LIVE, reason: `connect ${name}`, changes });
    const status = await site.connections.settled(connection.id, 10 * SECOND);
    return reply.status(201).send(status);
  });
}
