import { message } from "@doppelwerk/messages";
import { DoppelwerkError, LIVE } from "@doppelwerk/world";
import { roleTable, type Role } from "@doppelwerk/trust";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Site } from "../../../../packages/server/src/compose/site.ts";
import { parse } from "../../../../packages/server/src/http/query.ts";

export const readerBody = z.strictObject({
  password: z.string().max(200),
  role: z.enum(Object.keys(roleTable) as [Role, ...Role[]]),
});

/** How the twin is shown over OPC UA, and who may read it there. Applications are decided on in the list of certificates. */
export function registerOpcuaOut(app: FastifyInstance, site: Site): void {
  app.get("/opcua-server", async (request) => {
    mustAdminister(site, request);
    const { twin, readers } = site.outlets;
    return {
      ...(twin === undefined ? {} : { url: twin.url, modes: twin.settings.modes, anonymous: twin.settings.anonymous }),
      readers: readers.list(),
    };
  });

  app.put<{ Params: { name: string } }>("/opcua-server/readers/:name", async (request, reply) => {
    mustAdminister(site, request);
    const { password, role } = parse(readerBody, request.body, "a reader");
    await site.outlets.readers.put(request.params.name, password, role);
    return reply.status(204).send();
  });

  app.delete<{ Params: { name: string } }>("/opcua-server/readers/:name", async (request, reply) => {
    mustAdminister(site, request);
    if (!site.outlets.readers.remove(request.params.name))
      throw new DoppelwerkError("DW_NOT_FOUND", message("publish.nobodyNameMayReadOverOpc", { name: request.params.name }));
    return reply.status(204).send();
  });
}

function mustAdminister(site: Site, request: FastifyRequest): void {
  const allowed = site.viewOf(request).may("administer", LIVE);
  if (!allowed.allowed) throw new DoppelwerkError("DW_FORBIDDEN", allowed.why);
}
