import { fileURLToPath } from "node:url";
import { errorCodes, type FastifyInstance } from "fastify";
import { registerEvents, serveEventSockets } from "@doppelwerk/aas-server";
import { describedEndpoints, mountFeatures } from "../routes/mount-features.ts";
import { createApp, serveStudio } from "../http/app.ts";
import { IncomingOctets } from "../http/incoming-octets.ts";
import { registerOpenApi } from "../http/openapi.ts";
import { registerPerson } from "../routes/person-routes.ts";
import { registerWorld } from "../routes/world-routes.ts";
import { registerMetrics } from "../routes/metric-routes.ts";
import { registerAasApi } from "./register-aas-api.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";

export const API_PREFIX = "/api/doppelwerk/v1";

/** Every route of the server on one app. */
export async function createSiteApp(site: HostedWorld, guests?: ReadonlySet<string>): Promise<FastifyInstance> {
  const app = createApp(site.logger, guests);
  // The HTTP server waits for every socket that was upgraded, and knows none of them.
  app.addHook("preClose", () => site.hub.detach(app.server));
  await app.register(
    async (api) => {
      registerOwnApi(api, site);
      mountFeatures(api, site);
    },
    { prefix: API_PREFIX },
  );
  serveEventSockets(app, site, API_PREFIX);
  registerOpenApi(app, site.version, API_PREFIX, describedEndpoints(site.features.features));
  await registerAasApi(app, site);
  registerMetrics(app, site);
  await serveStudio(app, fileURLToPath(new URL("../../../studio/dist", import.meta.url)));
  return app;
}

/** Every route under the prefix of the own API; http/openapi.ts describes them. */
export function registerOwnApi(api: FastifyInstance, site: HostedWorld): void {
  takeOctets(api);
  registerWorld(api, site);
  registerPerson(api, site);
  registerEvents(api, site);
}

const MAX_OCTETS = 256_000_000;

/** Files come as the body of a request; each operation reads its own once access is decided. */
function takeOctets(api: FastifyInstance): void {
  api.addContentTypeParser("application/octet-stream", (request, payload, done) => {
    if (Number(request.headers["content-length"]) > MAX_OCTETS) done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    else done(null, new IncomingOctets(payload, MAX_OCTETS));
  });
}
