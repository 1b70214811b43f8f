import { LIVE } from "@doppelwerk/world";
import type { RecordId, Sample } from "@doppelwerk/world";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { aasApi, AasLookups, aasSourceOfWorld } from "../aas-api/index.ts";
import type { AasSource } from "../aas-api/index.ts";
import type { Site } from "./site.ts";

/** The AAS API of the live branch, of this world by name, and of every branch under its own base URL (HOUSE: outside contract). */
export async function registerAasApi(app: FastifyInstance, site: Site): Promise<void> {
  const lookups = new AasLookups();
  const source = (request: FastifyRequest): AasSource | undefined => {
    const { world, branch } = request.params as { readonly world?: string; readonly branch?: string };
    if (world !== undefined && world !== site.name) return undefined;
    const view = site.viewOf(request);
    const wanted = branch ?? LIVE;
    if (!view.branches().some(({ id }) => id === wanted)) return undefined;
    return aasSourceOfWorld({ view, branch: wanted, sample: sampleOf(site, view.branch(wanted)), ids: site.ids, lookups });
  };
  for (const prefix of ["/api/v3", "/worlds/:world/api/v3", "/worlds/:world/branches/:branch/api/v3"]) await app.register(aasApi, { prefix, source });
}

/** Live values come from the live table; a branch has what was last known before it was forked only where the value has not changed since. */
function sampleOf(site: Site, branch: { readonly id: string; readonly instant: number }): (signal: RecordId) => Sample | undefined {
  if (branch.id === LIVE) return (signal) => site.signals.live(signal);
  return (signal) => {
    const sample = site.signals.live(signal);
    return sample && sample.sourceTime <= branch.instant ? sample : undefined;
  };
}
