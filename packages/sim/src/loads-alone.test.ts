import { expect, test } from "vitest";
import { loadedModules } from "../../../scripts/loaded-modules.ts";

test("[S37] a thread of simulations loads neither the whole of world nor the metamodel", async () => {
  const url = new URL("index.ts", import.meta.url).href;
  const loaded = await loadedModules(url);
  expect(loaded).toContain(url);
  expect(loaded.filter((each) => each.endsWith("/packages/world/src/index.ts") || each.includes("/packages/aas/"))).toEqual([]);
});
