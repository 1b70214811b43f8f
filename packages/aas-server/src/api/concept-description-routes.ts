import { message } from "@doppelwerk/messages";
import { encodeId, type ConceptDescription } from "@doppelwerk/aas";

import type { AasRequest, Register } from "./route.ts";
import type { AasSource, ConceptDescriptionFilter, Listed } from "./aas-source.ts";
import { badRequest, notFound, created, send, urlOf } from "./answers.ts";
import { documentOf } from "./handling.ts";
import { recentChangesRoute } from "./history-routes.ts";
import { pageBody } from "./listing.ts";
import { idOf, pageOf, referenceOf, sinceOf, textOf } from "./parameters.ts";

/** Concept description repository. */
export function conceptDescriptionRoutes(register: Register): void {
  register("GET", "/concept-descriptions", (source, request, reply) => send(reply, pageBody(request, listDescriptions(source, request))));
  recentChangesRoute(register, "/concept-descriptions", (source, request) =>
    source.recentChanges.conceptDescription(pageOf(request), filterOf(request.query)),
  );
  register("POST", "/concept-descriptions", async (source, request, reply) => {
    const { document: description } = documentOf<ConceptDescription>(request, reply, "conceptDescriptions");
    await source.createConceptDescription(description);
    return created(reply, `${urlOf(request)}/${encodeId(description.id)}`, description);
  });
  register("GET", "/concept-descriptions/:cdIdentifier", (source, request, reply) => {
    const id = idOf(request.params.cdIdentifier!);
    const description = source.conceptDescription(id);
    if (description === undefined) throw notFound(message("aasServer.noConceptDescription", { id }));
    return send(reply, description);
  });
  register("PUT", "/concept-descriptions/:cdIdentifier", async (source, request, reply) => {
    const { document: description } = documentOf<ConceptDescription>(request, reply, "conceptDescriptions");
    if (description.id !== idOf(request.params.cdIdentifier!)) throw badRequest(message("aasServer.idBodyNotIdUrl"));
    const put = await source.putConceptDescription(description);
    return put === "created" ? created(reply, urlOf(request), description) : reply.status(204).send();
  });
  register("DELETE", "/concept-descriptions/:cdIdentifier", async (source, request, reply) => {
    await source.deleteConceptDescription(idOf(request.params.cdIdentifier!));
    return reply.status(204).send();
  });
}

function listDescriptions(source: AasSource, request: AasRequest): Listed<ConceptDescription> {
  return source.conceptDescriptions(pageOf(request), filterOf(request.query));
}

function filterOf(query: AasRequest["query"]): ConceptDescriptionFilter {
  const idShort = textOf(query, "idShort");
  const [isCaseOf, dataSpecificationRef] = [referenceOf(query, "isCaseOf"), referenceOf(query, "dataSpecificationRef")];
  return {
    ...sinceOf(query),
    ...(idShort !== undefined && { idShort }),
    ...(isCaseOf && { isCaseOf }),
    ...(dataSpecificationRef && { dataSpecificationRef }),
  };
}
