import { message } from "@doppelwerk/messages";
import {
  formatIdShortPath,
  isMetadata,
  metadataOf,
  pathsOf,
  referenceTo,
  valueOf,
  writeValueText,
  type IdShortPathSegment,
  type Reference,
  type Submodel,
  type SubmodelElement,
  type ValueOnly,
} from "@doppelwerk/aas";
import type { FastifyReply } from "fastify";

import type { AasRequest, Register } from "./route.ts";
import { attachmentRoutes } from "./attachment-routes.ts";
import type { AasSource, Listed, LiveValue } from "./aas-source.ts";
import { badRequest, notFound, created, send, sendJson, urlOf } from "./answers.ts";
import { elementOf, headOf, segmentsOf, submodelIdOf, submodelOf } from "./element-of-request.ts";
import { cut, hasPathForm, hasValueForm } from "./forms.ts";
import { documentOf, addFindings } from "./handling.ts";
import { pageBody, pathPage } from "./listing.ts";
import {
  checkMetadataModifiers,
  checkNoModifiers,
  checkReferenceModifiers,
  checkedChange,
  ELEMENT_CLASSES,
  idOf,
  instantOf,
  jsonBody,
  levelOf,
  levelOfPaths,
  pageOf,
  valueBody,
  withBlobValue,
} from "./parameters.ts";
import { elementHistoryRoute, foundThen } from "./history-routes.ts";
import type { Jobs } from "./jobs.ts";
import { operationRoutes } from "./operation-routes.ts";
import { shellOf } from "./shell-of-request.ts";

/** The submodel interface below a base path: of the submodel repository, or of a shell's superpath (then the shell must refer to the submodel). */
export function elementRoutes(register: Register, base: string, jobs: Jobs): void {
  oneSubmodel(register, base);
  topElements(register, `${base}/submodel-elements`);
  const element = `${base}/submodel-elements/:idShortPath`;
  oneElement(register, element);
  elementHistoryRoute(register, element);
  attachmentRoutes(register, element);
  operationRoutes(register, element, jobs);
}

/** Quality, time and origin of a live value: a value-only answer has no other place for them. */
export const QUALITY_HEADER = "doppelwerk-quality";
export const SOURCE_TIME_HEADER = "doppelwerk-source-time";
const ORIGIN_HEADER = "doppelwerk-origin";

function oneSubmodel(register: Register, path: string): void {
  register("GET", path, async (source, request, reply) => {
    const [level, blobs] = [levelOf(request.query), withBlobValue(request.query)];
    return send(reply, cut(await submodelAsked(source, request), level, blobs));
  });
  register("GET", `${path}/$metadata`, (source, request, reply) => {
    checkMetadataModifiers(request.query);
    return send(reply, metadataOf(headOf(source, request)));
  });
  register("GET", `${path}/$value`, async (source, request, reply) => {
    const options = { level: levelOf(request.query), withBlobValue: withBlobValue(request.query) };
    const value = valueOf(await submodelAsked(source, request), options);
    return sendJson(reply, writeValueText(value ?? {}));
  });
  register("GET", `${path}/$reference`, (source, request, reply) => {
    checkReferenceModifiers(request.query);
    return send(reply, referenceTo(headOf(source, request)));
  });
  register("GET", `${path}/$path`, (source, request, reply) =>
    send(reply, pathsOf(submodelOf(source, request), levelOfPaths(request.query))),
  );
  register("PUT", path, async (source, request, reply) => {
    const id = idOf(request.params.submodelIdentifier!);
    const shell = request.params.aasIdentifier === undefined ? undefined : shellOf(source, request.params.aasIdentifier).id;
    const { document: submodel } = documentOf<Submodel>(request, reply, "submodels");
    if (submodel.id !== id) throw badRequest(message("aasServer.idBodyNotIdUrl"));
    const put = await source.putSubmodel(submodel, shell);
    return put === "created" ? created(reply, urlOf(request), submodel) : reply.status(204).send();
  });
  register("PATCH", path, async (source, request, reply) => {
    const next = () => {
      const before = submodelOf(source, request);
      const submodel = checkedChange(before, patched(before, request), "Submodel") as unknown as Submodel;
      if (submodel.id !== before.id) throw badRequest(message("aasServer.idSubmodelNeverChanges"));
      return submodel;
    };
    await source.changeSubmodel(headOf(source, request).id, next);
    return reply.status(204).send();
  });
  register("PATCH", `${path}/$metadata`, async (source, request, reply) => {
    const { id } = headOf(source, request);
    await source.setMetadata(id, undefined, () => metadataBody(request, headOf(source, request)));
    return reply.status(204).send();
  });
  register("PATCH", `${path}/$value`, async (source, request, reply) => {
    levelOf(request.query);
    const value = valueBody(request.body);
    await source.setValue(headOf(source, request).id, undefined, value);
    return reply.status(204).send();
  });
}

