import { createClient, type Client } from "@doppelwerk/client";
import { createSiteApp, openHostedWorld, type HostedWorld, type HostedWorldOptions } from "@doppelwerk/server/site";
import { connections, type Connections } from "@doppelwerk/ports";
import type { Principal } from "@doppelwerk/world";
import { pino } from "pino";
import { productFeatures } from "./features.ts";

/** The whole product on a data folder, for tests; nothing listens yet. */
export function openProduct(dataDirectory: string, options: Partial<HostedWorldOptions> = {}): Promise<HostedWorld> {
  return openHostedWorld({ dataDirectory, logger: pino({ level: "silent" }), workers: 1, features: productFeatures, ...options });
}

/** The same site as one principal sees it, on an app of its own, whoever asks. Returns its origin and how to stop it. */
export async function serveAs(site: HostedWorld, principal: Principal): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const app = await createSiteApp(Object.assign(Object.create(site) as HostedWorld, { person: () => principal }));
  const origin = await app.listen({ port: 0, host: "127.0.0.1" });
  return { origin, close: async () => void (await app.close()) };
}

/** A client of the site as a verified person of one role. What ends its app is added to `closes`: to be called before the site closes. */
export async function clientAs(
  site: HostedWorld,
  name: string,
  role: Principal["roles"][number],
  closes: (() => Promise<unknown>)[],
): Promise<Client> {
  const { origin, close } = await serveAs(site, { id: `person:${name}`, name, verified: true, roles: [role] });
  closes.push(close);
  return createClient({ baseUrl: origin, person: { id: name, name }, fetch: (url, init) => fetch(url, init as RequestInit) });
}

/** The connections of a site, as features ask them. */
export const plantsOf = (site: HostedWorld): Connections => site.features.port(connections);
