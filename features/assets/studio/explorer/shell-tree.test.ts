import { expect, test } from "vitest";
import type { Shell, Submodel } from "@doppelwerk/aas";
import { searchQueries } from "./search.ts";
import { parseQuery } from "@doppelwerk/aas/query";
import { ShellTree, windowOf } from "./shell-tree.ts";
import type { TreeSource } from "./shell-tree.ts";

const shell = (index: number): Shell =>
  ({
    modelType: "AssetAdministrationShell",
    id: `urn:a:${index}`,
    idShort: `A${index}`,
    assetInformation: { assetKind: "Instance" },
    submodels: ["urn:s:1", "urn:gone"].map((value) => ({ type: "ModelReference", keys: [{ type: "Submodel", value }] })),
  }) as Shell;
const submodel = {
  modelType: "Submodel",
  id: "urn:s:1",
  idShort: "Data",
  submodelElements: [
    {
      modelType: "SubmodelElementList",
      idShort: "L",
      typeValueListElement: "Property",
      value: [{ modelType: "Property", valueType: "xs:int" }],
    },
  ],
} as Submodel;

function source(count: number): TreeSource & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async roots(cursor) {
      asked.push(`roots ${cursor ?? 0}`);
      const from = Number(cursor ?? 0);
      const to = Math.min(count, from + 100);
      return { items: Array.from({ length: to - from }, (_, index) => shell(from + index)), cursor: to < count ? String(to) : undefined };
    },
    async submodelHead(id) {
      asked.push(`head ${id}`);
      return id === "urn:s:1" ? { ...submodel, submodelElements: undefined as never } : undefined;
    },
    async submodel(id) {
      asked.push(`submodel ${id}`);
      return submodel;
    },
  };
}

test("[U41] the tree asks only for what is looked at, each page and submodel once", async () => {
  const from = source(250);
  const tree = new ShellTree(from, () => {});
  await Promise.all([tree.more(), tree.more()]);
  expect(tree.rows()).toHaveLength(100);
  await tree.open(tree.rows()[1]!);
  expect(
    tree
      .rows()
      .slice(1, 5)
      .map(({ kind, label, note }) => [kind, label, note]),
  ).toEqual([
    ["shell", "A1", undefined],
    ["submodel", "Data", undefined],
    ["note", "urn:gone", "missing"],
    ["shell", "A2", undefined],
  ]);
  await tree.open(tree.rows()[2]!);
  await tree.open(tree.rows()[3]!);
  expect(tree.rows()[4]).toMatchObject({ kind: "element", path: "L[0]", label: "[0]", depth: 3, shell: "urn:a:1", submodel: "urn:s:1" });
  tree.close(tree.rows()[1]!.key);
  expect(tree.rows()).toHaveLength(100);
  await tree.open(tree.rows()[1]!);
  expect(tree.rows()).toHaveLength(104);
  await tree.more();
  await tree.more();
  await tree.more();
  expect(tree.state).toBe("whole");
  expect(tree.roots).toBe(250);
  expect(from.asked).toEqual(["roots 0", "head urn:s:1", "head urn:gone", "submodel urn:s:1", "roots 100", "roots 200"]);
});

test("[U41] any stretch of the lines, and the place of any of them, whatever is open", async () => {
  const tree = new ShellTree(source(250), () => {});
  await tree.all();
  expect([tree.state, tree.count, tree.wantsAll]).toEqual(["whole", 250, false]);
  for (const index of [200, 3, 0]) await tree.open(tree.rows(index, index + 1)[0]!);
  await tree.open(tree.rows(1, 2)[0]!);
  await tree.open(tree.rows(2, 3)[0]!);
  const all = tree.rows();
  expect(all).toHaveLength(tree.count);
  expect(tree.count).toBe(250 + 3 * 2 + 2);
  for (const [from, to] of [
    [0, 5],
    [2, 9],
    [7, 8],
    [205, tree.count],
    [0, tree.count],
  ] as const)
    expect(tree.rows(from, to)).toEqual(all.slice(from, to));
  expect(all.map(({ key }) => tree.indexOf(key))).toEqual(all.map((_, index) => index));
  expect(tree.indexOf("a:urn:none")).toBe(-1);
  tree.sort();
  expect(tree.rows(248, tree.count).map(({ label }) => label)).toEqual([
    "A240",
    "A241",
    "A242",
    "A243",
    "A244",
    "A245",
    "A246",
    "A247",
    "A248",
    "A249",
  ]);
  expect(tree.rows(tree.count - 1, tree.count)[0]!.key).toBe(tree.rows().at(-1)!.key);
  tree.drop("urn:a:249");
  expect(tree.rows().at(-1)!.label).toBe("A248");
});

test("[U41] what cannot be read is said and can be asked again", async () => {
  let broken = true;
  const tree = new ShellTree(
    {
      ...source(1),
      roots: () => (broken ? Promise.reject(new Error("no server")) : Promise.resolve({ items: [shell(0)], cursor: undefined })),
      submodel: () => Promise.reject(new Error("refused")),
    },
    () => {},
  );
  await tree.more();
  expect([tree.state, (tree.failure as Error).message]).toEqual(["failed", "no server"]);
  broken = false;
  await tree.more();
  await tree.open(tree.rows()[0]!);
  await tree.open(tree.rows()[1]!);
  expect(tree.rows()[2]).toMatchObject({ kind: "note", note: "failed", label: "refused" });
});

test("[U41] of a hundred thousand lines a screen is painted", () => {
  expect(windowOf(100_000, 28, 50_000 * 28, 800)).toEqual({ from: 49_992, to: 50_037, more: false });
  expect(windowOf(100_000, 28, 99_990 * 28, 800).more).toBe(true);
  expect(windowOf(3, 28, 0, 800)).toEqual({ from: 0, to: 3, more: true });
});

test("[U41] a search asks for the whole text first and then for what contains it, in queries that hold", () => {
  for (const target of ["shells", "submodels"] as const)
    for (const query of searchQueries(' a"b ', target)) expect(parseQuery(query, target)).toHaveProperty("condition");
  expect(JSON.stringify(searchQueries(" x ", "shells"))).toContain('{"$strVal":"x"}');
});
