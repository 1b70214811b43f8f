import { encodeId } from "@doppelwerk/aas";
import type { FastifyReply } from "fastify";
import { message } from "@doppelwerk/messages";
import { errorStatus, DoppelwerkError } from "@doppelwerk/world";

import type { AasRequest, Register } from "./route.ts";
import type { AasSource } from "./aas-source.ts";
import { AasRefusal, badRequest, notFound, resultBody, created, send, urlOf } from "./answers.ts";
import { descriptorOf, descriptorsOf, type Described, type DescriptorOf, type SubmodelDescriptor } from "./descriptor-shape.ts";
import { plainBody, addFindings } from "./handling.ts";
import type { Jobs } from "./jobs.ts";
import { pageBody, stretchAfter } from "./listing.ts";
import { RUNNING } from "./operations.ts";
import { assetIdsOf, idOf, jsonBody, pageOf, sinceOf, textOf } from "./parameters.ts";

/** Registries of shells and submodels, with their bulk operations. */
export function registryRoutes(register: Register, jobs: Jobs): void {
  registryOf(register, "shell", "/shell-descriptors", "aasIdentifier");
  registryOf(register, "submodel", "/submodel-descriptors", "submodelIdentifier");
  submodelsOfShell(register, "/shell-descriptors/:aasIdentifier/submodel-descriptors");
  bulkRoutes(register, jobs);
}

function registryOf(register: Register, of: Described, path: string, parameter: string): void {
  const idIn = (request: AasRequest) => idOf(request.params[parameter]!);
  register("GET", path, (source, request, reply) =>
    send(reply, pageBody(request, source.registry.list(of, baseOf(request), pageOf(request), filterOf(of, request)))),
  );
  if (of === "shell")
    register("GET", `${path}/$recent-changes`, (source, request, reply) => {
      const listed = source.registry.times(of, baseOf(request), pageOf(request), filterOf(of, request));
      return send(reply, pageBody(request, listed));
    });
  register("POST", path, async (source, request, reply) => {
    const descriptor = taken(of, request, reply);
    await source.registry.create(of, baseOf(request), [descriptor]);
    return created(reply, `${urlOf(request)}/${encodeId(descriptor.id)}`, descriptor);
  });
  register("GET", `${path}/:${parameter}`, (source, request, reply) => send(reply, descriptorIn(source, request, of, idIn(request))));
  register("PUT", `${path}/:${parameter}`, async (source, request, reply) => {
    const descriptor = taken(of, request, reply);
    if (descriptor.id !== idIn(request)) throw badRequest(message("aasServer.idBodyNotIdUrl"));
    const [put] = await source.registry.put(of, baseOf(request), [descriptor]);
    return put === "created" ? created(reply, urlOf(request), descriptor) : reply.status(204).send();
  });
  register("DELETE", `${path}/:${parameter}`, async (source, request, reply) => {
    await source.registry.remove(of, [idIn(request)]);
    return reply.status(204).send();
  });
}

/** The descriptor of a body; the answer says what was kept of it although it breaks a constraint. */
function taken<D extends Described>(of: D, request: AasRequest, reply: FastifyReply): DescriptorOf<D> {
  const body = plainBody(request, reply);
  const descriptor = descriptorOf(of, body);
  addFindings(reply, body.told);
  return descriptor;
}

/** The same of the descriptors of a bulk request. */
function allTaken<D extends Described>(of: D, request: AasRequest, reply: FastifyReply): readonly DescriptorOf<D>[] {
  const body = plainBody(request, reply);
  const descriptors = descriptorsOf(of, body);
  addFindings(reply, body.told);
  return descriptors;
}

/** The submodel descriptors inside a shell descriptor. */
function submodelsOfShell(register: Register, path: string): void {
  const shellIn = (source: AasSource, request: AasRequest) => descriptorIn(source, request, "shell", idOf(request.params.aasIdentifier!));
  const listIn = (source: AasSource, request: AasRequest) =>
    (shellIn(source, request).submodelDescriptors ?? []) as readonly SubmodelDescriptor[];
  /** What the list becomes is asked again where another writer came between. */
  const write = (source: AasSource, request: AasRequest, listOf: (list: readonly SubmodelDescriptor[]) => readonly SubmodelDescriptor[]) =>
    source.registry.change(baseOf(request), shellIn(source, request).id, () => {
      const { submodelDescriptors: _before, ...shell } = shellIn(source, request);
      const submodelDescriptors = listOf(listIn(source, request));
      return (submodelDescriptors.length === 0 ? shell : { ...shell, submodelDescriptors }) as DescriptorOf<"shell">;
    });
  register("GET", path, (source, request, reply) => {
    const { after, limit } = pageOf(request);
    return send(
      reply,
      pageBody(
        request,
        stretchAfter(listIn(source, request), ({ id }) => id, after, limit),
      ),
    );
  });
  register("POST", path, async (source, request, reply) => {
    const descriptor = taken("submodel", request, reply);
    await write(source, request, (list) => {
      if (list.some(({ id }) => id === descriptor.id))
        throw new AasRefusal(409, message("aasServer.submodelDescriptor", { id: descriptor.id }));
      return [...list, descriptor];
    });
    return created(reply, `${urlOf(request)}/${encodeId(descriptor.id)}`, descriptor);
  });
  const one = `${path}/:submodelIdentifier`;
  register("GET", one, (source, request, reply) => {
    const id = idOf(request.params.submodelIdentifier!);
    return send(
      reply,
      needed(
        listIn(source, request).find((each) => each.id === id),
        id,
      ),
    );
  });
  register("PUT", one, async (source, request, reply) => {
    const id = idOf(request.params.submodelIdentifier!);
    shellIn(source, request);
    const descriptor = taken("submodel", request, reply);
    if (descriptor.id !== id) throw badRequest(message("aasServer.idBodyNotIdUrl"));
    let isThere = false;
    await write(source, request, (list) => {
      isThere = list.some((each) => each.id === id);
      return isThere ? list.map((each) => (each.id === id ? descriptor : each)) : [...list, descriptor];
    });
    return isThere ? reply.status(204).send() : created(reply, urlOf(request), descriptor);
  });
  register("DELETE", one, async (source, request, reply) => {
    const id = idOf(request.params.submodelIdentifier!);
    await write(source, request, (list) => {
      needed(
        list.find((each) => each.id === id),
        id,
      );
      return list.filter((each) => each.id !== id);
    });
    return reply.status(204).send();
  });
}

