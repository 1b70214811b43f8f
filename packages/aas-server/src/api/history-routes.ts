// The 3.2 draft of IDTA-01002: documents as they were, and what changed lately.

import { message } from "@doppelwerk/messages";

import type { AasRequest, Register } from "./route.ts";
import type { AasSource, Listed, RecentChange } from "./aas-source.ts";
import { badRequest, notFound, send } from "./answers.ts";
import { submodelIdOf } from "./element-of-request.ts";
import { cut } from "./forms.ts";
import { pageBody } from "./listing.ts";
import { idOf, instantOf, levelOf, withBlobValue } from "./parameters.ts";

/** `$history?date=` of shells, submodels and, beyond the draft, of concept descriptions and single elements. */
export function historyRoutes(register: Register): void {
  register("GET", "/shells/:aasIdentifier/$history", (source, request, reply) => {
    const id = idOf(request.params.aasIdentifier!);
    return send(reply, foundThen(source.at(dateOf(request)).shell(id), `shell ${id}`));
  });
  register("GET", "/concept-descriptions/:cdIdentifier/$history", (source, request, reply) => {
    const id = idOf(request.params.cdIdentifier!);
    return send(reply, foundThen(source.at(dateOf(request)).conceptDescription(id), `concept description ${id}`));
  });
  register("GET", "/submodels/:submodelIdentifier/$history", async (source, request, reply) => {
    const id = idOf(request.params.submodelIdentifier!);
    const [level, blobs] = [levelOf(request.query), withBlobValue(request.query)];
    const submodel = foundThen(await source.at(dateOf(request)).submodel(id), `submodel ${id}`);
    return send(reply, cut(submodel, level, blobs));
  });
}

/** `$history?date=` of an element below a base path. */
export function elementHistoryRoute(register: Register, element: string): void {
  register("GET", `${element}/$history`, async (source, request, reply) => {
    const path = request.params.idShortPath!;
    const [level, blobs] = [levelOf(request.query), withBlobValue(request.query)];
    const then = await source.at(dateOf(request)).element(submodelIdOf(source, request), path);
    return send(reply, cut(foundThen(then, `element at ${path}`).element, level, blobs));
  });
}

/** `$recent-changes`: the ids of what a list has or had, with the times of the log. */
export function recentChangesRoute(
  register: Register,
  path: string,
  list: (source: AasSource, request: AasRequest) => Listed<RecentChange>,
): void {
  register("GET", `${path}/$recent-changes`, (source, request, reply) => send(reply, pageBody(request, list(source, request))));
}

function dateOf(request: AasRequest): number {
  const date = instantOf(request.query, "date");
  if (date === undefined) throw badRequest(message("aasServer.dateNeeded"));
  return date;
}

/** What there was at a date; 404 when there was nothing. */
export function foundThen<T>(then: T | undefined, what: string): T {
  if (then === undefined) throw notFound(message("aasServer.noTime", { what }));
  return then;
}
