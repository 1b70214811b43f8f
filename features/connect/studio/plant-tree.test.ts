import type { PlantDraft } from "@doppelwerk/client";
import { expect, test } from "vitest";
import { tickedOf, treeOf, visibleRows, withTicked } from "./plant-tree.ts";

const draft = (path: string): PlantDraft => ({
  name: path.split("/").at(-1)!,
  path: path.split("/"),
  address: `s=${path}`,
  valueType: "double",
  writable: false,
  hasHistory: false,
});
const names = (rows: ReturnType<typeof visibleRows>) => rows.map(({ name, depth }) => `${"  ".repeat(depth)}${name}`);

test("[U77] a plant's paths are a tree: opened by hand, searched by all words over the whole path, ticked with everything below", () => {
  const tree = treeOf(["L/ST10/温度", "L/ST2/温度", "L/ST2/Count", "Clock"].map(draft));
  expect(names(visibleRows(tree, new Set(), ""))).toEqual(["Clock", "L"]);
  const line = tree.find(({ name }) => name === "L")!;
  expect(names(visibleRows(tree, new Set([line.key]), ""))).toEqual(["Clock", "L", "  ST2", "  ST10"]);
  expect(names(visibleRows(tree, new Set(), "st2 温度"))).toEqual(["L", "  ST2", "    温度"]);
  expect(visibleRows(tree, new Set(), "nothing")).toEqual([]);
  const chosen = withTicked(new Set(), line.children[0]!, true);
  expect([...chosen]).toEqual(["s=L/ST2/Count", "s=L/ST2/温度"]);
  expect([tickedOf(line, chosen), tickedOf(line.children[0]!, chosen), tickedOf(line.children[1]!, chosen)]).toEqual([
    "some",
    "all",
    "none",
  ]);
  expect(withTicked(chosen, line, false).size).toBe(0);
});

test("[U77] tens of thousands of values are a tree in one pass", () => {
  const drafts = Array.from({ length: 50_000 }, (_, n) => draft(`A${n % 50}/B${n % 1_000}/v${n}`));
  const tree = treeOf(drafts);
  expect(tree).toHaveLength(50);
  expect(visibleRows(tree, new Set(), "v49999")).toHaveLength(3);
});
