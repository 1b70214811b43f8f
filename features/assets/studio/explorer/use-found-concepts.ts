import type { ConceptDescription } from "@doppelwerk/aas";
import { getPage, queryPage } from "@doppelwerk/client";
import { aasOf, useLoad, useScope, useStudio } from "@doppelwerk/kit/studio";
import { searchQueries } from "./search.ts";

/** A repository with no more concept descriptions than this is searched in their names too, a larger one by idShort and id. */
const MAX_AT_HAND = 1_000;
const MIN_LETTERS = 3;

/** Concept descriptions in which `text` occurs, each once; none before `isOpen`. `limit` is of a search in a large repository. */
export function useFoundConcepts(text: string, isOpen: boolean, limit: number): readonly ConceptDescription[] {
  const studio = useStudio();
  const { branch } = useScope();
  const first = useLoad(
    isOpen
      ? async (signal) => {
          const page = await getPage<ConceptDescription>(aasOf(studio, branch), "/concept-descriptions", { pageSize: MAX_AT_HAND, signal });
          return { concepts: page.result, isWhole: page.paging_metadata?.cursor === undefined };
        }
      : undefined,
    [branch, isOpen],
  );
  const searched = useLoad(
    isOpen && first.value?.isWhole === false && text.length >= MIN_LETTERS
      ? async (signal) => {
          const query = searchQueries(text, "concept-descriptions").at(-1);
          const page = await queryPage<ConceptDescription>(aasOf(studio, branch), "concept-descriptions", query, {
            pageSize: limit,
            signal,
          });
          return page.result;
        }
      : undefined,
    [branch, text, first.value?.isWhole],
  );
  const needle = text.toLowerCase();
  return [...(first.value?.concepts ?? []), ...(searched.value ?? [])].filter(
    (concept, index, all) => searchTextOf(concept).includes(needle) && all.findIndex(({ id }) => id === concept.id) === index,
  );
}

function searchTextOf({ id, idShort, embeddedDataSpecifications: [first] = [] }: ConceptDescription): string {
  const names = (first?.dataSpecificationContent.preferredName ?? []).map(({ text }) => text);
  return [id, idShort, ...names].join(" ").toLowerCase();
}