interface BulkResult {
  /** Undefined = everything was written. */
  readonly refusal: { readonly status: number; readonly text: string } | undefined;
}

/** Bulk operations: what is wrong with the request is said at once; the rest is one transaction, whose outcome is asked for by handle. */
function bulkRoutes(register: Register, jobs: Jobs): void {
  const accept = (
    path: string,
    method: "POST" | "PUT" | "DELETE",
    prepare: (source: AasSource, request: AasRequest, reply: FastifyReply) => () => Promise<unknown>,
  ) =>
    register(method, path, (source, request, reply) => {
      source.checkMayWrite();
      const run = prepare(source, request, reply);
      const handle = jobs.start<BulkResult>(ownerOf(source), async () => ({ refusal: await refusalOf(run) }));
      const place = urlOf(request).replace(/\/bulk\/[^/]*$/, `/bulk/status/${encodeId(handle)}`);
      return reply.status(202).header("location", place).send();
    });
  for (const [of, path] of [
    ["shell", "/bulk/shell-descriptors"],
    ["submodel", "/bulk/submodel-descriptors"],
  ] as const) {
    accept(path, "POST", (source, request, reply) => {
      const descriptors = allTaken(of, request, reply);
      return () => source.registry.create(of, baseOf(request), descriptors);
    });
    accept(path, "PUT", (source, request, reply) => {
      const descriptors = allTaken(of, request, reply);
      return () => source.registry.put(of, baseOf(request), descriptors);
    });
    accept(path, "DELETE", (source, request) => {
      const ids = identifiersOf(jsonBody(request.body));
      return () => source.registry.remove(of, ids);
    });
  }
  register("GET", "/bulk/status/:handleId", (source, request, reply) => {
    if (jobOf(jobs, source, request).result === undefined) return send(reply.header("retry-after", "1"), RUNNING);
    return reply.status(302).header("location", urlOf(request).replace("/bulk/status/", "/bulk/result/")).send();
  });
  register("GET", "/bulk/result/:handleId", (source, request, reply) => {
    const { result } = jobOf(jobs, source, request);
    if (result === undefined) throw notFound(message("aasServer.requestStillBeingWorked"));
    if (result.refusal === undefined) return reply.status(204).send();
    const { status, text } = result.refusal;
    // The text gives 400 to everything that was wrong with the request or its parts, and the parts' own status as code.
    return send(reply.status(status < 500 ? 400 : status), resultBody(status, text, String(request.id)));
  });
}

async function refusalOf(run: () => Promise<unknown>): Promise<BulkResult["refusal"]> {
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof DoppelwerkError) return { status: errorStatus[error.code], text: `${error.message}. Nothing was written.` };
    throw error;
  }
}

function jobOf(jobs: Jobs, source: AasSource, request: AasRequest) {
  const job = jobs.find<BulkResult>(ownerOf(source), idOf(request.params.handleId!));
  if (job === undefined) throw notFound(message("aasServer.noHandleOrForgotten"));
  return job;
}

function ownerOf(source: AasSource): string {
  return JSON.stringify([source.owner, "bulk"]);
}

function identifiersOf(json: unknown): readonly string[] {
  if (!Array.isArray(json) || json.length === 0 || json.some((id) => typeof id !== "string"))
    throw badRequest(message("aasServer.bodyMustArrayIdentifiers"));
  return [...new Set(json as readonly string[])];
}

const ASSET_KINDS = ["Instance", "Type", "Role", "Batch", "NotApplicable"];

function filterOf(of: Described, { query }: AasRequest) {
  const since = sinceOf(query);
  if (of === "submodel") return since;
  const assetKind = textOf(query, "assetKind");
  if (assetKind !== undefined && !ASSET_KINDS.includes(assetKind))
    throw badRequest(message("aasServer.assetKindMust", { assetKinds: ASSET_KINDS.join(", ") }));
  const assetType = textOf(query, "assetType");
  const assetIds = assetIdsOf(query);
  return {
    ...since,
    ...(assetKind !== undefined && { assetKind }),
    ...(assetType !== undefined && { assetType: idOf(assetType) }),
    ...(assetIds && { assetIds }),
  };
}

function descriptorIn<D extends Described>(source: AasSource, request: AasRequest, of: D, id: string): DescriptorOf<D> {
  return needed(source.registry.find(of, baseOf(request), id), id);
}

function needed<T>(found: T | undefined, id: string): T {
  if (found === undefined) throw notFound(message("aasServer.noDescriptor", { id }));
  return found;
}

/** The URL of the API that the client used: what our own endpoints begin with. */
export function baseOf(request: AasRequest): string {
  const path = /^(?:\/worlds\/[^/]+(?:\/branches\/[^/]+)?)?\/api\/v3/.exec(request.url)?.[0] ?? "";
  return `${request.protocol}://${request.host}${path}`;
}
