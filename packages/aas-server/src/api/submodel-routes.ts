import { encodeId, metadataOf, pathsOf, referenceTo, valueOf, writeValueText, type Submodel } from "@doppelwerk/aas";
import { created, send, sendJson, urlOf } from "./answers.ts";
import type { AasRequest, Register } from "./route.ts";
import type { AasSource, Listed, SubmodelFilter } from "./aas-source.ts";
import { cut } from "./forms.ts";
import { documentOf } from "./handling.ts";
import { recentChangesRoute } from "./history-routes.ts";
import { pageBody, pathPage } from "./listing.ts";
import {
  checkMetadataModifiers,
  checkNoModifiers,
  checkReferenceModifiers,
  levelOf,
  levelOfPaths,
  pageOf,
  referenceOf,
  sinceOf,
  textOf,
  withBlobValue,
} from "./parameters.ts";

/** The list side of the submodel repository; one submodel is answered by element-routes.ts, for the superpath too. */
export function submodelRoutes(register: Register): void {
  register("GET", "/submodels", (source, request, reply) => {
    const [level, blobs] = [levelOf(request.query), withBlobValue(request.query)];
    return send(
      reply,
      pageBody(request, heads(source, request), (head) => cut(source.submodel(head.id) ?? head, level, blobs)),
    );
  });
  register("GET", "/submodels/$metadata", (source, request, reply) => {
    checkMetadataModifiers(request.query);
    return send(reply, pageBody(request, heads(source, request), metadataOf));
  });
  register("GET", "/submodels/$value", (source, request, reply) => {
    const options = { level: levelOf(request.query), withBlobValue: withBlobValue(request.query) };
    const listed = heads(source, request);
    const values = listed.items.map((head) => writeValueText(valueOf(source.submodel(head.id) ?? head, options) ?? {}));
    return sendJson(
      reply,
      `{"paging_metadata":${JSON.stringify(pageBody(request, listed).paging_metadata)},"result":[${values.join(",")}]}`,
    );
  });
  register("GET", "/submodels/$reference", (source, request, reply) => {
    checkReferenceModifiers(request.query);
    return send(
      reply,
      pageBody(request, heads(source, request), (head) => referenceTo(head)),
    );
  });
  register("GET", "/submodels/$path", (source, request, reply) => {
    const level = levelOfPaths(request.query);
    const filter = filterOf(request.query);
    // One list of paths, as the response schema has it: the paths of one submodel follow those of the one before.
    const listed = pathPage(
      (page) => source.submodelHeads(page, filter),
      (head) => pathsOf(source.submodel(head.id) ?? head, level),
      pageOf(request),
    );
    return send(reply, pageBody(request, listed));
  });
  recentChangesRoute(register, "/submodels", (source, request) => source.recentChanges.submodel(pageOf(request), filterOf(request.query)));
  register("POST", "/submodels", async (source, request, reply) => {
    checkNoModifiers(request.query);
    const { document: submodel } = documentOf<Submodel>(request, reply, "submodels");
    await source.createSubmodel(submodel);
    return created(reply, `${urlOf(request)}/${encodeId(submodel.id)}`, submodel);
  });
}

function heads(source: AasSource, request: AasRequest): Listed<Submodel> {
  return source.submodelHeads(pageOf(request), filterOf(request.query));
}

function filterOf(query: AasRequest["query"]): SubmodelFilter {
  const idShort = textOf(query, "idShort");
  const semanticId = referenceOf(query, "semanticId");
  return { ...sinceOf(query), ...(idShort !== undefined && { idShort }), ...(semanticId && { semanticId }) };
}
