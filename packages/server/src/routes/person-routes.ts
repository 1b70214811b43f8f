import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import type { HostedWorld } from "./hosted-world.ts";
import { idOfSecret } from "../http/person.ts";

/** What a person may do about himself. Only who has the secret of an id speaks for it. */
export function registerPerson(app: FastifyInstance, site: HostedWorld): void {
  app.delete("/person/name", async (request, reply) => {
    const secret = request.headers["doppelwerk-person"];
    if (typeof secret !== "string" || secret === "")
      throw new DoppelwerkError("DW_INVALID", message("server.whoseNameEraseSaysHeaderDoppelwerk"));
    site.accounts.erase(idOfSecret(secret));
    return reply.status(204).send();
  });
}
