import type { ConceptDescription, Submodel } from "@doppelwerk/aas";
import { getPage } from "@doppelwerk/client";
import { aasOf, useLoad, useScope, useStudio } from "@doppelwerk/kit/studio";
import { conceptsOf, documentPath, read } from "./aas-access.ts";

/** Submodels of the repository that are looked through for templates. */
export const MAX_SUBMODELS = 2_000;
const PAGE_SIZE = 1_000;

/** A template, and what its elements mean. */
export interface ChosenTemplate {
  readonly template: Submodel;
  /** The templates of the same file. */
  readonly among?: readonly Submodel[];
  readonly concepts: ReadonlyMap<string, ConceptDescription>;
}

interface ListedTemplates {
  readonly found: readonly Submodel[];
  /** Every submodel was looked through. */
  readonly isWhole: boolean;
}

/** The templates of the repository, without their elements. */
export function useTemplates(): ReturnType<typeof useLoad<ListedTemplates>> {
  const studio = useStudio();
  const { branch } = useScope();
  return useLoad(
    async (signal) => {
      const found: Submodel[] = [];
      let cursor: string | undefined;
      for (let seen = 0; seen < MAX_SUBMODELS; seen += PAGE_SIZE) {
        const page = await getPage<Submodel>(aasOf(studio, branch), "/submodels", {
          pageSize: PAGE_SIZE,
          cursor,
          query: { level: "core" },
          signal,
        });
        found.push(...page.result.filter(({ kind }) => kind === "Template"));
        cursor = page.paging_metadata?.cursor;
        if (cursor === undefined) break;
      }
      return { found, isWhole: cursor === undefined };
    },
    [branch],
  );
}

/** One template of the repository, with its elements. */
export function useTemplate(id: string | undefined): ReturnType<typeof useLoad<ChosenTemplate>> {
  const studio = useStudio();
  const { branch } = useScope();
  return useLoad(
    id === undefined
      ? undefined
      : async (signal) => {
          const api = aasOf(studio, branch);
          const template = await read<Submodel>(api, documentPath(id), signal);
          return { template, concepts: await conceptsOf(api, template) };
        },
    [id, branch],
  );
}
