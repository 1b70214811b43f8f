import { encodeId } from "@doppelwerk/aas";
import { getPage, queryPage } from "@doppelwerk/client";
import type { AasApi } from "@doppelwerk/client";
import type { ConceptDescription, Shell, Submodel } from "@doppelwerk/aas";
import { searchQueries } from "./search.ts";
import type { SearchTarget } from "./search.ts";
import type { Root, TreePage, TreeSource } from "./shell-tree.ts";
import { conceptOf } from "./meaning.ts";
import { placedElements } from "./submodel-csv.ts";

/** The first page is there at once, the next ones bring many. */
const FIRST_PAGE = 100;
const PAGE = 1_000;
/** Asked for at once. */
const AT_ONCE = 8;

/** Path of a submodel, or of an element of it, below the base URL. */
export function documentPath(submodel: string, path?: string): string {
  return `/submodels/${encodeId(submodel)}${path === undefined ? "" : `/submodel-elements/${encodeURIComponent(path)}`}`;
}

/** `undefined` where it is not there. */
export async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if ((error as { readonly code?: string }).code === "DW_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Lines of the tree from the AAS API: everything, what a search finds, or what a query holds for. */
export function treeSource(api: AasApi, of: SearchTarget, wanted: { readonly find?: string; readonly query?: unknown }): TreeSource {
  const queries = wanted.query !== undefined ? [wanted.query] : wanted.find === undefined ? undefined : searchQueries(wanted.find, of);
  const searched = async (all: readonly unknown[], cursor: string | undefined): Promise<TreePage<Root>> => {
    // The cursor says which of the queries, and where in it.
    const [turn, at] =
      cursor === undefined ? [0, undefined] : [Number.parseInt(cursor, 10), cursor.slice(cursor.indexOf(" ") + 1) || undefined];
    const { result, paging_metadata } = await queryPage<Root>(api, of, all[turn], { pageSize: FIRST_PAGE, cursor: at });
    const next = paging_metadata?.cursor;
    const goesOn = next !== undefined ? `${turn} ${next}` : turn + 1 < all.length ? `${turn + 1} ` : undefined;
    return { items: result, cursor: goesOn };
  };
  return {
    async roots(cursor) {
      if (queries !== undefined) return searched(queries, cursor);
      const query = of === "submodels" ? { level: "core" } : {};
      const page = await getPage<Root>(api, `/${of}`, {
        pageSize: cursor === undefined ? FIRST_PAGE : PAGE,
        cursor,
        query,
      });
      return { items: page.result, cursor: page.paging_metadata?.cursor };
    },
    submodelHead: (id) => ifThere(read<Submodel>(api, `${documentPath(id)}/$metadata`)),
    submodel: (id) => read<Submodel>(api, documentPath(id)),
  };
}

/** Revisions of the world at which documents were read. */
const revisions = new WeakMap<object, number>();

/** The revision at which a document was read, where the server told it. */
export function revisionOf(document: object | undefined): number | undefined {
  return document && revisions.get(document);
}

/** Any GET of the API as JSON; `revisionOf` tells at which revision. Errors: as the client's. */
export async function read<T>(api: AasApi, path: string, signal?: unknown): Promise<T> {
  let revision: string | null | undefined;
  const listening: AasApi["fetch"] = async (url, init) => {
    const response = await api.fetch(url, init);
    revision = response.headers?.get("doppelwerk-revision");
    return response;
  };
  const document = (await getPage<never>({ ...api, fetch: listening }, path, { signal })) as unknown as T;
  if (revision && typeof document === "object" && document !== null) revisions.set(document, Number(revision));
  return document;
}

/** Shells by id, as far as the repository has them: what they are called. */
export async function headsOf(api: AasApi, ids: readonly string[], signal?: unknown): Promise<ReadonlyMap<string, Shell>> {
  const found = new Map<string, Shell>();
  const queue = [...new Set(ids)];
  const work = async (): Promise<void> => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const shell = await ifThere(read<Shell>(api, `/shells/${encodeId(id)}`, signal));
      if (shell !== undefined) found.set(id, shell);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return found;
}

/** Concept descriptions asked for in one query. */
const CONCEPTS_AT_ONCE = 50;
const descriptions = new Map<string, Promise<ConceptDescription | undefined>>();

/** What was committed may have changed what concepts mean: they are asked for again. */
export function forgetConcepts(): void {
  descriptions.clear();
}

/** The concept descriptions of ids, as far as the repository has them; many in one query, each once until `forgetConcepts`. */
export async function conceptDescriptions(api: AasApi, ids: Iterable<string>): Promise<ReadonlyMap<string, ConceptDescription>> {
  const wanted = [...new Set(ids)];
  const keyOf = (id: string): string => `${api.url} ${id}`;
  const unknown = wanted.filter((id) => !descriptions.has(keyOf(id)));
  for (let from = 0; from < unknown.length; from += CONCEPTS_AT_ONCE) {
    const some = unknown.slice(from, from + CONCEPTS_AT_ONCE);
    const asked = conceptsNamed(api, some);
    for (const id of some)
      descriptions.set(
        keyOf(id),
        asked.then(
          (found) => found.get(id),
          () => {
            descriptions.delete(keyOf(id));
            return undefined;
          },
        ),
      );
  }
  const found = await Promise.all(wanted.map(async (id) => [id, await descriptions.get(keyOf(id))] as const));
  return new Map(found.filter((pair): pair is readonly [string, ConceptDescription] => pair[1] !== undefined));
}

async function conceptsNamed(api: AasApi, ids: readonly string[]): Promise<ReadonlyMap<string, ConceptDescription>> {
  const conditions = ids.map((id) => ({ $eq: [{ $field: "$cd#id" }, { $strVal: id }] }));
  const query = { $condition: conditions.length === 1 ? conditions[0] : { $or: conditions } };
  const found = new Map<string, ConceptDescription>();
  for (let cursor: string | undefined; ;) {
    const { result, paging_metadata } = await queryPage<ConceptDescription>(api, "concept-descriptions", query, {
      pageSize: ids.length,
      cursor,
    });
    for (const concept of result) found.set(concept.id, concept);
    cursor = paging_metadata?.cursor;
    if (cursor === undefined) return found;
  }
}

/** The concept descriptions that the elements of a submodel name, as far as the repository has them. */
export function conceptsOf(api: AasApi, submodel: Submodel): Promise<ReadonlyMap<string, ConceptDescription>> {
  const ids = placedElements(submodel).map(({ element }) => conceptOf(element));
  return conceptDescriptions(
    api,
    ids.filter((id) => id !== undefined),
  );
}
