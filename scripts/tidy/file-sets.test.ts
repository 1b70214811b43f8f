import { mkdirSync, mkdtempSync, rmSync, symlinkSync, cpSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { checkCompileSets, checkTestProjects, compileSets, projectComplaints } from "./file-sets.ts";

const here = fileURLToPath(new URL("../..", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "file-sets-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A repository of empty files under the configurations of this one. */
function repository(files: readonly string[]): void {
  for (const config of [...compileSets, "tsconfig.base.json", "vitest.config.ts", "house.json"])
    cpSync(join(here, config), join(root, config));
  mkdirSync(join(root, "scripts"), { recursive: true });
  for (const script of ["test-order.ts", "server-process.mjs"]) cpSync(join(here, "scripts", script), join(root, "scripts", script));
  symlinkSync(join(here, "node_modules"), join(root, "node_modules"));
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "export {};\n");
  }
}

const placed = [
  "features/alarms/feature.ts",
  "features/alarms/contract.ts",
  "features/alarms/model/rule.ts",
  "features/alarms/model/rule.test.ts",
  "features/alarms/folds/alarms.ts",
  "features/alarms/server/open.ts",
  "features/alarms/server/open.test.ts",
  "features/alarms/studio/page.tsx",
  "features/alarms/studio/page.test.tsx",
  "features/alarms/e2e.test.ts",
  "features/alarms/fixtures/old.ts",
  "apps/doppelwerk/src/main.ts",
  "packages/world/src/a.ts",
  "packages/world/src/a.test.ts",
  "packages/server/src/a.ts",
  "packages/server/src/packs/skeleton/studio/page.tsx",
  "packages/kit/src/index.ts",
  "packages/kit/src/server/index.ts",
  "packages/kit/src/studio/index.ts",
  "packages/studio/src/a.fixture.ts",
];
const misplaced = ["features/alarms/oddly/a.ts", "packages/world/test/a.ts", "packages/unknown/src/a.ts"];

test("every place of the layout is in exactly one compile set; a file elsewhere is in none and named", { timeout: 60_000 }, () => {
  repository([...placed, ...misplaced, "features/alarms/oddly/a.test.ts", "packages/world/test/a.test.ts"]);
  const rooms = ["world", "kit"];
  expect(checkCompileSets(root, placed, rooms)).toEqual([]);
  expect(checkCompileSets(root, misplaced, rooms)).toEqual([
    "features/alarms/oddly/a.ts: compiled by no tsconfig; its place asks for tsconfig.json alone",
    "packages/world/test/a.ts: compiled by no tsconfig; its place asks for tsconfig.pure.json alone",
    "packages/unknown/src/a.ts: compiled by no tsconfig; its place asks for tsconfig.json alone",
  ]);
  // pure by house.json, but in the set that knows Node
  expect(checkCompileSets(root, ["packages/server/src/a.ts"], ["server"])).toEqual([
    "packages/server/src/a.ts: compiled by tsconfig.json; its place asks for tsconfig.pure.json alone",
  ]);
  const tests = [...placed, "features/alarms/oddly/a.test.ts", "packages/world/test/a.test.ts"].filter((file) => /\.test\./.test(file));
  expect(checkTestProjects(root, tests)).toEqual(["packages/world/test/a.test.ts: run by no project of vitest.config.ts"]);
});

test("a test that two projects run is named", () => {
  expect(
    projectComplaints(
      ["a.test.ts"],
      [
        { file: "a.test.ts", projectName: "x" },
        { file: "a.test.ts", projectName: "y" },
      ],
    ),
  ).toEqual(["a.test.ts: run by x and y of vitest.config.ts"]);
});
