import { serveAasWorld, type OperationBinding } from "@doppelwerk/aas-server";
import { aasReadings } from "@doppelwerk/ports";
import type { BranchId, Principal } from "@doppelwerk/world";
import type { FastifyInstance } from "fastify";
import type { HostedWorld } from "../routes/hosted-world.ts";

/** The AAS API over what the site has of a world. */
export async function registerAasApi(app: FastifyInstance, site: HostedWorld): Promise<void> {
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
    readings: (principal, branch) => readingsOf(site, principal, branch),
  });
}

/** Operations that only read, while a feature answers them. */
function readingsOf(site: HostedWorld, principal: Principal, branch: BranchId): OperationBinding {
  return async (submodel, _path, operation) => {
    const readings = site.features.find(aasReadings);
    if (readings === undefined || !(await readings.answers(principal, branch, { submodel, operation }))) return undefined;
    return ({ inputs, inoutputs }) => readings.invoke(principal, branch, { submodel, operation, inputs, inoutputs });
  };
}
