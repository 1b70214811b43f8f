import type { SearchTarget } from "./search.ts";

/** What is listed in the explorer. */
export type ListMode = "shells" | "submodels" | "concepts";

/** What the API calls what is listed. */
export const TARGETS: Readonly<Record<ListMode, SearchTarget>> = {
  shells: "shells",
  submodels: "submodels",
  concepts: "concept-descriptions",
};
