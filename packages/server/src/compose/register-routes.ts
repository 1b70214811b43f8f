import { fileURLToPath } from "node:url";
import { errorCodes, type FastifyInstance } from "fastify";
import { registerEvents, serveEventSockets } from "@doppelwerk/aas-server";
import { HOME_WORLD } from "@doppelwerk/client";
import { describedEndpoints, mountFeatures } from "../routes/mount-features.ts";
import { serveGuides } from "../guides/serve-guides.ts";
import { createApp, serveStudio } from "../http/app.ts";
import { IncomingOctets } from "../http/incoming-octets.ts";
import { registerOpenApi } from "../http/openapi.ts";
import { servePackFiles } from "../packs/studio-files.ts";
import { oneWorld } from "../routes/one-world.ts";
import { registerPerson } from "../routes/person-routes.ts";
import { enterWorlds, shortUrl, worldOfRequests, type WorldOf } from "../routes/request-world.ts";
import { registerWorld } from "../routes/world-routes.ts";
import { registerMetrics } from "../routes/metric-routes.ts";
import { registerAasApi } from "./register-aas-api.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";

export const API_PREFIX = "/api/doppelwerk/v1";

/** Every route of a server of one world on one app. */
export function createSiteApp(site: HostedWorld, guests?: ReadonlySet<string>): Promise<FastifyInstance> {
  return createWorldsApp(oneWorld(site), guests);
}

/** Every route of the server on one app. */
export async function createWorldsApp(worlds: HostedWorlds, guests?: ReadonlySet<string>): Promise<FastifyInstance> {
  const { home } = worlds;
  const worldOf = worldOfRequests(home);
  const app = createApp(home.logger, guests, shortUrl(API_PREFIX));
  enterWorlds(app, worlds);
  // The HTTP server waits for every socket that was upgraded, and knows none of them.
  app.addHook("preClose", async () => void (await Promise.all(worlds.registry.open().map(({ hub }) => hub.detach(app.server)))));
  await app.register(
    async (api) => {
      registerOwnApi(api, home, worldOf);
      mountFeatures(api, worlds);
    },
    { prefix: API_PREFIX },
  );
  worlds.whenOpen(serveEventSockets(app, API_PREFIX, HOME_WORLD));
  registerOpenApi(app, home.version, API_PREFIX, () => describedEndpoints(home.features.features));
  await registerAasApi(app, home, worldOf);
  registerMetrics(app, home, worlds.registry);
  serveGuides(app, { guides: docsFolder("guide"), pictures: docsFolder("pictures") });
  await serveStudio(app, fileURLToPath(new URL("../../../studio/dist", import.meta.url)), (policy) =>
    servePackFiles(app, () => home.packs.flatMap(({ studio }) => studio ?? []), policy),
  );
  return app;
}

function docsFolder(name: string): string {
  return fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
}

/** Every route under the prefix of the own API; http/openapi.ts describes them. */
export function registerOwnApi(api: FastifyInstance, home: HostedWorld, worldOf: WorldOf): void {
  takeOctets(api);
  registerWorld(api, worldOf);
  registerPerson(api, home);
  registerEvents(api, worldOf, HOME_WORLD);
}

const MAX_OCTETS = 256_000_000;

/** Files come as the body of a request; each operation reads its own once access is decided. */
function takeOctets(api: FastifyInstance): void {
  api.addContentTypeParser("application/octet-stream", (request, payload, done) => {
    if (Number(request.headers["content-length"]) > MAX_OCTETS) done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    else done(null, new IncomingOctets(payload, MAX_OCTETS));
  });
}
