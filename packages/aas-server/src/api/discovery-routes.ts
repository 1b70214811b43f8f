import { message } from "@doppelwerk/messages";
import type { SpecificAssetId } from "@doppelwerk/aas";

import type { AasRequest, Register } from "./route.ts";
import { badRequest, notFound, created, send, urlOf } from "./answers.ts";
import { pageBody } from "./listing.ts";
import { assetIdsOf, assetLink, checked, idOf, jsonBody, pageOf } from "./parameters.ts";

/** Basic discovery. */
export function discoveryRoutes(register: Register): void {
  register("GET", "/lookup/shells", (source, request, reply) =>
    send(reply, pageBody(request, source.assetLinks.shellIds(pageOf(request), assetIdsOf(request.query) ?? []))),
  );
  register("POST", "/lookup/shellsByAssetLink", (source, request, reply) => {
    const links = jsonBody(request.body);
    if (!Array.isArray(links)) throw badRequest(message("aasServer.bodyMustArrayAssetLinks"));
    return send(reply, pageBody(request, source.assetLinks.shellIds(pageOf(request), links.map(assetLink))));
  });
  const path = "/lookup/shells/:aasIdentifier";
  const idIn = (request: AasRequest) => idOf(request.params.aasIdentifier!);
  register("GET", path, (source, request, reply) => {
    const links = source.assetLinks.linksOf(idIn(request));
    if (links === undefined) throw notFound(message("aasServer.noAssetLinks", { shellId: idIn(request) }));
    return send(reply, links);
  });
  register("POST", path, async (source, request, reply) => {
    const links = jsonBody(request.body);
    if (!Array.isArray(links) || links.length === 0) throw badRequest(message("aasServer.bodyMustArraySpecificAssetIds"));
    const checkedLinks = links.map((link) => checked(link, "SpecificAssetId") as unknown as SpecificAssetId);
    await source.assetLinks.put(idIn(request), checkedLinks);
    return created(reply, urlOf(request), links);
  });
  register("DELETE", path, async (source, request, reply) => {
    await source.assetLinks.remove(idIn(request));
    return reply.status(204).send();
  });
}
