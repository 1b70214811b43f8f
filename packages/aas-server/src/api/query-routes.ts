import { message } from "@doppelwerk/messages";
import { holds, isQueryProblem, parseQuery, QueryTooWide, type Query, type QueryTarget } from "@doppelwerk/aas/query";

import type { AasRequest, Register } from "./route.ts";
import type { Identified } from "./aas-lookups.ts";
import type { Listed } from "./aas-source.ts";
import { badRequest, send } from "./answers.ts";
import type { Described } from "./descriptor-shape.ts";
import { pageBody } from "./listing.ts";
import { jsonBody, pageOf, textOf } from "./parameters.ts";
import type { Explanation } from "./query-run.ts";
import { baseOf } from "./registry-routes.ts";

/** Queries over repositories and registries (IDTA-01002 3.1, Query Language). `?explain=true` adds how the page came about. */
export function queryRoutes(register: Register): void {
  repositoryQuery(register, "/query/shells", "shells", "AssetAdministrationShell", "shell");
  repositoryQuery(register, "/query/submodels", "submodels", "Submodel", "submodel");
  repositoryQuery(register, "/query/concept-descriptions", "conceptDescriptions", "ConceptDescription", "conceptDescription");
  registryQuery(register, "/query/shell-descriptors", "shellDescriptors", "AssetAdministrationShellDescriptor", "shell");
  registryQuery(register, "/query/submodel-descriptors", "submodelDescriptors", "SubmodelDescriptor", "submodel");
}

function repositoryQuery(register: Register, path: string, target: QueryTarget, resultType: string, kind: Identified): void {
  register("POST", path, async (source, request, reply) => {
    const query = queryOf(request, target);
    const listed = await source.query(kind, query, pageOf(request));
    return send(reply, resultOf(request, query, listed, resultType, isExplained(request) ? listed.explanation : undefined));
  });
}

/** Descriptors read at a time, so that others get their turn in between. */
const STRETCH = 100;

/** What a registry lists is asked one after the other: it is made on the way, and no index knows it. */
function registryQuery(register: Register, path: string, target: QueryTarget, resultType: string, of: Described): void {
  register("POST", path, async (source, request, reply) => {
    const query = queryOf(request, target);
    const { limit, after } = pageOf(request);
    const list = (from: string | undefined, most: number) =>
      source.registry.list(of, baseOf(request), { limit: most, ...(from !== undefined && { after: from }) }, {});
    const found: { readonly id: string }[] = [];
    let evaluated = 0;
    let next: string | undefined;
    for (let from = after; ; await new Promise(setImmediate)) {
      const stretch = list(from, STRETCH);
      const fullAt = stretch.items.findIndex((value) => {
        evaluated++;
        if (
          found.length < limit &&
          judged(() => holds(query.condition, { kind: of === "shell" ? "shellDescriptor" : "submodelDescriptor", value }))
        )
          found.push(value);
        return found.length === limit;
      });
      if (fullAt >= 0) next = fullAt === stretch.items.length - 1 ? stretch.next : list(from, fullAt + 1).next;
      if (fullAt >= 0 || stretch.next === undefined) break;
      from = stretch.next;
    }
    const explanation = { indexes: [], candidates: undefined, evaluated, isFull: true };
    const listed = { items: found, ...(next !== undefined && { next }) };
    return send(reply, resultOf(request, query, listed, resultType, isExplained(request) ? explanation : undefined));
  });
}

function resultOf<T extends { readonly id: string }>(
  request: AasRequest,
  query: Query,
  listed: Listed<T>,
  resultType: string,
  explanation: Explanation | undefined,
) {
  const { paging_metadata: paging, result } = pageBody(request, listed, (item) => (query.idsOnly ? item.id : item));
  return {
    paging_metadata: { ...paging, resultType: query.idsOnly ? "Identifier" : resultType },
    result,
    ...(explanation && { explanation }),
  };
}

function queryOf(request: AasRequest, target: QueryTarget): Query {
  const query = parseQuery(jsonBody(request.body), target);
  if (isQueryProblem(query)) throw badRequest(message("aasServer.queryNotValid", { path: query.path || "/", reason: query.reason }));
  return query;
}

function judged(judge: () => boolean): boolean {
  try {
    return judge();
  } catch (error) {
    if (error instanceof QueryTooWide) throw badRequest(message("aasServer.queryCannotRun", { reason: error.reason }));
    throw error;
  }
}

function isExplained({ query }: AasRequest): boolean {
  const explain = textOf(query, "explain");
  if (explain !== undefined && explain !== "true" && explain !== "false") throw badRequest(message("aasServer.explainTrueOrFalse"));
  return explain === "true";
}
