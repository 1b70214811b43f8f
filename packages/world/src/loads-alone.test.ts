import { expect, test } from "vitest";
import { loadedModules } from "../../../scripts/loaded-modules.ts";

test("[W21] who loads world loads neither readers nor validators of the metamodel", async () => {
  const url = new URL("index.ts", import.meta.url).href;
  const loaded = await loadedModules(url);
  expect(loaded).toContain(url);
  const ofMetamodel = loaded.flatMap((each) => each.split("/packages/aas/src/")[1] ?? []).sort();
  expect(ofMetamodel).toEqual(["finding.ts", "id-short-path.ts"]);
  expect(loaded.filter((each) => each.includes("xml"))).toEqual([]);
});
