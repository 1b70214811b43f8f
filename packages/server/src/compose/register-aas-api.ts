import { serveAasWorld } from "@doppelwerk/aas-server";
import type { FastifyInstance } from "fastify";
import { seriesOperations } from "../../../../features/assets/server/series/series-operations.ts";
import type { Site } from "./site.ts";

/** The AAS API over what the site has of a world. */
export async function registerAasApi(app: FastifyInstance, site: Site): Promise<void> {
  const { name, ids, blobs, history, signer, handling } = site;
  await serveAasWorld(app, {
    name,
    ids,
    blobs,
    history,
    signer,
    handling,
    person: (request) => site.person(request),
    view: (principal) => site.view(principal),
    live: (signal) => site.signals.live(signal),
    readings: (view, branch) => seriesOperations(history, view, branch),
  });
}
