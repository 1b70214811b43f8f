import { expect, test } from "vitest";
import type { PlantValue } from "../../contract.ts";
import { firstOpen, shownRows, treeOfValues, withSelected } from "./value-tree.ts";

const value = (path: string, more: Partial<PlantValue> = {}): PlantValue => ({
  signal: `s:${path}`,
  connection: "c",
  path: path.split("/"),
  name: path,
  valueType: "double",
  ...more,
});
const plant = {
  connections: [{ id: "c", name: "Kilns" }],
  values: [
    value("Objects/K10/T"),
    value("Objects/K2/T"),
    value("Objects/K2/Fan"),
    value("Objects/K2/Fan", { signal: "other", name: "Fan again" }),
  ],
};

test("[AH1] values stand in the folders of their source below its connection, numbers by their size; no two share a place", () => {
  const tree = treeOfValues(plant);
  expect(tree.map(({ name }) => name)).toEqual(["Kilns"]);
  const rows = shownRows(tree, new Set([...firstOpen(tree), "\u001fc\u001fObjects\u001fK2", "\u001fc\u001fObjects\u001fK2\u001fFan"]), "");
  expect(rows.map(({ name, depth }) => [name, depth])).toEqual([
    ["Kilns", 0],
    ["Objects", 1],
    ["K2", 2],
    ["Fan", 3],
    ["Fan again", 4],
    ["T", 3],
    ["K10", 2],
  ]);
  expect(tree[0]!.signals.toSorted()).toEqual(["other", "s:Objects/K10/T", "s:Objects/K2/Fan", "s:Objects/K2/T"]);
});

test("[AH1] a search finds values by all words of their path, with the folders above them", () => {
  const tree = treeOfValues(plant);
  expect(shownRows(tree, new Set(), "K2 fan").map(({ name }) => name)).toEqual(["Kilns", "Objects", "K2", "Fan", "Fan again"]);
  expect(shownRows(tree, new Set(), "k10").map(({ name }) => name)).toEqual(["Kilns", "Objects", "K10", "T"]);
  expect(shownRows(tree, new Set(), "nothing")).toEqual([]);
});

test("[AH1] a folder is selected and taken back with all that it holds", () => {
  const { signals } = treeOfValues(plant)[0]!;
  const all = withSelected(new Set(["elsewhere"]), signals, true);
  expect(all.size).toBe(5);
  expect([...withSelected(all, signals, false)]).toEqual(["elsewhere"]);
});
