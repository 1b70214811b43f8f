import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { FoldCatalogue } from "./fold-catalogue.ts";

const folder = mkdtempSync(join(tmpdir(), "doppelwerk-fold-catalogue-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fold = (id: string, ...needs: readonly string[]) => `export default ${JSON.stringify({ id, version: 1, needs })};`;

async function catalogueOf(modules: Readonly<Record<string, string>>) {
  const faults: string[] = [];
  const listed = Object.entries(modules).map(([feature, source]) => {
    const file = `${feature}-${Object.keys(modules).length}.mjs`;
    writeFileSync(join(folder, file), source);
    return { feature: { id: feature, folds: [`./${file}`] }, folder: pathToFileURL(`${folder}/`) };
  });
  const catalogue = await FoldCatalogue.load(listed, (feature, error) => faults.push(`${feature}: ${(error as Error).message}`));
  const has = (id: string) => {
    try {
      return catalogue.instance({ fold: id, subject: "asset:a", definition: {}, inputs: [] }).fold.id === id;
    } catch {
      return false;
    }
  };
  return { has, faults };
}

test("[FO14] a fold that cannot be loaded is left out with those that need it, whatever the order; the others are there", async () => {
  const { has, faults } = await catalogueOf({
    kpis: fold("kpis", "alarms@1"),
    alarms: fold("alarms", "flow@1"),
    line: 'throw new Error("no such model");',
    energy: fold("energy", "meters@1"),
    utilities: fold("meters"),
  });
  expect(["meters", "energy", "flow", "alarms", "kpis"].filter(has)).toEqual(["meters", "energy"]);
  expect(faults).toEqual([
    "line: no such model",
    "kpis: kpis needs alarms@1, which is not there",
    "alarms: alarms needs flow@1, which is not there",
  ]);
});

test("[FO14] of two folds of one name the first is taken; folds in a circle are left out", async () => {
  const { has, faults } = await catalogueOf({ one: fold("x"), two: fold("x"), three: fold("a", "b@1"), four: fold("b", "a@1") });
  expect(["x", "a", "b"].filter(has)).toEqual(["x"]);
  expect(faults).toEqual(["two: two folds are named x", "three: a needs b@1, which is not there", "four: b needs a@1, which is not there"]);
});