/** The submodel as it is, or as it was at `date` (prose of the 3.2 draft). */
function submodelAsked(source: AasSource, request: AasRequest): Submodel | Promise<Submodel> {
  const date = instantOf(request.query, "date");
  if (date === undefined) return submodelOf(source, request);
  const id = submodelIdOf(source, request);
  return source
    .at(date)
    .submodel(id)
    .then((then) => foundThen(then, `submodel ${id}`));
}

/** A submodel of a repository may go, the one of a submodel service may not. */
export function deleteSubmodelRoute(register: Register, path: string): void {
  register("DELETE", path, async (source, request, reply) => {
    const shell = request.params.aasIdentifier === undefined ? undefined : shellOf(source, request.params.aasIdentifier).id;
    await source.deleteSubmodel(headOf(source, request).id, shell);
    return reply.status(204).send();
  });
}

/** The paged forms of all elements of a submodel. A value is named by its idShort, so each result is an object of one name (specs-api issues 185, 246, 265). */
function topElements(register: Register, path: string): void {
  register("GET", path, (source, request, reply) => {
    const [level, blobs] = [levelOf(request.query), withBlobValue(request.query)];
    return send(
      reply,
      pageBody(request, elementsOf(source, request), (element) => cut(element, level, blobs)),
    );
  });
  register("GET", `${path}/$metadata`, (source, request, reply) => {
    checkMetadataModifiers(request.query);
    return send(reply, pageBody(request, elementsOf(source, request), metadataOf));
  });
  register("GET", `${path}/$value`, (source, request, reply) => {
    const options = { level: levelOf(request.query), withBlobValue: withBlobValue(request.query) };
    const listed = elementsOf(source, request);
    const values = listed.items.flatMap((element): string[] => {
      const value = valueOf(element, options);
      return value === undefined ? [] : [writeValueText(Object.fromEntries([[element.idShort ?? "", value]]))];
    });
    return sendJson(
      reply,
      `{"paging_metadata":${JSON.stringify(pageBody(request, listed).paging_metadata)},"result":[${values.join(",")}]}`,
    );
  });
  register("GET", `${path}/$reference`, (source, request, reply) => {
    checkReferenceModifiers(request.query);
    const id = headOf(source, request).id;
    const form = (element: SubmodelElement): Reference => ({
      type: "ModelReference",
      keys: [
        { type: "Submodel", value: id },
        { type: element.modelType, value: element.idShort ?? "" },
      ],
    });
    return send(reply, pageBody(request, elementsOf(source, request), form));
  });
  register("GET", `${path}/$path`, (source, request, reply) => {
    const level = levelOfPaths(request.query);
    const { id } = headOf(source, request);
    return send(
      reply,
      pageBody(
        request,
        pathPage(
          (page) => source.elements(id, page) ?? { items: [] },
          (element) => pathsOf(element, level),
          pageOf(request),
        ),
      ),
    );
  });
  register("POST", path, async (source, request, reply) => {
    checkNoModifiers(request.query);
    const { document: element, told } = documentOf<SubmodelElement>(request, reply, "submodelElements");
    if (element.idShort === undefined) throw badRequest(message("aasServer.elementOutsideListMustIdShortAASd"));
    await source.createElement(headOf(source, request).id, undefined, element, told);
    return created(reply, `${urlOf(request)}/${encodeURIComponent(element.idShort)}`, element);
  });
}

