import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { checkHouse, type House } from "./house.ts";
import { checkSources } from "./imports.ts";
import { cycles } from "./import-graph.ts";
import { checkRatchet, ratchetFinds, type Finds } from "./ratchet.ts";
import { readSources } from "./sources.ts";
import { checkSpecs } from "./specs.ts";
import { checkTexts } from "./texts.ts";

const house: House = {
  floors: { 0: ["aas"], 1: ["kit"], 2: ["ui"], 3: ["server", "studio"] },
  arrows: { aas: [], kit: ["aas"], ui: ["aas"], server: ["aas", "kit"], studio: ["aas", "ui"] },
  pure: ["aas", "kit"],
};

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

function repository(files: Readonly<Record<string, string>>): string[] {
  root = mkdtempSync(join(tmpdir(), "tidy-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return Object.keys(files);
}

function imports(file: string, ...specifiers: readonly string[]): string[] {
  repository({
    [file]: specifiers.map((specifier) => `import "${specifier}";\n`).join(""),
    "package.json": '{ "devDependencies": { "vitest": "1" } }',
    "features/package.json": '{ "dependencies": { "zod": "1" } }',
    "packages/server/package.json": "{}",
  });
  return checkSources(root, house, readSources(root, [file]));
}

test("a feature imports its own files, contracts and ports of others, packages, and what its manifest declares", () => {
  expect(
    imports(
      "features/a/server/open.ts",
      "../contract.ts",
      "../../b/contract.ts",
      "../../b/port.ts",
      "@doppelwerk/kit",
      "@doppelwerk/server",
      "zod",
      "node:fs",
    ),
  ).toEqual([]);
  expect(imports("features/a/model/rule.ts", "./limit.ts", "@doppelwerk/kit")).toEqual([]);
  expect(imports("features/a/studio/page.tsx", "../contract.ts", "@doppelwerk/ui", "@doppelwerk/kit/studio")).toEqual([]);
  expect(imports("features/a/studio/page.tsx", "@doppelwerk/server/things/in-browser")).toEqual([]);
  expect(imports("features/a/server/open.test.ts", "vitest", "@doppelwerk/studio")).toEqual([]);
  expect(imports("apps/doppelwerk/src/main.ts", "../../../features/a/feature.ts", "@doppelwerk/server")).toEqual([]);
});

test.each([
  [
    "features/a/server/open.ts",
    "../../b/server/open.ts",
    "imports features/b/server/open.ts; of another feature only contract.ts, calls.ts and port.ts, and in tests its fixtures",
  ],
  [
    "features/a/e2e.test.ts",
    "../b/model/rule.ts",
    "imports features/b/model/rule.ts; of another feature only contract.ts, calls.ts and port.ts, and in tests its fixtures",
  ],
  ["features/a/server/open.ts", "../../../packages/server/src/x.ts", "reaches into packages/server by a relative path"],
  [
    "features/a/model/rule.ts",
    "@doppelwerk/pack-discrete-line",
    "a feature imports packages and other features' contracts, not @doppelwerk/pack-discrete-line",
  ],
  ["features/a/server/open.ts", "@doppelwerk/ui", "the server part of a feature imports @doppelwerk/ui"],
  ["features/a/studio/page.tsx", "@doppelwerk/server", "a view of a feature imports @doppelwerk/server, which runs on Node"],
  ["features/a/folds/fold.ts", "@doppelwerk/server", "the pure part of a feature imports @doppelwerk/server, which is not pure"],
  ["features/a/feature.ts", "node:fs", "a pure room imports node:fs"],
  ["features/a/server/open.ts", "lodash", "lodash is not declared in features/package.json"],
  [
    "features/a/server/open.ts",
    "@doppelwerk/features/b/contract",
    "features/a imports a feature by a package name; features use relative paths, and nothing but apps knows them",
  ],
  [
    "packages/server/src/x.ts",
    "../../../features/a/contract.ts",
    "packages/server imports the feature features/a; the kernel, the shell and packs know none",
  ],
  [
    "packages/server/src/x.test.ts",
    "../../../features/a/contract.ts",
    "packages/server imports the feature features/a; the kernel, the shell and packs know none",
  ],
  ["packages/server/src/x.ts", "@doppelwerk/ui", "server → ui is not an arrow of house.json"],
])("%s may not import %s", (file, specifier, complaint) => {
  expect(imports(file, specifier)).toEqual([`${file}: ${complaint}`]);
});

test("a package without a floor is named", () => {
  repository({ "packages/aas/package.json": "{}", "packages/lost/package.json": "{}" });
  expect(checkHouse(root, house)).toEqual(["house.json: packages/lost has no floor or no arrows"]);
});

test("a rule of a nested SPEC.md is checked, by room", () => {
  const files = repository({
    "packages/a/SPEC.md": "- **W1** one\n",
    "packages/a/src/deep/SPEC.md": "- **W2** two\n- **W1** again\n",
    "packages/a/src/a.test.ts": 'test("[W1] one", () => {});\n',
    "features/b/SPEC.md": "- **W1** of b\n- **B1** of b alone\n- **B2** of b alone\n",
    "e2e/x.test.ts": 'test("[W1, B1] no one knows which W1", () => {});\n',
  });
  expect(checkSpecs(root, files)).toEqual([
    "packages/a/src/deep/SPEC.md: two rules of packages/a are called W1, the other in packages/a/SPEC.md",
    "packages/a/src/deep/SPEC.md: rule W2 has no test that carries its id",
    "features/b/SPEC.md: rule W1 has no test that carries its id (outside of its room as [b W1])",
    "features/b/SPEC.md: rule B2 has no test that carries its id",
  ]);
  writeFileSync(join(root, "e2e/x.test.ts"), 'test("[b W1] [B1, B2] of b", () => {});\n');
  writeFileSync(join(root, "packages/a/src/deep/SPEC.md"), "");
  expect(checkSpecs(root, files)).toEqual([]);
});

const long = `export function f(): void {\n${"  g();\n".repeat(70)}}\n`;

test("every number of the ratchet finds its planted violation and nothing else", () => {
  const files = repository({
    "packages/a/package.json": '{ "name": "@doppelwerk/a", "exports": { ".": "./src/index.ts" } }',
    // a circle at run time, through the name of the package too
    "packages/a/src/index.ts": 'export * from "./x/one.ts";\n',
    "packages/a/src/x/one.ts": 'import { two } from "../y/two.ts";\nexport const one = two;\n',
    "packages/a/src/y/two.ts": 'import { one } from "@doppelwerk/a";\nexport const two = one;\n',
    // types and lazy imports close none; folders form a cycle by types too
    "packages/a/src/z/three.ts": 'import type { Four } from "../w/four.ts";\nexport type Three = Four;\n',
    "packages/a/src/w/four.ts": 'export type { Three as Four } from "../z/three.ts";\nexport const lazy = () => import("../z/three.ts");\n',
    "packages/a/src/long.ts": `${long}${long.replace("  g();\n", "").replace("f()", "h()")}`,
    "packages/a/src/many.ts": "//\n".repeat(601),
    "packages/a/src/enough.ts": "//\n".repeat(600),
    "packages/a/src/catch.ts":
      "p.catch(() => undefined);\np.catch(() => {});\ntry {} catch {}\np.catch(() => { /* gone is what was asked for */ });\np.catch((e) => log(e));\ntry {} catch {\n  // it may be missing\n}\n",
    "packages/a/src/long.test.ts": `p.catch(() => undefined);\n${long}`,
    "features/package.json": "{}",
    "features/b/feature.ts": 'import "@doppelwerk/a";\nimport "@doppelwerk/kit/server";\nimport "@doppelwerk/ports";\nimport "./x.ts";\n',
  });
  expect(ratchetFinds(root, readSources(root, files))).toEqual({
    filesInRunTimeCycles: ["packages/a/src/index.ts", "packages/a/src/x/one.ts", "packages/a/src/y/two.ts"].map(
      (file) => `${file} (a cycle of 3 files)`,
    ),
    foldersInCycles: ["packages/a/src/w", "packages/a/src/z"].map((folder) => `${folder} (a cycle of 2 folders)`),
    functionsOver70Lines: ["packages/a/src/long.ts:1 has 72 lines", "packages/a/src/long.ts:73 has 71 lines"],
    filesOver600Lines: ["packages/a/src/many.ts has 601 lines"],
    silentCatches: ["packages/a/src/catch.ts:1", "packages/a/src/catch.ts:2", "packages/a/src/catch.ts:3"],
    featureImportsBesideKit: ["features/b/feature.ts imports @doppelwerk/a"],
  });
});

test("a number that rose fails with its finds; one that fell fails until it is recorded, and cannot be recorded higher", () => {
  repository({ "ratchet.json": '{ "a": 1, "b": 1, "gone": 1, "later": null }' });
  const finds: Finds = { a: ["one", "two"], b: [], later: ["x"], fresh: ["y"] };
  expect(checkRatchet(root, finds, false)).toEqual([
    "ratchet.json: nothing measures gone",
    "ratchet.json: a rose from 1 to 2:",
    "  one",
    "  two",
    "ratchet.json: b fell from 1 to 0; record it: node scripts/tidy.ts --write",
    "ratchet.json: fresh is not recorded; today it is 1",
  ]);
  checkRatchet(root, finds, true);
  expect(JSON.parse(readFileSync(join(root, "ratchet.json"), "utf8"))).toEqual({ a: 1, b: 0, gone: 1, later: null });
});

test("cycles are the groups in which everything reaches everything", () => {
  const graph = new Map(
    Object.entries({ a: ["b"], b: ["c"], c: ["a", "d"], d: ["e"], e: ["d"], f: ["f", "a"] }).map(([from, to]) => [from, new Set(to)]),
  );
  expect(cycles(graph)).toEqual([
    ["a", "b", "c"],
    ["d", "e"],
  ]);
});

test("words of one domain are refused in the kernel and the features, not in packs, tests and pages", () => {
  const files = repository({
    "packages/a/src/pallet.ts": "export const cartons = 2;\n",
    "features/b/words/en.json": '{ "b.a": "by cartonFamily" }',
    "packages/a/src/pallet.test.ts": "const cartons = 2;\n",
    "packages/a/SPEC.md": "# Washing\n",
    "packs/c/src/carton.ts": "export const carton = 1;\n",
  });
  expect(checkTexts(root, files)).toEqual([
    "packages/a/src/pallet.ts: “cartons” is a word of one domain, which belongs into its pack",
    "features/b/words/en.json: “cartonFamily” is a word of one domain, which belongs into its pack",
  ]);
});
