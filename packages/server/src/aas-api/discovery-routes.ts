import {
  writeAasx,
  writeEnvironment,
  writeXml,
  type ConceptDescription,
  type Environment,
  type Shell,
  type SpecificAssetId,
  type Submodel,
} from "@doppelwerk/aas";
import { send, sendJson, type Register } from "./aas-api.ts";
import type { AasSource, Listed } from "./aas-source.ts";
import { badRequest, notFound } from "./answers.ts";
import { pageBody } from "./listing.ts";
import { assetIdsOf, assetLink, idsOf, jsonBody, pageOf, textOf } from "./parameters.ts";
import { shellOf } from "./shell-routes.ts";

/** What is claimed, and nothing more: see SPEC.md. A server of 3.1 serves clients of 3.0. */
const PROFILES = ["3/1", "3/0"].flatMap((release) =>
  [
    "AssetAdministrationShellRepositoryServiceSpecification/SSP-002",
    "SubmodelRepositoryServiceSpecification/SSP-002",
    "ConceptDescriptionRepositoryServiceSpecification/SSP-001",
    ...(release === "3/1" ? ["DiscoveryServiceSpecification/SSP-002"] : []),
  ].map((profile) => `https://admin-shell.io/aas/API/${release}/${profile}`),
);

const AASX_TYPE = "application/asset-administration-shell-package+xml";
/** One scan of a kind in stretches of this size. */
const STRETCH = 500;

/** Basic discovery, serialization and self-description. */
export function discoveryRoutes(register: Register): void {
  register("GET", "/description", (_source, _request, reply) => send(reply, { profiles: PROFILES }));
  register("GET", "/lookup/shells", (source, request, reply) => {
    const assetIds = assetIdsOf(request.query) ?? [];
    return send(
      reply,
      pageBody(source.shells(pageOf(request.query), { assetIds }), ({ id }) => id),
    );
  });
  register("POST", "/lookup/shellsByAssetLink", (source, request, reply) => {
    const links = jsonBody(request.body);
    if (!Array.isArray(links)) throw badRequest("The body must be an array of asset links, each with name and value.");
    return send(
      reply,
      pageBody(source.shells(pageOf(request.query), { assetIds: links.map(assetLink) }), ({ id }) => id),
    );
  });
  register("GET", "/lookup/shells/:aasIdentifier", (source, request, reply) => {
    const { globalAssetId, specificAssetIds } = shellOf(source, request.params.aasIdentifier!).assetInformation;
    const links: SpecificAssetId[] = [
      ...(globalAssetId === undefined ? [] : [{ name: "globalAssetId", value: globalAssetId }]),
      ...(specificAssetIds ?? []),
    ];
    return send(reply, links);
  });
  register("GET", "/serialization", (source, request, reply) => {
    const flag = textOf(request.query, "includeConceptDescriptions")?.toLowerCase();
    if (flag !== undefined && flag !== "true" && flag !== "false")
      throw badRequest('includeConceptDescriptions must be "true" or "false".');
    const environment = environmentOf(source, idsOf(request.query.aasIds), idsOf(request.query.submodelIds), flag !== "false");
    const accept = request.headers.accept ?? "*/*";
    if (accept.includes(AASX_TYPE) || accept.includes("application/aasx+xml"))
      return reply.type(AASX_TYPE).send(Buffer.from(writeAasx(environment)));
    if (accept.includes("application/xml") && !accept.includes("application/json"))
      return reply.type("application/xml; charset=utf-8").send(writeXml(environment));
    return sendJson(reply, writeEnvironment(environment));
  });
}

/** The named shells and submodels; everything when none is named. The submodels of a named shell come along when no submodel is named. */
function environmentOf(
  source: AasSource,
  shellIds: readonly string[] | undefined,
  submodelIds: readonly string[] | undefined,
  concepts: boolean,
): Environment {
  const isAll = shellIds === undefined && submodelIds === undefined;
  const shells = isAll
    ? everything<Shell>((page) => source.shells(page, {}))
    : (shellIds ?? []).map((id) => needed(source.shell(id), `shell ${id}`));
  const wanted = submodelIds ?? shells.flatMap((shell) => (shell.submodels ?? []).map((reference) => reference.keys.at(-1)!.value));
  const heads = isAll ? everything<Submodel>((page) => source.submodelHeads(page, {})).map(({ id }) => id) : wanted;
  const submodels = [...new Set(heads)].flatMap((id): Submodel[] => {
    const submodel = source.submodel(id);
    if (submodel === undefined && submodelIds !== undefined) throw notFound(`There is no submodel ${id}.`);
    return submodel === undefined ? [] : [submodel];
  });
  const conceptDescriptions = concepts ? everything<ConceptDescription>((page) => source.conceptDescriptions(page, {})) : [];
  return {
    ...(shells.length > 0 && { assetAdministrationShells: shells }),
    ...(submodels.length > 0 && { submodels }),
    ...(conceptDescriptions.length > 0 && { conceptDescriptions }),
  };
}

function everything<T>(list: (page: { after?: string; limit: number }) => Listed<T>): T[] {
  const items: T[] = [];
  for (let after: string | undefined; ;) {
    const listed = list({ ...(after !== undefined && { after }), limit: STRETCH });
    items.push(...listed.items);
    if (listed.next === undefined) return items;
    after = listed.next;
  }
}

function needed<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw notFound(`There is no ${what}.`);
  return found;
}
