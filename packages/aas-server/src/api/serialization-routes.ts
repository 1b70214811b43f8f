import { message } from "@doppelwerk/messages";
import { jsonPieces, xmlPieces, type ConceptDescription, type Shell, type Submodel } from "@doppelwerk/aas";

import type { AasRequest, Register } from "./route.ts";
import type { AasSource, Listed, ServedEnvironment } from "./aas-source.ts";
import { badRequest, notFound, streamOf } from "./answers.ts";
import { attachmentHeader } from "./multipart.ts";
import { idOf, idsOf, textOf } from "./parameters.ts";
import { ReferredConcepts } from "./referenced-concepts.ts";

const AASX_TYPE = "application/asset-administration-shell-package+xml";
/** Other names of a package: that of 3.2, the one that IDTA-01002 gives to the file server, that of its prose, and older ones. */
const AASX_NAMES = [
  AASX_TYPE,
  "application/aas+zip",
  "application/asset-administration-shell-package",
  "application/aasx+xml",
  "application/aasx",
];
/** One scan of a kind in stretches of this size. */
const STRETCH = 500;

/** Serialization; below a shell or a submodel of that one only. */
export function serializationRoutes(register: Register, base: string): void {
  register("GET", `${base}/serialization`, async (source, request, reply) => {
    const flag = textOf(request.query, "includeConceptDescriptions")?.toLowerCase();
    if (flag !== undefined && flag !== "true" && flag !== "false")
      throw badRequest(message("aasServer.includeConceptDescriptionsMustTrueOr"));
    source.checkMayExport();
    const { shellIds, submodelIds } = namedIn(request);
    const environment = environmentOf(source, shellIds, submodelIds, flag !== "false");
    const form = formAccepted(request.headers.accept);
    if (form === "aasx")
      return reply
        .type(AASX_TYPE)
        .header("content-disposition", attachmentHeader("environment.aasx"))
        .send(streamOf(await source.packageOf(environment)));
    if (form === "xml") return reply.type("application/xml; charset=utf-8").send(streamOf(xmlPieces(environment)));
    return reply.type("application/json; charset=utf-8").send(streamOf(jsonPieces(environment)));
  });
}

function namedIn({ params, query }: AasRequest) {
  const [shellIds, submodelIds] = [idsOf(query.aasIds), idsOf(query.submodelIds)];
  if (params.aasIdentifier !== undefined) {
    const shell = idOf(params.aasIdentifier);
    if (shellIds?.some((id) => id !== shell)) throw badRequest(message("aasServer.aasIdsNamesAnotherShellService"));
    return { shellIds: [shell], submodelIds };
  }
  if (params.submodelIdentifier === undefined) return { shellIds, submodelIds };
  const submodel = idOf(params.submodelIdentifier);
  if (submodelIds?.some((id) => id !== submodel)) throw badRequest(message("aasServer.submodelIdsNamesAnotherSubmodelService"));
  if (shellIds !== undefined) throw badRequest(message("aasServer.serviceServesSubmodelNoShell"));
  return { shellIds: undefined, submodelIds: [submodel] };
}

/** The form that is wanted most of those there are; JSON where nothing fits. */
function formAccepted(accept: string | undefined): "json" | "xml" | "aasx" {
  const wanted = (accept ?? "").split(",").map((part, index) => {
    const [type, ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const weight = Number(parameters.find((text) => text.startsWith("q="))?.slice(2) ?? 1);
    return { type: type!, weight: Number.isFinite(weight) ? weight : 0, index };
  });
  for (const { type, weight } of wanted.sort((a, b) => b.weight - a.weight || a.index - b.index)) {
    if (weight <= 0) continue;
    if (AASX_NAMES.includes(type)) return "aasx";
    if (type === "application/xml" || type === "text/xml") return "xml";
    if (type === "application/json" || type === "*/*" || type === "application/*") return "json";
  }
  return "json";
}

/** What is served: the named shells and submodels; everything when none is named. The submodels of a named shell come along when no submodel is named. */
export function environmentOf(
  source: AasSource,
  shellIds: readonly string[] | undefined,
  submodelIds: readonly string[] | undefined,
  concepts: boolean,
): ServedEnvironment {
  // what is written meanwhile is not in it
  const frozen = source.frozen();
  // who names something is told that he may not export it; of everything he has what he may
  const checked = (kind: "shell" | "submodel", id: string): string => {
    source.checkMayExport({ kind, id });
    return id;
  };
  const isAll = shellIds === undefined && submodelIds === undefined;
  const shells = isAll
    ? [...everything<Shell>((page) => frozen.shells(page, {}))].filter(({ id }) => source.mayExport("shell", id))
    : (shellIds ?? []).map((id) => needed(frozen.shell(checked("shell", id)), `shell ${id}`));
  const wanted = submodelIds ?? shells.flatMap((shell) => (shell.submodels ?? []).map((reference) => reference.keys.at(-1)!.value));
  const heads = isAll
    ? Array.from(
        everything<Submodel>((page) => frozen.submodelHeads(page, {})),
        ({ id }) => id,
      )
    : wanted;
  const ids = [...new Set(heads)].filter((id) => {
    if (frozen.submodelHead(id) !== undefined)
      return submodelIds === undefined ? source.mayExport("submodel", id) : checked("submodel", id) === id;
    if (submodelIds !== undefined) throw notFound(message("aasServer.noSubmodel", { id }));
    return false;
  });
  const referred = new ReferredConcepts(frozen);
  return {
    // it may take long: what is hidden by now is not handed out any more, whatever the rules were when it began
    *assetAdministrationShells() {
      for (const { id } of shells) {
        const shell = source.mayExport("shell", id) ? frozen.shell(id) : undefined;
        if (shell !== undefined) yield shell;
      }
    },
    submodelIds: ids,
    *submodels() {
      for (const id of ids) {
        const submodel = source.mayExport("submodel", id) ? frozen.exportedSubmodel(id) : undefined;
        if (submodel === undefined) continue;
        if (concepts && !isAll) referred.note(submodel);
        yield submodel;
      }
    },
    // of a whole environment all of them, of named documents those that the submodels refer to: they have been read by then
    *conceptDescriptions() {
      if (concepts) yield* isAll ? everything<ConceptDescription>((page) => frozen.conceptDescriptions(page, {})) : referred.concepts();
    },
  };
}

function* everything<T>(list: (page: { after?: string; limit: number }) => Listed<T>): Generator<T> {
  for (let after: string | undefined; ;) {
    const listed = list({ ...(after !== undefined && { after }), limit: STRETCH });
    yield* listed.items;
    if (listed.next === undefined) return;
    after = listed.next;
  }
}

function needed<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw notFound(message("aasServer.no", { what }));
  return found;
}
