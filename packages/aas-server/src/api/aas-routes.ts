import { conceptDescriptionRoutes } from "./concept-description-routes.ts";
import { descriptionRoutes, templateDescriptionRoute } from "./description-routes.ts";
import { discoveryRoutes } from "./discovery-routes.ts";
import { deleteSubmodelRoute, elementRoutes } from "./element-routes.ts";
import { historyRoutes } from "./history-routes.ts";
import type { Jobs } from "./jobs.ts";
import { packageRoutes } from "./package-routes.ts";
import { queryRoutes } from "./query-routes.ts";
import { registryRoutes } from "./registry-routes.ts";
import { RouteTable } from "./route-table.ts";
import { serializationRoutes } from "./serialization-routes.ts";
import { signedRoutes } from "./signed-routes.ts";
import type { SignerOf } from "./signer.ts";
import { shellInterface, shellRoutes } from "./shell-routes.ts";
import { submodelRoutes } from "./submodel-routes.ts";
import type { Register } from "./route.ts";

/** Made once a handle store: every base URL has the same routes. */
const tables = new WeakMap<Jobs, RouteTable>();

export function aasRouteTable(jobs: Jobs, signer: SignerOf): RouteTable {
  let table = tables.get(jobs);
  if (table === undefined) {
    tables.set(jobs, (table = new RouteTable()));
    aasRoutes((method, path, handler) => table!.add(method, path, handler), jobs, signer);
  }
  return table;
}

const templateTables = new WeakMap<Jobs, RouteTable>();

/** Profiles SSP-003 and SSP-004 of the submodel repository. */
export function templateRouteTable(jobs: Jobs): RouteTable {
  let table = templateTables.get(jobs);
  if (table === undefined) {
    templateTables.set(jobs, (table = new RouteTable()));
    const register: Register = (method, path, handler) => table!.add(method, path, handler);
    submodelRoutes(register);
    elementRoutes(register, "/submodels/:submodelIdentifier", jobs);
    deleteSubmodelRoute(register, "/submodels/:submodelIdentifier");
    serializationRoutes(register, "");
    templateDescriptionRoute(register);
  }
  return table;
}

/** Every route, below one base URL: the nine service specifications, and what of the 3.2 draft is served. */
function aasRoutes(register: Register, jobs: Jobs, signer: SignerOf): void {
  const [shell, submodel] = ["/shells/:aasIdentifier", "/submodels/:submodelIdentifier"];
  shellRoutes(register);
  submodelRoutes(register);
  for (const base of [submodel, shell + submodel]) {
    elementRoutes(register, base, jobs);
    deleteSubmodelRoute(register, base);
  }
  conceptDescriptionRoutes(register);
  // The services of one shell and of one submodel: their base URLs are the shell's and the submodel's own.
  shellInterface(register, `${shell}/aas`);
  elementRoutes(register, `${shell}/aas${submodel}`, jobs);
  deleteSubmodelRoute(register, `${shell}/aas${submodel}`);
  elementRoutes(register, `${submodel}/submodel`, jobs);
  for (const base of ["", shell, `${shell}/aas`, submodel, `${submodel}/submodel`]) serializationRoutes(register, base);
  descriptionRoutes(register);
  historyRoutes(register);
  signedRoutes(register, signer);
  queryRoutes(register);
  registryRoutes(register, jobs);
  discoveryRoutes(register);
  packageRoutes(register, jobs);
}
