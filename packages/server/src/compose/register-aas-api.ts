import { serveAasWorlds, type AasWorld, type OperationBinding } from "@doppelwerk/aas-server";
import { aasReadings } from "@doppelwerk/ports";
import type { BranchId, Principal } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { WorldOf } from "../routes/request-world.ts";

/** The AAS API over what the server has of each world. */
export async function registerAasApi(app: FastifyInstance, { handling }: HostedWorld, worldOf: WorldOf): Promise<void> {
  const served = new WeakMap<HostedWorld, AasWorld>();
  const servedOf = (site: HostedWorld): AasWorld => {
    let world = served.get(site);
    if (world === undefined) served.set(site, (world = aasWorldOf(site)));
    return world;
  };
  await serveAasWorlds(app, { worldOf: (request) => servedOf(worldOf(request)), handling });
}

function aasWorldOf(site: HostedWorld): AasWorld {
  const { name, ids, blobs, history, signer } = site;
  return {
    name,
    ids,
    blobs,
    history,
    signer,
    person: (request) => site.person(request),
    view: (principal) => site.view(principal),
    live: (signal) => site.signals.live(signal),
    readings: (principal, branch) => readingsOf(site, principal, branch),
  };
}

/** Operations that only read, while a feature answers them. */
function readingsOf(site: HostedWorld, principal: Principal, branch: BranchId): OperationBinding {
  return async (submodel, _path, operation) => {
    const readings = site.features.find(aasReadings);
    if (readings === undefined || !(await readings.answers(principal, branch, { submodel, operation }))) return undefined;
    return ({ inputs, inoutputs }) => readings.invoke(principal, branch, { submodel, operation, inputs, inoutputs });
  };
}
