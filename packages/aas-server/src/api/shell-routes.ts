import { message } from "@doppelwerk/messages";
import { encodeId, referenceTo, sameReference, type AssetInformation, type Reference, type Shell } from "@doppelwerk/aas";

import type { AasRequest, Register } from "./route.ts";
import type { AasSource, Listed, ShellFilter } from "./aas-source.ts";
import { AasRefusal, badRequest, notFound, created, send, urlOf } from "./answers.ts";
import { sendFile } from "./attachment-routes.ts";
import { documentOf, instanceOf } from "./handling.ts";
import { foundThen, recentChangesRoute } from "./history-routes.ts";
import { pageBody, stretchAfter } from "./listing.ts";
import { formOf } from "./multipart.ts";
import { assetIdsOf, checkReferenceModifiers, checkedChange, idOf, instantOf, pageOf, sinceOf, textOf } from "./parameters.ts";
import { shellOf } from "./shell-of-request.ts";

/** Asset Administration Shell repository. */
export function shellRoutes(register: Register): void {
  register("GET", "/shells", (source, request, reply) => send(reply, pageBody(request, listShells(source, request))));
  register("GET", "/shells/$reference", (source, request, reply) => {
    checkReferenceModifiers(request.query);
    return send(
      reply,
      pageBody(request, listShells(source, request), (shell) => referenceTo(shell)),
    );
  });
  recentChangesRoute(register, "/shells", (source, request) => source.recentChanges.shell(pageOf(request), filterOf(request.query)));
  register("POST", "/shells", async (source, request, reply) => {
    const { document: shell } = documentOf<Shell>(request, reply, "assetAdministrationShells");
    await source.createShell(shell);
    return created(reply, `${urlOf(request)}/${encodeId(shell.id)}`, shell);
  });
  shellInterface(register, "/shells/:aasIdentifier");
  register("DELETE", "/shells/:aasIdentifier", async (source, request, reply) => {
    await source.deleteShell(idOf(request.params.aasIdentifier!));
    return reply.status(204).send();
  });
}

/** The interface of one shell: in the repository, and as a service of its own. */
export function shellInterface(register: Register, path: string): void {
  register("GET", path, (source, request, reply) => {
    const date = instantOf(request.query, "date");
    if (date === undefined) return send(reply, shellOf(source, request.params.aasIdentifier!));
    const id = idOf(request.params.aasIdentifier!);
    return send(reply, foundThen(source.at(date).shell(id), `shell ${id}`));
  });
  register("GET", `${path}/$reference`, (source, request, reply) => {
    checkReferenceModifiers(request.query);
    return send(reply, referenceTo(shellOf(source, request.params.aasIdentifier!)));
  });
  register("PUT", path, async (source, request, reply) => {
    const id = idOf(request.params.aasIdentifier!);
    const { document: shell } = documentOf<Shell>(request, reply, "assetAdministrationShells");
    if (shell.id !== id) throw badRequest(message("aasServer.idBodyNotIdUrl"));
    const put = await source.putShell(shell);
    return put === "created" ? created(reply, urlOf(request), shell) : reply.status(204).send();
  });
  assetInformationRoutes(register, `${path}/asset-information`);
  submodelReferenceRoutes(register, `${path}/submodel-refs`);
}

function assetInformationRoutes(register: Register, path: string): void {
  register("GET", path, (source, request, reply) => send(reply, shellOf(source, request.params.aasIdentifier!).assetInformation));
  register("PUT", path, async (source, request, reply) => {
    const shell = shellOf(source, request.params.aasIdentifier!);
    const { document: assetInformation, told } = instanceOf<AssetInformation>(request, reply, "AssetInformation");
    if (told === undefined) checkedChange(shell, { ...shell, assetInformation }, "AssetAdministrationShell");
    await source.putAssetInformation(shell.id, assetInformation);
    return reply.status(204).send();
  });
  register("GET", `${path}/thumbnail`, async (source, request, reply) => {
    const { id, assetInformation } = shellOf(source, request.params.aasIdentifier!);
    const { defaultThumbnail } = assetInformation;
    const file = defaultThumbnail === undefined ? undefined : await source.file(id, defaultThumbnail.path);
    if (file === undefined) throw notFound(message("aasServer.shellNo"));
    return sendFile(reply, { ...file, contentType: defaultThumbnail?.contentType ?? file.contentType });
  });
  register("PUT", `${path}/thumbnail`, async (source, request, reply) => {
    const { id } = shellOf(source, request.params.aasIdentifier!);
    const { file } = formOf(request.body);
    await source.putThumbnail(id, file);
    return reply.status(204).send();
  });
  register("DELETE", `${path}/thumbnail`, async (source, request, reply) => {
    await source.deleteThumbnail(shellOf(source, request.params.aasIdentifier!).id);
    return reply.status(204).send();
  });
}

function submodelReferenceRoutes(register: Register, path: string): void {
  register("GET", path, (source, request, reply) => {
    const { after, limit } = pageOf(request);
    const references = shellOf(source, request.params.aasIdentifier!).submodels ?? [];
    return send(
      reply,
      pageBody(
        request,
        stretchAfter(references, (reference) => reference.keys.at(-1)!.value, after, limit),
      ),
    );
  });
  register("POST", path, async (source, request, reply) => {
    const { id } = shellOf(source, request.params.aasIdentifier!);
    const { document: reference, told } = instanceOf<Reference>(request, reply, "Reference");
    await source.changeShell(id, () => {
      const shell = shellOf(source, request.params.aasIdentifier!);
      if ((shell.submodels ?? []).some((present) => sameReference(present, reference)))
        throw new AasRefusal(409, message("aasServer.shellRefersSubmodel"));
      const next = { ...shell, submodels: [...(shell.submodels ?? []), reference] };
      return told === undefined ? (checkedChange(shell, next, "AssetAdministrationShell") as unknown as Shell) : next;
    });
    return created(reply, `${urlOf(request)}/${encodeId(reference.keys.at(-1)!.value)}`, reference);
  });
  register("DELETE", `${path}/:submodelIdentifier`, async (source, request, reply) => {
    const id = idOf(request.params.submodelIdentifier!);
    await source.changeShell(shellOf(source, request.params.aasIdentifier!).id, () => {
      const { submodels = [], ...shell } = shellOf(source, request.params.aasIdentifier!);
      const left = submodels.filter((reference) => reference.keys.at(-1)?.value !== id);
      if (left.length === submodels.length) throw notFound(message("aasServer.shellNoReference", { id }));
      return left.length === 0 ? shell : { ...shell, submodels: left };
    });
    return reply.status(204).send();
  });
}

function listShells(source: AasSource, request: AasRequest): Listed<Shell> {
  return source.shells(pageOf(request), filterOf(request.query));
}

function filterOf(query: AasRequest["query"]): ShellFilter {
  const assetIds = assetIdsOf(query);
  const idShort = textOf(query, "idShort");
  return { ...sinceOf(query), ...(idShort !== undefined && { idShort }), ...(assetIds && { assetIds }) };
}