function oneElement(register: Register, path: string): void {
  register("GET", path, (source, request, reply) => {
    const { element, live } = elementOf(source, request);
    markQuality(reply, live);
    return send(reply, cut(element, levelOf(request.query), withBlobValue(request.query)));
  });
  register("GET", `${path}/$metadata`, (source, request, reply) => {
    checkMetadataModifiers(request.query);
    const { element } = elementOf(source, request);
    if (!hasValueForm(element)) throw badRequest(message("aasServer.elementsClassNoMetadataForm", { modelType: element.modelType }));
    return send(reply, metadataOf(element));
  });
  register("GET", `${path}/$value`, getValue);
  register("GET", `${path}/$reference`, (source, request, reply) => {
    checkReferenceModifiers(request.query);
    return send(reply, referenceForm(source, request));
  });
  register("GET", `${path}/$path`, (source, request, reply) => {
    const { element } = elementOf(source, request);
    if (!hasPathForm(element)) throw badRequest(message("aasServer.elementsClassNoPathForm", { modelType: element.modelType }));
    return send(reply, pathsOf(element, levelOfPaths(request.query), formatIdShortPath(segmentsOf(request))));
  });
  writeRoutes(register, path);
}

function writeRoutes(register: Register, path: string): void {
  register("PATCH", `${path}/$value`, async (source, request, reply) => {
    levelOf(request.query);
    const value: ValueOnly = valueBody(request.body);
    segmentsOf(request);
    await source.setValue(submodelIdOf(source, request), request.params.idShortPath!, value);
    return reply.status(204).send();
  });
  register("POST", path, async (source, request, reply) => {
    checkNoModifiers(request.query);
    const { document: element, told } = documentOf<SubmodelElement>(request, reply, "submodelElements");
    const parent = elementOf(source, request).element;
    const isList = parent.modelType === "SubmodelElementList";
    if (!isList && element.idShort === undefined) throw badRequest(message("aasServer.elementOutsideListMustIdShortAASd"));
    await source.createElement(submodelIdOf(source, request), request.params.idShortPath!, element, told);
    addFindings(reply, told);
    const last = isList ? (parent.value?.length ?? 0) : element.idShort!;
    const place = formatIdShortPath([...segmentsOf(request), last]);
    return created(reply, `${urlOf(request).replace(/\/[^/]*$/, "")}/${encodeURIComponent(place)}`, element);
  });
  register("PUT", path, async (source, request, reply) => {
    const { document: element, told } = documentOf<SubmodelElement>(request, reply, "submodelElements");
    checkName(element, segmentsOf(request));
    const put = await source.putElement(
      submodelIdOf(source, request),
      request.params.idShortPath!,
      named(element, segmentsOf(request)),
      told,
    );
    addFindings(reply, told);
    return put === "created" ? created(reply, urlOf(request), element) : reply.status(204).send();
  });
  register("PATCH", path, async (source, request, reply) => {
    levelOf(request.query);
    elementOf(source, request);
    const next = () => {
      const before = elementOf(source, request).element;
      const element = checkedChange(before, patched(before, request), ...ELEMENT_CLASSES) as unknown as SubmodelElement;
      if (element.modelType !== before.modelType) throw badRequest(message("aasServer.modelTypeElementNeverChangesPatch"));
      checkName(element, segmentsOf(request));
      return element;
    };
    await source.changeElement(submodelIdOf(source, request), request.params.idShortPath!, next);
    return reply.status(204).send();
  });
  register("PATCH", `${path}/$metadata`, async (source, request, reply) => {
    elementOf(source, request);
    const next = () => {
      const { element } = elementOf(source, request);
      if (!hasValueForm(element)) throw badRequest(message("aasServer.elementsClassNoMetadataForm", { modelType: element.modelType }));
      const metadata = metadataBody(request, element);
      checkName(metadata, segmentsOf(request));
      return metadata;
    };
    await source.setMetadata(submodelIdOf(source, request), request.params.idShortPath!, next);
    return reply.status(204).send();
  });
  register("DELETE", path, async (source, request, reply) => {
    elementOf(source, request);
    await source.deleteElement(submodelIdOf(source, request), request.params.idShortPath!);
    return reply.status(204).send();
  });
}

