import { encodeId, referenceTo, sameReference, type AssetInformation, type Reference, type Shell } from "@doppelwerk/aas";
import { created, send, urlOf, type Register } from "./aas-api.ts";
import type { AasSource } from "./aas-source.ts";
import { AasRefusal, badRequest, notFound } from "./answers.ts";
import { pageBody, stretchOf } from "./listing.ts";
import { assetIdsOf, checked, idOf, jsonBody, pageOf, textOf } from "./parameters.ts";

/** Asset Administration Shell repository and shell interface. */
export function shellRoutes(register: Register): void {
  register("GET", "/shells", (source, request, reply) => send(reply, pageBody(listShells(source, request.query))));
  register("GET", "/shells/$reference", (source, request, reply) =>
    send(
      reply,
      pageBody(listShells(source, request.query), (shell) => referenceTo(shell)),
    ),
  );
  register("POST", "/shells", async (source, request, reply) => {
    const shell = checked(jsonBody(request.body), "AssetAdministrationShell") as unknown as Shell;
    await source.createShell(shell);
    return created(reply, `${urlOf(request)}/${encodeId(shell.id)}`, shell);
  });

  register("GET", "/shells/:aasIdentifier", (source, request, reply) => send(reply, shellOf(source, request.params.aasIdentifier!)));
  register("GET", "/shells/:aasIdentifier/$reference", (source, request, reply) =>
    send(reply, referenceTo(shellOf(source, request.params.aasIdentifier!))),
  );
  register("PUT", "/shells/:aasIdentifier", async (source, request, reply) => {
    const id = idOf(request.params.aasIdentifier!);
    const shell = checked(jsonBody(request.body), "AssetAdministrationShell") as unknown as Shell;
    if (shell.id !== id) throw badRequest("The id in the body is not the id in the URL.");
    const put = await source.putShell(shell);
    return put === "created" ? created(reply, urlOf(request), shell) : reply.status(204).send();
  });
  register("DELETE", "/shells/:aasIdentifier", async (source, request, reply) => {
    await source.deleteShell(idOf(request.params.aasIdentifier!));
    return reply.status(204).send();
  });
  assetInformationRoutes(register);
  submodelReferenceRoutes(register);
}

function assetInformationRoutes(register: Register): void {
  const path = "/shells/:aasIdentifier/asset-information";
  register("GET", path, (source, request, reply) => send(reply, shellOf(source, request.params.aasIdentifier!).assetInformation));
  register("PUT", path, async (source, request, reply) => {
    const shell = shellOf(source, request.params.aasIdentifier!);
    const assetInformation = checked(jsonBody(request.body), "AssetInformation") as unknown as AssetInformation;
    await source.putShell(checked({ ...shell, assetInformation }, "AssetAdministrationShell") as unknown as Shell);
    return reply.status(204).send();
  });
  register("GET", `${path}/thumbnail`, async (source, request, reply) => {
    const { defaultThumbnail } = shellOf(source, request.params.aasIdentifier!).assetInformation;
    const file = defaultThumbnail === undefined ? undefined : await source.file(defaultThumbnail.path);
    if (file === undefined) throw notFound("The shell has no thumbnail here.");
    return reply.type(defaultThumbnail?.contentType ?? file.contentType).send(Buffer.from(file.bytes));
  });
}

function submodelReferenceRoutes(register: Register): void {
  const path = "/shells/:aasIdentifier/submodel-refs";
  register("GET", path, (source, request, reply) => {
    const { after, limit } = pageOf(request.query);
    if (after !== undefined && !/^[0-9]+$/.test(after)) throw badRequest("cursor is not one that this server gave.");
    return send(reply, pageBody(stretchOf(shellOf(source, request.params.aasIdentifier!).submodels ?? [], after, limit)));
  });
  register("POST", path, async (source, request, reply) => {
    const shell = shellOf(source, request.params.aasIdentifier!);
    const reference = checked(jsonBody(request.body), "Reference") as unknown as Reference;
    if ((shell.submodels ?? []).some((present) => sameReference(present, reference)))
      throw new AasRefusal(409, "The shell refers to this submodel already.");
    await source.putShell({ ...shell, submodels: [...(shell.submodels ?? []), reference] });
    return created(reply, `${urlOf(request)}/${encodeId(reference.keys.at(-1)!.value)}`, reference);
  });
  register("DELETE", `${path}/:submodelIdentifier`, async (source, request, reply) => {
    const shell = shellOf(source, request.params.aasIdentifier!);
    const id = idOf(request.params.submodelIdentifier!);
    const left = (shell.submodels ?? []).filter((reference) => reference.keys.at(-1)?.value !== id);
    if (left.length === (shell.submodels ?? []).length) throw notFound(`The shell has no reference to ${id}.`);
    const { submodels: _gone, ...rest } = shell;
    await source.putShell(left.length === 0 ? rest : { ...shell, submodels: left });
    return reply.status(204).send();
  });
}

export function shellOf(source: AasSource, encoded: string): Shell {
  const id = idOf(encoded);
  const shell = source.shell(id);
  if (shell === undefined) throw notFound(`There is no shell ${id}.`);
  return shell;
}

function listShells(source: AasSource, query: Readonly<Record<string, string | readonly string[] | undefined>>) {
  const assetIds = assetIdsOf(query);
  const idShort = textOf(query, "idShort");
  return source.shells(pageOf(query), { ...(idShort !== undefined && { idShort }), ...(assetIds && { assetIds }) });
}
