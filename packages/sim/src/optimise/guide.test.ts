import { expect, test } from "vitest";
import { createJobShopSearch, readJobShop, runSearch } from "./index.ts";

const progress: [number, number][] = [];

// #region search
const problem = readJobShop("3 2\n0 3 1 2\n0 4 1 3\n1 4 0 2\n");
const search = createJobShopSearch(problem, { seed: 1 });
const end = runSearch(
  search,
  { iterations: 10_000 },
  { onProgress: ({ objective, lowerBound }) => progress.push([objective, lowerBound]) },
);

const later = createJobShopSearch(problem, { seed: 1 });
later.restore(search.save());
// #endregion

test("[O8] the guide's example: a search runs, tells its progress, and is continued from its bytes", () => {
  expect(end).toBe("finished");
  expect(progress.at(-1)).toEqual([9, 9]);
  expect([later.objective, later.solution()]).toEqual([9, search.solution()]);
});