/** The hot path of every dashboard: no value is `null`, never the design value of a bound property. */
function getValue(source: AasSource, request: AasRequest, reply: FastifyReply): FastifyReply {
  const { element, live } = elementOf(source, request);
  if (!hasValueForm(element)) throw badRequest(message("aasServer.elementsClassNoValueForm", { modelType: element.modelType }));
  const { query } = request;
  const value = valueOf(element, { level: levelOf(query), withBlobValue: withBlobValue(query) });
  markQuality(reply, live);
  return sendJson(reply, value === undefined ? "null" : writeValueText(value));
}

function markQuality(reply: FastifyReply, live: LiveValue | undefined): void {
  if (live === undefined) return;
  reply.header(QUALITY_HEADER, live.quality);
  if (live.sourceTime !== undefined) reply.header(SOURCE_TIME_HEADER, live.sourceTime);
  if (live.origin !== undefined) reply.header(ORIGIN_HEADER, live.origin);
}

function elementsOf(source: AasSource, request: AasRequest): Listed<SubmodelElement> {
  const page = pageOf(request);
  const id = submodelIdOf(source, request);
  const listed = source.elements(id, page);
  if (listed === undefined) throw notFound(message("aasServer.noSubmodel", { id }));
  return listed;
}

function referenceForm(source: AasSource, request: AasRequest): Reference {
  const segments = segmentsOf(request);
  elementOf(source, request);
  const id = submodelIdOf(source, request);
  const keys = segments.map((segment, index) => {
    const found = source.element(id, formatIdShortPath(segments.slice(0, index + 1)));
    return { type: found!.element.modelType, value: String(segment) };
  });
  return { type: "ModelReference", keys: [{ type: "Submodel", value: id }, ...keys] };
}

function objectBody(body: unknown): Record<string, unknown> {
  const json = jsonBody(body);
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw badRequest(message("aasServer.bodyMustJsonObject"));
  return json as Record<string, unknown>;
}

/**
 * PATCH says what changes: an attribute takes the place of the one that is there, null takes it away. A merge patch (RFC 7396, told by its media type)
 * does so inside objects too.
 */
function patched(document: object, { body, headers }: AasRequest): Record<string, unknown> {
  const isDeep = (headers["content-type"] ?? "").startsWith("application/merge-patch+json");
  const merged = (target: object, patch: object): Record<string, unknown> => {
    const next: Record<string, unknown> = { ...target };
    for (const [name, value] of Object.entries(patch)) {
      if (value === null) delete next[name];
      else next[name] = isDeep && isJsonObject(value) ? merged(isJsonObject(next[name]) ? next[name] : {}, value) : (value as unknown);
    }
    return next;
  };
  return merged(document, objectBody(body));
}

function isJsonObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Metadata as it shall be: nothing of a value in what is sent, the class as it was, and what is not sent stays. */
function metadataBody(request: AasRequest, element: Submodel | SubmodelElement): Record<string, unknown> {
  const metadata = objectBody(request.body);
  const foreign = Object.keys(metadata).filter((name) => !isMetadata(name));
  if (foreign.length > 0) throw badRequest(message("aasServer.noMetadata", { foreign: foreign.join(", ") }));
  if (metadata.modelType !== undefined && metadata.modelType !== element.modelType)
    throw badRequest(message("aasServer.modelTypeElementNeverChangesPatch"));
  if (element.modelType === "Submodel" && metadata.id !== undefined && metadata.id !== element.id)
    throw badRequest(message("aasServer.idSubmodelNeverChanges"));
  const values = Object.fromEntries(Object.entries(element).filter(([name]) => !isMetadata(name)));
  const identity = element.modelType === "Submodel" ? { id: element.id } : {};
  const next = { ...patched(metadataOf(element), request), ...identity, modelType: element.modelType };
  checkedChange(element, { ...next, ...values }, element.modelType);
  return next;
}

/** PUT names an element twice, in the URL and in the body; it must be the same name. Below a list the index counts. */
function checkName(element: { readonly idShort?: string | unknown }, segments: readonly IdShortPathSegment[]): void {
  const last = segments.at(-1);
  if (typeof last === "string" && element.idShort !== undefined && element.idShort !== last)
    throw badRequest(message("aasServer.idShortBodyNotUrl", { last }));
}

function named(element: SubmodelElement, segments: readonly IdShortPathSegment[]): SubmodelElement {
  const last = segments.at(-1);
  return typeof last === "string" && element.idShort === undefined ? { ...element, idShort: last } : element;
}
